/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_file.h"

#include "base_nearest.h"
#include "profile_load.h"
#include "profile_tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FILE_SIZE_MAX = 1 << 20,
};

const char *profile_file_folder(void) {
    const char *folder = getenv("EKULOAD_PROFILES");
    return folder != NULL && folder[0] != '\0' ? folder : EKULOAD_PROFILE_DIR;
}

static bool is_file(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

static bool not_found(const char *name, struct base_error *error) {
    struct base_nearest nearest = base_nearest_begin(name);
    struct profile_catalogue catalogue;
    struct base_error ignored;
    char hint[BASE_NEAREST_SIZE];
    char text[256];
    bool has_catalogue = profile_catalogue_init(&catalogue, &ignored);
    for (size_t i = 0; has_catalogue && i < catalogue.count; i++) {
        base_nearest_offer(&nearest, catalogue.entries[i].name);
    }
    profile_tree_clean(text, sizeof text, name);
    base_error_set(error, BASE_ERROR_USAGE,
                   "no profile \"%s\": expected a file or the name of a built-in one%s", text,
                   base_nearest_hint(&nearest, hint));
    if (has_catalogue) {
        profile_catalogue_finish(&catalogue);
    }
    return false;
}

char *profile_file_find(const char *name, struct base_error *error) {
    char *path = NULL;
    if (is_file(name)) {
        path = strdup(name);
        if (path == NULL) {
            profile_out_of_memory(error);
        }
        return path;
    }
    for (size_t i = 0; strchr(name, '/') == NULL && i < 2; i++) {
        const char *ending = i == 0 ? ".yaml" : "";
        if (asprintf(&path, "%s/%s%s", profile_file_folder(), name, ending) < 0) {
            profile_out_of_memory(error);
            return NULL;
        }
        if (is_file(path)) {
            return path;
        }
        free(path);
    }
    not_found(name, error);
    return NULL;
}

bool profile_file_read(const char *path, char **out, size_t *out_length, struct base_error *error) {
    char shown[256];
    char *text = malloc(FILE_SIZE_MAX + 1);
    FILE *file = text == NULL ? NULL : fopen(path, "rbe");
    size_t length;
    profile_tree_clean(shown, sizeof shown, path);
    if (text == NULL) {
        return profile_out_of_memory(error);
    }
    if (file == NULL) {
        free(text);
        return base_error_set(error, BASE_ERROR_USAGE, "%s: cannot be opened: %s", shown,
                              strerror(errno));
    }
    length = fread(text, 1, FILE_SIZE_MAX + 1, file);
    bool failed = ferror(file) != 0;
    int cause = errno;
    fclose(file);
    if (failed || length > FILE_SIZE_MAX) {
        free(text);
        return failed ? base_error_set(error, BASE_ERROR_USAGE, "%s: cannot be read: %s", shown,
                                       strerror(cause))
                      : base_error_set(error, BASE_ERROR_USAGE,
                                       "%s: larger than 1 MiB: no profile is", shown);
    }
    *out = text;
    *out_length = length;
    return true;
}
