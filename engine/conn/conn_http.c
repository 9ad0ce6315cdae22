/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http.h"

static enum fault send_get(struct conn *conn, struct conn_environment *environment) {
    const struct node_zone *zone = conn_zone(conn, environment);
    struct base_buffer message = conn_message_buffer(environment);
    if (!http_message_write_get(&message, zone->target_uri, zone->target_authority, "ekuload")) {
        return FAULT_LOCAL_ERROR;
    }
    uint32_t exchange = conn_exchange_borrow(environment, 0, 0);
    if (exchange == BASE_POOL_NONE) {
        return FAULT_LOCAL_ERROR;
    }
    conn_exchange_link(conn, environment, exchange);
    conn->cseq++;
    conn->awaits_response = true;
    conn->request_ns = environment->now_ns;
    conn_record_request_sent(conn, environment);
    conn_arm(conn, environment, environment->now_ns + zone->timeout_ns);
    return conn_write_message(conn, environment, base_buffer_bytes(&message));
}

enum fault conn_http_begin(struct conn *conn, struct conn_environment *environment) {
    if (conn->initiator) {
        return send_get(conn, environment);
    }
    conn_arm(conn, environment,
             environment->now_ns + environment->instance->listeners[conn->subject].timeout_ns);
    return FAULT_NONE;
}

/* The final answer to a GET of ours. A redirect proves as much as a page does. */
static enum fault take_own_answer(struct conn *conn, struct conn_environment *environment,
                                  const struct http_message *response, bool may_answer) {
    bool is_good = response->status < 400;
    conn->awaits_response = false;
    conn_record_response(conn, environment, response->status);
    conn_record_conclusion(conn, environment, is_good ? 200 : response->status);
    if (!is_good) {
        return conn_record_rejected(conn, environment, FAULT_HTTP_REJECTED, response->status,
                                    response->reason);
    }
    conn_establish(conn, environment);
    if (response->wants_close) {
        conn->finished = true;
        return FAULT_NONE;
    }
    return may_answer ? conn_go_on(conn, environment, send_get) : FAULT_NONE;
}

/* A server answers in order (RFC 9112 section 9.3.2), and nothing that was not asked. */
static enum fault take_response(struct conn *conn, struct conn_environment *environment,
                                const struct http_message *response, bool may_answer) {
    struct conn_exchange exchange;
    if (!conn_exchange_find_oldest(conn, environment, &exchange)) {
        return FAULT_HTTP_MALFORMED;
    }
    bool is_final = response->status >= 200;
    if (is_final) {
        conn_exchange_forget(conn, environment, exchange.asker);
    }
    if (exchange.asker == 0) {
        return is_final ? take_own_answer(conn, environment, response, may_answer) : FAULT_NONE;
    }
    conn_http_hand_back(conn, environment, &exchange, response);
    conn->finished = conn->finished || (is_final && response->wants_close);
    return FAULT_NONE;
}

static enum fault take_message(struct conn *conn, struct conn_environment *environment,
                               struct bytes text, bool may_answer) {
    struct http_message message;
    if (!http_message_parse(text, &message) || message.is_request == conn->initiator) {
        return FAULT_HTTP_MALFORMED;
    }
    if (conn->initiator) {
        return take_response(conn, environment, &message, may_answer);
    }
    return may_answer ? conn_http_take_request(conn, environment, &message) : FAULT_NONE;
}

/* Where another node's answer is awaited, what the client sends next must not be answered first. */
static bool pauses(const struct conn *conn) {
    return !conn->initiator && conn->awaits_response;
}

enum fault conn_http_read(struct conn *conn, struct conn_environment *environment,
                          struct bytes plaintext, bool may_answer) {
    static const struct conn_stream_rules rules = {.cut = conn_http_cut,
                                                   .take_message = take_message,
                                                   .pauses = pauses,
                                                   .malformed = FAULT_HTTP_MALFORMED};
    return conn_stream_read(conn, environment, plaintext, may_answer, &rules);
}

/* Nothing came back. An answer that comes later must find nobody: the connection ends with this
 * one. */
static void give_up(struct conn *conn, struct conn_environment *environment) {
    static const char reason[] = "Gateway Timeout";
    const struct bytes none = {.length = 0};
    const struct conn_input no_input = {.result = 0};
    struct base_buffer answer = conn_message_buffer(environment);
    conn_record_unroutable(environment, conn_hop(conn), 504, base_bytes_of_text(reason));
    conn->awaits_response = false;
    if (http_message_write_response(&answer, 504, reason, NULL, none, 0)) {
        conn_relay_deliver(environment, conn, base_buffer_bytes(&answer));
    }
    if (conn->phase == CONN_OPEN) {
        conn_stop_in_order(conn, environment, &no_input);
    }
}

/* An answer was handed back to this acceptor: it goes on with what came meanwhile, or closes. */
static void resume(struct conn *conn, struct conn_environment *environment) {
    const struct conn_input none = {.result = 0};
    if (conn->close_at_ns != 0) {
        conn_stop_in_order(conn, environment, &none);
        return;
    }
    if (!conn_outbox_open(conn, environment)) {
        conn_end(conn, environment, FAULT_LOCAL_ERROR);
        return;
    }
    const struct bytes nothing_new = {.data = environment->scratch->plaintext_octets, .length = 0};
    enum fault fault = conn_http_read(conn, environment, nothing_new, true);
    fault = fault != FAULT_NONE ? fault : environment->scratch->writer_fault;
    conn_outbox_seal(conn, environment);
    if (fault != FAULT_NONE) {
        conn_end(conn, environment, fault);
        return;
    }
    if (conn->finished) {
        conn_stop_in_order(conn, environment, &none);
    }
}

void conn_http_expired(struct conn *conn, struct conn_environment *environment,
                       const struct conn_input *input) {
    (void)input;
    if (!conn->initiator && conn->admitted) {
        (conn->awaits_response ? give_up : resume)(conn, environment);
        return;
    }
    conn_expired(conn, environment, FAULT_HTTP_TIMEOUT, send_get);
}
