/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_overhead.h"

#include "study_interval.h"

#include <stdio.h>
#include <stdlib.h>

#define BLOCKS 6u /* the first does not count */

/* What a node presented before. */
struct kept {
    struct profile_store store;
    struct profile_identity *lent; /* NULL: untouched */
};

static struct profile_store *presented_by(struct profile_node *node) {
    return node->client_store.kind == PROFILE_STORE_COPY_OF_SERVER ? &node->server_store
                                                                   : &node->client_store;
}

/* With the check On. */
static uint64_t count_established(const struct metrics_overhead *out) {
    uint64_t established = 0;
    for (uint32_t i = 0; i < out->block_count; i++) {
        const struct metrics_overhead_block *block = &out->blocks[i];
        established += block->counts && block->on ? block->established : 0;
    }
    return established;
}

/* Why it cannot be measured; NULL: it can. */
static const char *obstacle(const struct study_overhead *study) {
    const struct profile_plan *plan = study->setup->plan;
    if (count_established(study->out) == 0) {
        return "nothing was established with the check On";
    }
    if (study->setup->run->pki_directory != NULL) {
        return "the certificates were given (--pki): none with serverAuth alone can be issued";
    }
    if (study->options->switch_on != NULL) {
        return "the peer is not ours: it would have to trust an authority made for this";
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (!study->zones[i]) {
            continue;
        }
        const struct profile_store *store = presented_by(&plan->nodes[plan->zones[i].node]);
        if (store->kind != PROFILE_STORE_IDENTITIES || store->identity_count == 0) {
            return "who dials presents no certificate";
        }
        for (uint32_t j = 0; j < store->identity_count; j++) {
            if (store->identities[j].certificate_path != NULL) {
                return "who dials presents a certificate from a file";
            }
        }
    }
    return NULL;
}

/* The same identities with serverAuth alone, put there by the checkbox or by force. */
static bool lend(struct profile_node *node, struct kept *kept, struct base_error *error) {
    static char server_auth[] = "serverAuth";
    static char *usages[] = {server_auth};
    const struct profile_store *store = presented_by(node);
    struct profile_identity *identities = calloc(store->identity_count, sizeof *identities);
    if (identities == NULL) {
        return study_out_of_memory(error);
    }
    for (uint32_t i = 0; i < store->identity_count; i++) {
        identities[i] = store->identities[i];
        identities[i].eku =
            (struct profile_eku){.present = true, .usages = {.items = usages, .count = 1}};
        identities[i].unchecked = true;
    }
    *kept = (struct kept){.store = node->client_store, .lent = identities};
    node->client_store = (struct profile_store){.kind = PROFILE_STORE_IDENTITIES,
                                                .identities = identities,
                                                .identity_count = store->identity_count};
    return true;
}

static void give_back(struct profile_plan *plan, struct kept *kept) {
    for (uint32_t i = 0; kept != NULL && i < plan->node_count; i++) {
        if (kept[i].lent != NULL) {
            plan->nodes[i].client_store = kept[i].store;
            free(kept[i].lent);
        }
    }
    free(kept);
}

/* As many attempts as half of what On established: a closed loop pauses after each failure, and an
 * idle machine's upkeep would count as theirs. */
static void shape_load(const struct study_overhead *study) {
    struct profile_plan *plan = study->setup->plan;
    const struct metrics_overhead *out = study->out;
    double established = 0;
    for (uint32_t i = 0; i < out->block_count; i++) {
        established += out->blocks[i].counts ? (double)out->blocks[i].established : 0;
    }
    double rate = established / (2 * out->pairs * out->block_s) / out->zone_count / 2;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        struct profile_zone_load *load = &plan->zones[i].load;
        if (study->zones[i]) {
            study_reshape(load, PROFILE_SHAPE_RATE);
            load->rate_per_s = rate < 1 ? 1 : rate;
            load->hold_ns = 0;
        }
    }
}

static bool run_blocks(const struct study_overhead *study, const char *pki,
                       struct study_refused *refused, struct base_error *error) {
    const struct study_places places = {.zones = study->zones, .listeners = study->listeners};
    for (unsigned i = 0; i < BLOCKS && !study->out->interrupted; i++) {
        char name[64];
        struct run_result result;
        const struct study_run run = {.name = name, .pki = pki};
        snprintf(name, sizeof name, "refusals/%03u%s", i, i == 0 ? "-warm-up" : "");
        study_tell(study->setup, "refusals, block %u of %u", i + 1, BLOCKS);
        if (!study_run(&result, study->setup, &run, error)) {
            return false;
        }
        study_block_measure_refusal(&refused[i], &result.summary, &places);
        study->out->interrupted = result.summary.interrupted || result.told_to_quit;
        run_result_finish(&result);
    }
    return true;
}

static void conclude(struct metrics_overhead *out, const struct study_refused *refused) {
    double columns[4][BLOCKS];
    struct metrics_refusal *refusal = &out->refusal;
    for (unsigned i = 1; i < BLOCKS; i++) {
        columns[0][i - 1] = refused[i].median;
        columns[1][i - 1] = refused[i].mean;
        columns[2][i - 1] = refused[i].p99;
        columns[3][i - 1] = refused[i].cpu;
        refusal->count += refused[i].count;
        refusal->fault = refused[i].fault;
    }
    refusal->median = study_interval(columns[0], BLOCKS - 1, out->seed);
    refusal->mean = study_interval(columns[1], BLOCKS - 1, out->seed);
    refusal->p99 = study_interval(columns[2], BLOCKS - 1, out->seed);
    refusal->cpu = study_interval(columns[3], BLOCKS - 1, out->seed);
    if (refusal->count == 0) {
        snprintf(refusal->why_not, sizeof refusal->why_not, "nobody was refused");
    }
}

static bool measure(struct study_overhead *study, struct kept *kept, struct base_error *error) {
    struct profile_plan *plan = study->setup->plan;
    struct study_refused refused[BLOCKS] = {{0}};
    char pki[STUDY_PATH_MAX];
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        uint32_t node = plan->zones[i].node;
        if (study->zones[i] && kept[node].lent == NULL &&
            !lend(&plan->nodes[node], &kept[node], error)) {
            return false;
        }
    }
    shape_load(study);
    if (!study_overhead_switch(study, true, error) ||
        !study_pki(pki, study->setup, "pki-refused", error) ||
        !run_blocks(study, pki, refused, error)) {
        return false;
    }
    if (study->out->interrupted) {
        snprintf(study->out->refusal.why_not, sizeof study->out->refusal.why_not, "interrupted");
        return true;
    }
    conclude(study->out, refused);
    return true;
}

void study_refusal(struct study_overhead *study) {
    struct base_error error;
    struct profile_plan *plan = study->setup->plan;
    struct metrics_refusal *refusal = &study->out->refusal;
    const char *why_not = study->out->pairs == 0 ? "interrupted" : obstacle(study);
    if (why_not != NULL) {
        snprintf(refusal->why_not, sizeof refusal->why_not, "%s", why_not);
        return;
    }
    struct kept *kept = calloc(plan->node_count + 1, sizeof *kept);
    bool good = kept != NULL ? measure(study, kept, &error) : study_out_of_memory(&error);
    give_back(plan, kept);
    if (!good) {
        snprintf(refusal->why_not, sizeof refusal->why_not, "%.250s", error.text);
    }
}
