/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include <stdio.h>
#include <sys/resource.h>

/* More threads than cores only make up for a low descriptor limit; beyond this many, a larger limit
 * is the better advice. */
#define WORKERS_MAX 64u
/* Beyond it threads only wait for each other, each with a ring and tables of its own. */
#define WORKERS_PER_CORE 4u
/* What one ring can register (IORING_MAX_FIXED_FILES of the kernel). */
#define TABLE_SLOTS_MAX (1u << 20)
/* Listeners may be dialled by more than the profile tells of; but where the descriptor limit is a
 * billion, as in many containers, a table of that size is neither possible nor of use. */
#define TABLE_SLOTS_AMPLE 65536u
/* Files that are open besides the tables: standard streams, logs, the transient socket of a
 * connect. */
#define OTHER_DESCRIPTORS 48u

/* The soft limit is only a default: the process may use all that it is allowed. */
static uint64_t descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1024;
    }
    if (limit.rlim_cur < limit.rlim_max) {
        struct rlimit raised = {.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            limit = raised;
        }
    }
    return limit.rlim_cur;
}

static uint32_t outgoing_slots_max(const struct profile_plan *plan, const bool *runs_here,
                                   unsigned worker_count) {
    /* Worker 0 gets the remainder of every division. */
    return worker_outgoing_slots(plan, runs_here, 0, worker_count);
}

static bool dials_here(const struct profile_plan *plan, const struct profile_zone *zone,
                       const bool *runs_here) {
    bool found = false;
    for (uint32_t i = 0; i < profile_zone_peer_count(zone); i++) {
        uint32_t listener = profile_zone_peer(zone, i).listener;
        found |= listener != PROFILE_NONE && runs_here[plan->listeners[listener].node];
    }
    return found;
}

/*
 * What the listeners here will be asked to hold, as far as the profile says, for one worker: the
 * kernel spreads accepts by hash, so a quarter more than the fair share.
 */
static uint32_t incoming_slots_needed(const struct profile_plan *plan, const bool *runs_here,
                                      unsigned worker_count) {
    uint64_t total = 0;
    bool listens = false;
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        listens = listens || runs_here[plan->listeners[i].node];
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct profile_zone *zone = &plan->zones[i];
        if (!dials_here(plan, zone, runs_here)) {
            continue;
        }
        total += zone->load.shape == PROFILE_SHAPE_HOLD ? zone->load.connections
                                                        : zone->load.concurrency + 256u;
    }
    return listens ? (uint32_t)(total / worker_count * 5 / 4) + 64 : 0;
}

/* Whoever steers the load may ask for more than the profile does; its listeners then need as many.
 */
static uint32_t spare_slots(uint32_t unused, uint32_t outgoing) {
    return outgoing == 0 ? 0 : unused / 2;
}

uint32_t run_capacity_outgoing(const struct run *run, unsigned worker) {
    return worker_outgoing_slots(run->plan, run->runs_here, worker, run->capacity.worker_count) +
           run->capacity.spare_slots;
}

/* What a number of workers takes: slots of each one's table, and descriptors of them all. */
struct demand {
    uint64_t slots;
    uint64_t descriptors;
};

static struct demand demand_of(const struct profile_plan *plan, const bool *runs_here,
                               unsigned workers) {
    return (struct demand){
        .slots = (uint64_t)outgoing_slots_max(plan, runs_here, workers) +
                 incoming_slots_needed(plan, runs_here, workers),
        .descriptors = (uint64_t)workers * (plan->listener_count + 2) + OTHER_DESCRIPTORS,
    };
}

