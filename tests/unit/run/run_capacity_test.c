/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_load.h"
#include "run.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int machine_cores = 1;

/* Stands in for the C library's: a machine with as many cores as the test wants. */
int sched_getaffinity(pid_t process, size_t size, cpu_set_t *cores) {
    (void)process;
    CPU_ZERO_S(size, cores);
    for (int core = 0; core < machine_cores; core++) {
        CPU_SET_S((size_t)core, size, cores);
    }
    return 0;
}

static struct profile_plan *profile(void) {
    static const char text[] =
        "name: small\nproves: nothing\nauthorities: { ca: { kind: internal } }\n"
        "nodes:\n  core:\n    product: generic\n    address: 127.0.0.16\n    trust: [ca]\n"
        "    client_store: none\n"
        "    zones: { out: { type: neighbor, peer: \"127.0.0.1:9\", connections: 500 } }\n"
        "load: { duration: 1s, dialog: none }\n";
    char path[] = "/tmp/run-test-XXXXXX";
    struct profile_plan *plan;
    struct base_error error;
    FILE *file = fdopen(mkstemp(path), "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
    bool loaded = profile_load(&plan, path, NULL, NULL, 0, (int64_t)time(NULL), &error);
    unlink(path);
    cr_assert(loaded, "%s", error.text);
    return plan;
}

ParameterizedTestParameters(run_capacity, is_there_on_small_and_large_machines) {
    static int cores[] = {1, 2, 64, 65, 96, 512};
    return cr_make_param_array(int, cores, sizeof cores / sizeof *cores);
}

ParameterizedTest(int *cores, run_capacity, is_there_on_small_and_large_machines) {
    struct profile_plan *plan = profile();
    struct base_error error;
    machine_cores = *cores;
    cr_assert(run_check(plan, &error), "%s", error.text);
    profile_plan_destroy(plan);
}
