/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_publish.h"

#include "run_internal.h"

#include <stdlib.h>
#include <time.h>

/* What a worker may need to look up from its work; beyond, it hangs. */
#define PATIENCE_NS (5 * BASE_NS_PER_S)

static bool wants_checkpoints(const struct run *run) {
    return run->options->checkpoint != NULL && run->plan->checkpoint_ns > 0 &&
           run->plan->duration_ns > run->plan->checkpoint_ns;
}

bool run_publish_init(struct run *run, const struct metrics_shape *shape,
                      struct base_error *error) {
    struct run_publish *publish = &run->publish;
    bool good = true;
    publish->next_checkpoint_ns = UINT64_MAX;
    publish->next_abort_ns = UINT64_MAX;
    if (!run->window.wanted && !wants_checkpoints(run) && !verdict_can_abort(run->plan)) {
        return true;
    }
    publish->copies = calloc(run->capacity.worker_count, sizeof *publish->copies);
    for (unsigned i = 0; publish->copies != NULL && i < run->capacity.worker_count; i++) {
        good = good && metrics_shard_init(&publish->copies[i], shape);
    }
    return (publish->copies != NULL && good) || run_out_of_memory(error);
}

void run_publish_finish(struct run *run) {
    for (unsigned i = 0; run->publish.copies != NULL && i < run->capacity.worker_count; i++) {
        metrics_shard_finish(&run->publish.copies[i]);
    }
    free(run->publish.copies);
    run->publish.copies = NULL;
}

static void begin_counting(struct run *run) {
    struct run_publish *publish = &run->publish;
    publish->counting_since_ns = run->started_ns;
    if (wants_checkpoints(run)) {
        publish->next_checkpoint_ns = run->started_ns + run->plan->checkpoint_ns;
    }
    if (verdict_can_abort(run->plan)) {
        publish->next_abort_ns = run->started_ns + BASE_NS_PER_S;
    }
}

static void ask(struct run *run, uint64_t now_ns) {
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        worker_publish(run->workers[i], &run->publish.copies[i]);
    }
    run->publish.asked = true;
    run->publish.asked_ns = now_ns;
}

static bool all_answered(const struct run *run) {
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        if (!worker_published(run->workers[i])) {
            return false;
        }
    }
    return true;
}

/* The first worker's copy becomes the sum. */
static struct metrics_shard *merge(struct run *run) {
    struct metrics_shard *total = &run->publish.copies[0];
    for (unsigned i = 1; i < run->capacity.worker_count; i++) {
        metrics_shard_add(total, &run->publish.copies[i]);
    }
    run->publish.asked = false;
    return total;
}

/* Connections that the workers hold, whichever side opened them. */
static uint64_t count_slots(const struct run *run) {
    uint64_t slots = 0;
    for (unsigned i = 0; i < run->capacity.worker_count; i++) {
        slots += worker_live_connections(run->workers[i]);
    }
    return slots;
}

static void look_for_abort(struct run *run, const struct run_result *so_far) {
    const struct metrics_summary *summary = &so_far->summary;
    uint32_t by = verdict_find_abort(run->plan, summary);
    if (by != PROFILE_NONE) {
        run->aborted = true;
        run->aborted_by = by;
        run->aborted_at_s = summary->duration_s;
    }
}

static void tell_so_far(struct run *run, const struct metrics_shard *total, bool checkpoint,
                        bool abort) {
    struct run_result so_far = {.told_to_quit = false};
    struct base_error error;
    if (run_summary_so_far(run, &so_far, total, run->publish.asked_ns, &error) &&
        verdict_judge(&so_far.verdict, run->plan, &so_far.summary)) {
        if (abort) {
            look_for_abort(run, &so_far);
        }
        if (checkpoint) {
            run->options->checkpoint(run->options->checkpoint_context, &so_far);
        }
    }
    run_summary_drop(&so_far);
}

/* Those that were missed, because the machine stood still, are not made up for. */
static uint64_t next_after(uint64_t due_ns, uint64_t every_ns, uint64_t now_ns) {
    due_ns += every_ns;
    return due_ns > now_ns ? due_ns : now_ns + every_ns;
}

static void use_answers(struct run *run) {
    struct run_publish *publish = &run->publish;
    uint64_t at_ns = publish->asked_ns;
    struct metrics_shard *total = merge(run);
    bool checkpoint = at_ns >= publish->next_checkpoint_ns;
    bool abort = at_ns >= publish->next_abort_ns;
    if (checkpoint) {
        publish->next_checkpoint_ns =
            next_after(publish->next_checkpoint_ns, run->plan->checkpoint_ns, at_ns);
    }
    if (abort) {
        publish->next_abort_ns = next_after(publish->next_abort_ns, BASE_NS_PER_S, at_ns);
    }
    bool window = at_ns >= run_window_due_ns(run);
    if (window) {
        run_window_end(run, total, count_slots(run), at_ns);
        total = &run->window.before;
    }
    if (checkpoint || abort) {
        tell_so_far(run, total, checkpoint, abort);
    }
}

void run_publish_turn(struct run *run, uint64_t now_ns) {
    struct run_publish *publish = &run->publish;
    if (publish->copies == NULL || run->warms_up) {
        return;
    }
    if (publish->counting_since_ns != run->started_ns) {
        begin_counting(run);
    }
    if (publish->asked) {
        if (all_answered(run)) {
            use_answers(run);
        }
        return;
    }
    if (now_ns >= run_window_due_ns(run) || now_ns >= publish->next_checkpoint_ns ||
        now_ns >= publish->next_abort_ns) {
        ask(run, now_ns);
    }
}

static bool await_answers(const struct run *run) {
    const struct timespec pause = {.tv_nsec = (long)BASE_NS_PER_MS};
    uint64_t deadline_ns = base_clock_now_ns() + PATIENCE_NS;
    while (!all_answered(run)) {
        if (base_clock_now_ns() > deadline_ns) {
            return false;
        }
        nanosleep(&pause, NULL);
    }
    return true;
}

void run_publish_end(struct run *run) {
    if (!run->window.wanted || !await_answers(run)) {
        return;
    }
    ask(run, run->frozen_ns);
    if (await_answers(run) && run->frozen_ns > run->window.begin_ns) {
        run_window_end(run, merge(run), count_slots(run), run->frozen_ns);
    }
}
