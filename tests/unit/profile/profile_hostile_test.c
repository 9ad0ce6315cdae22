/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MEBIBYTE = 1 << 20,
};

/* Loaded or refused, but never anything else; sample_load_octets() asserts that. */
static bool try_octets(const void *octets, size_t length, struct base_error *error) {
    struct profile_plan *plan;
    bool loaded = sample_load_octets(&plan, octets, length, NULL, 0, error);
    profile_plan_destroy(plan);
    return loaded;
}

static void expect_refusal(const void *octets, size_t length, const char *part) {
    struct base_error error;
    cr_expect_not(try_octets(octets, length, &error), "%s", part);
    cr_expect_not_null(strstr(error.text, part), "%s: %s", part, error.text);
    cr_expect_eq(error.kind, BASE_ERROR_USAGE);
}

static char *repeat(const char *text, size_t times) {
    size_t length = strlen(text);
    char *all = malloc(times * length + 1);
    cr_assert_not_null(all);
    for (size_t i = 0; i < times; i++) {
        memcpy(all + i * length, text, length);
    }
    all[times * length] = '\0';
    return all;
}

Test(profile_hostile, any_beginning_of_a_profile_is_read_or_refused) {
    struct base_error error;
    size_t loaded = 0;
    for (size_t length = 0; length <= strlen(sample_profile); length++) {
        loaded += try_octets(sample_profile, length, &error);
    }
    cr_expect_gt(loaded, 0);
}

Test(profile_hostile, any_octet_changed_is_read_or_refused) {
    static const char changes[] = {'\0', '\n', ':', '{', ']', '"', '&', '-', ' ', '9', '\xff'};
    size_t length = strlen(sample_profile);
    char *yaml = strdup(sample_profile);
    struct base_error error;
    size_t refused = 0;
    for (size_t i = 0; i < length; i++) {
        yaml[i] = changes[i % sizeof changes];
        refused += !try_octets(yaml, length, &error);
        yaml[i] = sample_profile[i];
    }
    cr_expect_gt(refused, length / 2);
    free(yaml);
}

Test(profile_hostile, billion_laughs_are_refused_at_the_first_anchor) {
    static const char bomb[] = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n";
    expect_refusal(bomb, strlen(bomb), ":1:4: anchors and aliases are not supported");
}

Test(profile_hostile, depth_is_bounded) {
    char *lists = repeat("[", 100000);
    char *mappings = repeat("{a: ", 100000);
    char *dashes = repeat("- ", 100000);
    expect_refusal(lists, strlen(lists), ":1:33: nested deeper than any profile");
    expect_refusal(mappings, strlen(mappings), "nested deeper than any profile");
    expect_refusal(dashes, strlen(dashes), "nested deeper than any profile");
    free(lists);
    free(mappings);
    free(dashes);
}

Test(profile_hostile, number_of_values_is_bounded) {
    char *values = repeat("- 1\n", 100001);
    expect_refusal(values, strlen(values), "more than 100000 values are no profile");
    free(values);
}

Test(profile_hostile, size_is_bounded) {
    char *spaces = repeat(" ", MEBIBYTE + 1);
    expect_refusal(spaces, MEBIBYTE + 1, "larger than 1 MiB");
    expect_refusal(spaces, MEBIBYTE, "expected YAML, found nothing");
    free(spaces);
}

Test(profile_hostile, what_is_no_utf_8_is_refused_with_its_place) {
    expect_refusal("name: a\nproves: \xff\n", 18, ":2:9: not readable as UTF-8: ");
    expect_refusal("name: \xc3", 7, "not readable as UTF-8: ");
    expect_refusal("name: \xed\xa0\x80\n", 10, "not readable as UTF-8: ");
    expect_refusal("na\0me: 1\n", 9, ":1:3: not readable as UTF-8: ");
}

Test(profile_hostile, what_is_no_mapping_is_refused) {
    expect_refusal("", 0, ":1:1: expected YAML, found nothing");
    expect_refusal("# only this\n", 12, "expected YAML, found nothing");
    expect_refusal("text", 4, ":1: expected a mapping with the keys name and nodes");
    expect_refusal("- a", 3, ":1: expected a mapping with the keys name and nodes");
    expect_refusal("name: a\nnodes: {}\n", 18, ":2: nodes: expected 1 to 1000 nodes");
    expect_refusal("name: a\nnodes: []\n", 18, ":2: nodes: expected a mapping, not a list");
}

