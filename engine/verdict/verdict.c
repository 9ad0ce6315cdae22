/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void verdict_reason_say(struct verdict_reason *reason, const char *format, ...) {
    va_list arguments;
    if (reason->text[0] != '\0') {
        return;
    }
    va_start(arguments, format);
    vsnprintf(reason->text, reason->size, format, arguments);
    va_end(arguments);
}

static const char *plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

static void judge_sums(const struct profile_plan *plan, const struct metrics_summary *summary,
                       struct verdict_reason *reason) {
    struct metrics_place where;
    const char *broken = metrics_summary_broken_sum(summary, &where);
    if (broken != NULL) {
        verdict_reason_say(reason, "ekuload itself miscounted %s: it is not true that %s",
                           where.is_listener ? plan->listeners[where.index].full_name
                                             : plan->zones[where.index].full_name,
                           broken);
    }
}

static void say_mismatches(struct verdict_reason *reason, const char *subject, uint64_t mismatches,
                           const char *store) {
    if (mismatches > 0) {
        verdict_reason_say(reason,
                           "%s: %" PRIu64
                           " connection%s presented a certificate that is not in the "
                           "peer's %s store",
                           subject, mismatches, plural(mismatches), store);
    }
}

void verdict_mismatches_judge(const struct profile_plan *plan,
                              const struct metrics_summary *summary,
                              struct verdict_reason *reason) {
    const struct metrics_shard *total = &summary->total;
    for (uint32_t i = 0; i < total->zone_count; i++) {
        if (summary->zones[i].ran) {
            say_mismatches(reason, plan->zones[i].full_name,
                           metrics_read(&total->zones[i].mismatches), "server");
        }
    }
    for (uint32_t i = 0; i < total->listener_count; i++) {
        if (summary->listeners[i].ran) {
            say_mismatches(reason, plan->listeners[i].full_name,
                           metrics_read(&total->listeners[i].mismatches), "client");
        }
    }
}

/* What became of connections; where only listeners run, of those that they accepted. */
struct outcome {
    bool any_zone;
    uint64_t begun;
    uint64_t established;
    uint64_t failed;
    uint64_t lost;
};

static void add_zones(struct outcome *outcome, const struct metrics_summary *summary) {
    for (uint32_t i = 0; i < summary->total.zone_count; i++) {
        const struct metrics_zone *zone = &summary->total.zones[i];
        if (summary->zones[i].ran) {
            outcome->any_zone = true;
            outcome->begun += metrics_read(&zone->attempts);
            outcome->established += metrics_read(&zone->established);
            outcome->failed += metrics_read(&zone->failed);
            outcome->lost += metrics_read(&zone->lost);
        }
    }
}

static struct outcome outcome_of(const struct metrics_summary *summary) {
    struct outcome outcome = {0};
    add_zones(&outcome, summary);
    for (uint32_t i = 0; !outcome.any_zone && i < summary->total.listener_count; i++) {
        const struct metrics_listener *listener = &summary->total.listeners[i];
        if (summary->listeners[i].ran) {
            outcome.begun += metrics_read(&listener->accepted);
            outcome.established += metrics_read(&listener->admitted);
            outcome.failed += metrics_read(&listener->refused) + metrics_read(&listener->aborted);
        }
    }
    return outcome;
}

/* How many expectations and thresholds there were to meet. */
struct tally {
    uint32_t expectations;
    uint32_t thresholds;
    uint32_t pending; /* no samples of them yet */
};

static struct tally judge_rows(struct verdict *verdict, const struct profile_plan *plan,
                               const struct metrics_summary *summary,
                               struct verdict_reason *reason) {
    struct tally tally = {0};
    for (uint32_t i = 0; i < verdict->expectation_count; i++) {
        verdict_expectation_judge(&verdict->expectations[i], plan, i, summary, reason);
        tally.expectations += verdict->expectations[i].applies ? 1 : 0;
    }
    for (uint32_t i = 0; i < verdict->threshold_count; i++) {
        verdict_threshold_judge(&verdict->thresholds[i], plan, i, summary, reason);
        bool pending = verdict->thresholds[i].is_pending;
        tally.pending += pending ? 1 : 0;
        tally.thresholds += verdict->thresholds[i].applies && !pending ? 1 : 0;
    }
    return tally;
}

