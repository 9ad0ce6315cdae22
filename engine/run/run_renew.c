/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_renew.h"

#include "run_internal.h"
#include "run_pki_internal.h"

#include <stdio.h>

/* What is presented beyond that is counted as "other". */
#define RENEWED_SERIALS_MAX UINT64_C(16384)

bool run_renew_check(const struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    if (plan->renew_ns == 0) {
        return true;
    }
    if (run->options->pki_directory != NULL) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s: load.renew: the certificates of --pki cannot be renewed, for "
                              "the keys of their authorities are not kept",
                              plan->path);
    }
    return plan->duration_ns / plan->renew_ns <= RUN_RELOADS_MAX ||
           base_error_set(
               error, BASE_ERROR_USAGE,
               "%s: load.renew: a run takes at most %d renewals: expected one every "
               "%llu s or more seldom",
               plan->path, RUN_RELOADS_MAX,
               (unsigned long long)(plan->duration_ns / RUN_RELOADS_MAX / BASE_NS_PER_S + 1));
}

uint32_t run_renew_serials(const struct run *run, uint32_t certificates) {
    const struct profile_plan *plan = run->plan;
    uint64_t whole_ns = plan->warm_up_ns + plan->duration_ns;
    uint64_t renewed = plan->renew_ns == 0 ? 0 : whole_ns / plan->renew_ns * certificates;
    return certificates + (uint32_t)(renewed > RENEWED_SERIALS_MAX ? RENEWED_SERIALS_MAX : renewed);
}

static void *issue(void *context) {
    struct run *run = context;
    struct run_renew *renew = &run->renew;
    renew->good = run_pki_renew(&renew->pki, &run->pki, run->plan, &renew->error);
    atomic_store_explicit(&renew->issued, true, memory_order_release);
    return NULL;
}

void run_renew_complain(const struct run *run, const struct base_error *error) {
    char sentence[sizeof error->text + 64];
    if (run->options->note != NULL) {
        snprintf(sentence, sizeof sentence, "the certificates were not renewed: %s", error->text);
        run->options->note(sentence);
    }
}

static void begin(struct run *run) {
    struct run_renew *renew = &run->renew;
    struct base_error error;
    atomic_store_explicit(&renew->issued, false, memory_order_relaxed);
    if (pthread_create(&renew->thread, NULL, issue, run) != 0) {
        base_error_set(&error, BASE_ERROR_MACHINE, "no thread could be started for it");
        run_renew_complain(run, &error);
        return;
    }
    renew->phase = RUN_RENEW_ISSUES;
}

static void leave(struct run *run) {
    run_pki_finish(&run->renew.pki);
    run->renew.phase = RUN_RENEW_WAITS;
}

static bool write_nodes(const struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    char folder[RUN_PATH_MAX];
    for (uint32_t i = 0; i < plan->node_count; i++) {
        const struct run_node_pki *node = &run->renew.pki.nodes[i];
        if (node->known && !(run_path(folder, error, "%s/nodes/%s", run->options->result_directory,
                                      plan->nodes[i].name) &&
                             run_pki_write_node(node, folder, error))) {
            return false;
        }
    }
    return true;
}

/* While somebody else reloads, it waits for its turn. */
static void take(struct run *run) {
    struct base_error error;
    bool answered;
    if (run->reload.phase != RUN_RELOAD_NONE) {
        return;
    }
    if (write_nodes(run, &error) && run_reload_begin(run, PROFILE_NONE, &answered, &error)) {
        run->reload.is_renewal = true;
    } else {
        run_renew_complain(run, &error);
    }
    leave(run);
}

void run_renew_turn(struct run *run, uint64_t now_ns) {
    struct run_renew *renew = &run->renew;
    if (run->plan->renew_ns == 0) {
        return;
    }
    if (renew->next_ns == 0) {
        renew->next_ns = run->started_ns + run->plan->renew_ns;
    }
    if (renew->phase == RUN_RENEW_WAITS && now_ns >= renew->next_ns) {
        renew->next_ns += run->plan->renew_ns;
        begin(run);
    }
    if (renew->phase == RUN_RENEW_ISSUES &&
        atomic_load_explicit(&renew->issued, memory_order_acquire)) {
        pthread_join(renew->thread, NULL);
        renew->phase = RUN_RENEW_READY;
        if (!renew->good) {
            run_renew_complain(run, &renew->error);
            leave(run);
        }
    }
    if (renew->phase == RUN_RENEW_READY) {
        take(run);
    }
}

void run_renew_finish(struct run *run) {
    if (run->renew.phase == RUN_RENEW_ISSUES) {
        pthread_join(run->renew.thread, NULL);
    }
    run_pki_finish(&run->renew.pki);
}
