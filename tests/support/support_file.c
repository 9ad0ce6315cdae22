/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"

#include "support_wait.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *support_file_read(const char *path) {
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL || getdelim(&text, &size, '\0', file) < 0) {
        free(text);
        text = strdup("");
    }
    if (file != NULL) {
        fclose(file);
    }
    cr_assert_not_null(text);
    return text;
}

void support_file_write(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    cr_assert_not_null(file, "%s: %s", path, strerror(errno));
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
}

bool support_file_exists(const char *path) {
    return access(path, F_OK) == 0;
}

unsigned support_file_mode(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status.st_mode & 07777 : 0;
}

void support_file_copy(const char *from, const char *to) {
    cr_assert(support_file_exists(from), "there is no %s", from);
    char *text = support_file_read(from);
    support_file_write(to, text);
    free(text);
}

void support_file_copy_folder(const char *from, const char *to) {
    struct dirent *entry;
    cr_assert(mkdir(to, 0755) == 0 || errno == EEXIST, "%s: %s", to, strerror(errno));
    DIR *folder = opendir(from);
    cr_assert_not_null(folder, "%s: %s", from, strerror(errno));
    while ((entry = readdir(folder)) != NULL) {
        char source[1024];
        char target[1024];
        struct stat status;
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(source, sizeof source, "%s/%s", from, entry->d_name);
        snprintf(target, sizeof target, "%s/%s", to, entry->d_name);
        cr_assert_eq(stat(source, &status), 0);
        if (S_ISDIR(status.st_mode)) {
            support_file_copy_folder(source, target);
        } else {
            support_file_copy(source, target);
        }
    }
    closedir(folder);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void support_file_remove_folder(const char *path) {
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

unsigned support_file_count_text(const char *path, const char *text) {
    unsigned count = 0;
    char *whole = support_file_read(path);
    for (const char *at = whole; (at = strstr(at, text)) != NULL; at += strlen(text)) {
        count++;
    }
    free(whole);
    return count;
}

struct wanted {
    const char *path;
    const char *text;
};

static bool holds(const void *context) {
    const struct wanted *wanted = context;
    return support_file_count_text(wanted->path, wanted->text) > 0;
}

bool support_file_await_text(const char *path, const char *text, unsigned patience_ms) {
    const struct wanted wanted = {.path = path, .text = text};
    return support_wait_until(holds, &wanted, patience_ms);
}
