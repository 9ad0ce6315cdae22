/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_study.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *suite_name(unsigned number) {
    return number == 0x1301 ? "TLS_AES_128_GCM_SHA256" : NULL;
}

static const struct report_study_facts facts = {
    .profile = "lab", .suite_name = suite_name, .path = "results/lab"};
static const char *const zones[] = {"core.uc"};
static const char *const nodes[] = {"edge"};

static struct metrics_overhead overhead_of(double value, double low, double high) {
    struct metrics_overhead overhead = {
        .rows = {{"establish", "median", 2100, 2000, {value, low, high}},
                 {"eku_check", "mean", 0.25, 0.21, {0.04, 0.02, 0.06}}},
        .row_count = 2,
        .pairs = 12,
        .block_s = 2,
        .seed = 7,
        .zones = zones,
        .zone_count = 1,
        .nodes = nodes,
        .node_count = 1,
        .refusal = {.count = 90,
                    .fault = FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE,
                    .median = {1200, 1100, 1300},
                    .mean = {1250, 1150, 1350},
                    .p99 = {3100, 2900, 3300},
                    .cpu = {764, 750, 780}},
    };
    return overhead;
}

static char *text_of(const struct metrics_overhead *overhead) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    report_overhead_text(overhead, &facts, out);
    fclose(out);
    return text;
}

static void expect_line(const char *text, const char *line) {
    cr_assert_not_null(strstr(text, line), "no \"%s\" in:\n%s", line, text);
}

