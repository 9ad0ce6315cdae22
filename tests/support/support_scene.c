/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_scene.h"

#include "support_child.h"
#include "support_file.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX 1024

struct support_scene support_scene;

static char *texts[TEXTS_MAX];
static unsigned text_count;

static const char *keep(char *text) {
    cr_assert(text != NULL && text_count < TEXTS_MAX, "too many texts");
    texts[text_count++] = text;
    return text;
}

const char *support_scene_text(const char *format, ...) {
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return keep(length < 0 ? NULL : text);
}

const char *support_scene_path(const char *format, ...) {
    va_list arguments;
    char name[512];
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    return support_scene_text("%s/%s", support_scene.folder, name);
}

const char *support_scene_address(unsigned host) {
    return support_net_address(&support_scene.net, host);
}

void support_scene_skip(const char *reason) {
    support_scene_close();
    cr_skip_test("%s", reason);
}

void support_scene_open(void) {
    snprintf(support_scene.folder, sizeof support_scene.folder, "/tmp/ekuload-test-XXXXXX");
    cr_assert_not_null(mkdtemp(support_scene.folder));
    support_net_claim(&support_scene.net);
}

void support_scene_close(void) {
    if (support_scene.folder[0] == '\0') {
        return; /* before a skip, which leaves .fini out */
    }
    support_child_kill_all();
    support_net_release(&support_scene.net);
    if (getenv("EKULOAD_TEST_KEEP") == NULL) {
        support_file_remove_folder(support_scene.folder);
    }
    support_scene.folder[0] = '\0';
    while (text_count > 0) {
        free(texts[--text_count]);
    }
}
