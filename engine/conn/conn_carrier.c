/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "profile_plan.h"

#include <stdio.h>

static struct conn_carriers *carriers_at(const struct conn_environment *environment,
                                         struct node_hop hop) {
    return hop.is_listener ? &environment->listener_carriers[hop.index]
                           : &environment->zone_carriers[hop.index];
}

/* The other workers are told of the first and of the last one. */
static void announce(const struct conn_environment *environment, struct node_hop hop,
                     bool carries) {
    if (environment->mail != NULL) {
        conn_mail_announce(environment->mail, environment->worker, hop, carries);
    }
}

void conn_carrier_join(struct conn *conn, struct conn_environment *environment) {
    struct conn_carriers *carriers = carriers_at(environment, conn_hop(conn));
    if (!base_list_is_empty(&conn->carrier)) {
        return;
    }
    if (carriers->count == 0) {
        announce(environment, conn_hop(conn), true);
    }
    base_list_append(&carriers->list, &conn->carrier);
    carriers->count++;
}

void conn_carrier_leave(struct conn *conn, struct conn_environment *environment) {
    struct conn_carriers *carriers = carriers_at(environment, conn_hop(conn));
    if (base_list_is_empty(&conn->carrier)) {
        return;
    }
    base_list_remove(&conn->carrier);
    carriers->count--;
    if (carriers->count == 0) {
        announce(environment, conn_hop(conn), false);
    }
}

void conn_carrier_end(struct conn *conn, struct conn_environment *environment) {
    /* That a peer hung up is no reason when we would not have it. */
    enum fault fault = conn->distrusted ? FAULT_SIP_AUTH_FAILED : (enum fault)conn->fault;
    conn_carrier_leave(conn, environment);
    carriers_at(environment, conn_hop(conn))->last_fault = fault;
    if (environment->mail != NULL) {
        conn_mail_note_end(environment->mail, conn_hop(conn), fault);
    }
}

static struct conn *next_in_turn(struct conn_carriers *carriers) {
    struct conn *conn = BASE_CONTAINER_OF(carriers->list.next, struct conn, carrier);
    base_list_remove(&conn->carrier);
    base_list_append(&carriers->list, &conn->carrier);
    return conn;
}

/* Each is tried once at the most: those that are passed by stay in the list, and the end of one may
 * end others. */
enum conn_carried conn_carrier_send(struct conn_environment *environment, struct node_hop hop,
                                    uint64_t asker, struct bytes message, struct conn **over) {
    struct conn_carriers *carriers = carriers_at(environment, hop);
    enum conn_carried carried = CONN_CARRIED_BY_NONE;
    for (uint32_t tries = carriers->count; tries > 0 && carriers->count > 0; tries--) {
        struct conn *carrier = next_in_turn(carriers);
        if (conn_relay_token(carrier, environment) == asker) {
            carried = carried == CONN_CARRIED_BY_NONE ? CONN_CARRIED_IN_A_LOOP : carried;
            continue;
        }
        if (!conn_relay_has_room(environment, carrier, message)) {
            carried = CONN_CARRIED_LATER;
            continue;
        }
        if (conn_relay_deliver(environment, carrier, message)) {
            *over = carrier;
            return CONN_CARRIED;
        }
        conn_carrier_leave(carrier, environment); /* the next one may still be good */
    }
    return carried;
}

/* At a listener that fault is our judgement of the peer. */
static const char *text_of(struct node_hop hop, enum fault fault) {
    return hop.is_listener && fault == FAULT_SIP_AUTH_FAILED
               ? "Incorrect authentication credential for user"
               : base_fault_text(fault);
}

void conn_carrier_explain(const struct conn_environment *environment, struct node_hop hop,
                          enum conn_carried carried, const char *what, char *out, size_t out_size) {
    const struct profile_plan *plan = environment->instance->plan;
    const char *name =
        hop.is_listener ? plan->listeners[hop.index].full_name : plan->zones[hop.index].full_name;
    enum fault fault = environment->mail != NULL ? conn_mail_last_fault(environment->mail, hop)
                                                 : carriers_at(environment, hop)->last_fault;
    if (carried == CONN_CARRIED_LATER) {
        snprintf(out, out_size, "too much waits on %s already", name);
        return;
    }
    if (hop.is_listener && environment->instance->listeners[hop.index].needs_alias) {
        snprintf(out, out_size, "no %s is open on %s that offers to carry requests back (;alias)",
                 what, name);
        return;
    }
    snprintf(out, out_size, "no %s is open on %s%s%s", what, name, fault == FAULT_NONE ? "" : ": ",
             fault == FAULT_NONE ? "" : text_of(hop, fault));
}