Test(report_study, overhead_says_plainly_what_was_found) {
    static const struct {
        double value;
        double low;
        double high;
        const char *sentence;
    } rows[] = {
        {101, 95, 107, "On costs +101 us in the median of establish: from +95.0 us to +107 us."},
        {-30, -50, -10, "On costs -30.0 us in the median of establish: from -50.0 us to -10.0 us."},
        {4, -6, 14,
         "No difference found in the median of establish; one of more than 14.0 us would have been "
         "seen."},
        {NAN, NAN, NAN, "Nothing can be said: too few pairs of blocks"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct metrics_overhead overhead = overhead_of(rows[i].value, rows[i].low, rows[i].high);
        char *text = text_of(&overhead);
        expect_line(text, rows[i].sentence);
        expect_line(text, "A refusal of serverAuth alone (90 of them, "
                          "tls_alert_unsupported_certificate):\n    median 1.20 ms, mean 1.25 ms, "
                          "p99 3.10 ms, CPU 764 us each\n");
        expect_line(text, "eku_check      mean       250 ns     210 ns     +40 ns");
        free(text);
    }
}

Test(report_study, overhead_without_connections_in_a_mode_is_one_sentence) {
    static const struct {
        struct metrics_overhead_block on;
        struct metrics_overhead_block off;
        const char *sentence;
    } rows[] = {
        {{.failed = 26, .fault = FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE},
         {.established = 90},
         "With the check On nothing was established (52 failed: "
         "tls_alert_unsupported_certificate): there is no difference to tell."},
        {{.established = 90},
         {.failed = 0},
         "With the check Off nothing was established: there is no difference to tell."},
        {{.failed = 3, .fault = FAULT_TCP_REFUSED},
         {.failed = 4, .fault = FAULT_TCP_REFUSED},
         "With the check On nothing was established (6 failed: tcp_refused), nor with the check "
         "Off "
         "(8 failed: tcp_refused): there is no difference to tell."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct metrics_overhead overhead = overhead_of(NAN, NAN, NAN);
        struct metrics_overhead_block blocks[] = {rows[i].on, rows[i].off, rows[i].off, rows[i].on};
        for (size_t j = 0; j < 4; j++) {
            blocks[j].counts = true;
            blocks[j].on = j == 0 || j == 3;
        }
        overhead.blocks = blocks;
        overhead.block_count = 4;
        char *text = text_of(&overhead);
        expect_line(text, rows[i].sentence);
        cr_assert_null(strstr(text, "<- decides"), "%s", text);
        cr_assert_null(strstr(text, "A refusal"), "%s", text);
        free(text);
    }
}

Test(report_study, overhead_as_json_has_null_for_what_is_unknown) {
    struct metrics_overhead overhead = overhead_of(NAN, NAN, NAN);
    struct metrics_overhead_block block = {.on = true, .counts = true, .values = {2100, NAN}};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    overhead.blocks = &block;
    overhead.block_count = 1;
    strcpy(overhead.refusal.why_not, "interrupted");
    cr_assert(report_overhead_json(&overhead, &facts, out));
    fclose(out);
    json_t *root = json_loadb(text, length, 0, NULL);
    json_t *primary = json_object_get(root, "primary");
    json_t *values =
        json_object_get(json_array_get(json_object_get(root, "blocks"), 0), "values_us");
    cr_assert(json_is_null(json_object_get(json_object_get(primary, "difference"), "low_us")));
    cr_assert(json_is_null(json_object_get(values, "eku_check.mean")));
    cr_assert_eq(json_number_value(json_object_get(values, "establish.median")), 2100);
    cr_assert_str_eq(
        json_string_value(json_object_get(json_object_get(root, "refusal"), "not_measured")),
        "interrupted");
    json_decref(root);
    free(text);
}

Test(report_study, rate_says_how_the_search_ended) {
    static const struct {
        enum metrics_rate_end end;
        double found;
        const char *line;
    } rows[] = {
        {METRICS_RATE_TIME_OVER, 90, "more would be known with a longer --limit."},
        {METRICS_RATE_BOUND, 90, "Session establishment rate       at least 90/s"},
        {METRICS_RATE_NOTHING, 0,
         "No attempt succeeded, at the first rate and at a tenth of it: the rate is not the "
         "reason."},
        {METRICS_RATE_TOO_LOW, 0, "Session establishment rate       none found"},
        {METRICS_RATE_CONVERGED, 90, "Succeeds when                    no attempt fails and\n"},
    };
    static const char *const thresholds[] = {"core.uc.establish.p99 < 100ms"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct metrics_rate_search search = {.found = rows[i].found,
                                             .end = rows[i].end,
                                             .thresholds = thresholds,
                                             .threshold_count = 1,
                                             .zone = "core.uc",
                                             .dialog = "OPTIONS"};
        char *text = NULL;
        size_t length = 0;
        FILE *out = open_memstream(&text, &length);
        report_rate_text(&search, &facts, out);
        fclose(out);
        expect_line(text, rows[i].line);
        free(text);
    }
}

Test(report_study, rate_tells_the_generator_from_the_peer) {
    struct metrics_rate_step steps[] = {
        {.rate = 100, .offered = 100, .attempts = 50000},
        {.rate = 110,
         .offered = 110,
         .attempts = 50000,
         .failed = 12,
         .status = 503,
         .limit = METRICS_RATE_LIMIT_PEER},
        {.rate = 110,
         .offered = 110,
         .attempts = 49000,
         .dropped = 1000,
         .limit = METRICS_RATE_LIMIT_GENERATOR},
    };
    struct metrics_rate_search search = {.found = 100,
                                         .generator_limited = true,
                                         .from = 100,
                                         .attempts = METRICS_RATE_RFC_ATTEMPTS,
                                         .steps = steps,
                                         .step_count = 3,
                                         .zone = "core.uc",
                                         .dialog = "INVITE",
                                         .threshold_s = 10,
                                         .tls_1_2 = true,
                                         .suite = 0x1301};
    static const char *const lines[] = {
        "lab: Session establishment rate of core.uc by RFC 7502",
        "TLS ciphersuite used             TLS_AES_128_GCM_SHA256, TLS 1.2",
        "Attempts of each step            50000\n",
        "Total sessions attempted         149000 in 3 steps",
        "peer 503\n",
        "generator\n",
        "Session establishment rate       100/s",
        "The generator, not the peer, was the limit",
    };
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    report_rate_text(&search, &facts, out);
    fclose(out);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        expect_line(text, lines[i]);
    }
    free(text);
}
