/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_log.h"
#include "journal_time.h"

#include <stdio.h>

enum { ESCAPED_SIZE = 4 * METRICS_REASON_TEXT_SIZE };

struct wording {
    enum fault fault;
    const char *text;
};

static const char *word(const struct wording *rows, size_t count, enum fault fault) {
    for (size_t i = 0; i < count; i++) {
        if (rows[i].fault == fault) {
            return rows[i].text;
        }
    }
    return base_fault_text(fault);
}
#define WORD(rows, fault) word(rows, sizeof(rows) / sizeof *(rows), fault)

/* The words of the product's log, which are OpenSSL's where it has any. */
static const char *detail_of(enum fault fault) {
    static const struct wording details[] = {
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
    return WORD(details, fault);
}

/* As the product's ssh says it: of a tunnel that was refused, too, it only sees that nothing came
 * of it. Its status page knows better. */
static const char *tunnel_detail_of(enum fault fault) {
    static const struct wording details[] = {
        {FAULT_TCP_REFUSED, "Connection refused"},
        {FAULT_TCP_RESET, "Connection reset by peer"},
        {FAULT_TCP_TIMEOUT, "Connection timed out"},
        {FAULT_TCP_UNREACHABLE, "No route to host"},
        {FAULT_TLS_TIMEOUT, "Connection timed out"},
        {FAULT_TUNNEL_PERMISSION_DENIED, "Connection timed out"},
    };
    return WORD(details, fault);
}

/*
 * A peer's words between quotes: what would end the quotes or the line, and what is no plain ASCII,
 * appears as \xHH.
 */
static void escape(const char *text, char out[ESCAPED_SIZE]) {
    size_t length = 0;
    for (size_t i = 0; i < METRICS_REASON_TEXT_SIZE && text[i] != '\0'; i++) {
        unsigned char octet = (unsigned char)text[i];
        bool plain = octet >= ' ' && octet < 0x7f && octet != '"' && octet != '\\';
        int written =
            snprintf(out + length, ESCAPED_SIZE - length, plain ? "%c" : "\\x%02x", octet);
        if ((size_t)written >= ESCAPED_SIZE - length) {
            break;
        }
        length += (size_t)written;
    }
    out[length] = '\0';
}

/* One end of a connection; a port of 0 is unknown and not written. */
struct end {
    const char *host;
    uint16_t port;
};

static void format_port(char out[32], const char *key, uint16_t port) {
    out[0] = '\0';
    if (port != 0) {
        snprintf(out, 32, " %s=\"%u\"", key, port);
    }
}

/* ` Src-ip="..." Src-port="..." Dst-ip="..." Dst-port="..."` */
static void format_ends(char out[640], struct end from, struct end to) {
    char from_port[32];
    char to_port[32];
    format_port(from_port, "Src-port", from.port);
    format_port(to_port, "Dst-port", to.port);
    snprintf(out, 640, " Src-ip=\"%.255s\"%s Dst-ip=\"%.255s\"%s", from.host, from_port, to.host,
             to_port);
}

static struct end far_end(const struct journal_event *event, const struct journal_place *place) {
    if (!event->on_listener && event->target_port != 0) {
        return (struct end){.host = event->target_host, .port = event->target_port};
    }
    return event->on_listener
               ? (struct end){.host = event->source_host, .port = event->source_port}
               : (struct end){.host = place->remote_host, .port = place->remote_port};
}

static struct end near_end(const struct journal_event *event, const struct journal_place *place) {
    return (struct end){.host = place->local_host,
                        .port = event->on_listener ? place->local_port : event->source_port};
}

static void format_tls_error(const struct journal_event *event, const struct journal_place *place,
                             char *out, size_t out_size) {
    bool inbound = event->kind == JOURNAL_INBOUND_TLS_ERROR;
    struct journal_event placed = *event;
    char common_name[320] = "";
    char ends[640];
    char reason[ESCAPED_SIZE + 16] = "";
    char escaped[ESCAPED_SIZE];
    placed.on_listener = inbound;
    struct end far = far_end(&placed, place);
    struct end near = near_end(&placed, place);
    format_ends(ends, inbound ? far : near, inbound ? near : far);
    if (!inbound && place->common_name != NULL) {
        snprintf(common_name, sizeof common_name, " Common-name=\"%.255s\"", place->common_name);
    }
    if (event->reason[0] != '\0') {
        escape(event->reason, escaped);
        snprintf(reason, sizeof reason, " Reason=\"%s\"", escaped);
    }
    snprintf(
        out, out_size,
        "Event=\"%s TLS Negotiation Error\" Service=\"%s\"%s Detail=\"%s\"%s Protocol=\"TLS\"%s",
        inbound ? "Inbound" : "Outbound", place->service, ends, detail_of(event->fault), reason,
        common_name);
}

static void format_authentication(const struct journal_event *event,
                                  const struct journal_place *place, char *out, size_t out_size) {
    char ends[640];
    format_ends(ends, far_end(event, place), near_end(event, place));
    snprintf(out, out_size,
             "Event=\"Authentication Failed\" Service=\"%s\"%s Detail=\"Incorrect authentication "
             "credential for user\" Protocol=\"TLS\"",
             place->service, ends);
}

/* A request goes to the far end when it is ours, and came from there when it is for others. */
static void format_request(const struct journal_event *event, const struct journal_place *place,
                           char *out, size_t out_size) {
    bool is_ours = event->kind == JOURNAL_REQUEST_REJECTED;
    struct end far = far_end(event, place);
    struct end near = near_end(event, place);
    char ends[640];
    char status[32] = "";
    char reason[ESCAPED_SIZE];
    format_ends(ends, is_ours ? near : far, is_ours ? far : near);
    if (event->status != 0) {
        snprintf(status, sizeof status, " Status=\"%u\"", event->status);
    }
    escape(event->reason, reason);
    snprintf(out, out_size,
             "Event=\"Request %s\" Service=\"%s\"%s%s Reason=\"%s\" Protocol=\"TLS\"",
             is_ours ? "Rejected" : "Failed", place->service, ends, status, reason);
}

static void format_tunnel(const struct journal_event *event, const struct journal_place *place,
                          char *out, size_t out_size) {
    struct end far = far_end(event, place);
    snprintf(out, out_size, "Detail=\"ssh: connect to host %.255s port %u: %s\"",
             place->common_name != NULL ? place->common_name : far.host, far.port,
             tunnel_detail_of(event->fault));
}

void journal_log_format(const struct journal_event *event, const struct journal_place *place,
                        char *out, size_t out_size) {
    static void (*const formats[])(const struct journal_event *event,
                                   const struct journal_place *place, char *out,
                                   size_t out_size) = {
        [JOURNAL_INBOUND_TLS_ERROR] = format_tls_error,
        [JOURNAL_OUTBOUND_TLS_ERROR] = format_tls_error,
        [JOURNAL_TUNNEL_ERROR] = format_tunnel,
        [JOURNAL_AUTHENTICATION_FAILED] = format_authentication,
        [JOURNAL_REQUEST_REJECTED] = format_request,
        [JOURNAL_REQUEST_UNROUTABLE] = format_request,
    };
    char local[JOURNAL_TIME_SIZE];
    char utc[JOURNAL_TIME_SIZE];
    char what[JOURNAL_LINE_SIZE];
    journal_time_local(event->wall_ns, local);
    journal_time_utc(event->wall_ns, '.', utc);
    formats[event->kind](event, place, what, sizeof what);
    if (event->kind == JOURNAL_TUNNEL_ERROR) {
        snprintf(out, out_size, "%s %s: %s Level=\"ERROR\"", local, place->process, what);
        return;
    }
    snprintf(out, out_size, "%s %s: %s Level=\"1\" UTCTime=\"%s\"", local, place->process, what,
             utc);
}
