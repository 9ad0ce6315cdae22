/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http.h"

#include "profile_plan.h"

#include <stdio.h>

static void hand_back_failure(const struct conn *carrier, struct conn_environment *environment,
                              const struct conn_exchange *exchange, const char *reason) {
    const struct bytes none = {.length = 0};
    /* Not the common buffer: a request may stand there that another carrier is to take. */
    uint8_t octets[METRICS_REASON_TEXT_SIZE + 128];
    struct base_buffer answer = {.data = octets, .capacity = sizeof octets};
    if (http_message_write_response(&answer, 502, reason, NULL, none, exchange->channel)) {
        conn_relay_answer(environment, conn_node(carrier, environment), NODE_PROTOCOL_HTTP,
                          exchange->asker, base_buffer_bytes(&answer));
    }
}

void conn_http_hand_back(const struct conn *carrier, struct conn_environment *environment,
                         const struct conn_exchange *exchange,
                         const struct http_message *response) {
    struct base_buffer answer = conn_message_buffer(environment);
    if (http_message_relay(&answer, response, exchange->channel)) {
        conn_relay_answer(environment, conn_node(carrier, environment), NODE_PROTOCOL_HTTP,
                          exchange->asker, base_buffer_bytes(&answer));
        return;
    }
    if (response->status >= 200) {
        hand_back_failure(carrier, environment, exchange, "the answer is too large to be sent on");
    }
}

/* A client's connection goes on with what it sent meanwhile, or ends, in a step of its own: this
 * one is another connection's. */
void conn_http_answered(struct conn *conn, struct conn_environment *environment,
                        struct bytes message) {
    struct http_message answer;
    if (!http_message_parse(message, &answer) || answer.status < 200) {
        return;
    }
    conn->awaits_response = false;
    if (answer.wants_close) {
        conn->close_at_ns = environment->now_ns;
    }
    if (conn->close_at_ns != 0 || conn->inbox != BASE_POOL_NONE) {
        base_timer_arm(&environment->wheel, &conn->timer, environment->now_ns);
    } else {
        base_timer_cancel(&environment->wheel, &conn->timer);
    }
}

static void explain_end(const struct conn *conn, const struct conn_environment *environment,
                        char *out, size_t out_size) {
    const struct profile_plan *plan = environment->instance->plan;
    bool is_faulty = conn->fault != FAULT_NONE;
    snprintf(out, out_size, "the connection over %s ended%s%s",
             conn->initiator ? plan->zones[conn->subject].full_name
                             : plan->listeners[conn->subject].full_name,
             is_faulty ? ": " : "", is_faulty ? base_fault_text((enum fault)conn->fault) : "");
}

void conn_http_abandon(struct conn *conn, struct conn_environment *environment) {
    char reason[METRICS_REASON_TEXT_SIZE];
    struct conn_exchange exchange;
    if (conn->asked_first == BASE_POOL_NONE) {
        return;
    }
    explain_end(conn, environment, reason, sizeof reason);
    while (conn_exchange_find_oldest(conn, environment, &exchange)) {
        conn_exchange_forget(conn, environment, exchange.asker);
        if (exchange.asker != 0) {
            hand_back_failure(conn, environment, &exchange, reason);
        }
    }
}
