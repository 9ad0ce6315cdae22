/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"
#include "support_wait.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ZONE        "zones/initiator.load"
#define LOAD        "nodes.initiator.zones.load"
#define CONCURRENCY 6

TestSuite(load_shapes, .init = support_scene_open, .fini = support_scene_close);

static long long number(const struct support_run *run, const char *key) {
    return support_result_number(run, support_scene_text(ZONE "/%s", key));
}

static void run_lab(struct support_run *run, const char *name, const char *settings,
                    const char *words) {
    support_run_prepare(run, name, support_lab_profile());
    support_run_set_all(run, settings);
    support_run_add(run, words);
    support_run_expect(run, SUPPORT_PASS);
    cr_assert_eq(number(run, "failed"), 0);
    cr_assert_eq(number(run, "lost"), 0);
}

struct thread_case {
    char threads[2];
};
static struct thread_case thread_cases[] = {{"1"}, {"2"}};

ParameterizedTestParameters(load_shapes, constant_rate_starts_what_was_asked_for) {
    return cr_make_param_array(struct thread_case, thread_cases,
                               sizeof thread_cases / sizeof *thread_cases);
}

ParameterizedTest(struct thread_case *row, load_shapes, constant_rate_starts_what_was_asked_for) {
    struct support_run run;
    run_lab(&run, "rate", LOAD ".rate=100/s",
            support_scene_text("--duration 3s --threads %s", row->threads));
    long long attempts = number(&run, "attempts");
    double seconds = json_real_value(support_result_find(&run, "duration_s"));
    cr_assert(seconds >= 3 && seconds < 4, "%f s", seconds);
    cr_assert_lt(fabs((double)attempts - 100 * seconds), 2 * seconds, "%lld attempts in %f s",
                 attempts, seconds);
    cr_assert_eq(number(&run, "dropped"), 0);
    cr_assert_leq(number(&run, "late"), attempts);
    cr_assert_eq(number(&run, "answered"), number(&run, "established"));
    cr_assert_geq(number(&run, "established"), 290);
    cr_assert_eq(support_result_number(&run, "tool/threads"), atoi(row->threads));
    support_run_finish(&run);
}

static long long poisson_attempts(const char *name, const char *seed) {
    struct support_run run;
    run_lab(&run, name, LOAD ".rate=400/s " LOAD ".arrival=poisson",
            support_scene_text("--duration 1s --threads 1 --seed %s", seed));
    long long attempts = number(&run, "attempts");
    cr_assert_eq(number(&run, "dropped"), 0);
    support_run_finish(&run);
    return attempts;
}

Test(load_shapes, poisson_arrivals_scatter_around_the_rate_and_repeat_with_the_seed) {
    const double mean = 400;
    long long first = poisson_attempts("first", "41");
    long long second = poisson_attempts("second", "45");
    long long again = poisson_attempts("again", "41");
    cr_assert_lt(fabs((double)first - mean), 4 * sqrt(mean), "%lld", first);
    cr_assert_lt(fabs((double)second - mean), 4 * sqrt(mean), "%lld", second);
    /* The end of the run cuts the same schedule a little earlier or later, on a busy machine by a
     * tenth of a second. */
    cr_assert_lt(llabs(first - again), llabs(first - second) / 4, "%lld, then %lld, not %lld",
                 first, again, second);
}

static struct thread_case concurrency_cases[] = {{"1"}, {"2"}};

ParameterizedTestParameters(load_shapes, concurrency_is_never_exceeded) {
    return cr_make_param_array(struct thread_case, concurrency_cases,
                               sizeof concurrency_cases / sizeof *concurrency_cases);
}

ParameterizedTest(struct thread_case *row, load_shapes, concurrency_is_never_exceeded) {
    struct support_run run;
    run_lab(&run, "churn", support_scene_text(LOAD ".concurrency=%d", CONCURRENCY),
            support_scene_text("--duration 700ms --threads %s", row->threads));
    cr_assert_leq(number(&run, "peak_open"), CONCURRENCY);
    cr_assert_leq(number(&run, "open_at_end") + number(&run, "in_flight_at_end"), CONCURRENCY);
    cr_assert_geq(number(&run, "established"), 20 * CONCURRENCY);
    /* What was admitted by a first octet at the very end may still wait for the whole answer. */
    cr_assert_leq(number(&run, "established") - number(&run, "answered"), CONCURRENCY);
    cr_assert_eq(number(&run, "late"), 0);
    support_run_finish(&run);
}

