/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include "base_nearest.h"
#include "run_amount.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One command on its way through the zones that it is for. */
struct visit {
    struct run *run;
    const struct run_command *command;
    uint32_t only; /* zone index, or PROFILE_NONE: all whose load is of this kind */
};

static struct run_target target_of_profile(const struct profile_zone_load *load) {
    return (struct run_target){
        .rate_per_s = load->shape == PROFILE_SHAPE_RATE ? load->rate_per_s : 0,
        .connections = load->shape == PROFILE_SHAPE_HOLD          ? load->connections
                       : load->shape == PROFILE_SHAPE_CONCURRENCY ? load->concurrency
                                                                  : 0,
    };
}

bool run_load_init(struct run *run, struct base_error *error) {
    struct run_load *load = &run->load;
    uint32_t zones = run->plan->zone_count;
    load->targets = calloc(zones + 1, sizeof *load->targets);
    load->steering = calloc(1, sizeof *load->steering);
    if (load->targets == NULL || load->steering == NULL) {
        return run_out_of_memory(error);
    }
    load->steering->zones = calloc(zones + 1, sizeof *load->steering->zones);
    if (load->steering->zones == NULL) {
        return run_out_of_memory(error);
    }
    for (uint32_t i = 0; i < zones; i++) {
        load->targets[i] = target_of_profile(&run->plan->zones[i].load);
        atomic_init(&load->steering->zones[i].rate_per_s, -1.0);
        atomic_init(&load->steering->zones[i].connections, -1);
    }
    return true;
}

void run_load_finish(struct run_load *load) {
    for (uint32_t i = 0; i < load->steered_count; i++) {
        free(load->steered[i].command);
    }
    free(load->steered);
    free(load->targets);
    if (load->steering != NULL) {
        free(load->steering->zones);
    }
    free(load->steering);
    *load = (struct run_load){0};
}

/* The workers look at it after they saw another version. */
static void publish(struct run_load *load) {
    atomic_fetch_add_explicit(&load->steering->version, 1, memory_order_release);
}

static bool is_here(const struct run *run, uint32_t zone) {
    return run->runs_here[run->plan->zones[zone].node];
}

static bool has_kind(const struct visit *visit, uint32_t zone) {
    bool is_rate = visit->run->plan->zones[zone].load.shape == PROFILE_SHAPE_RATE;
    return is_rate == (visit->command->kind == RUN_COMMAND_RATE);
}

static bool is_for(const struct visit *visit, uint32_t zone) {
    return visit->only == PROFILE_NONE ? is_here(visit->run, zone) && has_kind(visit, zone)
                                       : visit->only == zone;
}

static bool refuse_kind(const struct visit *visit, uint32_t index, struct base_error *error) {
    static const char *const kinds[] = {
        [PROFILE_SHAPE_HOLD] = "keeps connections open: `set connections` changes how many",
        [PROFILE_SHAPE_RATE] = "has a rate: `set rate` changes it",
        [PROFILE_SHAPE_CONCURRENCY] = "has so many connections at once: `set connections` changes "
                                      "how many",
    };
    const struct profile_zone *zone = &visit->run->plan->zones[index];
    return base_error_set(error, BASE_ERROR_USAGE, "%s: %s %s", visit->command->name,
                          zone->full_name, kinds[zone->load.shape]);
}

/* By its full name, or by its own when no other zone that runs here has it. */
static bool find_zone(struct visit *visit, struct base_error *error) {
    const struct profile_plan *plan = visit->run->plan;
    const char *name = visit->command->zone;
    struct base_nearest nearest = base_nearest_begin(name);
    char hint[BASE_NEAREST_SIZE];
    uint32_t by_own_name = PROFILE_NONE;
    unsigned count = 0;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (!is_here(visit->run, i)) {
            continue;
        }
        if (strcmp(plan->zones[i].full_name, name) == 0) {
            visit->only = i;
            return true;
        }
        if (strcmp(plan->zones[i].name, name) == 0) {
            by_own_name = i;
            count++;
        }
        base_nearest_offer(&nearest, plan->zones[i].full_name);
    }
    visit->only = by_own_name;
    return count == 1 || base_error_set(error, BASE_ERROR_USAGE,
                                        count == 0 ? "no zone \"%s\" runs here%s"
                                                   : "several zones are called \"%s\"%s",
                                        name, base_nearest_hint(&nearest, hint));
}

