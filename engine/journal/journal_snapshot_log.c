/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_snapshot.h"

#include "journal_time.h"

#include "base_clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct log_file {
    FILE *file; /* NULL: none */
    const char *host;
    uint64_t octets;
    bool is_full;
};

struct journal_snapshot {
    uint64_t octets_max;
    uint32_t node_count;
    struct log_file files[];
};

void journal_snapshot_format(const struct journal_trace_record *record,
                             const struct journal_place *place, const char *host,
                             enum journal_module module, char *out, size_t out_size) {
    static const char *const modules[] = {
        [JOURNAL_NETWORK_SIP] = "network.sip",
        [JOURNAL_NETWORK_HTTP] = "network.http",
    };
    char local[JOURNAL_TIME_SIZE];
    char utc[JOURNAL_TIME_SIZE];
    const char *remote_host = record->remote_host;
    const char *remote = record->sent ? "Dst" : "Src";
    if (remote_host[0] == '\0' && place->remote_host != NULL) {
        remote_host = place->remote_host;
    }
    journal_time_local(record->wall_ns, local);
    journal_time_utc(record->wall_ns, ',', utc);
    snprintf(out, out_size,
             "%s %s %s: UTCTime=\"%s\" Module=\"%s\" Level=\"DEBUG\": Action=\"%s\" "
             "Local-ip=\"%s\" Local-port=\"%u\" %s-ip=\"%s\" %s-port=\"%u\"",
             local, host, place->process, utc, modules[module], record->sent ? "Sent" : "Received",
             place->local_host, record->local_port != 0 ? record->local_port : place->local_port,
             remote, remote_host, remote,
             record->remote_port != 0 ? record->remote_port : place->remote_port);
}

static void put(struct log_file *log, const char *text) {
    log->octets += strlen(text);
    fputs(text, log->file);
}

/* Lines end in LF alone, each begins with a blank, and nothing moves a terminal's cursor. */
static void put_message(struct log_file *log, struct bytes message) {
    uint64_t written = message.length;
    for (size_t i = 0; i < message.length; i++) {
        uint8_t octet = message.data[i];
        bool ends_line = octet == '\r' && i + 1 < message.length && message.data[i + 1] == '\n';
        if (ends_line) {
            written--;
            continue;
        }
        if ((octet < 0x20 && octet != '\n' && octet != '\t') || octet == 0x7f) {
            octet = '.';
        }
        putc_unlocked(octet, log->file);
        if (octet == '\n') {
            putc_unlocked(' ', log->file);
            written++;
        }
    }
    log->octets += written;
}

static void put_remark(struct log_file *log, const char *text) {
    char local[JOURNAL_TIME_SIZE];
    char utc[JOURNAL_TIME_SIZE];
    char line[512];
    int64_t now_ns = base_clock_wall_ns();
    journal_time_local(now_ns, local);
    journal_time_utc(now_ns, ',', utc);
    snprintf(line, sizeof line, "%s %s ekuload: UTCTime=\"%s\" Level=\"WARN\": Detail=\"%s\"\n",
             local, log->host, utc, text);
    put(log, line);
}

/* The last line tells why there is no later one. */
static bool has_room(const struct journal_snapshot *snapshot, struct log_file *log, size_t octets) {
    if (log->file == NULL || log->is_full) {
        return false;
    }
    log->is_full = log->octets + octets > snapshot->octets_max;
    if (log->is_full) {
        put_remark(log, "this log has reached its size limit: later messages are not in it");
    }
    return !log->is_full;
}

void journal_snapshot_write(struct journal_snapshot *snapshot,
                            const struct journal_trace_record *record,
                            const struct journal_place *place, enum journal_module module,
                            struct bytes message) {
    struct log_file *log = &snapshot->files[place->node];
    char header[JOURNAL_LINE_SIZE];
    if (!has_room(snapshot, log, sizeof header + message.length)) {
        return;
    }
    journal_snapshot_format(record, place, log->host, module, header, sizeof header);
    put(log, header);
    put(log, module == JOURNAL_NETWORK_SIP ? "\n SIPMSG:\n |" : "\n HTTPMSG:\n |");
    put_message(log, message);
    put(log, "|\n");
}

void journal_snapshot_event(struct journal_snapshot *snapshot, const struct journal_event *event,
                            const struct journal_place *place) {
    struct log_file *log = &snapshot->files[place->node];
    char line[JOURNAL_LINE_SIZE];
    if (!has_room(snapshot, log, sizeof line)) {
        return;
    }
    journal_log_format(event, place, line, sizeof line);
    /* Behind the time, as in every line here. */
    size_t time = strcspn(line, " ");
    log->octets += strlen(line) + strlen(log->host) + 2;
    fprintf(log->file, "%.*s %s%s\n", (int)time, line, log->host, line + time);
}

void journal_snapshot_remark(struct journal_snapshot *snapshot, const char *text) {
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        if (snapshot->files[i].file != NULL) {
            put_remark(&snapshot->files[i], text);
        }
    }
}

bool journal_snapshot_open(struct journal_snapshot **out, const struct journal_snapshot_file *files,
                           uint32_t node_count, uint64_t octets_max, struct base_error *error) {
    struct journal_snapshot *snapshot =
        calloc(1, sizeof *snapshot + node_count * sizeof snapshot->files[0]);
    struct base_error ignored;
    *out = NULL;
    if (snapshot == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    snapshot->octets_max = octets_max;
    snapshot->node_count = node_count;
    for (uint32_t i = 0; i < node_count; i++) {
        struct log_file *log = &snapshot->files[i];
        log->host = files[i].host;
        if (files[i].path == NULL) {
            continue;
        }
        log->file = fopen(files[i].path, "we");
        if (log->file == NULL) {
            base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", files[i].path,
                           strerror(errno));
            journal_snapshot_close(snapshot, &ignored);
            return false;
        }
    }
    *out = snapshot;
    return true;
}

void journal_snapshot_flush(struct journal_snapshot *snapshot) {
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        if (snapshot->files[i].file != NULL) {
            fflush(snapshot->files[i].file);
        }
    }
}

bool journal_snapshot_close(struct journal_snapshot *snapshot, struct base_error *error) {
    bool good = true;
    for (uint32_t i = 0; snapshot != NULL && i < snapshot->node_count; i++) {
        FILE *file = snapshot->files[i].file;
        if (file == NULL) {
            continue;
        }
        bool failed = ferror(file) != 0;
        failed = fclose(file) != 0 || failed;
        good = good && !failed;
    }
    free(snapshot);
    return good || base_error_set(error, BASE_ERROR_MACHINE,
                                  "a loggingsnapshot is incomplete: writing to it failed");
}
