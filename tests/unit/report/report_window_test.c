/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_sample.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOWS = 12, WIDTH_MAX = 100 };

/* Twelve minutes: memory grows by 60 KiB an hour, one window loses connections. */
static void fill_windows(void) {
    struct metrics_windows *windows = &sample.summary.windows;
    cr_assert(metrics_windows_init(windows, &sample.summary.total, WINDOWS, 60));
    for (uint32_t i = 0; i < WINDOWS; i++) {
        struct metrics_window *window = metrics_windows_add(windows);
        struct metrics_window_zone *zone = metrics_windows_zone(windows, i, ZONE_UC);
        window->begin_s = 60 * i;
        window->end_s = 60 * (i + 1);
        window->usage = (struct metrics_usage){
            .cpu_share = 0.25, .rss_kib = 5000 + i, .heap_kib = 900, .descriptors = 15, .slots = 9};
        zone->state = METRICS_ACTIVE;
        zone->attempts = 10;
        zone->open = 4200;
        zone->lost = i == 7 ? 3 : 0;
        zone->latency[METRICS_ESTABLISH] =
            (struct metrics_window_latency){.count = 10, .p50 = 1500, .p99 = 9000};
        metrics_windows_listener(windows, i, LISTENER_UC)->admitted = 10;
        if (i == 7) {
            window->met = false;
            strcpy(window->reason, "core.uc.lost is 3, expected == 0");
            windows->unmet++;
        }
    }
}

static void begin(void) {
    sample_begin();
    fill_windows();
}

static void end(void) {
    metrics_windows_finish(&sample.summary.windows);
    sample_end();
}

TestSuite(report_window, .init = begin, .fini = end);

static json_t *result(void) {
    char *text = sample_written(report_json_write);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    cr_assert_not_null(root);
    return root;
}

static bool write_plain(const struct report_facts *facts, FILE *out) {
    report_terminal_write(facts, out, false);
    return true;
}

static void expect(const char *wanted) {
    char *text = sample_written(write_plain);
    cr_assert_not_null(strstr(text, wanted), "no \"%s\" in:\n%s", wanted, text);
    free(text);
}

Test(report_window, the_result_has_each_with_what_was_counted_and_in_use) {
    json_t *root = result();
    json_t *windows = json_object_get(root, "windows");
    cr_assert_eq(json_array_size(windows), WINDOWS);
    json_t *eighth = json_array_get(windows, 7);
    json_t *zone = json_object_get(json_object_get(eighth, "zones"), "core.uc");
    json_t *latency = json_object_get(json_object_get(zone, "latency"), "establish");
    json_t *usage = json_object_get(eighth, "resources");
    cr_assert_str_eq(json_string_value(json_object_get(eighth, "verdict")), "fail");
    cr_assert_str_eq(json_string_value(json_object_get(eighth, "reason")),
                     "core.uc.lost is 3, expected == 0");
    cr_assert(json_is_null(json_object_get(json_array_get(windows, 6), "reason")));
    cr_assert_eq(json_integer_value(json_object_get(zone, "lost")), 3);
    cr_assert_eq(json_integer_value(json_object_get(zone, "open")), 4200);
    cr_assert_eq(json_integer_value(json_object_get(latency, "p99")), 9000);
    cr_assert_eq(json_object_size(json_object_get(zone, "latency")), 1);
    cr_assert_eq(json_integer_value(json_object_get(usage, "rss_kib")), 5007);
    cr_assert_null(json_object_get(usage, "peer_rss_kib")); /* nobody was named */
    cr_assert_null(json_object_get(json_object_get(eighth, "listeners"), "edge.sip"));
    json_decref(root);
}

Test(report_window, the_result_says_what_drifts_and_what_does_not) {
    json_t *root = result();
    json_t *drift = json_object_get(root, "drift");
    json_t *rss = json_object_get(drift, "rss_kib");
    json_t *p99 = json_object_get(drift, "core.uc.establish.p99");
    cr_assert_str_eq(json_string_value(json_object_get(rss, "finding")), "grows");
    cr_assert_float_eq(json_real_value(json_object_get(rss, "slope")), 60, 0.01);
    cr_assert_eq(json_integer_value(json_object_get(rss, "windows")), WINDOWS - 1);
    cr_assert_str_eq(json_string_value(json_object_get(p99, "finding")), "none");
    cr_assert_null(json_object_get(drift, "peer_rss_kib"));
    cr_assert_null(json_object_get(drift, "core.uc.refusal.p50"));
    json_decref(root);
}

Test(report_window, the_page_shows_the_worst_and_what_grows) {
    expect("  windows        12 of 60 s, 1 not met\n");
    expect("  420 to 480 s");
    expect("  from 420 s     core.uc.lost is 3, expected == 0\n");
    expect("  drift          rss_kib grows by 60 KiB an hour (60 KiB to 60 KiB)\n");
    expect("no drift found in");
}

Test(report_window, the_page_is_no_wider_for_them) {
    char *text = sample_written(write_plain);
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        cr_assert_leq(strlen(line), WIDTH_MAX, "%s", line);
    }
    free(text);
}

Test(report_window, a_run_shorter_than_one_says_nothing_of_them) {
    metrics_windows_finish(&sample.summary.windows);
    json_t *root = result();
    char *text = sample_written(write_plain);
    cr_assert_eq(json_array_size(json_object_get(root, "windows")), 0);
    cr_assert_eq(json_object_size(json_object_get(root, "drift")), 0);
    cr_assert_null(strstr(text, "windows"));
    cr_assert_null(strstr(text, "drift"));
    json_decref(root);
    free(text);
}

Test(report_window, an_ended_run_names_the_threshold) {
    sample.summary.aborted = true;
    sample.summary.aborted_by = 3;
    sample.summary.aborted_at_s = 12.25;
    json_t *root = result();
    json_t *aborted = json_object_get(root, "aborted");
    cr_assert_str_eq(json_string_value(json_object_get(aborted, "threshold")), "core.uc.lost <= 3");
    cr_assert_float_eq(json_real_value(json_object_get(aborted, "after_s")), 12.25, 1e-9);
    json_decref(root);
}
