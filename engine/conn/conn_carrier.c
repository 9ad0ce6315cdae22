/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "profile_plan.h"

#include <stdio.h>

static struct conn_carriers *carriers_at(const struct conn_environment *environment,
                                         struct node_hop hop) {
    return hop.is_listener ? &environment->listener_carriers[hop.index]
                           : &environment->zone_carriers[hop.index];
}

static struct node_hop hop_of(const struct conn *conn) {
    return (struct node_hop){.is_listener = !conn->initiator, .index = conn->subject};
}

/* The other workers are told of the first and of the last one. */
static void announce(const struct conn_environment *environment, struct node_hop hop,
                     bool carries) {
    if (environment->mail != NULL) {
        conn_mail_announce(environment->mail, environment->worker, hop, carries);
    }
}

void conn_carrier_join(struct conn *conn, struct conn_environment *environment) {
    struct base_link *list = &carriers_at(environment, hop_of(conn))->list;
    if (!base_list_is_empty(&conn->carrier)) {
        return;
    }
    if (base_list_is_empty(list)) {
        announce(environment, hop_of(conn), true);
    }
    base_list_append(list, &conn->carrier);
}

void conn_carrier_leave(struct conn *conn, struct conn_environment *environment) {
    if (base_list_is_empty(&conn->carrier)) {
        return;
    }
    base_list_remove(&conn->carrier);
    if (base_list_is_empty(&carriers_at(environment, hop_of(conn))->list)) {
        announce(environment, hop_of(conn), false);
    }
}

void conn_carrier_end(struct conn *conn, struct conn_environment *environment) {
    /* That a peer hung up is no reason when we would not have it. */
    enum fault fault = conn->distrusted ? FAULT_SIP_AUTH_FAILED : (enum fault)conn->fault;
    conn_carrier_leave(conn, environment);
    carriers_at(environment, hop_of(conn))->last_fault = fault;
    if (environment->mail != NULL) {
        conn_mail_note_end(environment->mail, hop_of(conn), fault);
    }
}

struct conn *conn_carrier_find(struct conn_environment *environment, struct node_hop hop) {
    struct base_link *list = &carriers_at(environment, hop)->list;
    if (base_list_is_empty(list)) {
        return NULL;
    }
    struct conn *conn = BASE_CONTAINER_OF(list->next, struct conn, carrier);
    base_list_remove(&conn->carrier);
    base_list_append(list, &conn->carrier);
    return conn;
}

/* At a listener that fault is our judgement of the peer. */
static const char *text_of(struct node_hop hop, enum fault fault) {
    return hop.is_listener && fault == FAULT_SIP_AUTH_FAILED
               ? "Incorrect authentication credential for user"
               : base_fault_text(fault);
}

void conn_carrier_explain(const struct conn_environment *environment, struct node_hop hop,
                          const char *what, char *out, size_t out_size) {
    const struct profile_plan *plan = environment->instance->plan;
    enum fault fault = environment->mail != NULL ? conn_mail_last_fault(environment->mail, hop)
                                                 : carriers_at(environment, hop)->last_fault;
    snprintf(out, out_size, "no %s is open on %s%s%s", what,
             hop.is_listener ? plan->listeners[hop.index].full_name
                             : plan->zones[hop.index].full_name,
             fault == FAULT_NONE ? "" : ": ", fault == FAULT_NONE ? "" : text_of(hop, fault));
}
