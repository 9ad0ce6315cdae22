/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>

static bool allowed_cores(cpu_set_t *cores) {
    CPU_ZERO(cores);
    return sched_getaffinity(0, sizeof *cores, cores) == 0;
}

unsigned run_machine_cores(void) {
    cpu_set_t cores;
    return allowed_cores(&cores) ? (unsigned)CPU_COUNT(&cores) : 1;
}

int run_machine_core_of(unsigned worker, unsigned worker_count) {
    cpu_set_t cores;
    if (!allowed_cores(&cores) || worker_count != (unsigned)CPU_COUNT(&cores)) {
        return -1;
    }
    for (int core = 0; core < CPU_SETSIZE; core++) {
        if (CPU_ISSET((size_t)core, &cores) && worker-- == 0) {
            return core;
        }
    }
    return -1;
}

static void describe_cpu(char *out, size_t out_size) {
    char line[512];
    FILE *file = fopen("/proc/cpuinfo", "re");
    snprintf(out, out_size, "unknown");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && value != NULL) {
            value[strcspn(value, "\n")] = '\0';
            snprintf(out, out_size, "%s", value + 2);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

void run_machine_describe(struct metrics_tool *tool, const char *wolfssl_version,
                          unsigned threads) {
    struct utsname kernel;
    *tool = (struct metrics_tool){.threads = threads};
    snprintf(tool->version, sizeof tool->version, "%s", EKULOAD_VERSION);
    snprintf(tool->wolfssl, sizeof tool->wolfssl, "%s", wolfssl_version);
    snprintf(tool->liburing, sizeof tool->liburing, "%s", net_ring_library_version());
    if (uname(&kernel) == 0) {
        snprintf(tool->kernel, sizeof tool->kernel, "%s %s", kernel.sysname, kernel.release);
    }
    describe_cpu(tool->cpu, sizeof tool->cpu);
}

uint64_t run_machine_rss_peak_kib(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss : 0;
}
