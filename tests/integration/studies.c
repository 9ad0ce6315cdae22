/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_tool.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define LISTENER "nodes.acceptor.listeners.sip"
#define LOAD     "nodes.initiator.zones.load"

TestSuite(studies, .init = support_scene_open, .fini = support_scene_close);

/* `ekuload COMMAND <lab> WORDS --out <scene>/NAME`. */
static void study(struct support_tool *tool, const char *command, const char *name,
                  const char *words) {
    support_tool_run(tool, support_scene_text("%s %s %s --out %s %s", support_run_program(),
                                              command, support_lab_profile(),
                                              support_scene_path("%s", name), words));
}

static json_t *result_of(const char *name, const char *file) {
    json_error_t error;
    json_t *result = json_load_file(support_scene_path("%s/%s", name, file), 0, &error);
    cr_assert_not_null(result, "%s/%s: %s", name, file, error.text);
    return result;
}

static double number(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    cr_assert(json_is_number(value), "%s is no number", key);
    return json_number_value(value);
}

/* A delay that no noise of a machine looks like. */
Test(studies, overhead_finds_a_check_that_takes_five_milliseconds_more) {
    struct support_tool tool;
    study(&tool, "overhead", "slow",
          "--blocks 8 --block 120ms --seed 3 --set " LISTENER ".check_delay=5ms");
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s%s", tool.out, tool.err);
    cr_assert_not_null(strstr(tool.out, "On costs +"), "%s", tool.out);
    json_t *result = result_of("slow", "overhead.json");
    const json_t *primary = json_object_get(result, "primary");
    const json_t *difference = json_object_get(primary, "difference");
    cr_assert_str_eq(json_string_value(json_object_get(primary, "quantity")), "establish");
    cr_assert(json_is_true(json_object_get(primary, "found")), "%s", tool.out);
    cr_assert_gt(number(difference, "value_us"), 4000);
    cr_assert_gt(number(difference, "low_us"), 0);
    cr_assert_eq(number(result, "pairs"), 4);
    const json_t *refusal = json_object_get(result, "refusal");
    cr_assert_gt(number(refusal, "count"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(refusal, "fault")),
                     "tls_alert_unsupported_certificate");
    const json_t *blocks = json_object_get(result, "blocks");
    static const char *const modes[] = {"on", "off", "on",  "off", "off",
                                        "on", "on",  "off", "off", "on"};
    cr_assert_eq(json_array_size(blocks), sizeof modes / sizeof modes[0]);
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const json_t *block = json_array_get(blocks, i);
        cr_assert_str_eq(json_string_value(json_object_get(block, "mode")), modes[i]);
        cr_assert_eq(json_is_true(json_object_get(block, "warm_up")), i < 2);
        cr_assert_eq(number(block, "failed"), 0);
    }
    cr_assert(support_file_exists(support_scene_path("slow/blocks/002-on/result.json")));
    json_decref(result);
    support_tool_finish(&tool);
}

Test(studies, overhead_of_a_check_that_nobody_passes_ends_early_with_one_sentence) {
    struct support_tool tool;
    study(&tool, "overhead", "refused",
          "--blocks 400 --block 100ms --set nodes.initiator.client_store.eku=[serverAuth] "
          "--set nodes.initiator.client_store.unchecked=true");
    cr_assert_eq(tool.status, SUPPORT_FAIL, "%s%s", tool.out, tool.err);
    cr_assert_not_null(strstr(tool.out, "With the check On nothing was established ("), "%s",
                       tool.out);
    cr_assert_not_null(strstr(tool.out, "tls_alert_unsupported_certificate): there is no"), "%s",
                       tool.out);
    cr_assert_null(strstr(tool.out, "<- decides"), "%s", tool.out);
    support_tool_finish(&tool);
}

Test(studies, a_peer_that_is_not_there_ends_the_search_at_once) {
    struct support_tool tool;
    study(&tool, "find-rate", "nobody",
          support_scene_text("--only initiator --pki %s --attempts 50000 --from 500/s",
                             support_lab_certificates("pki", "")));
    cr_assert_eq(tool.status, SUPPORT_FAIL, "%s%s", tool.out, tool.err);
    json_t *result = result_of("nobody", "find-rate.json");
    cr_assert_str_eq(json_string_value(json_object_get(result, "end")), "nothing_succeeded");
    const json_t *steps = json_object_get(result, "steps");
    cr_assert_eq(json_array_size(steps), 2);
    cr_assert_eq(number(json_array_get(steps, 1), "rate"), 50);
    cr_assert_lt(number(json_array_get(steps, 1), "attempts"), 1000);
    cr_assert_str_eq(json_string_value(json_object_get(json_array_get(steps, 1), "fault")),
                     "tcp_refused");
    json_decref(result);
    support_tool_finish(&tool);
}

