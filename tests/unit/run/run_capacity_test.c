/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_load.h"
#include "run.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static struct profile_plan *profile_with(const char *const *settings, size_t setting_count) {
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
    bool loaded =
        profile_load(&plan, path, NULL, settings, setting_count, (int64_t)time(NULL), &error);
    unlink(path);
    cr_assert(loaded, "%s", error.text);
    return plan;
}

static struct profile_plan *profile(void) {
    return profile_with(NULL, 0);
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

Test(run_capacity, source_addresses_are_counted_before_ports_run_out) {
    static const struct {
        const char *settings[3];
        const char *sentence; /* NULL: it can run */
    } cases[] = {
        /* Loopback has neighbours, which take over. */
        {{"nodes.core.zones.out.connections=60000"}, NULL},
        {{"nodes.core.zones.out.connections=100000"}, NULL},
        {{"nodes.core.zones.out.connections=200000", "nodes.core.zones.out.source=127.0.0.9"},
         "nodes.core.zones.out: 200000 connections from 1 to 1 address: the kernel has "},
        {{"nodes.core.zones.out.connections=200000", "nodes.core.zones.out.source=127.0.0.9",
          "nodes.core.zones.out.peer=['127.0.0.1:9', '127.0.0.2:9']"},
         "nodes.core.zones.out: 200000 connections from 1 to 2 addresses: the kernel has "},
        {{"nodes.core.zones.out.connections=200000", "nodes.core.zones.out.source=[127.0.0.32/27]"},
         NULL},
        {{"nodes.core.zones.out={peer: '127.0.0.1:9', concurrency: 200000, source: 127.0.0.9}"},
         "nodes.core.zones.out: 200000 connections from 1 to 1 address: the kernel has "},
        {{"nodes.core.zones.out={peer: '127.0.0.1:9', rate: 100/s, source: 127.0.0.9}"}, NULL},
    };
    machine_cores = 64;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = 0;
        while (count < 3 && cases[i].settings[count] != NULL) {
            count++;
        }
        struct profile_plan *plan = profile_with(cases[i].settings, count);
        struct base_error error = {0};
        bool can = run_check(plan, &error);
        cr_expect_eq(can, cases[i].sentence == NULL, "%zu: %s", i, error.text);
        if (cases[i].sentence != NULL) {
            cr_expect_eq(error.kind, BASE_ERROR_MACHINE);
            cr_expect_not_null(strstr(error.text, cases[i].sentence), "%s", error.text);
        }
        profile_plan_destroy(plan);
    }
}
