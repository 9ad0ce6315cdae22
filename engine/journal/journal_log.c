/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_log.h"

#include "base_clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct journal_log {
    uint32_t node_count;
    FILE *files[];
};

/* The words of the product's log, which are OpenSSL's where it has any. */
static const char *detail_of(enum fault fault) {
    static const struct {
        enum fault fault;
        const char *detail;
    } details[] = {
        {FAULT_TLS_PEER_EKU, "unsupported certificate purpose"},
        {FAULT_TLS_PEER_EXPIRED, "certificate has expired"},
        {FAULT_TLS_PEER_NOT_YET_VALID, "certificate is not yet valid"},
        {FAULT_TLS_PEER_REVOKED, "certificate revoked"},
        {FAULT_TLS_PEER_UNTRUSTED, "self signed certificate in certificate chain"},
        {FAULT_TLS_PEER_CHAIN_INCOMPLETE, "unable to get local issuer certificate"},
        {FAULT_TLS_PEER_NO_CERTIFICATE, "peer did not return a certificate"},
        {FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE, "sslv3 alert unsupported certificate"},
        {FAULT_TLS_ALERT_UNKNOWN_CA, "tlsv1 alert unknown ca"},
        {FAULT_TLS_ALERT_CERTIFICATE_EXPIRED, "sslv3 alert certificate expired"},
        {FAULT_TLS_ALERT_CERTIFICATE_REVOKED, "sslv3 alert certificate revoked"},
        {FAULT_TLS_ALERT_BAD_CERTIFICATE, "sslv3 alert bad certificate"},
        {FAULT_TLS_ALERT_HANDSHAKE_FAILURE, "sslv3 alert handshake failure"},
        {FAULT_TLS_ALERT_CERTIFICATE_REQUIRED, "tlsv13 alert certificate required"},
    };
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++) {
        if (details[i].fault == fault) {
            return details[i].detail;
        }
    }
    return base_fault_text(fault);
}

static void format_times(int64_t wall_ns, char *local, size_t local_size, char *utc,
                         size_t utc_size) {
    time_t seconds = (time_t)(wall_ns / (int64_t)BASE_NS_PER_S);
    unsigned milliseconds = (unsigned)(wall_ns % (int64_t)BASE_NS_PER_S / (int64_t)BASE_NS_PER_MS);
    struct tm parts;
    char date[32];
    localtime_r(&seconds, &parts);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
    long offset = parts.tm_gmtoff / 60;
    unsigned distance = (unsigned)labs(offset) % (24 * 60);
    snprintf(local, local_size, "%s.%03u%c%02u:%02u", date, milliseconds % 1000,
             offset < 0 ? '-' : '+', distance / 60, distance % 60);
    gmtime_r(&seconds, &parts);
    strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &parts);
    snprintf(utc, utc_size, "%s.%03u", date, milliseconds);
}

void journal_log_format(const struct journal_event *event, const struct journal_place *place,
                        char *out, size_t out_size) {
    char local[48];
    char utc[48];
    char common_name[320] = "";
    char source_port[32] = "";
    bool inbound = event->kind == JOURNAL_INBOUND_TLS_ERROR;
    format_times(event->wall_ns, local, sizeof local, utc, sizeof utc);
    if (!inbound && place->common_name != NULL) {
        snprintf(common_name, sizeof common_name, " Common-name=\"%s\"", place->common_name);
    }
    if (event->source_port != 0) {
        snprintf(source_port, sizeof source_port, " Src-port=\"%u\"", event->source_port);
    }
    snprintf(out, out_size,
             "%s %s: Event=\"%s TLS Negotiation Error\" Service=\"%s\" Src-ip=\"%s\"%s "
             "Dst-ip=\"%s\" Dst-port=\"%u\" Detail=\"%s\" Protocol=\"TLS\"%s "
             "Level=\"1\" UTCTime=\"%s\"",
             local, place->process, inbound ? "Inbound" : "Outbound", place->service,
             inbound ? event->source_host : place->local_host, source_port,
             inbound ? place->local_host : place->remote_host,
             inbound ? place->local_port : place->remote_port, detail_of(event->fault), common_name,
             utc);
}

bool journal_log_open(struct journal_log **out, const char *const *paths, uint32_t node_count,
                      struct base_error *error) {
    struct journal_log *log = calloc(1, sizeof *log + node_count * sizeof log->files[0]);
    *out = NULL;
    if (log == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    log->node_count = node_count;
    for (uint32_t i = 0; i < node_count; i++) {
        if (paths[i] == NULL) {
            continue;
        }
        log->files[i] = fopen(paths[i], "we");
        if (log->files[i] == NULL) {
            base_error_set(error, BASE_ERROR_MACHINE, "cannot write %s: %s", paths[i],
                           strerror(errno));
            struct base_error ignored;
            journal_log_close(log, &ignored);
            return false;
        }
    }
    *out = log;
    return true;
}

void journal_log_write(struct journal_log *log, const struct journal_event *event,
                       const struct journal_place *place) {
    char line[JOURNAL_LINE_SIZE];
    if (log->files[place->node] == NULL) {
        return;
    }
    journal_log_format(event, place, line, sizeof line);
    fputs(line, log->files[place->node]);
    fputc('\n', log->files[place->node]);
}

void journal_log_flush(struct journal_log *log) {
    for (uint32_t i = 0; i < log->node_count; i++) {
        if (log->files[i] != NULL) {
            fflush(log->files[i]);
        }
    }
}

bool journal_log_close(struct journal_log *log, struct base_error *error) {
    bool good = true;
    for (uint32_t i = 0; log != NULL && i < log->node_count; i++) {
        if (log->files[i] == NULL) {
            continue;
        }
        bool failed = ferror(log->files[i]) != 0;
        failed = fclose(log->files[i]) != 0 || failed;
        good = good && !failed;
    }
    free(log);
    return good || base_error_set(error, BASE_ERROR_MACHINE,
                                  "an events.log is incomplete: writing to it failed");
}
