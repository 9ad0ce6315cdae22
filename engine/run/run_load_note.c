/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include <stdlib.h>
#include <string.h>

/* More than anybody types; a script that steers for days must not fill the memory. */
#define NOTES_MAX 4096u

static bool make_room(struct run_load *load) {
    if (load->steered_count < load->steered_room) {
        return true;
    }
    uint32_t room = load->steered_room == 0 ? 16 : 2 * load->steered_room;
    struct metrics_steered *grown =
        room > NOTES_MAX ? NULL : realloc(load->steered, room * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    load->steered = grown;
    load->steered_room = room;
    return true;
}

void run_load_note(struct run *run, const char *line, uint64_t now_ns) {
    struct run_load *load = &run->load;
    size_t length = strcspn(line, "\r\n");
    char *command = make_room(load) ? strndup(line, length) : NULL;
    if (command == NULL) {
        load->steered_left_out++;
        return;
    }
    load->steered[load->steered_count++] = (struct metrics_steered){
        .at_s = run_sampler_elapsed_s(run, now_ns),
        .command = command,
    };
}

bool run_load_tell_steered(const struct run *run, struct metrics_summary *summary,
                           struct base_error *error) {
    const struct run_load *load = &run->load;
    summary->steered_left_out = load->steered_left_out;
    summary->steered = calloc(load->steered_count + 1, sizeof *summary->steered);
    if (summary->steered == NULL) {
        return run_out_of_memory(error);
    }
    for (uint32_t i = 0; i < load->steered_count; i++) {
        char *command = strdup(load->steered[i].command);
        if (command == NULL) {
            return run_out_of_memory(error);
        }
        summary->steered[summary->steered_count++] =
            (struct metrics_steered){.at_s = load->steered[i].at_s, .command = command};
    }
    return true;
}

void run_load_free_steered(struct metrics_summary *summary) {
    for (uint32_t i = 0; i < summary->steered_count; i++) {
        free(summary->steered[i].command);
    }
    free(summary->steered);
    summary->steered = NULL;
    summary->steered_count = 0;
}
