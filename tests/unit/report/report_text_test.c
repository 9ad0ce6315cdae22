/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_sample.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What people read of numbers is seen through the terminal report, whose rows are known. */
static bool write_plain(const struct report_facts *facts, FILE *out) {
    report_terminal_write(facts, out, false);
    return true;
}

TestSuite(report_text, .init = sample_begin, .fini = sample_end);

static void expect(const char *wanted) {
    char *text = sample_written(write_plain);
    cr_assert_not_null(strstr(text, wanted), "no \"%s\" in:\n%s", wanted, text);
    free(text);
}

Test(report_text, counts_have_thin_thousands) {
    static const struct {
        uint64_t count;
        const char *text;
    } cases[] = {
        {1, " 1 of 20 wanted"},
        {999, " 999 of 20 wanted"},
        {1000, " 1,000 of 20 wanted"},
        {4200, " 4,200 of 20 wanted"},
        {999999, " 999,999 of 20 wanted"},
        {1000000, " 1,000,000 of 20 wanted"},
        {UINT64_MAX, " 18,446,744,073,709,551,615 of 20 wanted"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sample.summary.zones[ZONE_TUNNEL].open_at_end = cases[i].count;
        expect(cases[i].text);
    }
}

Test(report_text, durations_have_the_unit_that_fits) {
    static const struct {
        uint64_t us;
        const char *text;
    } cases[] = {
        {0, "  0 us\n"},        {7, "  7 us\n"},        {999, "  999 us\n"},
        {1000, "  1.00 ms\n"},  {1234, "  1.23 ms\n"},  {9994, "  9.99 ms\n"},
        {9995, "  10.0 ms\n"},  {99949, "  99.9 ms\n"}, {99950, "  100 ms\n"},
        {999499, "  999 ms\n"}, {999500, "  1.00 s\n"}, {12345678, "  12.3 s\n"},
        {134e6, "  134 s\n"},   {4000e6, "  4000 s\n"},
    };
    struct metrics_histogram *histogram =
        &sample.summary.total.zones[ZONE_TUNNEL].latency[METRICS_REFUSAL];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        *histogram = (struct metrics_histogram){0};
        metrics_histogram_record(histogram, cases[i].us);
        expect(cases[i].text);
    }
}

Test(report_text, the_cost_of_a_check_begins_with_nanoseconds) {
    static const struct {
        uint64_t ns;
        const char *text;
    } cases[] = {
        {640, "p50 640 ns, p99 640 ns"},
        {1210, "p50 1.21 us, p99 1.21 us"},
        {2500000, "p50 2.50 ms, p99 2.50 ms"},
    };
    struct metrics_histogram *histogram = &sample.summary.total.listeners[LISTENER_UC].eku_ns;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        *histogram = (struct metrics_histogram){0};
        metrics_histogram_record(histogram, cases[i].ns);
        expect(cases[i].text);
    }
}

Test(report_text, memory_has_the_unit_that_fits) {
    static const struct {
        uint64_t kib;
        const char *text;
    } cases[] = {
        {512, "memory 512 KiB"},
        {8500, "memory 8.30 MiB"},
        {353280, "memory 345 MiB"},
        {2u << 20, "memory 2.00 GiB"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sample.summary.rss_peak_kib = cases[i].kib;
        expect(cases[i].text);
    }
}