/* Even if it would be met in the end. */
static void say_aborted(struct verdict_reason *reason, const struct profile_plan *plan,
                        const struct metrics_summary *summary) {
    if (summary->aborted) {
        verdict_reason_say(reason, "%.160s was not met after %.1f s, which ended the run",
                           plan->thresholds[summary->aborted_by].expression, summary->aborted_at_s);
    }
}

/* Who expects nothing is told at least what went wrong. */
static void say_established(struct verdict_reason *reason, const struct outcome *outcome) {
    char failed[96] = "";
    char lost[64] = "";
    if (outcome->failed > 0) {
        snprintf(failed, sizeof failed, "%" PRIu64 " of %" PRIu64 " %s", outcome->failed,
                 outcome->begun,
                 outcome->any_zone ? "attempts failed" : "accepted were refused or aborted");
    }
    if (outcome->lost > 0) {
        snprintf(lost, sizeof lost, "%s%" PRIu64 " %s lost", outcome->failed > 0 ? ", " : "",
                 outcome->lost, outcome->lost == 1 ? "was" : "were");
    }
    bool went_wrong = failed[0] != '\0' || lost[0] != '\0';
    verdict_reason_say(reason, "%" PRIu64 " connection%s established%s%s%s", outcome->established,
                       outcome->established == 1 ? " was" : "s were",
                       went_wrong ? "; nothing was expected, and " : "", failed, lost);
}

static void say_passed(struct verdict_reason *reason, struct tally tally) {
    if (tally.thresholds == 0) {
        verdict_reason_say(reason, "%u expectation%s met", tally.expectations,
                           plural(tally.expectations));
        return;
    }
    if (tally.expectations == 0) {
        verdict_reason_say(reason, "%u threshold%s met", tally.thresholds,
                           plural(tally.thresholds));
        return;
    }
    verdict_reason_say(reason, "%u expectation%s and %u threshold%s met", tally.expectations,
                       plural(tally.expectations), tally.thresholds, plural(tally.thresholds));
}

bool verdict_judge(struct verdict *out, const struct profile_plan *plan,
                   const struct metrics_summary *summary) {
    struct verdict_reason reason = {.text = out->reason, .size = sizeof out->reason};
    *out = (struct verdict){
        .expectations = calloc((size_t)plan->expectation_count + 1, sizeof *out->expectations),
        .expectation_count = plan->expectation_count,
        .thresholds = calloc((size_t)plan->threshold_count + 1, sizeof *out->thresholds),
        .threshold_count = plan->threshold_count,
    };
    if (out->expectations == NULL || out->thresholds == NULL) {
        verdict_finish(out);
        return false;
    }
    judge_sums(plan, summary, &reason);
    say_aborted(&reason, plan, summary);
    struct tally tally = judge_rows(out, plan, summary, &reason);
    verdict_mismatches_judge(plan, summary, &reason);
    struct outcome outcome = outcome_of(summary);
    bool expected_nothing = tally.expectations + tally.thresholds == 0;
    if (expected_nothing && outcome.established == 0) {
        verdict_reason_say(&reason, "nothing was established");
    }
    out->pass = out->reason[0] == '\0';
    if (expected_nothing && tally.pending > 0) {
        verdict_reason_say(&reason, "no threshold has samples yet");
    }
    if (expected_nothing) {
        say_established(&reason, &outcome);
    }
    say_passed(&reason, tally);
    return true;
}

void verdict_finish(struct verdict *verdict) {
    free(verdict->expectations);
    free(verdict->thresholds);
    *verdict = (struct verdict){0};
}
