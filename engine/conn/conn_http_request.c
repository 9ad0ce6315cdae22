/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http.h"

#include <stdio.h>

static enum fault refuse(struct conn *conn, struct conn_environment *environment,
                         const struct http_message *request, unsigned status, const char *reason) {
    const struct bytes none = {.length = 0};
    conn_record_unroutable(environment, conn_hop(conn), status, base_bytes_of_text(reason));
    return conn_http_answer(conn, environment, request, status, reason, NULL, none);
}

static enum fault refuse_unreachable(struct conn *conn, struct conn_environment *environment,
                                     const struct http_message *request, struct node_hop hop,
                                     enum conn_carried carried) {
    char reason[METRICS_REASON_TEXT_SIZE];
    conn_http_explain(environment, hop, carried, reason, sizeof reason);
    return refuse(conn, environment, request, 503, reason);
}

static enum fault refuse_unknown(struct conn *conn, struct conn_environment *environment,
                                 const struct http_message *request) {
    char reason[METRICS_REASON_TEXT_SIZE];
    char shown[80];
    conn_print_safely(request->host, shown, sizeof shown);
    snprintf(reason, sizeof reason, "no route to %s", shown);
    return refuse(conn, environment, request, 404, reason);
}

/* A client reads answers in the order of its requests: its next one waits, see conn_http_read(). */
static void await_answer(struct conn *conn, struct conn_environment *environment,
                         const struct http_message *request) {
    if (conn->protocol == NODE_PROTOCOL_TUNNEL) {
        return;
    }
    conn->awaits_response = true;
    base_timer_arm(&environment->wheel, &conn->timer,
                   environment->now_ns +
                       environment->instance->listeners[conn->subject].timeout_ns);
    if (request->wants_close) {
        conn->close_at_ns = environment->now_ns;
    }
}

static enum fault send_over(struct conn *conn, struct conn_environment *environment,
                            const struct http_message *request, struct node_hop hop) {
    const struct conn_letter asked = {
        .protocol = NODE_PROTOCOL_HTTP,
        .node = conn_node(conn, environment),
        .asker = conn_hop(conn),
        .hop = hop,
        .token = conn_relay_token(conn, environment),
        /* Whatever a client says of channels. */
        .channel = conn->protocol == NODE_PROTOCOL_TUNNEL ? request->channel : 0,
    };
    struct base_buffer message = conn_message_buffer(environment);
    if (!http_message_relay(&message, request,
                            conn_http_is_tunnel(environment, hop) ? asked.token : 0)) {
        return refuse(conn, environment, request, 413, "the request is too large to be sent on");
    }
    enum conn_carried carried = conn_http_carry(environment, &asked, base_buffer_bytes(&message));
    if (carried != CONN_CARRIED) {
        carried = conn_relay_post(environment, &asked, base_buffer_bytes(&message), carried);
    }
    if (carried != CONN_CARRIED) {
        return refuse_unreachable(conn, environment, request, hop, carried);
    }
    conn_record_relayed(conn, environment);
    await_answer(conn, environment, request);
    return FAULT_NONE;
}

static enum fault forward(struct conn *conn, struct conn_environment *environment,
                          const struct http_message *request, struct node_hop hop) {
    bool into_tunnel = conn_http_is_tunnel(environment, hop);
    if (base_bytes_equal(request->method, base_bytes_of_text("HEAD"))) {
        /* Its answer cannot be told from that to a GET: it would swallow those behind it. */
        return refuse(conn, environment, request, 501, "HEAD is not sent on");
    }
    if (into_tunnel && conn->protocol == NODE_PROTOCOL_TUNNEL) {
        return refuse(conn, environment, request, 508, "a tunnel leads into no other tunnel");
    }
    if (hop.is_listener && !into_tunnel) {
        return refuse_unknown(conn, environment, request); /* clients answer no requests */
    }
    return send_over(conn, environment, request, hop);
}

enum fault conn_http_take_request(struct conn *conn, struct conn_environment *environment,
                                  const struct http_message *request) {
    const struct bytes none = {.length = 0};
    struct node_hop hop;
    conn_record_request_received(conn, environment, METRICS_METHOD_OTHER);
    if (conn->protocol == NODE_PROTOCOL_TUNNEL && request->channel == 0) {
        conn_record_unroutable(environment, conn_hop(conn), 0,
                               base_bytes_of_text("a request in a tunnel names no channel"));
        return FAULT_NONE;
    }
    if (request->host.length == 0) {
        return conn_http_answer(conn, environment, request, 400, "Host is missing", NULL, none);
    }
    switch (node_find_way(environment->instance, conn_node(conn, environment), NODE_PROTOCOL_HTTP,
                          request->host, &hop)) {
    case NODE_WAY_HERE:
        return conn_http_answer_page(conn, environment, request);
    case NODE_WAY_ONWARDS:
        return forward(conn, environment, request, hop);
    case NODE_WAY_NONE:
    default:
        return refuse_unknown(conn, environment, request);
    }
}
