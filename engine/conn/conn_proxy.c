/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "sip_proxy.h"

#include <stdio.h>

/* An ACK is never answered (RFC 3261 section 17.1.1.3): it is lost without a word. */
static enum fault refuse(struct conn *conn, struct conn_environment *environment,
                         const struct sip_message *request, const struct conn_method *method,
                         unsigned status, const char *reason) {
    if (method->answer == CONN_ANSWER_NOTHING) {
        return FAULT_NONE;
    }
    conn_record_unroutable(environment, conn_hop(conn), status, base_bytes_of_text(reason));
    return conn_uas_reply(conn, environment, request,
                          (struct sip_reply){.status = status, .reason = reason});
}

static enum fault refuse_unreachable(struct conn *conn, struct conn_environment *environment,
                                     const struct sip_message *request,
                                     const struct conn_method *method, struct node_hop hop,
                                     enum conn_carried carried) {
    char reason[METRICS_REASON_TEXT_SIZE];
    if (carried == CONN_CARRIED_IN_A_LOOP) {
        return refuse(conn, environment, request, method, 482, "Loop Detected");
    }
    conn_carrier_explain(environment, hop, carried, "connection", reason, sizeof reason);
    return refuse(conn, environment, request, method, 503, reason);
}

static enum fault refuse_unknown(struct conn *conn, struct conn_environment *environment,
                                 const struct sip_message *request,
                                 const struct conn_method *method, struct bytes host) {
    char reason[METRICS_REASON_TEXT_SIZE];
    char shown[80];
    conn_print_safely(host, shown, sizeof shown);
    snprintf(reason, sizeof reason, "no route to %s", shown);
    return refuse(conn, environment, request, method, 404, reason);
}

static enum conn_carried carry(struct conn_environment *environment,
                               const struct conn_letter *asked, struct bytes message) {
    struct conn *carrier;
    return conn_carrier_send(environment, asked->hop, asked->token, message, &carrier);
}

static enum fault forward(struct conn *conn, struct conn_environment *environment,
                          const struct sip_message *request, const struct conn_method *method,
                          struct node_hop hop) {
    const struct sip_forward rules = {
        .own_name = conn_self(conn, environment)->name,
        .token = conn_relay_token(conn, environment),
        .record_route = method->begins_dialog && request->to_tag.length == 0,
    };
    struct base_buffer message = conn_message_buffer(environment);
    if (request->max_forwards == 0) {
        return refuse(conn, environment, request, method, 483, "Too Many Hops");
    }
    if (!sip_proxy_forward_request(&message, request, &rules)) {
        return refuse(conn, environment, request, method, 513, "Message Too Large");
    }
    const struct conn_letter asked = {.protocol = NODE_PROTOCOL_SIP,
                                      .node = conn_node(conn, environment),
                                      .asker = conn_hop(conn),
                                      .hop = hop,
                                      .token = rules.token};
    enum conn_carried carried = carry(environment, &asked, base_buffer_bytes(&message));
    if (carried != CONN_CARRIED) {
        carried = conn_relay_post(environment, &asked, base_buffer_bytes(&message), carried);
    }
    if (carried != CONN_CARRIED) {
        return refuse_unreachable(conn, environment, request, method, hop, carried);
    }
    conn_record_relayed(conn, environment);
    return FAULT_NONE;
}

bool conn_proxy_take_request(struct conn *conn, struct conn_environment *environment,
                             const struct sip_message *request, const struct conn_method *method,
                             enum fault *fault) {
    struct sip_next_hop next;
    struct node_hop hop;
    if (!sip_proxy_next_hop(request, conn_self(conn, environment)->name, &next)) {
        *fault = refuse(conn, environment, request, method, 400, "Bad Request");
        return false;
    }
    switch (node_find_way(environment->instance, conn_node(conn, environment), NODE_PROTOCOL_SIP,
                          next.host, &hop)) {
    case NODE_WAY_HERE:
        return true;
    case NODE_WAY_ONWARDS:
        *fault = forward(conn, environment, request, method, hop);
        return false;
    case NODE_WAY_NONE:
    default:
        *fault = refuse_unknown(conn, environment, request, method, next.host);
        return false;
    }
}

void conn_proxy_take_response(const struct conn *conn, struct conn_environment *environment,
                              const struct sip_message *response) {
    const struct node_self *self = conn_self(conn, environment);
    struct base_buffer message = conn_message_buffer(environment);
    uint64_t token;
    if (self->relays && sip_proxy_read_token(response, self->name, &token) &&
        sip_proxy_forward_response(&message, response)) {
        conn_relay_answer(environment, conn_node(conn, environment), NODE_PROTOCOL_SIP, token,
                          base_buffer_bytes(&message));
    }
}

/* The carrier was lost while the letter was on its way: answered as if it had been the peer. */
static void refuse_letter(struct conn_environment *environment, const struct conn_letter *letter,
                          enum conn_carried carried) {
    char reason[METRICS_REASON_TEXT_SIZE];
    uint8_t octets[CONN_MESSAGE_BYTES];
    struct base_buffer reply = {.data = octets, .capacity = sizeof octets};
    struct base_buffer message = conn_message_buffer(environment);
    struct sip_message request;
    struct sip_message response;
    conn_carrier_explain(environment, letter->hop, carried, "connection", reason, sizeof reason);
    if (!sip_message_parse(base_bytes(letter->octets, letter->length), &request) ||
        conn_method_of(request.method)->answer == CONN_ANSWER_NOTHING) {
        return;
    }
    conn_record_unroutable(environment, letter->asker, 503, base_bytes_of_text(reason));
    if (sip_writer_reply(&reply, &request,
                         &(struct sip_reply){
                             .status = 503, .reason = reason, .to_tag = conn_uas_tag(&request)}) &&
        sip_message_parse(base_buffer_bytes(&reply), &response) &&
        sip_proxy_forward_response(&message, &response)) {
        conn_relay_answer(environment, letter->node, NODE_PROTOCOL_SIP, letter->token,
                          base_buffer_bytes(&message));
    }
}

void conn_proxy_take_letter(struct conn_environment *environment,
                            const struct conn_letter *letter) {
    enum conn_carried carried =
        carry(environment, letter, base_bytes(letter->octets, letter->length));
    if (carried != CONN_CARRIED) {
        refuse_letter(environment, letter, carried);
    }
}
