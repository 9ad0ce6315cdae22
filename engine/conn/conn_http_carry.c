/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http.h"

bool conn_http_is_tunnel(const struct conn_environment *environment, struct node_hop hop) {
    const struct node_instance *instance = environment->instance;
    return (hop.is_listener ? instance->listeners[hop.index].protocol
                            : instance->zones[hop.index].protocol) == NODE_PROTOCOL_TUNNEL;
}

void conn_http_explain(const struct conn_environment *environment, struct node_hop hop, char *out,
                       size_t out_size) {
    const char *what = conn_http_is_tunnel(environment, hop) ? "tunnel" : "connection";
    conn_carrier_explain(environment, hop, what, out, out_size);
}

bool conn_http_carry(struct conn_environment *environment, const struct conn_letter *asked,
                     struct bytes message) {
    /* Before the message is on its way: an answer that nobody is noted for would go astray. */
    uint32_t exchange = conn_exchange_borrow(environment, asked->token, asked->channel);
    struct conn *carrier;
    if (exchange == BASE_POOL_NONE) {
        return false;
    }
    while ((carrier = conn_carrier_find(environment, asked->hop)) != NULL) {
        if (conn_relay_deliver(environment, carrier, message)) {
            conn_exchange_link(carrier, environment, exchange);
            return true;
        }
        conn_carrier_leave(carrier, environment); /* the next one may still be good */
    }
    conn_exchange_give_back(environment, exchange);
    return false;
}

void conn_http_take_letter(struct conn_environment *environment, const struct conn_letter *letter) {
    const struct bytes none = {.length = 0};
    char reason[METRICS_REASON_TEXT_SIZE];
    if (conn_http_carry(environment, letter, base_bytes(letter->octets, letter->length))) {
        return;
    }
    struct base_buffer answer = conn_message_buffer(environment);
    conn_http_explain(environment, letter->hop, reason, sizeof reason);
    if (http_message_write_response(&answer, 503, reason, NULL, none, letter->channel)) {
        conn_relay_answer(environment, letter->node, NODE_PROTOCOL_HTTP, letter->token,
                          base_buffer_bytes(&answer));
    }
}
