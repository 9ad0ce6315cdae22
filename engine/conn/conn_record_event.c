/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "base_clock.h"

#include <stdio.h>
#include <string.h>

static struct journal_event event_at(struct node_hop hop, enum journal_kind kind) {
    return (struct journal_event){
        .kind = kind,
        .subject = hop.index,
        .on_listener = hop.is_listener,
        .wall_ns = base_clock_wall_ns(),
    };
}

static struct journal_event event_of(const struct conn *conn,
                                     const struct conn_environment *environment,
                                     enum journal_kind kind) {
    struct journal_event event = event_at(conn_hop(conn), kind);
    event.fault = (enum fault)conn->fault;
    if (conn->initiator && environment->shard->zones[conn->subject].target_count > 0) {
        event.target_port = net_address_port(conn->remote);
        net_address_host_text(conn->remote, event.target_host, sizeof event.target_host);
    }
    return event;
}

void conn_print_safely(struct bytes text, char *out, size_t out_size) {
    size_t length = text.length < out_size - 1 ? text.length : out_size - 1;
    for (size_t i = 0; i < length; i++) {
        uint8_t octet = text.data[i];
        out[i] = octet >= ' ' && octet < 0x7f && octet != '"' ? (char)octet : '?';
    }
    out[length] = '\0';
}

void conn_record_tls_error(const struct conn *conn, struct conn_environment *environment,
                           const struct net_address *source) {
    struct journal_event event =
        event_of(conn, environment,
                 conn->initiator ? JOURNAL_OUTBOUND_TLS_ERROR : JOURNAL_INBOUND_TLS_ERROR);
    const struct conn_mismatch *cell =
        &environment->scratch->mismatches[conn->slot % CONN_MISMATCHES];
    if (event.fault == FAULT_TLS_PEER_NAME && cell->slot == conn->slot &&
        cell->generation == conn->generation) {
        memcpy(event.reason, cell->text, sizeof event.reason);
    }
    event.source_port = net_address_port(source);
    net_address_host_text(source, event.source_host, sizeof event.source_host);
    journal_ring_push(environment->journal, &event);
}

void conn_record_tunnel_error(const struct conn *conn, struct conn_environment *environment,
                              enum fault cause) {
    struct journal_event event = event_of(conn, environment, JOURNAL_TUNNEL_ERROR);
    snprintf(event.reason, sizeof event.reason, "%s", base_fault_text(cause));
    journal_ring_push(environment->journal, &event);
}

void conn_record_authentication_failed(const struct conn *conn,
                                       struct conn_environment *environment) {
    struct journal_event event = event_of(conn, environment, JOURNAL_AUTHENTICATION_FAILED);
    event.status = 401;
    if (!environment->frozen) {
        journal_ring_push(environment->journal, &event);
    }
}

enum fault conn_record_rejected(const struct conn *conn, struct conn_environment *environment,
                                enum fault fault, unsigned status, struct bytes reason) {
    struct journal_event event = event_of(conn, environment, JOURNAL_REQUEST_REJECTED);
    char text[METRICS_REASON_TEXT_SIZE + 8];
    if (environment->frozen) {
        return fault;
    }
    event.fault = fault;
    event.status = (uint16_t)status;
    conn_print_safely(reason, event.reason, sizeof event.reason);
    journal_ring_push(environment->journal, &event);
    snprintf(text, sizeof text, "%u%s%s", status, event.reason[0] == '\0' ? "" : " ", event.reason);
    metrics_reasons_record(&environment->shard->zones[conn->subject].reasons, text);
    return fault;
}

void conn_record_unroutable(struct conn_environment *environment, struct node_hop asker,
                            unsigned status, struct bytes reason) {
    struct journal_event event = event_at(asker, JOURNAL_REQUEST_UNROUTABLE);
    if (environment->frozen) {
        return;
    }
    metrics_add(asker.is_listener ? &environment->shard->listeners[asker.index].unroutable
                                  : &environment->shard->zones[asker.index].unroutable,
                1);
    event.status = (uint16_t)status;
    conn_print_safely(reason, event.reason, sizeof event.reason);
    journal_ring_push(environment->journal, &event);
}
