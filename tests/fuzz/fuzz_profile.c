/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A profile, and after an octet that UTF-8 does not have one setting. What loads has a text that
 * loads again to the same text; what does not has an error of one line.
 */
#include "profile_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOW INT64_C(1767225600)

enum {
    INPUT_MAX = 1 << 16,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct profile_plan *load(const void *yaml, size_t length, const char *setting) {
    static int file = -1;
    char path[64];
    struct base_error error = {.kind = BASE_ERROR_NONE};
    struct profile_plan *plan;
    if (file < 0) {
        file = memfd_create("profile", MFD_CLOEXEC);
    }
    if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, yaml, length, 0) != (ssize_t)length) {
        abort();
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    bool loaded = profile_load(&plan, path, NULL, &setting, setting != NULL, NOW, &error);
    if (loaded != (plan != NULL) || loaded != (error.kind == BASE_ERROR_NONE)) {
        abort();
    }
    if (!loaded && (error.kind != BASE_ERROR_USAGE || strchr(error.text, '\n') != NULL)) {
        abort();
    }
    return plan;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *mark = size == 0 ? NULL : memchr(data, 0xff, size);
    size_t length = mark == NULL ? size : (size_t)(mark - data);
    char *setting = mark == NULL ? NULL : strndup((const char *)mark + 1, size - length - 1);
    if (size > INPUT_MAX) {
        free(setting);
        return 0;
    }
    struct profile_plan *plan = load(data, length, setting);
    if (plan != NULL) {
        struct profile_plan *again = load(plan->text, strlen(plan->text), NULL);
        if (again == NULL || strcmp(plan->text, again->text) != 0) {
            abort();
        }
        profile_plan_destroy(again);
    }
    profile_plan_destroy(plan);
    free(setting);
    return 0;
}
