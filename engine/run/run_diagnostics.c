/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include "capture.h"
#include "journal_snapshot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The names of the product's own bundle. */
#define CAPTURE_STEM "eth0_diagnostic_logging_tcpdump00"
#define KEYS_STEM    "sslkeylog"
#define LOG_STEM     "loggingsnapshot"

static bool file_path(char out[RUN_PATH_MAX], const struct run *run, uint32_t node,
                      const char *stem, const char *ending, struct base_error *error) {
    const char *name = run->plan->nodes[node].name;
    return run_path(out, error, "%s/%s/%s_%s_%s.%s", run->options->diagnostics_directory, name,
                    stem, name, run->diagnostics.stamp, ending);
}

static FILE *create_file(const struct run *run, uint32_t node, const char *stem, const char *ending,
                         struct base_error *error) {
    char path[RUN_PATH_MAX];
    if (!file_path(path, run, node, stem, ending, error)) {
        return NULL;
    }
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", path, strerror(errno));
    }
    return file;
}

static bool close_file(FILE *file, const char *what, struct base_error *error) {
    bool failed = ferror(file) != 0;
    failed = fclose(file) != 0 || failed;
    return !failed ||
           base_error_set(error, BASE_ERROR_MACHINE,
                          "%s of a diagnostic bundle is incomplete: writing it failed", what);
}

/* Certificates alone: a bundle is handed on. */
static bool write_store(const struct run *run, uint32_t node, const char *stem,
                        const struct run_store *store, struct base_error *error) {
    if (store->count == 0) {
        return true;
    }
    FILE *file = create_file(run, node, stem, "pem", error);
    for (uint32_t i = 0; file != NULL && i < store->count; i++) {
        fputs(store->credentials[i].chain_pem, file);
    }
    return file != NULL && close_file(file, stem, error);
}

static bool write_trust(const struct run *run, uint32_t node, struct base_error *error) {
    FILE *file = create_file(run, node, "ca", "pem", error);
    if (file == NULL) {
        return false;
    }
    fputs(run->pki.nodes[node].trust_pem, file);
    return close_file(file, "ca", error);
}

static bool write_certificates(const struct run *run, uint32_t node, struct base_error *error) {
    const struct run_node_pki *pki = &run->pki.nodes[node];
    return write_trust(run, node, error) && write_store(run, node, "server", &pki->server, error) &&
           write_store(run, node, "client", &pki->client, error);
}

/* One key log under a name in every bundle: any secret of the run may be in any capture. */
static bool share_keys(const struct run *run, uint32_t node, char first[RUN_PATH_MAX],
                       struct base_error *error) {
    char path[RUN_PATH_MAX];
    if (first[0] == '\0') {
        return file_path(first, run, node, KEYS_STEM, "txt", error) &&
               run->options->log_keys(first, error);
    }
    if (!file_path(path, run, node, KEYS_STEM, "txt", error)) {
        return false;
    }
    return link(first, path) == 0 ||
           base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", path, strerror(errno));
}

static bool open_log(struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    char(*paths)[RUN_PATH_MAX] = calloc(plan->node_count + 1, sizeof *paths);
    struct journal_snapshot_file *files = calloc(plan->node_count + 1, sizeof *files);
    bool good = (paths != NULL && files != NULL) || run_out_of_memory(error);
    for (uint32_t i = 0; good && i < plan->node_count; i++) {
        if (run->runs_here[i]) {
            good = file_path(paths[i], run, i, LOG_STEM, "txt", error);
            files[i] =
                (struct journal_snapshot_file){.path = paths[i], .host = plan->nodes[i].name};
        }
    }
    good = good && journal_snapshot_open(&run->diagnostics.log, files, plan->node_count,
                                         JOURNAL_SNAPSHOT_OCTETS_MAX, error);
    free(files);
    free(paths);
    return good;
}

static void note(const struct run *run, const char *sentence) {
    if (run->options->note != NULL) {
        run->options->note(sentence);
    }
}

/* In place of the capture: nobody should have to guess why it is not there. */
static bool explain_missing(const struct run *run, uint32_t node, const char *why,
                            struct base_error *error) {
    char sentence[1280];
    FILE *file = create_file(run, node, "README", "txt", error);
    if (file == NULL) {
        return false;
    }
    fprintf(file, "There is no packet capture here: %s.\nEverything else of the bundle is.\n", why);
    snprintf(sentence, sizeof sentence, "no packet capture of %s: %s", run->plan->nodes[node].name,
             why);
    note(run, sentence);
    return close_file(file, "README", error);
}

static bool start_capture(struct run *run, uint32_t node, struct base_error *error) {
    char path[RUN_PATH_MAX];
    struct base_error why;
    char *filter = run_capture_filter(run, node);
    if (filter == NULL) {
        return run_out_of_memory(error);
    }
    bool good = file_path(path, run, node, CAPTURE_STEM, "pcap", error);
    const struct capture_spec spec = {
        .path = path, .device = run_capture_device(run, node), .filter = filter};
    if (good && filter[0] == '\0') {
        good = explain_missing(run, node, "the node neither listens nor dials", error);
    } else if (good && !capture_start(&run->diagnostics.captures[node], &spec, &why)) {
        good = explain_missing(run, node, why.text, error);
    }
    free(filter);
    return good;
}

