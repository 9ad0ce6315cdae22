/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

static const struct conn_service services[] = {
    [NODE_PROTOCOL_SIP] = {.begin = conn_sip_begin,
                           .read = conn_sip_read,
                           .expired = conn_sip_expired,
                           .abandon = conn_sip_abandon,
                           .take_letter = conn_proxy_take_letter,
                           .closed = FAULT_SIP_CLOSED},
    [NODE_PROTOCOL_HTTP] = {.begin = conn_http_begin,
                            .read = conn_http_read,
                            .expired = conn_http_expired,
                            .abandon = conn_http_abandon,
                            .take_letter = conn_http_take_letter,
                            .answered = conn_http_answered,
                            .closed = FAULT_HTTP_CLOSED},
    [NODE_PROTOCOL_TUNNEL] = {.begin = conn_tunnel_begin,
                              .read = conn_tunnel_read,
                              .expired = conn_tunnel_expired,
                              .abandon = conn_http_abandon,
                              .take_letter = conn_http_take_letter,
                              .closed = FAULT_HTTP_CLOSED},
};

const struct conn_service *conn_service_named(enum node_protocol protocol) {
    return &services[protocol];
}

void conn_service_ended(struct conn *conn, struct conn_environment *environment,
                        const struct conn_input *input) {
    conn_end(conn, environment,
             input->result == 0 ? conn_service_of(conn)->closed
                                : net_fault_from_errno(input->result));
}

void conn_service_expired(struct conn *conn, struct conn_environment *environment,
                          const struct conn_input *input) {
    conn_service_of(conn)->expired(conn, environment, input);
}
