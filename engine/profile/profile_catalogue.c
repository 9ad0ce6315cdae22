/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_file.h"
#include "profile_load.h"
#include "profile_parse.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ENTRIES_MAX = 1000,
};

static const char ending[] = ".yaml";

static int is_profile(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length >= sizeof ending &&
           strcmp(entry->d_name + length - (sizeof ending - 1), ending) == 0;
}

static int by_name(const void *left, const void *right) {
    const struct profile_catalogue_entry *a = left;
    const struct profile_catalogue_entry *b = right;
    return strcmp(a->name, b->name);
}

/* On one line. NULL without memory. */
static char *one_line(const char *text) {
    char *line = strdup(text);
    size_t length = line == NULL ? 0 : strlen(line);
    while (length > 0 && strchr(" \n", line[length - 1]) != NULL) {
        line[--length] = '\0';
    }
    for (char *c = line; c != NULL && *c != '\0'; c++) {
        *c = (unsigned char)*c < 0x20 ? ' ' : *c;
    }
    return line;
}

/* The keys, with commas between them. NULL without memory. */
static char *names_of(const struct profile_tree *mapping) {
    char *names = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&names, &length);
    if (out == NULL) {
        return NULL;
    }
    if (mapping != NULL && mapping->kind == PROFILE_TREE_MAPPING) {
        for (const struct profile_tree *one = mapping->first; one != NULL; one = one->next) {
            fprintf(out, "%s%s", one == mapping->first ? "" : ", ", one->key);
        }
    }
    if (fclose(out) != 0) {
        free(names);
        return NULL;
    }
    return names;
}

/* What it says of itself; of a file that is not even YAML the reason stands for what it proves. */
static void read_head(struct profile_catalogue_entry *entry) {
    struct profile_arena arena = {0};
    struct profile_document document = {.arena = &arena, .path = entry->path};
    const struct profile_tree *proves = NULL;
    const struct profile_tree *variants = NULL;
    struct base_error error = {.text = ""};
    char *text;
    size_t length;
    if (profile_file_read(entry->path, &text, &length, &error)) {
        if (profile_parse(&document, base_bytes(text, length), NULL, &document.root, &error)) {
            proves = profile_tree_find(document.root, "proves");
            variants = profile_tree_find(document.root, "variants");
        }
        free(text);
    }
    entry->proves =
        one_line(proves != NULL && proves->kind == PROFILE_TREE_SCALAR ? proves->text : error.text);
    entry->variants = names_of(variants);
    profile_arena_finish(&arena);
}

static bool fill(struct profile_catalogue_entry *entry, const char *folder, const char *file) {
    entry->name = strndup(file, strlen(file) - (sizeof ending - 1));
    if (asprintf(&entry->path, "%s/%s", folder, file) < 0) {
        entry->path = NULL;
    }
    if (entry->name == NULL || entry->path == NULL) {
        return false;
    }
    read_head(entry);
    return entry->proves != NULL && entry->variants != NULL;
}

bool profile_catalogue_init(struct profile_catalogue *out, struct base_error *error) {
    const char *folder = profile_file_folder();
    struct dirent **files = NULL;
    int found = scandir(folder, &files, is_profile, NULL);
    bool filled = true;
    *out = (struct profile_catalogue){0};
    if (found < 0) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "the built-in profiles in %.256s cannot be listed: %s", folder,
                              strerror(errno));
    }
    out->entries = calloc((size_t)found + 1, sizeof *out->entries);
    for (int i = 0; i < found; i++) {
        if (out->entries != NULL && filled && i < ENTRIES_MAX) {
            filled = fill(&out->entries[out->count++], folder, files[i]->d_name);
        }
        free(files[i]);
    }
    free(files);
    if (out->entries == NULL || !filled) {
        profile_catalogue_finish(out);
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory for the built-in profiles");
    }
    qsort(out->entries, out->count, sizeof *out->entries, by_name);
    return true;
}

void profile_catalogue_finish(struct profile_catalogue *catalogue) {
    for (size_t i = 0; i < catalogue->count; i++) {
        free(catalogue->entries[i].name);
        free(catalogue->entries[i].path);
        free(catalogue->entries[i].proves);
        free(catalogue->entries[i].variants);
    }
    free(catalogue->entries);
    *catalogue = (struct profile_catalogue){0};
}