Test(studies, the_folder_of_a_study_is_not_given_to_a_run) {
    static const char *const signs[] = {"overhead.json", "find-rate.json", "steps/001",
                                        "blocks/000-on-warm-up"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        struct support_tool tool;
        const char *folder = support_scene_path("study-%zu", i);
        support_tool_run(&tool, support_scene_text("mkdir -p %s/%s", folder, signs[i]));
        support_tool_finish(&tool);
        support_tool_run(&tool, support_scene_text("%s run %s --out %s", support_run_program(),
                                                   support_lab_profile(), folder));
        cr_assert_eq(tool.status, SUPPORT_USAGE, "%s: %s%s", signs[i], tool.out, tool.err);
        cr_assert_not_null(strstr(tool.err, "already holds a result"), "%s", tool.err);
        support_tool_finish(&tool);
    }
}

/* How close it comes on a quiet machine stands in docs/studies.md. */
Test(studies, find_rate_ends_near_a_hard_limit) {
    struct support_tool tool;
    study(
        &tool, "find-rate", "limited",
        "--attempts 30 --from 90/s --to 240/s --slo initiator.load.establish.p99<3s --set " LISTENER
        ".limit=120/s");
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s%s", tool.out, tool.err);
    json_t *result = result_of("limited", "find-rate.json");
    cr_assert_str_eq(json_string_value(json_object_get(result, "end")), "converged", "%s",
                     tool.out);
    cr_assert(number(result, "found_per_s") >= 36 && number(result, "found_per_s") <= 145, "%s",
              tool.out);
    cr_assert(json_is_false(json_object_get(result, "generator_limited")), "%s", tool.out);
    bool was_refused = false;
    const json_t *step;
    size_t i;
    json_array_foreach(json_object_get(result, "steps"), i, step) {
        bool failed = strcmp(json_string_value(json_object_get(step, "limit")), "peer") == 0;
        was_refused = was_refused || (failed && number(step, "sip_status") == 503);
        cr_assert_eq(number(step, "attempts"), 30);
    }
    cr_assert(was_refused, "%s", tool.out);
    cr_assert_not_null(strstr(tool.err, "step 1: 90/s\n"), "%s", tool.err);
    json_decref(result);
    support_tool_finish(&tool);
}

Test(studies, find_rate_reports_in_the_form_of_rfc_7502) {
    static const char *const lines[] = {
        "SIP transport protocol           TLS over TCP",
        "Session attempt rate             50/s at first",
        "Total sessions attempted         10 in 1 steps",
        "Attempts of each step            10 (shorter than the 50,000 of RFC 7502)",
        "Associated media protocol        none",
        "Establishment threshold time     3 s",
        "TLS ciphersuite used             TLS_AES_128_GCM_SHA256, TLS 1.3",
        "Registration rate                at least 50/s",
        "The upper bound succeeded",
    };
    struct support_tool tool;
    study(&tool, "find-rate", "form", "--kind registration --attempts 10 --from 50/s --to 50/s");
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s%s", tool.out, tool.err);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        cr_assert_not_null(strstr(tool.out, lines[i]), "no \"%s\" in: %s", lines[i], tool.out);
    }
    support_tool_finish(&tool);
}

Test(studies, re_registration_refreshes_on_connections_that_stay) {
    struct support_tool tool;
    study(&tool, "find-rate", "again",
          "--kind re-registration --connections 10 --attempts 30 --from 100/s --to 100/s");
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s%s", tool.out, tool.err);
    json_t *run = result_of("again", "steps/001/result.json");
    const json_t *zone = json_object_get(json_object_get(run, "zones"), "initiator.load");
    cr_assert_eq(number(zone, "attempts"), 10);
    cr_assert_geq(number(zone, "sip_requests"), 40);
    json_decref(run);
    support_tool_finish(&tool);
}

