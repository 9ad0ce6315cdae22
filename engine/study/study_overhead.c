/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_overhead.h"

#include "study_conclude.h"

#include <stdio.h>
#include <stdlib.h>

#define WARM_UP_BLOCKS 2u

/* The order of four blocks: what drifts evenly falls on both modes alike. */
static bool is_on(unsigned block) {
    static const bool order[] = {true, false, false, true};
    return order[block % 4];
}

bool study_overhead_switch(const struct study_overhead *study, bool on, struct base_error *error) {
    struct profile_plan *plan = study->setup->plan;
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (study->nodes[i]) {
            plan->nodes[i].eku_checking = on;
        }
    }
    const char *command = on ? study->options->switch_on : study->options->switch_off;
    return command == NULL || study_switch(on ? "--switch-on" : "--switch-off", command, error);
}

/* A connection that stays open is judged once: new ones in turn are what tells of the check. */
static void shape_measured(struct study_overhead *study, struct profile_zone_load *load) {
    if (load->shape != PROFILE_SHAPE_HOLD) {
        return;
    }
    study_reshape(load, PROFILE_SHAPE_CONCURRENCY);
    load->concurrency = study->options->concurrency;
    load->hold_ns = 0;
    study->out->concurrency = study->options->concurrency;
}

/* Who is not measured only disturbs, unless requests are relayed over it or others wait for it. */
static void shape_load(struct study_overhead *study) {
    struct profile_plan *plan = study->setup->plan;
    bool relays = profile_plan_relays(plan);
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        struct profile_zone_load *load = &plan->zones[i].load;
        if (plan->zones[i].after_count > 0 || profile_plan_find_follower(plan, i) != PROFILE_NONE) {
            continue;
        }
        if (study->zones[i]) {
            shape_measured(study, load);
        } else if (!relays) {
            study_reshape(load, PROFILE_SHAPE_CONCURRENCY); /* none at once */
        }
    }
    study_judge_nothing(plan);
    plan->duration_ns = study->options->block_ns;
    plan->seed = study->out->seed;
}

static bool run_block(struct study_overhead *study, const char *pki, unsigned number,
                      struct base_error *error) {
    struct metrics_overhead *out = study->out;
    struct metrics_overhead_block *block = &out->blocks[number];
    const struct study_places places = {.zones = study->zones, .listeners = study->listeners};
    struct run_result result;
    char name[64];
    block->counts = number >= WARM_UP_BLOCKS;
    block->on = block->counts ? is_on(number - WARM_UP_BLOCKS) : number == 0;
    const char *mode = block->on ? "on" : "off";
    snprintf(name, sizeof name, "blocks/%03u-%s%s", number, mode, block->counts ? "" : "-warm-up");
    study_tell(study->setup, "block %u of %u, EKU check %s%s", number + 1,
               WARM_UP_BLOCKS + study->options->blocks, mode, block->counts ? "" : " (warm-up)");
    const struct study_run run = {.name = name, .pki = pki};
    if (!study_overhead_switch(study, block->on, error) ||
        !study_run(&result, study->setup, &run, error)) {
        return false;
    }
    study_block_measure(block, &result.summary, &places);
    out->interrupted = result.summary.interrupted || result.told_to_quit;
    run_result_finish(&result);
    if (!out->interrupted) {
        out->block_count++;
    }
    return true;
}

/* Twice, so that whatever disturbed one block alone ends nothing. */
static bool is_hopeless(const struct metrics_overhead *out, bool on) {
    unsigned blocks = 0;
    uint64_t established = 0;
    uint64_t failed = 0;
    for (uint32_t i = 0; i < out->block_count; i++) {
        const struct metrics_overhead_block *block = &out->blocks[i];
        if (block->counts && block->on == on) {
            blocks++;
            established += block->established;
            failed += block->failed;
        }
    }
    return blocks >= 2 && established == 0 && failed > 0;
}

static bool run_all(struct study_overhead *study, struct base_error *error) {
    char pki[STUDY_PATH_MAX];
    unsigned count = WARM_UP_BLOCKS + study->options->blocks;
    study->out->blocks = calloc(count, sizeof *study->out->blocks);
    if (study->out->blocks == NULL) {
        return study_out_of_memory(error);
    }
    shape_load(study);
    if (!study_pki(pki, study->setup, "pki", error)) {
        return false;
    }
    bool hopeless = false;
    for (unsigned i = 0; i < count && !study->out->interrupted && !hopeless; i++) {
        if (!run_block(study, pki, i, error)) {
            return false;
        }
        hopeless = is_hopeless(study->out, true) || is_hopeless(study->out, false);
    }
    study_conclude(study->out);
    study_refusal(study);
    return true;
}

bool study_overhead(struct metrics_overhead *out, const struct study_setup *setup,
                    const struct study_overhead_options *options, struct base_error *error) {
    struct study_overhead_options whole = *options;
    struct study_overhead study = {.setup = setup, .options = &whole, .out = out};
    whole.blocks = (options->blocks + 3) / 4 * 4;
    *out = (struct metrics_overhead){
        .block_s = (double)options->block_ns / 1e9,
        .seed = setup->plan->seed != 0 ? setup->plan->seed : 1,
    };
    bool good = study_choose(&study, error) && run_all(&study, error);
    free(study.zones);
    free(study.listeners);
    free(study.nodes);
    return good;
}

void study_overhead_finish(struct metrics_overhead *overhead) {
    free((void *)overhead->zones);
    free((void *)overhead->nodes);
    free(overhead->blocks);
}
