/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_plan_dump.h"
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char variants[] =
    "variants:\n"                                                          /* 32 */
    "  mode-off:\n"                                                        /* 33 */
    "    proves: one thing\n"                                              /* 34 */
    "    set:\n"                                                           /* 35 */
    "      nodes.edge.eku_checking: off\n"                                 /* 36 */
    "      nodes.core.zones.uc.rate: 5/s\n"                                /* 37 */
    "      nodes.core.zones.more: { peer: edge.sip }\n"                    /* 38 */
    "      nodes.core.client_store: { cert: c.pem, key_file: ../c.key }\n" /* 39 */
    "    expect:\n"                                                        /* 40 */
    "      core.more: { state: idle }\n"                                   /* 41 */
    "      core.sip: { state: failed }\n"                                  /* 42 */
    "    thresholds: [core.more.failed == 0, core.sip.failed > 0]\n"       /* 43 */
    "  plain: {}\n"                                                        /* 44 */
    "  no-bounds: { thresholds: [], set: { seed: 7 } }\n";                 /* 45 */

/* The sample with variants, at a path that can be read again and again. */
struct scene {
    char folder[32];
    char path[64];
};

static struct scene scene_with(const char *sections) {
    struct scene scene = {.folder = "/tmp/variantXXXXXX"};
    cr_assert_not_null(mkdtemp(scene.folder));
    snprintf(scene.path, sizeof scene.path, "%s/sample.yaml", scene.folder);
    FILE *file = fopen(scene.path, "w");
    cr_assert_not_null(file);
    fputs(sample_profile, file);
    fputs(sections, file);
    fclose(file);
    return scene;
}

static void scene_remove(const struct scene *scene) {
    unlink(scene->path);
    rmdir(scene->folder);
}

static struct profile_plan *must_load(const struct scene *scene, const char *variant,
                                      const char *setting) {
    struct profile_plan *plan;
    struct base_error error = {.text = ""};
    bool loaded =
        profile_load(&plan, scene->path, variant, &setting, setting != NULL, SAMPLE_NOW, &error);
    cr_assert(loaded, "%s", error.text);
    return plan;
}

Test(profile_variant, has_its_own_values_and_expectations) {
    struct scene scene = scene_with(variants);
    char expected[64];
    struct profile_plan *plan = must_load(&scene, "mode-off", NULL);
    const struct profile_identity *client = plan->nodes[1].client_store.identities;
    cr_expect_str_eq(plan->variant, "mode-off");
    cr_expect_str_eq(plan->name, "sample");
    cr_expect_str_eq(plan->proves, "one thing");
    cr_expect_not(plan->nodes[0].eku_checking);
    cr_expect_eq(plan->zones[0].load.shape, PROFILE_SHAPE_RATE, "the file's connections give way");
    cr_expect_str_eq(plan->zones[3].full_name, "core.more");
    snprintf(expected, sizeof expected, "%s/c.pem", scene.folder);
    cr_expect_str_eq(client->certificate_path, expected);
    cr_assert_eq(plan->expectation_count, 2);
    cr_expect_eq(plan->expectations[0].zone, 3);
    cr_expect_eq(plan->expectations[0].line, 41);
    cr_expect_eq(plan->expectations[1].zone, 2);
    cr_assert_eq(plan->threshold_count, 2);
    cr_expect_str_eq(plan->thresholds[1].expression, "core.sip.failed > 0");
    profile_plan_destroy(plan);
    scene_remove(&scene);
}

Test(profile_variant, leaves_alone_what_it_does_not_mention) {
    struct scene scene = scene_with(variants);
    struct profile_plan *base = must_load(&scene, NULL, NULL);
    struct profile_plan *plain = must_load(&scene, "plain", NULL);
    struct profile_plan *no_bounds = must_load(&scene, "no-bounds", NULL);
    char *expected = plan_dump(base);
    char *found = plan_dump(plain);
    cr_expect_str_eq(found, expected);
    cr_expect_null(base->variant);
    cr_expect_eq(base->seed, 0);
    cr_expect(base->nodes[0].eku_checking);
    cr_expect_eq(no_bounds->seed, 7);
    cr_expect_eq(no_bounds->threshold_count, 0);
    cr_expect_eq(no_bounds->expectation_count, 1);
    free(expected);
    free(found);
    profile_plan_destroy(base);
    profile_plan_destroy(plain);
    profile_plan_destroy(no_bounds);
    scene_remove(&scene);
}

Test(profile_variant, is_named_with_all_others) {
    static const char *const loaded[] = {NULL, "plain"};
    struct scene scene = scene_with(variants);
    for (size_t i = 0; i < LENGTH_OF(loaded); i++) {
        struct profile_plan *plan = must_load(&scene, loaded[i], NULL);
        cr_assert_eq(plan->variants.count, 3);
        cr_expect_str_eq(plan->variants.items[0], "mode-off");
        cr_expect_str_eq(plan->variants.items[1], "plain");
        cr_expect_str_eq(plan->variants.items[2], "no-bounds");
        profile_plan_destroy(plan);
    }
    scene_remove(&scene);
}

Test(profile_variant, gives_way_to_settings) {
    struct scene scene = scene_with(variants);
    struct profile_plan *plan = must_load(&scene, "mode-off", "nodes.edge.eku_checking=on");
    cr_expect(plan->nodes[0].eku_checking);
    profile_plan_destroy(plan);
    plan = must_load(&scene, "mode-off", "nodes.core.zones.uc.connections=9");
    cr_expect_eq(plan->zones[0].load.connections, 9);
    cr_expect_eq(plan->zones[0].load.shape, PROFILE_SHAPE_HOLD);
    profile_plan_destroy(plan);
    plan = must_load(&scene, "mode-off", "expect.core.sip.state=active");
    cr_assert_eq(plan->expectation_count, 2);
    cr_expect_eq(plan->expectations[1].state, PROFILE_STATE_ACTIVE);
    profile_plan_destroy(plan);
    scene_remove(&scene);
}