Test(load_shapes, hold_keeps_a_connection_for_that_long) {
    struct support_run run;
    run_lab(&run, "hold",
            support_scene_text(LOAD ".concurrency=%d " LOAD ".hold=300ms", CONCURRENCY),
            "--duration 1500ms");
    /* 1.5 s have room for five holds of 300 ms in each place, less what opening takes. */
    cr_assert_geq(number(&run, "established"), 3 * CONCURRENCY);
    cr_assert_leq(number(&run, "established"), 5 * CONCURRENCY);
    cr_assert_eq(number(&run, "peak_open"), CONCURRENCY);
    support_run_finish(&run);
}

static struct thread_case hold_cases[] = {{"1"}, {"2"}};

ParameterizedTestParameters(load_shapes, connections_are_opened_and_kept) {
    return cr_make_param_array(struct thread_case, hold_cases,
                               sizeof hold_cases / sizeof *hold_cases);
}

ParameterizedTest(struct thread_case *row, load_shapes, connections_are_opened_and_kept) {
    struct support_run run;
    run_lab(&run, "kept", LOAD ".connections=60 " LOAD ".opening=10",
            support_scene_text("--duration 1500ms --threads %s", row->threads));
    support_result_expect_whole_zone(&run, "initiator.load", 60);
    cr_assert_eq(number(&run, "attempts"), 60);
    cr_assert_eq(number(&run, "peak_open"), 60);
    cr_assert_eq(support_result_number(&run, "tool/threads"), atoi(row->threads));
    support_run_finish(&run);
}

static bool exists(const void *path) {
    return support_file_exists(path);
}

/* A closed loop, or a tool that times from the start of each attempt, would not see it. */
Test(load_shapes, a_frozen_peer_shows_in_what_was_intended_and_not_in_what_was_started) {
    const struct timespec freeze = {.tv_sec = 2};
    struct support_run acceptor;
    struct support_run run;
    const char *pki = support_lab_certificates("pki", "");
    support_lab_start_acceptor(&acceptor, pki);
    support_run_prepare(&run, "frozen", support_lab_profile());
    support_run_set_all(&run, LOAD ".rate=500/s " LOAD ".at_once=16 load.timeout=10s");
    support_run_set(&run, "expect.initiator.load={ faults: [] }");
    support_run_add(&run, support_scene_text("--only initiator --pki %s --duration 3s", pki));
    cr_assert_eq(kill(acceptor.child.pid, SIGSTOP), 0);
    support_run_start(&run);
    cr_assert(support_wait_until(exists, support_scene_text("%s/timeline.csv", run.out), 10000));
    nanosleep(&freeze, NULL);
    cr_assert_eq(kill(acceptor.child.pid, SIGCONT), 0);
    support_run_await(&run, SUPPORT_PASS);
    cr_assert_gt(number(&run, "late"), 500);
    cr_assert_gt(number(&run, "latency/establish_from_intended/p90"), 1000000);
    cr_assert_lt(number(&run, "latency/establish/p90"), 500000);
    cr_assert_gt(number(&run, "latency/establish/max"), 1000000, "those that were under way");
    support_run_finish(&run);
    support_run_interrupt(&acceptor);
    support_run_finish(&acceptor);
}

Test(load_shapes, stages_ramp_a_rate) {
    struct support_run run;
    run_lab(&run, "ramp", "", "--stage 500ms:200/s --stage 500ms:200/s --stage 0s:1/m");
    /* The area under them is 150; a late end would only add arrivals at one a minute. */
    cr_assert_geq(number(&run, "attempts"), 150);
    cr_assert_leq(number(&run, "attempts"), 151);
    cr_assert_eq(number(&run, "dropped"), 0);
    support_run_finish(&run);
}

Test(load_shapes, stages_ramp_a_closed_loop) {
    struct support_run run;
    run_lab(&run, "ramp", LOAD ".hold=10s", "--stage 300ms:10 --stage 200ms:10");
    cr_assert_eq(number(&run, "attempts"), 10);
    cr_assert_leq(number(&run, "peak_open"), 10);
    support_run_finish(&run);
}

Test(load_shapes, a_mode_that_turns_does_so_once_and_after_the_warm_up) {
    struct support_run run;
    run_lab(&run, "turned", "nodes.acceptor.eku_checking_turns=200ms",
            "--warm-up 600ms --duration 500ms");
    const json_t *steered = support_result_find(&run, "steered");
    cr_assert_eq(json_array_size(steered), 1);
    cr_assert_geq(json_real_value(json_object_get(json_array_get(steered, 0), "at_s")), 0.2);
    support_run_finish(&run);
}

