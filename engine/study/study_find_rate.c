/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_search.h"
#include "study_step.h"

#include "base_clock.h"

#include <stdlib.h>
#include <string.h>

/* How often a rate is tried again that this machine did not offer. */
#define TRIES 3u

#define CONNECTIONS 100u

/* A search while it goes on. */
struct search {
    struct metrics_rate_search *out;
    const struct study_setup *setup;
    const struct study_rate_options *options;
    struct study_step step;
    uint64_t started_ns;
};

static bool choose_zone(struct search *search, struct base_error *error) {
    const struct profile_plan *plan = search->setup->plan;
    if (search->options->zone != NULL) {
        return study_choose_zone(search->setup, search->options->zone, &search->step.zone, error);
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (study_runs_here(search->setup, plan->zones[i].node) &&
            profile_zone_protocol(&plan->zones[i]) == PROFILE_PROTOCOL_SIP) {
            search->step.zone = i;
            return true;
        }
    }
    return base_error_set(error, BASE_ERROR_USAGE, "the profile %s has no SIP zone that runs here",
                          plan->name);
}

static bool check_zone(const struct search *search, struct base_error *error) {
    const struct profile_plan *plan = search->setup->plan;
    const struct profile_zone *zone = &plan->zones[search->step.zone];
    if (profile_zone_protocol(zone) != PROFILE_PROTOCOL_SIP) {
        return base_error_set(error, BASE_ERROR_USAGE, "--zone %s: it does not speak SIP",
                              zone->full_name);
    }
    uint32_t follower = profile_plan_find_follower(plan, search->step.zone);
    if (follower != PROFILE_NONE) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "--zone %s: %s comes after it, and waits for connections that it "
                              "keeps: choose another zone",
                              zone->full_name, plan->zones[follower].full_name);
    }
    return zone->after_count == 0 ||
           base_error_set(error, BASE_ERROR_USAGE,
                          "--zone %s: it comes after other zones: choose another one",
                          zone->full_name);
}

static bool take_thresholds(const struct search *search, struct base_error *error) {
    struct profile_plan *plan = search->setup->plan;
    uint32_t count = search->options->threshold_count;
    struct profile_threshold *thresholds = calloc(count + 1, sizeof *thresholds);
    if (thresholds == NULL) {
        return study_out_of_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        /* The plan only reads it. */
        thresholds[i].expression = (char *)(uintptr_t)search->options->thresholds[i];
    }
    plan->thresholds = thresholds;
    plan->threshold_count = count;
    return true;
}

static bool check_thresholds(const struct profile_plan *plan, struct base_error *error) {
    struct base_error why;
    return verdict_check_thresholds(plan, &why) ||
           base_error_set(error, why.kind, "--slo: %s", why.text);
}

static const char *dialog_of(const struct profile_zone_load *load) {
    static const char *const names[] = {
        [PROFILE_DIALOG_NONE] = "keep-alive",   [PROFILE_DIALOG_OPTIONS] = "OPTIONS",
        [PROFILE_DIALOG_REGISTER] = "REGISTER", [PROFILE_DIALOG_INVITE] = "INVITE",
        [PROFILE_DIALOG_HTTP] = "GET",          [PROFILE_DIALOG_SCRIPT] = "dialog file",
    };
    bool known = (size_t)load->dialog < sizeof names / sizeof names[0];
    return known ? names[load->dialog] : "a dialog file";
}

static void note_facts(struct search *search) {
    struct metrics_rate_search *out = search->out;
    const struct profile_zone *zone = &search->setup->plan->zones[search->step.zone];
    out->kind = search->options->kind;
    out->from = search->options->from;
    out->attempts = search->options->attempts;
    out->thresholds = search->options->thresholds;
    out->threshold_count = search->options->threshold_count;
    out->zone = zone->full_name;
    out->dialog = dialog_of(&zone->load);
    out->threshold_s = (double)zone->load.timeout_ns / 1e9;
    if (search->options->kind == METRICS_RATE_REREGISTRATION) {
        out->connections = search->step.connections;
    } else {
        out->session_s = (double)zone->load.hold_ns / 1e9;
    }
}

static void note_tls(struct metrics_rate_search *out, const struct metrics_zone *zone) {
    uint64_t most = 0;
    out->tls_1_3 = out->tls_1_3 || metrics_read(&zone->tls_1_3) > 0;
    out->tls_1_2 = out->tls_1_2 || metrics_read(&zone->tls_1_2) > 0;
    for (unsigned i = 0; i < METRICS_SUITES_MAX; i++) {
        if (zone->suites[i].count > most) {
            most = zone->suites[i].count;
            out->suite = zone->suites[i].number;
        }
    }
}

