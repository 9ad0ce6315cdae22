/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "sip_transaction.h"

enum fault conn_uac_send(struct conn *conn, struct conn_environment *environment,
                         enum sip_method method) {
    struct base_buffer message = conn_message_buffer(environment);
    conn->method = (uint8_t)method;
    conn->branch = base_random_next(&environment->random);
    conn->cseq++;
    if (!conn_request_write(conn, environment, method, NULL, &message)) {
        return FAULT_LOCAL_ERROR;
    }
    conn->awaits_response = true;
    conn->rings = false;
    conn->gives_up = false;
    conn->request_ns = environment->now_ns;
    conn_record_request_sent(conn, environment);
    conn_arm(conn, environment, environment->now_ns + conn_zone(conn, environment)->timeout_ns);
    return conn_write_message(conn, environment, base_buffer_bytes(&message));
}

enum fault conn_uac_send_next(struct conn *conn, struct conn_environment *environment) {
    switch (conn_zone(conn, environment)->dialog) {
    case NODE_DIALOG_OPTIONS:
        return conn_uac_send(conn, environment, SIP_OPTIONS);
    case NODE_DIALOG_REGISTER:
        return conn_uac_send(conn, environment, SIP_REGISTER);
    case NODE_DIALOG_INVITE:
        return conn->call == BASE_POOL_NONE ? conn_call_begin(conn, environment)
                                            : conn_call_go_on(conn, environment);
    case NODE_DIALOG_SCRIPT:
        return conn_script_go_on(conn, environment);
    case NODE_DIALOG_NONE:
    case NODE_DIALOG_HTTP: /* no dialog of SIP: the profile does not let it come here */
    default:
        return conn_keepalive_send(conn, environment);
    }
}

static enum fault take_success(struct conn *conn, struct conn_environment *environment,
                               const struct sip_message *response, bool may_answer) {
    switch ((enum sip_method)conn->method) {
    case SIP_INVITE:
        return conn_call_answered(conn, environment, response, may_answer);
    case SIP_BYE:
        return conn_call_ended(conn, environment, may_answer);
    case SIP_REGISTER:
        return conn_register_answered(conn, environment, response, may_answer);
    case SIP_OPTIONS:
    case SIP_ACK:
    case SIP_CANCEL:
    case SIP_METHODS:
    default:
        conn_establish(conn, environment);
        return may_answer ? conn_go_on(conn, environment, conn_uac_send_next) : FAULT_NONE;
    }
}

/* RFC 3261 sections 12.2.1.2 and 14.1: a refused re-INVITE ends its call only when the peer knows
 * nothing of it, or is not there. */
static bool leaves_the_call_as_it_was(const struct conn *conn, unsigned status) {
    return conn->method == SIP_INVITE && conn->call != BASE_POOL_NONE && status != 408 &&
           status != 481;
}

/* The answer that the dialog goes on from: no challenge that we answer. */
static enum fault conclude(struct conn *conn, struct conn_environment *environment,
                           const struct sip_message *response, bool may_answer) {
    const bool was_given_up = conn->gives_up && response->status == 487;
    conn->challenges = 0;
    conn_record_conclusion(conn, environment, was_given_up ? 200 : response->status);
    if (response->status < 300) {
        return take_success(conn, environment, response, may_answer);
    }
    if (was_given_up) {
        return conn_call_given_up(conn, environment, may_answer);
    }
    if (leaves_the_call_as_it_was(conn, response->status)) {
        return may_answer ? conn_call_hold(conn, environment) : FAULT_NONE;
    }
    if (conn->method != SIP_OPTIONS) {
        return conn_record_rejected(conn, environment, FAULT_SIP_REJECTED, response->status,
                                    response->reason);
    }
    /* The peer is there, and does not answer as it should: the zone is not active. */
    conn_establish(conn, environment);
    return may_answer ? conn_go_on(conn, environment, conn_uac_send_next) : FAULT_NONE;
}

static enum fault take_final(struct conn *conn, struct conn_environment *environment,
                             const struct sip_message *response, bool may_answer) {
    enum fault fault = FAULT_NONE;
    conn->awaits_response = false;
    conn_record_response(conn, environment, response->status);
    if (conn->method == SIP_INVITE && response->status >= 300 && may_answer) {
        fault = conn_call_acknowledge_error(conn, environment, response);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (response->status == 401 || response->status == 407) {
        switch (conn_auth_take_challenge(conn, environment, response)) {
        case CONN_AUTH_ANSWER:
            return may_answer ? conn_uac_send(conn, environment, (enum sip_method)conn->method)
                              : FAULT_NONE;
        case CONN_AUTH_FAILED:
            return conn_record_rejected(conn, environment, FAULT_SIP_AUTH_FAILED, response->status,
                                        response->reason);
        case CONN_AUTH_IGNORE:
        default:
            break;
        }
    }
    if (response->status == 423 && conn_register_was_too_brief(conn, environment, response)) {
        return may_answer ? conn_uac_send(conn, environment, SIP_REGISTER) : FAULT_NONE;
    }
    return conclude(conn, environment, response, may_answer);
}

bool conn_uac_take_response(struct conn *conn, struct conn_environment *environment,
                            const struct sip_message *response, bool may_answer,
                            enum fault *fault) {
    const struct sip_transaction transaction = {
        .dialog = conn->dialog, .branch = conn->branch, .cseq = conn->cseq};
    if (!conn->initiator ||
        !sip_transaction_matches(response, &transaction, (enum sip_method)conn->method)) {
        return false;
    }
    bool is_held = conn->call != BASE_POOL_NONE && conn->method == SIP_INVITE;
    if (conn->awaits_response && response->status >= 200) {
        *fault = take_final(conn, environment, response, may_answer);
    } else if (is_held && may_answer && response->status >= 200 && response->status < 300) {
        *fault = conn_call_acknowledge_again(conn, environment);
    }
    if (response->status < 200) {
        conn_call_rings(conn, environment, response->status);
    }
    return true; /* provisional, or late: RFC 3261 section 17.1.3 has it dropped */
}
