/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

/* Whether the first byte from the peer says too little: its first final answer decides. */
static bool waits_for_an_answer(const struct node_zone *zone) {
    switch (zone->dialog) {
    case NODE_DIALOG_NONE:
        return false;
    case NODE_DIALOG_OPTIONS:
        return zone->credentials.username != NULL ||
               (zone->users != NULL && zone->users->password != PROFILE_NONE);
    case NODE_DIALOG_REGISTER:
    case NODE_DIALOG_INVITE:
    case NODE_DIALOG_HTTP:
    case NODE_DIALOG_SCRIPT:
    default:
        return true;
    }
}

void conn_admit(struct conn *conn, struct conn_environment *environment) {
    conn->admitted = true;
    conn_record_admitted(conn, environment);
    if (conn->initiator) {
        if (!waits_for_an_answer(conn_zone(conn, environment))) {
            conn_establish(conn, environment);
        }
        return;
    }
    base_timer_cancel(&environment->wheel, &conn->timer);
    /* Where peers must authenticate, only those who did are trusted with requests of others. */
    const struct node_listener *listener = &environment->instance->listeners[conn->subject];
    if (!node_credentials_given(&listener->credentials) && !listener->needs_alias) {
        conn_carrier_join(conn, environment);
    }
}

void conn_establish(struct conn *conn, struct conn_environment *environment) {
    const struct node_zone *zone = conn_zone(conn, environment);
    if (conn->established) {
        return;
    }
    conn->established = true;
    conn_record_established(conn, environment);
    conn_carrier_join(conn, environment);
    /* The hold time of an INVITE is its call's; where dialogs are counted, it begins with the end
     * of the last one. */
    if (!zone->stays_open && zone->dialogs == 0 && zone->dialog != NODE_DIALOG_INVITE) {
        conn->close_at_ns = environment->now_ns + conn_draw_hold_ns(conn, environment);
    }
}