static bool add_step(struct search *search, double rate, bool *interrupted,
                     struct base_error *error) {
    struct metrics_rate_search *out = search->out;
    struct run_result result;
    struct metrics_rate_step *steps =
        realloc(out->steps, (out->step_count + 1) * sizeof *out->steps);
    if (steps == NULL) {
        return study_out_of_memory(error);
    }
    out->steps = steps;
    struct metrics_rate_step *step = &steps[out->step_count];
    study_tell(search->setup, "step %u: %g/s", out->step_count + 1, rate);
    if (!study_step_run(step, &result, &search->step, out->step_count + 1, rate, error)) {
        return false;
    }
    note_tls(out, &result.summary.total.zones[search->step.zone]);
    *interrupted = result.summary.interrupted || result.told_to_quit;
    run_result_finish(&result);
    out->step_count += *interrupted ? 0 : 1;
    return true;
}

/* Tries a rate until this machine offered it; the last try counts as it is. */
static bool offer(struct search *search, double rate, bool *interrupted, struct base_error *error) {
    for (unsigned i = 0; i < TRIES; i++) {
        if (!add_step(search, rate, interrupted, error)) {
            return false;
        }
        if (*interrupted ||
            search->out->steps[search->out->step_count - 1].limit != METRICS_RATE_LIMIT_GENERATOR) {
            break;
        }
    }
    return true;
}

static bool is_generator_limited(const struct metrics_rate_search *out) {
    bool generator = false;
    for (uint32_t i = 0; i < out->step_count; i++) {
        const struct metrics_rate_step *step = &out->steps[i];
        if (step->rate > out->found && step->limit == METRICS_RATE_LIMIT_PEER) {
            return false;
        }
        generator =
            generator || (step->rate > out->found && step->limit == METRICS_RATE_LIMIT_GENERATOR);
    }
    return generator;
}

static enum metrics_rate_end end_of(enum study_search_state state) {
    static const enum metrics_rate_end ends[] = {
        [STUDY_SEARCH_GOES_ON] = METRICS_RATE_TIME_OVER,
        [STUDY_SEARCH_CONVERGED] = METRICS_RATE_CONVERGED,
        [STUDY_SEARCH_BOUND] = METRICS_RATE_BOUND,
        [STUDY_SEARCH_TOO_LOW] = METRICS_RATE_TOO_LOW,
        [STUDY_SEARCH_NOTHING] = METRICS_RATE_NOTHING,
    };
    return ends[state];
}

static void take(struct study_search *machine, const struct metrics_rate_step *step) {
    bool by_peer = step->limit == METRICS_RATE_LIMIT_PEER;
    if (by_peer && step->failed == step->attempts) {
        study_search_take_nothing(machine);
        return;
    }
    study_search_take(machine, step->limit == METRICS_RATE_LIMIT_NONE);
}

static bool search_rate(struct search *search, struct base_error *error) {
    struct metrics_rate_search *out = search->out;
    struct study_search machine;
    bool interrupted = false;
    bool good = true;
    study_search_init(&machine,
                      out->threshold_count > 0 ? STUDY_SEARCH_BISECTION : STUDY_SEARCH_RFC7502,
                      search->options->from, search->options->to);
    while (good && !interrupted && machine.state == STUDY_SEARCH_GOES_ON &&
           base_clock_now_ns() - search->started_ns < search->options->limit_ns) {
        good = offer(search, machine.rate, &interrupted, error);
        if (good && !interrupted) {
            take(&machine, &out->steps[out->step_count - 1]);
        }
    }
    out->found = machine.highest;
    out->end = interrupted ? METRICS_RATE_INTERRUPTED : end_of(machine.state);
    out->generator_limited = is_generator_limited(out);
    out->duration_s = (double)(base_clock_now_ns() - search->started_ns) / 1e9;
    return good;
}

bool study_find_rate(struct metrics_rate_search *out, const struct study_setup *setup,
                     const struct study_rate_options *options, struct base_error *error) {
    char pki[STUDY_PATH_MAX];
    struct search search = {.out = out,
                            .setup = setup,
                            .options = options,
                            .step = {.setup = setup, .options = options, .pki = pki},
                            .started_ns = base_clock_now_ns()};
    struct profile_threshold *thresholds = setup->plan->thresholds;
    *out = (struct metrics_rate_search){0};
    if (!choose_zone(&search, error) || !check_zone(&search, error)) {
        return false;
    }
    const struct profile_zone_load *load = &setup->plan->zones[search.step.zone].load;
    uint32_t kept = load->shape == PROFILE_SHAPE_HOLD && load->connections > 1 ? load->connections
                                                                               : CONNECTIONS;
    search.step.connections = options->connections > 0 ? options->connections : kept;
    study_step_prepare(&search.step);
    note_facts(&search);
    bool good = take_thresholds(&search, error) && check_thresholds(setup->plan, error) &&
                study_pki(pki, setup, "pki", error) && search_rate(&search, error);
    free(setup->plan->thresholds);
    setup->plan->thresholds = thresholds;
    setup->plan->threshold_count = 0;
    return good;
}

void study_rate_finish(struct metrics_rate_search *search) {
    free(search->steps);
}
