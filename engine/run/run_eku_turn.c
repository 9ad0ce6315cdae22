/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include <stdio.h>

/* As if somebody had typed it. */
static void turn(struct run *run, uint32_t index, uint64_t now_ns) {
    char line[192];
    bool on = !run->plan->nodes[index].eku_checking;
    snprintf(line, sizeof line,
             "--node %s xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: %s",
             run->plan->nodes[index].name, on ? "On" : "Off");
    node_set_eku_checking(run->nodes[index], on);
    run_load_note(run, line, now_ns);
}

void run_eku_turn(struct run *run, uint64_t now_ns) {
    uint64_t elapsed_ns = now_ns - run->started_ns;
    for (uint32_t i = 0; i < run->plan->node_count; i++) {
        uint64_t turns_ns = run->plan->nodes[i].eku_turns_ns;
        if (run->runs_here[i] && turns_ns > run->eku_turned_ns && turns_ns <= elapsed_ns) {
            turn(run, i, now_ns);
        }
    }
    run->eku_turned_ns = elapsed_ns;
}
