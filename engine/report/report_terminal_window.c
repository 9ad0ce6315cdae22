/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_terminal_part.h"

#include "report_drift.h"
#include "report_table.h"
#include "report_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORST_SHOWN = 5 };

/* One window as a line of the table. */
struct look {
    uint32_t index;
    bool met;
    uint64_t failed, lost, timeouts;
    uint64_t establish_p99, response_p99; /* of the zone where it is the greatest */
};

static uint64_t greater(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

static struct look look_at(const struct metrics_windows *windows, uint32_t index) {
    struct look look = {.index = index, .met = windows->items[index].met};
    for (uint32_t i = 0; i < windows->zone_count; i++) {
        const struct metrics_window_zone *zone = metrics_windows_zone(windows, index, i);
        look.failed += zone->failed + zone->unconfirmed + zone->dropped;
        look.lost += zone->lost;
        look.timeouts += zone->sip_timeouts;
        look.establish_p99 = greater(look.establish_p99, zone->latency[METRICS_ESTABLISH].p99);
        look.response_p99 = greater(look.response_p99, zone->latency[METRICS_SIP_RESPONSE].p99);
    }
    return look;
}

static bool is_worse(const struct look *a, const struct look *b) {
    uint64_t bad = a->failed + a->lost + a->timeouts;
    uint64_t other = b->failed + b->lost + b->timeouts;
    if (a->met != b->met) {
        return !a->met;
    }
    if (bad != other) {
        return bad > other;
    }
    return greater(a->establish_p99, a->response_p99) > greater(b->establish_p99, b->response_p99);
}

struct worst {
    const struct metrics_windows *windows;
    struct look looks[WORST_SHOWN];
    uint32_t count;
};

static void consider(struct worst *worst, struct look look) {
    uint32_t at = worst->count;
    while (at > 0 && is_worse(&look, &worst->looks[at - 1])) {
        if (at < WORST_SHOWN) {
            worst->looks[at] = worst->looks[at - 1];
        }
        at--;
    }
    if (at < WORST_SHOWN) {
        worst->looks[at] = look;
        worst->count += worst->count < WORST_SHOWN ? 1 : 0;
    }
}

static bool write_row(const void *context, uint32_t index, report_cells cells) {
    const struct worst *worst = context;
    const struct look *look = &worst->looks[index];
    const struct metrics_window *window = &worst->windows->items[look->index];
    char number[REPORT_NUMBER_SIZE];
    snprintf(cells[0], sizeof cells[0], "  %.0f to %.0f s", window->begin_s, window->end_s);
    snprintf(cells[1], sizeof cells[1], "%s", report_text_count(look->failed, number));
    snprintf(cells[2], sizeof cells[2], "%s", report_text_count(look->lost, number));
    snprintf(cells[3], sizeof cells[3], "%s", report_text_count(look->timeouts, number));
    snprintf(cells[4], sizeof cells[4], "%s", report_text_us(look->establish_p99, number));
    snprintf(cells[5], sizeof cells[5], "%s", report_text_us(look->response_p99, number));
    snprintf(cells[6], sizeof cells[6], "%.0f%%", window->usage.cpu_share * 100);
    snprintf(cells[7], sizeof cells[7], "%s", window->met ? "met" : "not met");
    return true;
}

static void write_reasons(const struct report_terminal *terminal, const struct worst *worst) {
    for (uint32_t i = 0; i < worst->count; i++) {
        const struct metrics_window *window = &worst->windows->items[worst->looks[i].index];
        char begin[REPORT_NUMBER_SIZE];
        if (!window->met) {
            snprintf(begin, sizeof begin, "from %.0f s", window->begin_s);
            report_terminal_label(terminal, begin);
            report_terminal_wrapped(terminal, window->reason, REPORT_TERMINAL_LABEL + 2);
        }
    }
}

static void write_worst(const struct report_terminal *terminal,
                        const struct metrics_windows *windows) {
    struct worst worst = {.windows = windows};
    for (uint32_t i = 0; i < windows->count; i++) {
        consider(&worst, look_at(windows, i));
    }
    const struct report_table table = {
        .heading = "  the worst of them",
        .heads = {"  window", "failed", "lost", "timeouts", "establish p99", "response p99", "CPU",
                  ""},
        .column_count = 8,
        .row_count = worst.count,
        .row = write_row,
        .context = &worst,
    };
    report_table_write(&table, terminal->out);
    write_reasons(terminal, &worst);
}

struct drifts {
    const struct report_terminal *terminal;
    unsigned still;
    unsigned moving;
};

static const char *amount_text(double amount, enum metrics_series_kind kind,
                               char out[REPORT_NUMBER_SIZE]) {
    uint64_t size = (uint64_t)llround(fabs(amount));
    if (kind >= METRICS_SERIES_P50) {
        return report_text_us(size, out);
    }
    bool is_memory = kind == METRICS_SERIES_RSS || kind == METRICS_SERIES_HEAP ||
                     kind == METRICS_SERIES_PEER_RSS;
    if (is_memory) {
        return report_text_kib(size, out);
    }
    snprintf(out, REPORT_NUMBER_SIZE, "%.3g", fabs(amount));
    return out;
}

static void write_drift(void *context, const char *name, struct metrics_series series,
                        const struct metrics_drift *drift) {
    struct drifts *drifts = context;
    char by[REPORT_NUMBER_SIZE];
    char low[REPORT_NUMBER_SIZE];
    char high[REPORT_NUMBER_SIZE];
    bool grows = metrics_drift_finding(drift) == METRICS_DRIFT_GROWS;
    if (metrics_drift_finding(drift) == METRICS_DRIFT_NONE) {
        drifts->still++;
        return;
    }
    drifts->moving++;
    report_terminal_label(drifts->terminal, drifts->moving == 1 ? "drift" : "");
    fprintf(drifts->terminal->out, "%s %s by %s an hour (%s to %s)\n", name,
            grows ? "grows" : "shrinks", amount_text(drift->slope, series.kind, by),
            amount_text(grows ? drift->low : drift->high, series.kind, low),
            amount_text(grows ? drift->high : drift->low, series.kind, high));
}

static void write_drifts(const struct report_terminal *terminal, const struct report_facts *facts) {
    struct drifts drifts = {.terminal = terminal};
    report_drift_each(facts, write_drift, &drifts);
    if (drifts.still > 0) {
        report_terminal_label(terminal, drifts.moving == 0 ? "drift" : "");
        fprintf(terminal->out, "no drift found in %u%s series\n", drifts.still,
                drifts.moving == 0 ? "" : " other");
    }
}

void report_terminal_windows(const struct report_terminal *terminal,
                             const struct report_facts *facts) {
    const struct metrics_windows *windows = &facts->summary->windows;
    if (windows->count == 0) {
        return;
    }
    fputs("\n", terminal->out);
    report_terminal_label(terminal, "windows");
    fprintf(terminal->out, "%u of %.0f s, %u not met\n", windows->count, windows->length_s,
            windows->unmet);
    write_worst(terminal, windows);
    write_drifts(terminal, facts);
}
