/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_sample.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

TestSuite(report_hgrm, .init = sample_begin, .fini = sample_end);

static const char *section_of(const char *text, const char *name) {
    char header[128];
    snprintf(header, sizeof header, "# %s\n", name);
    const char *found = strstr(text, header);
    return found == NULL ? NULL : found + strlen(header);
}

static const char *next_line(const char *line) {
    return strchr(line, '\n') + 1;
}

static const struct section_case {
    const char *name;
    unsigned zone; /* ZONES: the first listener */
    unsigned latency;
} section_cases[] = {
    {"core.uc tcp_connect", ZONE_UC, METRICS_TCP_CONNECT},
    {"core.uc tls_handshake", ZONE_UC, METRICS_TLS_HANDSHAKE},
    {"core.uc sip_response", ZONE_UC, METRICS_SIP_RESPONSE},
    {"core.tunnel refusal", ZONE_TUNNEL, METRICS_REFUSAL},
    {"edge.uc-traversal admission", ZONES, METRICS_LISTENER_ADMISSION},
};

static const struct metrics_histogram *histogram_of(const struct section_case *row) {
    const struct metrics_shard *total = &sample.summary.total;
    return row->zone == ZONES ? &total->listeners[0].latency[row->latency]
                              : &total->zones[row->zone].latency[row->latency];
}

/* What the plotter of HdrHistogram does: four numbers a row, three in the last; '#' is a comment.
 */
static void check_section(const char *line, const struct metrics_histogram *histogram) {
    double before = -1;
    unsigned long long seen = 0;
    cr_assert_eq(strncmp(line, "       Value     Percentile TotalCount 1/(1-Percentile)\n\n", 57),
                 0);
    for (line = next_line(next_line(line)); *line != '#'; line = next_line(line)) {
        double value;
        double fraction;
        double inverse = 0;
        unsigned long long count;
        int fields = sscanf(line, "%lf %lf %llu %lf\n", &value, &fraction, &count, &inverse);
        bool is_last = *next_line(line) == '#';
        cr_assert_geq(fields, 3);
        cr_assert_gt(fraction, before);
        cr_assert_geq(count, seen);
        cr_assert_geq((double)count, floor(fraction * (double)histogram->count));
        double quantile = (double)metrics_histogram_quantile(histogram, fraction);
        cr_assert_float_eq(value, quantile, 1 + quantile / 100);
        cr_assert_eq(is_last, fraction >= 1);
        if (!is_last) {
            cr_assert_float_eq(inverse, 1 / (1 - fraction), 0.006);
        } else {
            cr_assert_eq(count, histogram->count);
            cr_assert_eq(value, (double)histogram->max);
        }
        before = fraction;
        seen = count;
    }
    cr_assert_eq(strncmp(line, "#[Mean    = ", 12), 0);
    cr_assert_eq(strncmp(next_line(line), "#[Max     = ", 12), 0);
    cr_assert_eq(strncmp(next_line(next_line(line)),
                         "#[Buckets =           20, SubBuckets     =          256]\n", 57),
                 0);
}

Test(report_hgrm, tables_are_those_plotters_read) {
    char *text = sample_written(report_hgrm_write);
    for (size_t i = 0; i < sizeof section_cases / sizeof *section_cases; i++) {
        const char *section = section_of(text, section_cases[i].name);
        cr_assert_not_null(section, "%s", section_cases[i].name);
        check_section(section, histogram_of(&section_cases[i]));
    }
    free(text);
}

Test(report_hgrm, footers_tell_mean_deviation_and_total) {
    struct metrics_histogram *histogram =
        &sample.summary.total.zones[ZONE_TUNNEL].latency[METRICS_REFUSAL];
    *histogram = (struct metrics_histogram){0};
    for (unsigned i = 0; i < 10; i++) {
        metrics_histogram_record(histogram, i < 5 ? 100 : 200);
    }
    char *text = sample_written(report_hgrm_write);
    const char *section = section_of(text, "core.tunnel refusal");
    cr_assert_not_null(section);
    cr_assert_not_null(strstr(section,
                              "#[Mean    =      150.000, StdDeviation   =       50.000]\n"
                              "#[Max     =      200.000, Total count    =           10]\n"));
    free(text);
}

Test(report_hgrm, a_single_sample_makes_a_table_too) {
    struct metrics_histogram *histogram =
        &sample.summary.total.zones[ZONE_TUNNEL].latency[METRICS_REFUSAL];
    *histogram = (struct metrics_histogram){0};
    metrics_histogram_record(histogram, 0);
    char *text = sample_written(report_hgrm_write);
    check_section(section_of(text, "core.tunnel refusal"), histogram);
    free(text);
}

Test(report_hgrm, leaves_out_what_has_no_samples_or_ran_elsewhere) {
    sample.summary.zones[ZONE_UC].ran = false;
    sample.summary.listeners[LISTENER_UC].ran = false;
    char *text = sample_written(report_hgrm_write);
    cr_assert_null(strstr(text, "core.uc"));
    cr_assert_null(strstr(text, "core.webex"));
    cr_assert_null(strstr(text, "edge.uc-traversal"));
    cr_assert_null(strstr(text, "core.tunnel admission"));
    cr_assert_not_null(strstr(text, "# core.tunnel refusal\n"));
    free(text);
}
