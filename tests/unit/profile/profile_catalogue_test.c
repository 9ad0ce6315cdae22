/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *make_folder(void) {
    static char folder[] = "/tmp/ekuload-profiles-XXXXXX";
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(setenv("EKULOAD_PROFILES", folder, 1), 0);
    return folder;
}

static void put(const char *folder, const char *name, const char *text) {
    char path[256];
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static void remove_all(const char *folder, const char *const *names, size_t count) {
    char path[256];
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    cr_expect_eq(rmdir(folder), 0);
}

Test(profile_catalogue, has_every_built_in_profile_and_each_loads) {
    static const char *const names[] = {"condition-2-test-case-1", "condition-2-test-case-2",
                                        "condition-2.1", "null"};
    struct profile_catalogue catalogue;
    struct base_error error;
    size_t found = 0;
    unsetenv("EKULOAD_PROFILES");
    cr_assert(profile_catalogue_init(&catalogue, &error), "%s", error.text);
    for (size_t i = 0; i < catalogue.count; i++) {
        struct profile_plan *plan;
        const struct profile_catalogue_entry *entry = &catalogue.entries[i];
        cr_expect(i == 0 || strcmp(entry[-1].name, entry->name) < 0, "sorted");
        cr_assert(profile_load(&plan, entry->name, NULL, NULL, 0, SAMPLE_NOW, &error), "%s",
                  error.text);
        cr_expect_str_eq(plan->name, entry->name);
        cr_expect_str_eq(plan->path, entry->path);
        cr_expect_gt(strlen(entry->proves), 20, "%s says what it proves", entry->name);
        cr_expect_null(strchr(entry->proves, '\n'));
        cr_expect_gt(plan->expectation_count, 0, "%s expects something", entry->name);
        for (size_t j = 0; j < LENGTH_OF(names); j++) {
            found += strcmp(names[j], entry->name) == 0;
        }
        profile_plan_destroy(plan);
    }
    cr_expect_eq(found, LENGTH_OF(names));
    profile_catalogue_finish(&catalogue);
    cr_expect_eq(catalogue.count, 0);
}

Test(profile_catalogue, lists_a_folder_of_ones_own) {
    static const char *const names[] = {"b.yaml", "a.yaml", "c.txt", ".hidden.yaml", "broken.yaml"};
    struct profile_catalogue catalogue;
    struct base_error error;
    char *folder = make_folder();
    put(folder, "b.yaml",
        "name: b\nproves: >\n  one\n  two\n\n  three\nvariants: { x: {}, y: {} }\n");
    put(folder, "a.yaml", "name: a\n");
    put(folder, "c.txt", "name: c\n");
    put(folder, ".hidden.yaml", "name: d\n");
    put(folder, "broken.yaml", "name: [\n");
    cr_assert(profile_catalogue_init(&catalogue, &error), "%s", error.text);
    cr_assert_eq(catalogue.count, 3);
    cr_expect_str_eq(catalogue.entries[0].name, "a");
    cr_expect_str_eq(catalogue.entries[0].proves, "");
    cr_expect_str_eq(catalogue.entries[1].name, "b");
    cr_expect_str_eq(catalogue.entries[1].proves, "one two three");
    cr_expect_str_eq(catalogue.entries[1].variants, "x, y");
    cr_expect_str_eq(catalogue.entries[0].variants, "");
    cr_expect_str_eq(catalogue.entries[2].name, "broken");
    cr_expect_not_null(strstr(catalogue.entries[2].proves, "broken.yaml:2:1: "), "%s",
                       catalogue.entries[2].proves);
    profile_catalogue_finish(&catalogue);
    remove_all(folder, names, LENGTH_OF(names));
}

Test(profile_catalogue, finds_a_profile_by_name_from_any_working_directory) {
    static const char *const names[] = {"mine.yaml"};
    struct base_error error;
    struct profile_plan *plan;
    char *folder = make_folder();
    put(folder, "mine.yaml", sample_profile);
    cr_assert_eq(chdir("/"), 0);
    cr_assert(profile_load(&plan, "mine", NULL, NULL, 0, SAMPLE_NOW, &error), "%s", error.text);
    profile_plan_destroy(plan);
    cr_assert(profile_load(&plan, "mine.yaml", NULL, NULL, 0, SAMPLE_NOW, &error), "%s",
              error.text);
    profile_plan_destroy(plan);
    cr_assert_not(profile_load(&plan, "mein", NULL, NULL, 0, SAMPLE_NOW, &error));
    cr_expect_str_eq(error.text, "no profile \"mein\": expected a file or the name of a built-in "
                                 "one; did you mean \"mine\"?");
    cr_assert_not(profile_load(&plan, "./mine", NULL, NULL, 0, SAMPLE_NOW, &error));
    cr_expect_null(plan);
    cr_expect_eq(error.kind, BASE_ERROR_USAGE);
    remove_all(folder, names, LENGTH_OF(names));
}

Test(profile_catalogue, takes_a_file_before_a_built_in_one_of_the_same_name) {
    static const char *const names[] = {"null", "null.yaml"};
    struct base_error error;
    struct profile_plan *plan;
    char *folder = make_folder();
    put(folder, "null", sample_profile);
    put(folder, "null.yaml", "name: other\n");
    cr_assert_eq(chdir(folder), 0);
    cr_assert(profile_load(&plan, "null", NULL, NULL, 0, SAMPLE_NOW, &error), "%s", error.text);
    cr_expect_str_eq(plan->name, "sample");
    profile_plan_destroy(plan);
    remove_all(folder, names, LENGTH_OF(names));
}

Test(profile_catalogue, says_when_there_is_no_folder) {
    struct profile_catalogue catalogue;
    struct base_error error = {0};
    setenv("EKULOAD_PROFILES", "/nowhere/at/all", 1);
    cr_assert_not(profile_catalogue_init(&catalogue, &error));
    cr_expect_not_null(strstr(error.text, "/nowhere/at/all"));
    cr_expect_eq(catalogue.count, 0);
}
