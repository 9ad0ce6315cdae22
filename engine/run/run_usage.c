/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_usage.h"

#include <dirent.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

/* "VmRSS:     5120 kB". 0: there is no such process, or it may not be read. */
static uint64_t rss_kib_of(const char *path) {
    char line[256];
    uint64_t rss_kib = 0;
    FILE *file = fopen(path, "re");
    while (file != NULL && rss_kib == 0 && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmRSS: %" SCNu64, &rss_kib) != 1) {
            rss_kib = 0;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return rss_kib;
}

uint64_t run_usage_rss_kib(long pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/status", pid);
    return rss_kib_of(path);
}

/* Of several processes one sum: a server of many is watched as one. */
static uint64_t peers_rss_kib(const struct run_options *options) {
    uint64_t sum = 0;
    for (size_t i = 0; i < options->peer_pid_count; i++) {
        uint64_t rss_kib = run_usage_rss_kib(options->peer_pids[i]);
        if (rss_kib == 0) {
            return 0;
        }
        sum += rss_kib;
    }
    return sum;
}

static uint64_t count_descriptors(void) {
    uint64_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        count += entry->d_name[0] != '.' ? 1 : 0;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count > 0 ? count - 1 : 0; /* the folder itself */
}

void run_usage_read(struct metrics_usage *out, const struct run_options *options) {
    const struct mallinfo2 heap = mallinfo2();
    *out = (struct metrics_usage){
        .rss_kib = rss_kib_of("/proc/self/status"),
        .heap_kib = (heap.uordblks + heap.hblkhd) / 1024,
        .descriptors = count_descriptors(),
        .peer_rss_kib = peers_rss_kib(options),
    };
}
