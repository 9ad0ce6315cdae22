/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

enum fault conn_call_begin(struct conn *conn, struct conn_environment *environment) {
    conn->dialog = base_random_next(&environment->random);
    return conn_uac_send(conn, environment, SIP_INVITE);
}

static enum fault acknowledge(struct conn *conn, struct conn_environment *environment,
                              const struct sip_message *response) {
    struct base_buffer message = conn_message_buffer(environment);
    const uint64_t branch_of_invite = conn->branch;
    if (response == NULL) {
        conn->branch = base_random_next(&environment->random); /* a transaction of its own */
    }
    bool written = conn_request_write(conn, environment, SIP_ACK, response, &message);
    conn->branch = branch_of_invite;
    return written ? conn_write_message(conn, environment, base_buffer_bytes(&message))
                   : FAULT_LOCAL_ERROR;
}

enum fault conn_call_acknowledge_error(struct conn *conn, struct conn_environment *environment,
                                       const struct sip_message *response) {
    return acknowledge(conn, environment, response);
}

enum fault conn_call_acknowledge_again(struct conn *conn, struct conn_environment *environment) {
    return acknowledge(conn, environment, NULL);
}

enum fault conn_call_answered(struct conn *conn, struct conn_environment *environment,
                              const struct sip_message *response, bool may_answer) {
    uint64_t hold_ns = conn_zone(conn, environment)->hold_ns;
    uint32_t block = base_pool_borrow(&environment->calls);
    if (block == BASE_POOL_NONE) {
        return FAULT_LOCAL_ERROR;
    }
    conn->call = block;
    struct conn_call *call = base_pool_block(&environment->calls, block);
    call->invited_ns = conn->request_ns;
    if (!sip_dialog_from_response(&call->dialog, response)) {
        return FAULT_SIP_MALFORMED;
    }
    conn_establish(conn, environment);
    if (!may_answer) {
        return FAULT_NONE;
    }
    enum fault fault = acknowledge(conn, environment, NULL);
    if (fault != FAULT_NONE || hold_ns > 0) {
        conn_arm(conn, environment, environment->now_ns + hold_ns);
        return fault;
    }
    return conn_uac_send(conn, environment, SIP_BYE);
}

/* RFC 3261 section 9.1: only behind a provisional answer, with the INVITE's branch and CSeq. What
 * comes back is awaited by nobody. */
void conn_call_cancel(struct conn *conn, struct conn_environment *environment) {
    struct base_buffer message = conn_message_buffer(environment);
    if (!conn->rings || !conn->awaits_response || conn->method != SIP_INVITE ||
        !conn_outbox_open(conn, environment)) {
        return;
    }
    if (conn_request_write(conn, environment, SIP_CANCEL, NULL, &message)) {
        (void)conn_write_message(conn, environment, base_buffer_bytes(&message));
    }
    conn_outbox_seal(conn, environment);
}

enum fault conn_call_ended(struct conn *conn, struct conn_environment *environment,
                           bool may_answer) {
    const struct conn_call *call = base_pool_block(&environment->calls, conn->call);
    conn->request_ns = call->invited_ns; /* the interval runs from one INVITE to the next */
    base_pool_give_back(&environment->calls, conn->call);
    conn->call = BASE_POOL_NONE;
    conn_record_call(conn, environment);
    if (!conn_zone(conn, environment)->stays_open) {
        conn->finished = true;
        return FAULT_NONE;
    }
    return may_answer ? conn_go_on(conn, environment, conn_uac_send_next) : FAULT_NONE;
}