Test(studies, attempts_are_no_more_than_asked_for) {
    static const char *const shapes[] = {LOAD ".rate=400/s", LOAD ".concurrency=3"};
    for (unsigned i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct support_run run;
        support_run_prepare(&run, support_scene_text("shape-%u", i), support_lab_profile());
        support_run_set_all(&run, shapes[i]);
        support_run_set_all(&run, LOAD ".attempts=23");
        support_run_add(&run, "--duration 400ms --threads 2");
        support_run_expect(&run, SUPPORT_PASS);
        cr_assert_eq(support_result_number(&run, "zones/initiator.load/attempts"), 23);
        cr_assert_eq(support_result_number(&run, "zones/initiator.load/dropped"), 0);
        support_run_finish(&run);
    }
}

/* The search is about one rate and one mode: what changes a run by itself would be told as theirs.
 */
Test(studies, what_a_profile_changes_by_itself_is_left_aside) {
    struct support_tool tool;
    study(&tool, "find-rate", "aside",
          "--attempts 4 --from 20/s --to 20/s --set load.renew=1s --set load.warm_up=1m "
          "--set nodes.acceptor.eku_checking_turns=1ms --set load.dialog=none");
    cr_assert_eq(tool.status, SUPPORT_PASS, "%s%s", tool.out, tool.err);
    json_t *run = result_of("aside", "steps/001/result.json");
    cr_assert_null(json_object_get(run, "steered"));
    cr_assert_eq(number(run, "warm_up_s"), 0);
    json_decref(run);
    support_tool_finish(&tool);
}

Test(studies, a_switch_that_fails_ends_it_with_a_sentence) {
    struct support_tool tool;
    const char *pki = support_lab_certificates("pki", "");
    study(&tool, "overhead", "switched",
          support_scene_text("--only initiator --pki %s --switch-on false --switch-off true", pki));
    cr_assert_eq(tool.status, SUPPORT_USAGE, "%s%s", tool.out, tool.err);
    cr_assert_not_null(strstr(tool.err, "--switch-on: \"false\" ended with exit status 1"), "%s",
                       tool.err);
    support_tool_finish(&tool);
}

Test(studies, what_cannot_be_studied_is_told_in_a_sentence) {
    static const struct {
        const char *command;
        const char *words;
        const char *sentence;
    } rows[] = {
        {"overhead", "--blocks 4", "--blocks: expected at least 8"},
        {"overhead", "--block soon", "--block: expected a time"},
        {"overhead", "--block 1ms", "at least 100ms"},
        {"overhead", "--zone initiator.lode", "the profile lab has no such zone"},
        {"overhead", "--node nobody", "the profile lab has no such node"},
        {"overhead", "--switch-on true", "--switch-on and --switch-off go together"},
        {"overhead", "--switch-on true --switch-off true", "nothing to measure: no zone that runs"},
        {"overhead", "--set " LISTENER ".eku_check=always", "nothing to switch: no node"},
        {"find-rate", "--kind call", "--kind: expected session, registration"},
        {"find-rate", "--from 5/s", "does not converge below 10/s"},
        {"find-rate", "--from 50/s --to 40/s", "--to is lower than --from"},
        {"find-rate", "--from fast", "--from: expected a rate such as 200/s"},
        {"find-rate", "--from 100/s --to 2000000/s",
         "--to: expected a rate such as 200/s, at most"},
        {"find-rate", "--connections 5", "--connections: only a re-registration"},
        {"find-rate", "--attempts 0", "--attempts: expected a whole number"},
        {"find-rate", "--slo initiator.load.speed>3",
         "ekuload: --slo: threshold \"initiator.load.speed>3\": a zone has no metric"},
        {"find-rate", "--zone initiator.lode", "the profile lab has no such zone"},
        {"find-rate", "--set " LISTENER ".limit=0/s", "limit"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct support_tool tool;
        study(&tool, rows[i].command, "none", rows[i].words);
        cr_assert_eq(tool.status, SUPPORT_USAGE, "%s: %d %s", rows[i].words, tool.status, tool.err);
        cr_assert_not_null(strstr(tool.err, rows[i].sentence), "%s: %s", rows[i].words, tool.err);
        cr_assert_not(support_file_exists(support_scene_path("none/find-rate.json")));
        support_tool_finish(&tool);
    }
}
