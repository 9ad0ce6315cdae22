/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What became of each run, told once more at the end: the first of several reports is long gone. */
struct tally {
    int worst;
    uint32_t count;
    struct {
        const char *name; /* of the variant; NULL: the profile itself */
        int status;
    } rows[PROFILE_VARIANTS_MAX + 1];
};

static void add(struct tally *tally, const char *name, int status) {
    tally->rows[tally->count].name = name;
    tally->rows[tally->count++].status = status;
    tally->worst = status > tally->worst ? status : tally->worst;
}

static void print_tally(const struct tally *tally, const char *profile) {
    printf("\n%s with its variants\n", profile);
    for (uint32_t i = 0; i < tally->count; i++) {
        const char *name = tally->rows[i].name;
        printf("  %s  %s%s\n", tally->rows[i].status == CLI_PASS ? "PASS" : "FAIL",
               name == NULL ? "the profile itself" : "variant ", name == NULL ? "" : name);
    }
}

/*
 * Real equipment is not changed by a profile: a variant that asks it to be otherwise would run the
 * same again, and be believed.
 */
static bool asks_equipment(const struct profile_plan *base, const struct profile_plan *variant,
                           char *sentence, size_t size) {
    for (uint32_t i = 0; i < base->node_count && i < variant->node_count; i++) {
        const struct profile_node *was = &base->nodes[i];
        const struct profile_node *is = &variant->nodes[i];
        bool changes_mode = was->eku_checking != is->eku_checking;
        if (is->external != NULL && strcmp(was->name, is->name) == 0 &&
            (changes_mode || was->resumption != is->resumption)) {
            snprintf(sentence, size,
                     "variant %s was left out: it sets %s of %s, which is real equipment: "
                     "set it there, then run --variant %s",
                     variant->variant, changes_mode ? "eku_checking" : "resumption", is->name,
                     variant->variant);
            return true;
        }
    }
    return false;
}

/*
 * Runs one, and takes its JSON instead of printing it: `into[key]`, or the whole of it when there
 * is none yet. Text is printed as it comes.
 */
static int run_one(struct cli_run_arguments *arguments, const struct profile_plan *plan,
                   const struct cli_result_paths *paths, json_t **into) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = arguments->runs.json ? open_memstream(&text, &length) : stdout;
    if (out == NULL) {
        struct base_error error;
        base_error_set(&error, BASE_ERROR_MACHINE, "out of memory");
        return cli_complain(&error);
    }
    int status = cli_run_one(arguments, plan, paths, out);
    if (arguments->runs.json && fclose(out) == 0) {
        json_t *result = json_loadb(text, length, 0, NULL);
        if (*into == NULL) {
            *into = result;
        } else {
            json_object_set_new(json_object_get(*into, "variants"), plan->variant, result);
        }
    }
    free(text);
    return status;
}

static int run_variant(struct cli_run_arguments *arguments, const struct profile_plan *base,
                       const char *name, const struct cli_result_paths *whole, struct tally *tally,
                       json_t **results) {
    struct cli_profile profile = arguments->runs.profile;
    struct cli_result_paths paths;
    struct profile_plan *plan;
    struct base_error error;
    char sentence[512];
    int status = CLI_PASS;
    profile.variant = name;
    if (!cli_result_choose_variant(&paths, whole, name, &error) ||
        !cli_load_profile(&plan, &profile, &error)) {
        return cli_complain(&error);
    }
    if (asks_equipment(base, plan, sentence, sizeof sentence)) {
        cli_run_note(sentence);
    } else {
        status = run_one(arguments, plan, &paths, results);
        add(tally, name, status);
    }
    profile_plan_destroy(plan);
    return status;
}

/* The profile's own result, with those of its variants inside. */
static void print_json(json_t *results) {
    if (results != NULL) {
        json_dumpf(results, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        fputs("\n", stdout);
        json_decref(results);
    }
}

/*
 * Each into a folder of its own. A variant is another run, which the nodes of another process would
 * not know of: with --only there is none but by name.
 */
int cli_run_all(struct cli_run_arguments *arguments, const struct profile_plan *plan) {
    struct cli_result_paths paths;
    struct base_error error;
    struct tally tally = {.worst = CLI_PASS};
    json_t *results = NULL;
    if (!cli_result_choose(&paths, arguments->runs.out, plan->name, &error)) {
        return cli_complain(&error);
    }
    bool all = arguments->runs.profile.variant == NULL && arguments->runs.only.count == 0 &&
               plan->variants.count > 0;
    if (!all) {
        return cli_run_one(arguments, plan, &paths, stdout);
    }
    int status = run_one(arguments, plan, &paths, &results);
    json_object_set_new(results, "variants", json_object());
    add(&tally, NULL, status);
    for (uint32_t i = 0; i < plan->variants.count && status <= CLI_FAIL; i++) {
        if (arguments->told_to_quit) {
            cli_run_note("told to quit: the variants that were still to come were not run");
            break;
        }
        status = run_variant(arguments, plan, plan->variants.items[i], &paths, &tally, &results);
        tally.worst = status > tally.worst ? status : tally.worst;
    }
    print_json(results);
    if (!arguments->runs.json && tally.count > 1) {
        print_tally(&tally, plan->name);
    }
    return tally.worst;
}
