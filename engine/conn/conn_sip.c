/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "sip_framer.h"

enum fault conn_sip_begin(struct conn *conn, struct conn_environment *environment) {
    if (!conn->initiator) {
        conn_arm(conn, environment,
                 environment->now_ns + environment->instance->listeners[conn->subject].timeout_ns);
        return FAULT_NONE;
    }
    conn->dialog = base_random_next(&environment->random);
    conn_user_choose(conn, environment);
    return conn_uac_send_next(conn, environment);
}

static struct conn_frame cut(struct bytes stream, bool awaits_pong) {
    static const enum conn_frame_kind kinds[] = {
        [SIP_FRAME_NEEDS_MORE] = CONN_FRAME_NEEDS_MORE,
        [SIP_FRAME_MESSAGE] = CONN_FRAME_MESSAGE,
        [SIP_FRAME_PING] = CONN_FRAME_PING,
        [SIP_FRAME_PONG] = CONN_FRAME_PONG,
        [SIP_FRAME_SKIP] = CONN_FRAME_SKIP,
        [SIP_FRAME_MALFORMED] = CONN_FRAME_MALFORMED,
    };
    struct sip_frame frame = sip_framer_next(stream, awaits_pong);
    return (struct conn_frame){.kind = kinds[frame.kind], .length = frame.length};
}

static enum fault take_message(struct conn *conn, struct conn_environment *environment,
                               struct bytes text, bool may_answer) {
    struct sip_message message;
    enum fault fault = FAULT_NONE;
    if (!sip_message_parse(text, &message)) {
        return FAULT_SIP_MALFORMED;
    }
    if (conn->initiator && conn->script != BASE_POOL_NONE &&
        conn_script_take(conn, environment, &message, may_answer, &fault)) {
        return fault;
    }
    if (message.is_request) {
        return may_answer ? conn_uas_take_request(conn, environment, &message) : FAULT_NONE;
    }
    if (!conn_uac_take_response(conn, environment, &message, may_answer, &fault)) {
        conn_proxy_take_response(conn, environment, &message);
    }
    return fault;
}

enum fault conn_sip_read(struct conn *conn, struct conn_environment *environment,
                         struct bytes plaintext, bool may_answer) {
    static const struct conn_stream_rules rules = {.cut = cut,
                                                   .take_message = take_message,
                                                   .malformed = FAULT_SIP_MALFORMED,
                                                   .answers_pings = true};
    return conn_stream_read(conn, environment, plaintext, may_answer, &rules);
}

void conn_sip_expired(struct conn *conn, struct conn_environment *environment,
                      const struct conn_input *input) {
    (void)input;
    if (conn_call_give_up(conn, environment)) {
        return;
    }
    conn_call_cancel(conn, environment);
    conn_expired(conn, environment, FAULT_SIP_TIMEOUT, conn_uac_send_next);
}

void conn_sip_abandon(struct conn *conn, struct conn_environment *environment) {
    conn_script_abandon(conn, environment);
    if (conn->challenge != BASE_POOL_NONE) {
        base_pool_give_back(&environment->challenges, conn->challenge);
        conn->challenge = BASE_POOL_NONE;
    }
    if (conn->call != BASE_POOL_NONE) {
        base_pool_give_back(&environment->calls, conn->call);
        conn->call = BASE_POOL_NONE;
    }
}