Test(profile_hostile, many_keys_in_one_mapping_are_compared_quickly) {
    char *yaml = malloc(MEBIBYTE);
    size_t length = 0;
    cr_assert_not_null(yaml);
    for (unsigned i = 0; i < 49000; i++) {
        length += (size_t)snprintf(yaml + length, MEBIBYTE - length, "key%u: 1\n", i);
    }
    length += (size_t)snprintf(yaml + length, MEBIBYTE - length, "key7: 1\n");
    expect_refusal(yaml, length, ":49001: key7: duplicate key; the first one is in line 8");
    free(yaml);
}

Test(profile_hostile, long_texts_are_cut_in_errors) {
    char *text = repeat("\xc3\xa4", 300000);
    char *yaml = malloc(MEBIBYTE);
    struct base_error error;
    int length = snprintf(yaml, MEBIBYTE, "name: %s\n", text);
    cr_expect_not(try_octets(yaml, (size_t)length, &error));
    cr_expect_lt(strlen(error.text), 400);
    cr_expect_not_null(strstr(error.text, "\xc3\xa4...\""), "a cut spares the letters: %s",
                       error.text);
    length = snprintf(yaml, MEBIBYTE, "\"%s\": 1\n", text);
    cr_expect_not(try_octets(yaml, (size_t)length, &error));
    cr_expect_lt(strlen(error.text), sizeof error.text - 1);
    free(yaml);
    free(text);
}

Test(profile_hostile, numbers_beyond_every_type_are_refused) {
    static const char *const settings[] = {
        "seed=18446744073709551616",
        "seed=-1",
        "nodes.edge.listeners.sip=4294967297",
        "nodes.core.zones.uc.connections=18446744073709551617",
        "nodes.core.zones.uc.rate=99999999999999999999/s",
        "nodes.core.zones.uc.timeout=99999999999999999999h",
        "nodes.core.client_store.not_after=+99999999999999999999d",
        "nodes.core.client_store.not_after=+106751991167301d",
        "nodes.core.client_store.not_before=-99999999d",
        "nodes.core.client_store.not_after=10000-01-01",
        "nodes.core.client_store.eku=[1.3.99999999999999999999]",
        "nodes.core.client_store.eku=[3.1]",
        "nodes.core.client_store.eku=[1.40]",
        "nodes.core.client_store.eku=[1]",
        "nodes.core.client_store.eku=[1.3.]",
        "nodes.core.client_store.eku=[1.03]",
        "nodes.core.client_store.serial=8000000000000000000000000000000000000000",
        "nodes.core.client_store.serial=010000000000000000000000000000000000000000",
        "nodes.core.client_store.serial=00",
        "nodes.core.client_store.serial='46:df:'",
        "nodes.core.client_store.serial='46::df'",
        "nodes.core.client_store.serial=461",
    };
    for (size_t i = 0; i < LENGTH_OF(settings); i++) {
        struct base_error error;
        struct profile_plan *plan = sample_load(sample_profile, settings[i], &error);
        cr_expect_null(plan, "%s", settings[i]);
        cr_expect_not_null(strstr(error.text, ": expected "), "%s", error.text);
        profile_plan_destroy(plan);
    }
}

Test(profile_hostile, a_folder_and_a_missing_file_are_errors) {
    struct profile_plan *plan;
    struct base_error error;
    cr_expect_not(profile_load(&plan, "/", NULL, NULL, 0, SAMPLE_NOW, &error));
    cr_expect_not(profile_load(&plan, "/nowhere.yaml", NULL, NULL, 0, SAMPLE_NOW, &error));
    cr_expect_eq(error.kind, BASE_ERROR_USAGE);
    cr_expect_not(profile_load(&plan, "", NULL, NULL, 0, SAMPLE_NOW, &error));
    cr_expect_null(plan);
    profile_plan_destroy(plan);
}
