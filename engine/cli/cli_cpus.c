/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_cpus.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_SIZE 1024

/* A number of a core and what stands behind it. */
static bool read_core(const char **list, size_t *core) {
    char *end;
    if (**list < '0' || **list > '9') {
        return false;
    }
    unsigned long value = strtoul(*list, &end, 10);
    *list = end;
    *core = value;
    return value < CPU_SETSIZE;
}

/* The form of the kernel's own lists: "0-3,8". */
static bool read_list(const char *list, cpu_set_t *cores) {
    CPU_ZERO(cores);
    do {
        size_t first;
        size_t last;
        if (!read_core(&list, &first)) {
            return false;
        }
        last = first;
        if (*list == '-' && (list++, !read_core(&list, &last) || last < first)) {
            return false;
        }
        for (size_t core = first; core <= last; core++) {
            CPU_SET(core, cores);
        }
    } while (*list++ == ',');
    return list[-1] == '\0';
}

bool cli_cpus_choose(const char *list, struct base_error *error) {
    cpu_set_t wanted;
    cpu_set_t taken;
    if (!read_list(list, &wanted)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "--cpus: expected core numbers such as 0-3,8, not \"%s\"", list);
    }
    if (sched_setaffinity(0, sizeof wanted, &wanted) != 0) {
        return base_error_set(error, BASE_ERROR_MACHINE, "--cpus %s: %s", list,
                              errno == EINVAL ? "none of these cores may be used here"
                                              : strerror(errno));
    }
    /* The kernel leaves out what is not there, and says nothing. */
    if (sched_getaffinity(0, sizeof taken, &taken) != 0 || !CPU_EQUAL(&wanted, &taken)) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "--cpus %s: some of these cores may not be used here", list);
    }
    return true;
}

/* The first line of a file of /sys; false when there is no such file. */
static bool read_line(const char *path, char line[LIST_SIZE]) {
    FILE *file = fopen(path, "re");
    bool good = file != NULL && fgets(line, LIST_SIZE, file) != NULL;
    if (file != NULL) {
        fclose(file);
    }
    if (good) {
        line[strcspn(line, "\n")] = '\0';
    }
    return good;
}

/* Threads of one physical core count once: by the first of them that may be used. */
static unsigned physical_cores(const cpu_set_t *allowed) {
    unsigned count = 0;
    for (size_t core = 0; core < CPU_SETSIZE; core++) {
        char path[96];
        char line[LIST_SIZE];
        cpu_set_t siblings;
        if (!CPU_ISSET(core, allowed)) {
            continue;
        }
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%zu/topology/thread_siblings_list",
                 core);
        bool first = true;
        if (read_line(path, line) && read_list(line, &siblings)) {
            for (size_t other = 0; other < core; other++) {
                first = first && !(CPU_ISSET(other, &siblings) && CPU_ISSET(other, allowed));
            }
        }
        count += first ? 1 : 0;
    }
    return count;
}

static unsigned numa_nodes(const cpu_set_t *allowed) {
    char online[LIST_SIZE];
    cpu_set_t nodes;
    unsigned count = 0;
    if (!read_line("/sys/devices/system/node/online", online) || !read_list(online, &nodes)) {
        return 1;
    }
    for (size_t node = 0; node < CPU_SETSIZE; node++) {
        char path[96];
        char line[LIST_SIZE];
        cpu_set_t cores;
        snprintf(path, sizeof path, "/sys/devices/system/node/node%zu/cpulist", node);
        if (CPU_ISSET(node, &nodes) && read_line(path, line) && read_list(line, &cores)) {
            CPU_AND(&cores, &cores, allowed);
            count += CPU_COUNT(&cores) > 0 ? 1 : 0;
        }
    }
    return count;
}

void cli_cpus_describe(char *out, size_t out_size) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        snprintf(out, out_size, "unknown");
        return;
    }
    unsigned nodes = numa_nodes(&allowed);
    int written = snprintf(out, out_size, "%d, of %u physical ones", CPU_COUNT(&allowed),
                           physical_cores(&allowed));
    if (nodes > 1 && written > 0 && (size_t)written < out_size) {
        snprintf(out + written, out_size - (size_t)written,
                 ", on %u NUMA nodes (`run --cpus` keeps a run on one of them)", nodes);
    }
}
