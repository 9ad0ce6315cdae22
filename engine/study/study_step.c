/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_step.h"

#include "base_clock.h"
#include "study_judge.h"

#include <stdio.h>

/* A step that does not come to its end: this much longer than planned, the last answer's patience
 * not counted. */
#define OVERTIME_PART 0.2
#define OVERTIME_S    1.0

/* Longer than any step. */
#define FOREVER_NS (UINT64_C(24) * 3600 * BASE_NS_PER_S)

/* So many failures without a single success say all that a step can say. */
#define HOPELESS 100u

/* What goes_on is asked about. */
struct watch {
    const struct study_step *step;
    uint64_t wanted; /* attempts, or 2xx answers */
};

static bool refreshes(const struct study_step *step) {
    return step->options->kind == METRICS_RATE_REREGISTRATION;
}

void study_step_prepare(const struct study_step *step) {
    struct profile_plan *plan = step->setup->plan;
    struct profile_zone_load *load = &plan->zones[step->zone].load;
    bool held = load->shape == PROFILE_SHAPE_HOLD;
    study_judge_nothing(plan);
    study_reshape(load, PROFILE_SHAPE_RATE);
    if (step->options->kind != METRICS_RATE_SESSION) {
        load->dialog = PROFILE_DIALOG_REGISTER;
    }
    if (refreshes(step)) {
        load->hold_ns = FOREVER_NS;
        load->attempts = step->connections;
    } else {
        load->attempts = (uint32_t)step->options->attempts;
        load->hold_ns = held && load->dialog != PROFILE_DIALOG_INVITE ? 0 : load->hold_ns;
    }
}

/* Without a request there is no answer: a connection that was admitted is all there is. */
static bool asks(const struct study_step *step) {
    return step->setup->plan->zones[step->zone].load.dialog != PROFILE_DIALOG_NONE;
}

/* What is gone without an answer has failed: who still waits for one is open. */
static bool is_hopeless(const struct study_step *step, const struct metrics_zone_snapshot *zone) {
    uint32_t attempts = step->setup->plan->zones[step->zone].load.attempts;
    uint64_t succeeded = asks(step) ? zone->answered : zone->established;
    uint64_t alive = zone->in_flight + zone->open;
    uint64_t enough = attempts < HOPELESS ? attempts : HOPELESS;
    return succeeded == 0 && zone->attempts >= alive + enough;
}

/* False once every attempt has its outcome, or the step has. */
static bool goes_on(void *context, const struct run_progress *progress) {
    const struct watch *watch = context;
    const struct metrics_zone_snapshot *zone = &progress->zones[watch->step->zone];
    if (is_hopeless(watch->step, zone)) {
        return false;
    }
    if (refreshes(watch->step)) {
        return zone->sip_responses_2xx < watch->wanted;
    }
    bool all_began = zone->attempts >= watch->wanted;
    bool all_answered = zone->open == 0 || zone->answered == zone->established;
    return !all_began || zone->in_flight > 0 || !all_answered;
}

static double planned_s(const struct study_step *step, double rate) {
    double events = (double)step->options->attempts + (refreshes(step) ? step->connections : 0);
    return events / rate;
}

static void shape(const struct study_step *step, double rate) {
    struct profile_plan *plan = step->setup->plan;
    struct profile_zone_load *load = &plan->zones[step->zone].load;
    double last_answer_s = (double)(load->timeout_ns + (refreshes(step) ? 0 : load->hold_ns)) / 1e9;
    double planned = planned_s(step, rate);
    load->rate_per_s = rate;
    if (refreshes(step)) {
        load->options_interval_ns = (uint64_t)(step->connections / rate * 1e9);
    }
    double duration_s = planned * (1 + OVERTIME_PART) + OVERTIME_S + last_answer_s;
    plan->duration_ns = (uint64_t)(duration_s * 1e9);
}

/* Answers that say no, but for a challenge; the most frequent of them into `most`. */
static uint64_t count_rejections(const struct metrics_zone *zone, unsigned *most) {
    uint64_t count = 0;
    uint64_t highest = 0;
    *most = 0;
    for (unsigned status = 300; status < METRICS_SIP_STATUS_MAX; status++) {
        uint64_t here =
            status == 401 || status == 407 ? 0 : metrics_read(&zone->sip_responses[status]);
        count += here;
        *most = here > highest ? status : *most;
        highest = here > highest ? here : highest;
    }
    return count;
}

static uint64_t count_successes(const struct metrics_zone *zone) {
    uint64_t count = 0;
    for (unsigned status = 200; status < 300; status++) {
        count += metrics_read(&zone->sip_responses[status]);
    }
    return count;
}

static enum fault main_fault(const struct metrics_zone *zone) {
    enum fault main = FAULT_NONE;
    uint64_t most = 0;
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        uint64_t count =
            metrics_read(&zone->faults[fault]) + metrics_read(&zone->lost_faults[fault]);
        main = count > most ? (enum fault)fault : main;
        most = count > most ? count : most;
    }
    return main;
}

static void count(struct metrics_rate_step *out, const struct study_step *step,
                  const struct metrics_zone *zone) {
    uint64_t answered = metrics_read(&zone->answered);
    uint64_t attempts = metrics_read(&zone->attempts);
    out->late = metrics_read(&zone->late);
    out->dropped = metrics_read(&zone->dropped);
    out->delay_us_max = zone->latency[METRICS_START_DELAY].max;
    out->fault = main_fault(zone);
    uint64_t rejections = count_rejections(zone, &out->status);
    if (refreshes(step)) {
        uint64_t successes = count_successes(zone);
        out->failed = metrics_read(&zone->failed) + metrics_read(&zone->lost) +
                      metrics_read(&zone->unconfirmed);
        out->attempts = (successes > answered ? successes - answered : 0) + out->failed;
        out->failed = out->failed == 0 ? rejections : out->failed;
        return;
    }
    out->attempts = attempts;
    out->failed = attempts - (asks(step) ? answered : metrics_read(&zone->established));
}

bool study_step_run(struct metrics_rate_step *out, struct run_result *result,
                    const struct study_step *step, unsigned number, double rate,
                    struct base_error *error) {
    struct watch watch = {.step = step, .wanted = step->options->attempts};
    char name[64];
    const struct study_run run = {
        .name = name, .pki = step->pki, .goes_on = goes_on, .context = &watch};
    snprintf(name, sizeof name, "steps/%03u", number);
    watch.wanted += refreshes(step) ? step->connections : 0;
    shape(step, rate);
    if (!study_run(result, step->setup, &run, error)) {
        return false;
    }
    const struct metrics_zone *zone = &result->summary.total.zones[step->zone];
    *out = (struct metrics_rate_step){.rate = rate, .offered = rate};
    count(out, step, zone);
    if (refreshes(step) && out->failed == 0 && out->attempts < step->options->attempts) {
        out->offered = (double)out->attempts / (double)step->options->attempts * rate;
    }
    const struct study_judge_rule rule = {.by_thresholds = step->options->threshold_count > 0,
                                          .met = result->verdict.pass,
                                          .planned_s = planned_s(step, rate)};
    out->limit = study_judge(out, &rule);
    return true;
}