static bool check_threads(const struct profile_plan *plan, const bool *runs_here,
                          unsigned threads_asked, uint64_t table_max, struct base_error *error) {
    unsigned cores = run_machine_cores();
    unsigned most = WORKERS_PER_CORE * cores;
    while (most < WORKERS_MAX && demand_of(plan, runs_here, most).slots > table_max) {
        most++;
    }
    return threads_asked <= most ||
           base_error_set(error, BASE_ERROR_USAGE,
                          "--threads %u: expected at most %u for the %u core%s that may be used "
                          "here: more only wait for each other",
                          threads_asked, most, cores, cores == 1 ? "" : "s");
}

bool run_capacity_plan(struct run_capacity *capacity, const struct profile_plan *plan,
                       const bool *runs_here, unsigned threads_asked, struct base_error *error) {
    if (profile_plan_relays(plan) && threads_asked > WORKER_RELAYS_MAX) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "--threads %u: the nodes of the profile %s relay requests (routes), "
                              "which works with %u threads at most",
                              threads_asked, plan->name, WORKER_RELAYS_MAX);
    }
    uint64_t limit = descriptor_limit();
    uint64_t table_max = limit < TABLE_SLOTS_MAX ? limit : TABLE_SLOTS_MAX;
    unsigned workers = threads_asked != 0 ? threads_asked : run_machine_cores();
    unsigned last = threads_asked != 0 || workers > WORKERS_MAX ? workers : WORKERS_MAX;
    struct demand demand = {.slots = 0};
    if (!check_threads(plan, runs_here, threads_asked, table_max, error)) {
        return false;
    }
    for (; workers <= last; workers++) {
        demand = demand_of(plan, runs_here, workers);
        if (demand.slots <= table_max && demand.descriptors <= limit) {
            uint64_t ample = table_max < TABLE_SLOTS_AMPLE ? table_max : TABLE_SLOTS_AMPLE;
            capacity->worker_count = workers;
            capacity->table_slots = (uint32_t)(demand.slots > ample ? demand.slots : ample);
            capacity->spare_slots = spare_slots(capacity->table_slots - (uint32_t)demand.slots,
                                                outgoing_slots_max(plan, runs_here, workers));
            return true;
        }
    }
    uint64_t needed = demand.slots > demand.descriptors ? demand.slots : demand.descriptors;
    return base_error_set(error, BASE_ERROR_MACHINE,
                          "too few file descriptors: this profile needs a limit of at least %llu "
                          "with %u worker threads, and the hard limit is %llu: raise it "
                          "(`ulimit -Hn`), lower `connections`, or give more --threads",
                          (unsigned long long)needed, workers > last ? last : workers,
                          (unsigned long long)limit);
}

/* How many ports the kernel chooses from for each pair of addresses. */
static uint32_t ports_of_pair(void) {
    unsigned first = 32768;
    unsigned last = 60999;
    FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
    if (file != NULL) {
        if (fscanf(file, "%u %u", &first, &last) != 2 || last < first) {
            first = 32768;
            last = 60999;
        }
        fclose(file);
    }
    return last - first + 1;
}

bool run_capacity_check_ports(const struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    uint32_t ports = ports_of_pair();
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct profile_zone *zone = &plan->zones[i];
        const struct worker_route *route = &run->places.routes[i];
        uint32_t wanted = zone->load.shape == PROFILE_SHAPE_HOLD ? zone->load.connections
                                                                 : zone->load.concurrency;
        uint64_t per_source = (uint64_t)ports * run_targets_count(route);
        if (run->runs_here[zone->node] && wanted > per_source * route->source_count) {
            return base_error_set(
                error, BASE_ERROR_MACHINE,
                "%s:%u: nodes.%s.zones.%s: %u connections from %u to %u address%s: the kernel has "
                "%u ports for each pair (net.ipv4.ip_local_port_range): give the zone a `source` "
                "list with at least %llu addresses",
                plan->path, zone->line, plan->nodes[zone->node].name, zone->name, wanted,
                route->source_count, run_targets_count(route),
                run_targets_count(route) == 1 ? "" : "es", ports,
                (unsigned long long)((wanted + per_source - 1) / per_source));
        }
    }
    return true;
}
