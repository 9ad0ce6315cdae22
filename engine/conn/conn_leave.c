/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

bool conn_owes_a_word(const struct conn *conn, const struct conn_environment *environment) {
    bool owes = conn->registered || conn->call != BASE_POOL_NONE;
    return owes && conn->initiator && conn->phase == CONN_OPEN && !conn->leaves &&
           !conn->send_broken && !conn_zone(conn, environment)->reset_on_close;
}

/* RFC 3261 section 10.2: no REGISTER while another one is under way. A BYE that is under way is the
 * word itself. */
static bool waits_for_its_turn(const struct conn *conn) {
    return conn->awaits_response && (conn->method == SIP_REGISTER || conn->method == SIP_BYE);
}

bool conn_leave(struct conn *conn, struct conn_environment *environment) {
    if (!conn_owes_a_word(conn, environment) || !conn_outbox_open(conn, environment)) {
        return false;
    }
    enum fault fault = FAULT_NONE;
    conn->leaves = true;
    conn->finished = false; /* the answer is to be read */
    environment->leaving++;
    if (!waits_for_its_turn(conn)) {
        fault = conn->call != BASE_POOL_NONE ? conn_uac_send(conn, environment, SIP_BYE)
                                             : conn_register_take_back(conn, environment);
    }
    conn_outbox_seal(conn, environment);
    return fault == FAULT_NONE;
}