static void set_stamp(struct run_diagnostics *diagnostics) {
    time_t now = (time_t)(base_clock_wall_ns() / (int64_t)BASE_NS_PER_S);
    struct tm local;
    localtime_r(&now, &local);
    strftime(diagnostics->stamp, sizeof diagnostics->stamp, "%Y-%m-%d_%H_%M_%S", &local);
}

bool run_diagnostics_open(struct run *run, struct base_error *error) {
    const struct profile_plan *plan = run->plan;
    char path[RUN_PATH_MAX];
    char keys[RUN_PATH_MAX] = "";
    if (run->options->diagnostics_directory == NULL) {
        return true;
    }
    set_stamp(&run->diagnostics);
    run->diagnostics.captures = calloc(plan->node_count + 1, sizeof(struct capture *));
    if (run->diagnostics.captures == NULL) {
        return run_out_of_memory(error);
    }
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (run->runs_here[i] &&
            (!run_path(path, error, "%s/%s", run->options->diagnostics_directory,
                       plan->nodes[i].name) ||
             !run_path_make_folder(path, error) || !write_certificates(run, i, error) ||
             !share_keys(run, i, keys, error) || !start_capture(run, i, error))) {
            return false;
        }
    }
    return open_log(run, error) && run_trace_open(run, error);
}

static void write_how_to_read(const struct run *run, uint32_t node,
                              const struct capture_counts *counts, FILE *file) {
    const char *name = run->plan->nodes[node].name;
    const char *stamp = run->diagnostics.stamp;
    fprintf(file,
            "%" PRIu64 " packets of %s's own connections, %" PRIu64 " dropped by the kernel.\n",
            counts->written, name, counts->dropped);
    if (counts->is_full) {
        fprintf(file,
                "The file has reached its limit of %" PRIu64 " MiB: later packets are not in it.\n",
                CAPTURE_FILE_OCTETS_MAX >> 20);
    }
    fprintf(file, "Decrypted by:\n\n    wireshark -o tls.keylog_file:%s_%s_%s.txt", KEYS_STEM, name,
            stamp);
    run_capture_write_decoding(run, node, file);
    fprintf(file,
            " %s_%s_%s.pcap\n\n"
            "The key log opens every connection of this run: hand it on only with the capture.\n",
            CAPTURE_STEM, name, stamp);
}

static void note_losses(const struct run *run, uint32_t node, const struct capture_counts *counts) {
    char sentence[512];
    const char *name = run->plan->nodes[node].name;
    if (counts->dropped > 0) {
        snprintf(sentence, sizeof sentence,
                 "the packet capture of %s lacks %" PRIu64 " packets: the machine was too busy",
                 name, counts->dropped);
        note(run, sentence);
    }
    if (counts->is_full) {
        snprintf(sentence, sizeof sentence,
                 "the packet capture of %s has reached its limit of %" PRIu64 " MiB", name,
                 CAPTURE_FILE_OCTETS_MAX >> 20);
        note(run, sentence);
    }
}

static void stop_capture(struct run *run, uint32_t node) {
    struct capture_counts counts;
    struct base_error error;
    FILE *file;
    if (!capture_stop(run->diagnostics.captures[node], &counts, &error)) {
        note(run, error.text);
    }
    run->diagnostics.captures[node] = NULL;
    note_losses(run, node, &counts);
    file = create_file(run, node, "README", "txt", &error);
    if (file == NULL) {
        note(run, error.text);
        return;
    }
    write_how_to_read(run, node, &counts, file);
    if (!close_file(file, "README", &error)) {
        note(run, error.text);
    }
}

static void stop_captures(struct run *run) {
    struct capture **captures = run->diagnostics.captures;
    for (uint32_t i = 0; i < run->plan->node_count; i++) {
        if (captures[i] != NULL) {
            capture_end(captures[i]);
        }
    }
    for (uint32_t i = 0; i < run->plan->node_count; i++) {
        if (captures[i] != NULL) {
            stop_capture(run, i);
        }
    }
}

static void close_log(struct run *run) {
    char sentence[128];
    struct base_error error;
    uint64_t dropped = run_trace_dropped(run);
    if (dropped > 0) {
        snprintf(sentence, sizeof sentence,
                 "%" PRIu64 " messages are missing: the log could not keep up", dropped);
        journal_snapshot_remark(run->diagnostics.log, sentence);
        note(run, sentence);
    }
    if (!journal_snapshot_close(run->diagnostics.log, &error)) {
        note(run, error.text);
    }
    run->diagnostics.log = NULL;
}

void run_diagnostics_conclude(struct run *run) {
    struct base_error error;
    if (run->diagnostics.log != NULL && run->diagnostics.next != NULL) {
        run_trace_drain(run, true);
        close_log(run);
    }
    if (run->diagnostics.captures != NULL) {
        stop_captures(run);
        if (!run->options->log_keys(NULL, &error)) {
            note(run, error.text);
        }
    }
}

void run_diagnostics_finish(struct run *run) {
    struct base_error ignored;
    run_diagnostics_conclude(run);
    journal_snapshot_close(run->diagnostics.log, &ignored);
    run_trace_finish(run);
    free(run->diagnostics.captures);
    run->diagnostics = (struct run_diagnostics){.captures = NULL};
}