Test(load_shapes, a_warm_up_is_not_counted_but_what_it_opened_is) {
    struct support_run run;
    run_lab(&run, "warm", "", "--connections 10 --warm-up 600ms --duration 500ms");
    cr_assert_eq(number(&run, "attempts"), 10);
    cr_assert_eq(number(&run, "established"), 10);
    cr_assert_eq(number(&run, "open_at_end"), 10);
    cr_assert_eq(number(&run, "peak_open"), 10);
    cr_assert_gt(number(&run, "latency/sip_response/count"), 10);
    cr_assert_eq(number(&run, "latency/tls_handshake/count"), 0);
    cr_assert_eq(number(&run, "peer_certificate/mismatches"), 0);
    double warm_up_s = json_real_value(support_result_find(&run, "warm_up_s"));
    double duration_s = json_real_value(support_result_find(&run, "duration_s"));
    cr_assert(warm_up_s >= 0.6 && warm_up_s < 3, "%f s", warm_up_s);
    cr_assert(duration_s >= 0.5 && duration_s < 3, "%f s", duration_s);
    support_run_finish(&run);
    run_lab(&run, "churned", "", "--rate 100/s --warm-up 500ms --duration 500ms --threads 2");
    long long attempts = number(&run, "attempts");
    duration_s = json_real_value(support_result_find(&run, "duration_s"));
    cr_assert_lt(fabs((double)attempts - 100 * duration_s), 30, "%lld attempts", attempts);
    support_run_finish(&run);
}

Test(load_shapes, dialogs_are_counted_on_each_connection) {
    struct support_run run;
    run_lab(&run, "churn", LOAD ".dialogs=3 load.options_interval=10ms",
            "--concurrency 2 --duration 400ms");
    long long established = number(&run, "established");
    cr_assert_gt(established, 4);
    cr_assert_leq(number(&run, "sip_requests"), 3 * established);
    cr_assert_geq(number(&run, "sip_requests"), 3 * (established - 2), "all but the last ones");
    support_run_finish(&run);
    run_lab(&run, "kept", LOAD ".dialogs=2 load.options_interval=10ms",
            "--connections 3 --duration 400ms");
    cr_assert_gt(number(&run, "attempts"), 6, "dialled anew, although nothing is retried");
    support_run_finish(&run);
}

/* Connections of the scene that wait in TIME_WAIT, as the kernel tells it. */
static unsigned count_time_wait(void) {
    char line[256];
    unsigned count = 0;
    unsigned mask_second = support_scene.net.second;
    unsigned mask_third = support_scene.net.third;
    FILE *table = fopen("/proc/net/tcp", "re");
    cr_assert_not_null(table);
    while (fgets(line, sizeof line, table) != NULL) {
        unsigned address;
        unsigned state;
        if (sscanf(line, "%*u: %8x:%*4x %*8x:%*4x %2x", &address, &state) == 2 && state == 6 &&
            (address >> 8 & 255) == mask_second && (address >> 16 & 255) == mask_third) {
            count++;
        }
    }
    fclose(table);
    return count;
}

Test(load_shapes, close_by_reset_leaves_nothing_in_time_wait) {
    struct support_run run;
    run_lab(&run, "reset", LOAD ".concurrency=4 " LOAD ".close=reset", "--duration 300ms");
    cr_assert_gt(number(&run, "established"), 20);
    /* What the end of the run cut off, and what the listener closed, may be there. */
    cr_assert_leq(count_time_wait(), 8);
    support_run_finish(&run);
    run_lab(&run, "graceful", LOAD ".concurrency=4 " LOAD ".close=graceful", "--duration 300ms");
    cr_assert_gt(count_time_wait(), 20);
    support_run_finish(&run);
}

struct retry_case {
    char retry[48];
    int attempts;
};

static struct retry_case retry_cases[] = {{"none", 8},
                                          {"{}", 16},
                                          {"{ burst: 3, gap: 10ms, every: 40s }", 24},
                                          {"{ first: 100ms, factor: 100, longest: 10s }", 16}};

ParameterizedTestParameters(load_shapes, refused_zone_dials_again_as_told) {
    return cr_make_param_array(struct retry_case, retry_cases,
                               sizeof retry_cases / sizeof *retry_cases);
}

ParameterizedTest(struct retry_case *row, load_shapes, refused_zone_dials_again_as_told) {
    struct support_run run;
    support_run_prepare(&run, "refused", support_lab_profile());
    support_run_set(&run, "nodes.initiator.client_store=copy-of-server");
    support_run_set(&run, LOAD ".connections=8");
    support_run_set(&run, LOAD ".retry=%s", row->retry);
    support_run_add(&run, "--duration 800ms");
    support_run_expect(&run, SUPPORT_FAIL);
    support_result_expect_refused_zone(&run, "initiator.load", "tls_alert_unsupported_certificate");
    cr_assert_eq(number(&run, "attempts"), row->attempts, "%lld attempts",
                 number(&run, "attempts"));
    support_run_finish(&run);
}
