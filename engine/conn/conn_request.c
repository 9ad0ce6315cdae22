/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include <stdio.h>

/* Of a registration, in seconds; it is refreshed long before. */
#define EXPIRES_S 3600

/* Texts that a request borrows until it is written. */
struct texts {
    char user[160];
    char uri[512];
    char to_uri[512];
    uint8_t authorization[1536];
};

/* No two connections of a run have one number, whichever workers they are in. */
static bool print_user(const struct conn *conn, const struct conn_environment *environment,
                       struct texts *texts) {
    uint64_t workers = environment->worker_count == 0 ? 1 : environment->worker_count;
    uint64_t number = conn->slot * workers + environment->worker + 1;
    int length = snprintf(texts->user, sizeof texts->user, "%s%llu",
                          conn_zone(conn, environment)->user, (unsigned long long)number);
    return length > 0 && (size_t)length < sizeof texts->user;
}

static bool address_registration(const struct node_zone *zone, struct sip_request *request,
                                 struct texts *texts) {
    int uri = snprintf(texts->uri, sizeof texts->uri, "sip:%s", zone->target_host);
    int to = snprintf(texts->to_uri, sizeof texts->to_uri, "sip:%s%s%s",
                      zone->user == NULL ? "" : texts->user, zone->user == NULL ? "" : "@",
                      zone->target_host);
    request->uri = base_bytes_of_text(texts->uri);
    request->to_uri = base_bytes_of_text(texts->to_uri);
    return uri > 0 && (size_t)uri < sizeof texts->uri && to > 0 &&
           (size_t)to < sizeof texts->to_uri;
}

static void address_in_call(const struct conn_call *call, struct sip_request *request) {
    const struct sip_dialog *dialog = &call->dialog;
    request->uri = base_bytes(dialog->target, dialog->target_length);
    request->to_tag = base_bytes(dialog->remote_tag, dialog->remote_tag_length);
    request->routes = base_bytes(dialog->routes, dialog->routes_length);
}

bool conn_request_write(struct conn *conn, struct conn_environment *environment,
                        enum sip_method method, const struct sip_message *response,
                        struct base_buffer *out) {
    const struct node_zone *zone = conn_zone(conn, environment);
    const struct sip_endpoints endpoints = {
        .local_name = zone->local_name, .remote_name = zone->remote_name, .user_agent = "ekuload"};
    struct texts texts;
    struct base_buffer authorization = {.data = texts.authorization,
                                        .capacity = sizeof texts.authorization};
    struct sip_request request = {
        .method = method,
        .endpoints = &endpoints,
        .transaction = {.dialog = conn->dialog, .branch = conn->branch, .cseq = conn->cseq},
        .uri = base_bytes_of_text(zone->target_uri),
        .expires = EXPIRES_S,
    };
    request.to_uri = request.uri;
    if (zone->user != NULL) {
        if (!print_user(conn, environment, &texts)) {
            return false;
        }
        request.local_user = texts.user;
    }
    if (method == SIP_REGISTER && !address_registration(zone, &request, &texts)) {
        return false;
    }
    if (response != NULL) {
        request.to_tag = response->to_tag;
    } else if (conn->call != BASE_POOL_NONE) {
        address_in_call(base_pool_block(&environment->calls, conn->call), &request);
    }
    /* Neither can be challenged (RFC 3261 section 22.1). */
    if (method != SIP_ACK && method != SIP_CANCEL &&
        !conn_auth_write(conn, environment, sip_method_name(method), request.uri, &authorization)) {
        return false;
    }
    request.authorization = base_buffer_bytes(&authorization);
    return sip_writer_request(out, &request);
}