/* The text is read from another folder than the profile was. */
Test(profile_variant, as_run_is_a_profile_without_variants) {
    static const char *const loaded[] = {NULL, "mode-off"};
    struct scene scene = scene_with(variants);
    for (size_t i = 0; i < LENGTH_OF(loaded); i++) {
        struct profile_plan *plan = must_load(&scene, loaded[i], NULL);
        struct profile_plan *again = sample_must_load(plan->text, NULL);
        cr_expect_null(strstr(plan->text, "variants:"), "%s", plan->text);
        cr_expect_eq(again->variants.count, 0);
        char *expected = plan_dump(plan);
        char *found = plan_dump(again);
        cr_expect_str_eq(found, expected);
        free(expected);
        free(found);
        profile_plan_destroy(again);
        profile_plan_destroy(plan);
    }
    scene_remove(&scene);
}

Test(profile_variant, that_is_unknown_is_refused_with_those_that_are) {
    static const struct {
        const char *sections;
        const char *variant;
        const char *error;
    } cases[] = {
        {variants, "mode-of", ": no variant is named \"mode-of\"; did you mean \"mode-off\"?"},
        {variants, "x", ": no variant is named \"x\"; it has mode-off, plain, no-bounds"},
        {"", "plain", ": no variant is named \"plain\"; it has none"},
        {"variants: {}\n", "plain", ": no variant is named \"plain\"; it has none"},
        {variants, "", ": no variant is named \"\"; it has mode-off, plain, no-bounds"},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct scene scene = scene_with(cases[i].sections);
        struct profile_plan *plan;
        struct base_error error;
        char expected[256];
        snprintf(expected, sizeof expected, "%s%s", scene.path, cases[i].error);
        cr_expect_not(
            profile_load(&plan, scene.path, cases[i].variant, NULL, 0, SAMPLE_NOW, &error));
        cr_expect_null(plan);
        cr_expect_eq(error.kind, BASE_ERROR_USAGE);
        cr_expect_str_eq(error.text, expected);
        scene_remove(&scene);
    }
}

Test(profile_variant, with_a_mistake_is_refused_already_with_the_profile) {
#define VARIANT(keys) "variants:\n  first: {}\n  other:\n    " keys
    static const struct sample_error cases[] = {
        {0, VARIANT("set:\n      nodes.edge.eku_checking: maybe"),
         ":36: nodes.edge.eku_checking: expected on or off, not \"maybe\""},
        {0, VARIANT("set:\n      nodes.edge.client_store:\n        issuer: insde"),
         ":37: nodes.edge.client_store.issuer: no authority is named \"insde\"; did you mean "
         "\"inside\"?"},
        {0, VARIANT("set:\n      nodes.edge.listners.sip: 5061"),
         ":36: nodes.edge.listners: unknown key; did you mean \"listeners\"?"},
        {0, VARIANT("set:\n      nodes.edge.trust.9: inside"),
         ":36: variants.other.set.nodes.edge.trust.9: expected a list index from 0 to 2 in the "
         "path"},
        {0, VARIANT("set:\n      nodes..edge: 1"),
         ":36: variants.other.set.nodes..edge: expected a path, such as nodes.edge.eku_checking"},
        {0, VARIANT("set:\n      variants.first.proves: more"),
         ":36: variants.other.set.variants.first.proves: variants cannot be changed: change what "
         "they set"},
        {0, VARIANT("set: [a]"), ":35: variants.other.set: expected a mapping, not a list"},
        {0, VARIANT("expect:\n      core.nowhere: { state: active }"),
         ":36: expect.core.nowhere: no such zone or listener; expected node.zone"},
        {0, VARIANT("expect: { core.uc: { state: activ } }"),
         ":35: expect.core.uc.state: expected idle, failed, degraded or active, not \"activ\"; did "
         "you mean \"active\"?"},
        {0, VARIANT("thresholds: [{}]"),
         ":35: variants.other.thresholds.0: the key \"threshold\" is missing"},
        {0, VARIANT("sets: {}"), ":35: variants.other.sets: unknown key; did you mean \"set\"?"},
        {0, "variants: []", ":32: variants: expected a mapping, not a list"},
        {0, "variants: { Off: {} }",
         ":32: variants.Off: expected a name of at most 63 lower-case letters, digits and hyphens"},
        {0, "variants: { off: none }", ":32: variants.off: expected a mapping, not \"none\""},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
    struct base_error error;
    cr_expect_null(sample_load(sample_profile, "variants.a={}", &error));
    cr_expect_str_eq(error.text,
                     "--set variants.a={}: variants cannot be changed: change what they set");
}

Test(profile_variant, number_is_bounded) {
    char yaml[8192];
    struct base_error error;
    int length = snprintf(yaml, sizeof yaml, "%svariants:\n", sample_profile);
    for (unsigned i = 0; i < 33; i++) {
        length += snprintf(yaml + length, sizeof yaml - (size_t)length, "  v%u: {}\n", i);
    }
    cr_expect_null(sample_load(yaml, NULL, &error));
    cr_expect_not_null(strstr(error.text, ":32: variants: expected at most 32 variants"), "%s",
                       error.text);
}
