/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http.h"

bool conn_http_is_tunnel(const struct conn_environment *environment, struct node_hop hop) {
    const struct node_instance *instance = environment->instance;
    return (hop.is_listener ? instance->listeners[hop.index].protocol
                            : instance->zones[hop.index].protocol) == NODE_PROTOCOL_TUNNEL;
}

void conn_http_explain(const struct conn_environment *environment, struct node_hop hop,
                       enum conn_carried carried, char *out, size_t out_size) {
    const char *what = conn_http_is_tunnel(environment, hop) ? "tunnel" : "connection";
    conn_carrier_explain(environment, hop, carried, what, out, out_size);
}

enum conn_carried conn_http_carry(struct conn_environment *environment,
                                  const struct conn_letter *asked, struct bytes message) {
    /* Before the message is on its way: an answer that nobody is noted for would go astray. */
    uint32_t exchange = conn_exchange_borrow(environment, asked->token, asked->channel);
    struct conn *carrier;
    if (exchange == BASE_POOL_NONE) {
        return CONN_CARRIED_LATER;
    }
    enum conn_carried carried =
        conn_carrier_send(environment, asked->hop, asked->token, message, &carrier);
    if (carried == CONN_CARRIED) {
        conn_exchange_link(carrier, environment, exchange);
    } else {
        conn_exchange_give_back(environment, exchange);
    }
    return carried;
}

void conn_http_take_letter(struct conn_environment *environment, const struct conn_letter *letter) {
    const struct bytes none = {.length = 0};
    char reason[METRICS_REASON_TEXT_SIZE];
    enum conn_carried carried =
        conn_http_carry(environment, letter, base_bytes(letter->octets, letter->length));
    if (carried == CONN_CARRIED) {
        return;
    }
    struct base_buffer answer = conn_message_buffer(environment);
    conn_http_explain(environment, letter->hop, carried, reason, sizeof reason);
    conn_record_unroutable(environment, letter->asker, 503, base_bytes_of_text(reason));
    if (http_message_write_response(&answer, 503, reason, NULL, none, letter->channel)) {
        conn_relay_answer(environment, letter->node, NODE_PROTOCOL_HTTP, letter->token,
                          base_buffer_bytes(&answer));
    }
}
