/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_internal.h"

void study_judge_nothing(struct profile_plan *plan) {
    plan->expectation_count = 0;
    plan->threshold_count = 0;
    plan->warm_up_ns = 0;
    plan->window_ns = 0;
    plan->renew_ns = 0;
    for (uint32_t i = 0; i < plan->node_count; i++) {
        plan->nodes[i].eku_turns_ns = 0;
    }
}

void study_reshape(struct profile_zone_load *load, enum profile_shape shape) {
    load->shape = shape;
    load->stages = NULL;
    load->stage_count = 0;
    load->connections = 0;
    load->rate_per_s = 0;
    load->concurrency = 0;
    load->arrival = PROFILE_ARRIVAL_CONSTANT;
    load->at_once = 0;
    load->dialogs = 0;
    load->attempts = 0;
    load->hold_spread = (struct profile_spread){0};
    load->options_interval_spread = (struct profile_spread){0};
}
