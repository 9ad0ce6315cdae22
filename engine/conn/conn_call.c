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

/* Until the end of its time, or until it is to be invited again. */
enum fault conn_call_hold(struct conn *conn, struct conn_environment *environment) {
    const struct conn_call *call = base_pool_block(&environment->calls, conn->call);
    uint64_t reinvite_ns = conn_zone(conn, environment)->reinvite_ns;
    uint64_t due_ns = call->ends_ns;
    if (due_ns <= environment->now_ns) {
        return conn_uac_send(conn, environment, SIP_BYE);
    }
    if (reinvite_ns != 0 && environment->now_ns + reinvite_ns < due_ns) {
        due_ns = environment->now_ns + reinvite_ns;
    }
    conn_arm(conn, environment, due_ns);
    return FAULT_NONE;
}

enum fault conn_call_go_on(struct conn *conn, struct conn_environment *environment) {
    struct conn_call *call = base_pool_block(&environment->calls, conn->call);
    bool is_over = call->ends_ns <= environment->now_ns;
    if (is_over || conn_zone(conn, environment)->reinvite_ns == 0) {
        return conn_uac_send(conn, environment, SIP_BYE);
    }
    call->invited_again = true;
    return conn_uac_send(conn, environment, SIP_INVITE);
}

static enum fault answered_again(struct conn *conn, struct conn_environment *environment,
                                 const struct sip_message *response, bool may_answer) {
    struct conn_call *call = base_pool_block(&environment->calls, conn->call);
    sip_dialog_refresh(&call->dialog, response);
    if (!may_answer) {
        return FAULT_NONE;
    }
    enum fault fault = acknowledge(conn, environment, NULL);
    return fault != FAULT_NONE ? fault : conn_call_hold(conn, environment);
}

enum fault conn_call_answered(struct conn *conn, struct conn_environment *environment,
                              const struct sip_message *response, bool may_answer) {
    if (conn->call != BASE_POOL_NONE) {
        return answered_again(conn, environment, response, may_answer);
    }
    /* It was answered before it could be cancelled: it ends at once (RFC 3261 section 9.1). */
    uint64_t hold_ns = conn->gives_up ? 0 : conn_draw_hold_ns(conn, environment);
    uint32_t block = base_pool_borrow(&environment->calls);
    if (block == BASE_POOL_NONE) {
        return FAULT_LOCAL_ERROR;
    }
    conn->call = block;
    struct conn_call *call = base_pool_block(&environment->calls, block);
    call->invited_ns = conn->request_ns;
    call->ends_ns = environment->now_ns + hold_ns;
    call->invited_again = false;
    if (!sip_dialog_from_response(&call->dialog, response)) {
        return FAULT_SIP_MALFORMED;
    }
    conn_establish(conn, environment);
    if (!may_answer) {
        return FAULT_NONE;
    }
    enum fault fault = acknowledge(conn, environment, NULL);
    return fault != FAULT_NONE ? fault : conn_call_hold(conn, environment);
}

/* RFC 3261 section 9.1: only behind a provisional answer, with the INVITE's branch and CSeq. What
 * comes back is awaited by nobody. */
void conn_call_cancel(struct conn *conn, struct conn_environment *environment) {
    if (!conn->rings || !conn->awaits_response || conn->method != SIP_INVITE ||
        !conn_outbox_open(conn, environment)) {
        return;
    }
    struct base_buffer message = conn_message_buffer(environment);
    if (conn_request_write(conn, environment, SIP_CANCEL, NULL, &message)) {
        (void)conn_write_message(conn, environment, base_buffer_bytes(&message));
    }
    conn_outbox_seal(conn, environment);
}

/* Of a call that rings and is to be cancelled, when; UINT64_MAX: never. */
static uint64_t cancel_at_ns(const struct conn *conn, const struct conn_environment *environment) {
    const struct node_zone *zone = conn_zone(conn, environment);
    bool is_first = conn->method == SIP_INVITE && conn->call == BASE_POOL_NONE && !conn->gives_up;
    return is_first && zone->cancel_after_ns != 0 && zone->cancel_after_ns < zone->timeout_ns
               ? conn->request_ns + zone->cancel_after_ns
               : UINT64_MAX;
}

void conn_call_rings(struct conn *conn, struct conn_environment *environment, unsigned status) {
    uint64_t due_ns = cancel_at_ns(conn, environment);
    conn->rings = true;
    if (status > 100 && conn->awaits_response && due_ns != UINT64_MAX) {
        conn_arm(conn, environment, due_ns);
    }
}

bool conn_call_give_up(struct conn *conn, struct conn_environment *environment) {
    if (!conn->rings || !conn->awaits_response ||
        cancel_at_ns(conn, environment) > environment->now_ns) {
        return false;
    }
    conn_call_cancel(conn, environment);
    conn->gives_up = true;
    conn_arm(conn, environment, environment->now_ns + conn_zone(conn, environment)->timeout_ns);
    return true;
}

/* The next one follows, unless the connection has had its number of them. */
static enum fault conclude(struct conn *conn, struct conn_environment *environment,
                           bool may_answer) {
    const struct node_zone *zone = conn_zone(conn, environment);
    bool is_last = !zone->stays_open && (zone->dialogs <= 1 || !may_answer);
    if (is_last || conn->leaves) {
        conn->finished = true;
        return FAULT_NONE;
    }
    return may_answer ? conn_go_on(conn, environment, conn_uac_send_next) : FAULT_NONE;
}

enum fault conn_call_given_up(struct conn *conn, struct conn_environment *environment,
                              bool may_answer) {
    conn_establish(conn, environment);
    return conclude(conn, environment, may_answer);
}

enum fault conn_call_ended(struct conn *conn, struct conn_environment *environment,
                           bool may_answer) {
    const struct conn_call *call = base_pool_block(&environment->calls, conn->call);
    conn->request_ns = call->invited_ns; /* the interval runs from one INVITE to the next */
    base_pool_give_back(&environment->calls, conn->call);
    conn->call = BASE_POOL_NONE;
    conn_record_call(conn, environment);
    return conclude(conn, environment, may_answer);
}