/* Several at once only when each is changed by as much: who says 500/s means one. */
static bool find_zones(struct visit *visit, struct base_error *error) {
    const struct run_command *command = visit->command;
    const struct profile_plan *plan = visit->run->plan;
    uint32_t count = 0;
    visit->only = PROFILE_NONE;
    if (command->zone[0] != '\0') {
        return find_zone(visit, error) &&
               (has_kind(visit, visit->only) || refuse_kind(visit, visit->only, error));
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        count += is_for(visit, i) ? 1 : 0;
    }
    if (count == 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s: no zone that runs here has %s",
                              command->name,
                              command->kind == RUN_COMMAND_RATE ? "a rate" : "connections to set");
    }
    return count == 1 || command->value != RUN_COMMAND_TO ||
           base_error_set(error, BASE_ERROR_USAGE,
                          "%s: which zone? %u of them are meant for it; `%s` alone tells of all",
                          command->name, count, command->name);
}

static double changed(const struct run_command *command, double now, double profile) {
    bool is_rate = command->kind == RUN_COMMAND_RATE;
    double lowest = is_rate ? RUN_RATE_MIN : 1;
    double highest = is_rate ? RUN_RATE_MAX : RUN_CONNECTIONS_MAX;
    if (command->value == RUN_COMMAND_AS_PROFILE) {
        return profile;
    }
    double wanted = command->value == RUN_COMMAND_BY ? now + command->amount : command->amount;
    return fmin(fmax(wanted, lowest), highest);
}

static struct run_target change(const struct visit *visit, uint32_t index) {
    struct run_target target = visit->run->load.targets[index];
    const struct run_target profile = target_of_profile(&visit->run->plan->zones[index].load);
    if (visit->command->kind == RUN_COMMAND_RATE) {
        target.rate_per_s = changed(visit->command, target.rate_per_s, profile.rate_per_s);
    } else {
        target.connections =
            (uint32_t)changed(visit->command, target.connections, profile.connections);
    }
    target.steered = visit->command->value != RUN_COMMAND_AS_PROFILE;
    return target;
}

static void store(struct run_load *load, uint32_t index, const struct run_target *target) {
    struct worker_zone_steering *zone = &load->steering->zones[index];
    bool is_rate = target->rate_per_s > 0;
    atomic_store_explicit(&zone->rate_per_s, target->steered && is_rate ? target->rate_per_s : -1.0,
                          memory_order_relaxed);
    atomic_store_explicit(&zone->connections,
                          target->steered && !is_rate ? (int64_t)target->connections : -1,
                          memory_order_relaxed);
    load->targets[index] = *target;
}

static bool set(const struct visit *visit, struct base_error *error) {
    struct run *run = visit->run;
    uint32_t zones = run->plan->zone_count;
    struct run_target *targets = calloc(zones + 1, sizeof *targets);
    bool good = targets != NULL || run_out_of_memory(error);
    for (uint32_t i = 0; good && i < zones; i++) {
        targets[i] = is_for(visit, i) ? change(visit, i) : run->load.targets[i];
    }
    for (uint32_t i = 0; good && i < zones; i++) {
        good = !is_for(visit, i) || run_load_fits(run, targets, i, error);
    }
    for (uint32_t i = 0; good && i < zones; i++) {
        if (is_for(visit, i)) {
            store(&run->load, i, &targets[i]);
        }
    }
    if (good) {
        publish(&run->load);
    }
    free(targets);
    return good;
}

static void tell(const struct visit *visit, FILE *answer) {
    const struct run *run = visit->run;
    for (uint32_t i = 0; i < run->plan->zone_count; i++) {
        const struct run_target *target = &run->load.targets[i];
        const char *name = run->plan->zones[i].full_name;
        const char *whose = target->steered ? "" : ", as the profile says";
        if (is_for(visit, i) && target->rate_per_s > 0) {
            fprintf(answer, "%s: %.6g/s%s\n", name, target->rate_per_s, whose);
        } else if (is_for(visit, i)) {
            fprintf(answer, "%s: %u connections%s\n", name, target->connections, whose);
        }
    }
}

static bool pause_load(struct run *run, bool paused, struct base_error *error) {
    if (run->load.paused == paused) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              paused ? "it pauses already" : "it does not pause");
    }
    run->load.paused = paused;
    atomic_store_explicit(&run->load.steering->paused, paused, memory_order_relaxed);
    publish(&run->load);
    return true;
}

bool run_load_serve(struct run *run, const struct run_command *command, FILE *answer,
                    struct base_error *error) {
    struct visit visit = {.run = run, .command = command};
    if (command->kind == RUN_COMMAND_PAUSE || command->kind == RUN_COMMAND_RESUME) {
        return pause_load(run, command->kind == RUN_COMMAND_PAUSE, error);
    }
    if (command->kind == RUN_COMMAND_DIAL) {
        atomic_fetch_add_explicit(&run->load.steering->dials, 1, memory_order_relaxed);
        publish(&run->load);
        return true;
    }
    if (!find_zones(&visit, error)) {
        return false;
    }
    if (command->value == RUN_COMMAND_ASKS) {
        tell(&visit, answer);
        return true;
    }
    return set(&visit, error);
}
