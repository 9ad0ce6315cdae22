/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "sip_instance.h"

#include <stdio.h>

/* Texts that a request borrows until it is written. */
struct texts {
    char user[160];
    char uri[512];
    char to_uri[512];
    uint8_t instance[SIP_INSTANCE_LENGTH];
    uint8_t authorization[3072];
};

/* False when it does not fit. */
static bool take_user(const struct conn *conn, const struct conn_environment *environment,
                      struct sip_request *request, struct texts *texts) {
    if (!conn_user_has_name(conn, environment)) {
        return true;
    }
    request->local_user = texts->user;
    return conn_user_print(conn, environment, texts->user, sizeof texts->user);
}

static bool describe_registration(const struct conn *conn,
                                  const struct conn_environment *environment,
                                  struct sip_request *request, struct texts *texts) {
    const struct node_zone *zone = conn_zone(conn, environment);
    const char *scheme = zone->is_secure ? "sips" : "sip";
    const char *user = request->local_user;
    int uri = snprintf(texts->uri, sizeof texts->uri, "%s:%s", scheme, zone->target_host);
    int to = snprintf(texts->to_uri, sizeof texts->to_uri, "%s:%s%s%s", scheme,
                      user == NULL ? "" : user, user == NULL ? "" : "@", zone->target_host);
    request->uri = base_bytes_of_text(texts->uri);
    request->to_uri = base_bytes_of_text(texts->to_uri);
    request->expires = conn_register_expires_s(conn, environment);
    if (zone->is_outbound) {
        sip_instance_write(request->to_uri, texts->instance);
        request->instance = base_bytes(texts->instance, sizeof texts->instance);
    }
    return uri > 0 && (size_t)uri < sizeof texts->uri && to > 0 &&
           (size_t)to < sizeof texts->to_uri;
}

static void address_in_call(const struct conn_call *call, struct sip_request *request) {
    const struct sip_dialog *dialog = &call->dialog;
    request->uri = base_bytes(dialog->target, dialog->target_length);
    request->to_tag = base_bytes(dialog->remote_tag, dialog->remote_tag_length);
    request->routes = base_bytes(dialog->routes, dialog->routes_length);
}

/* A CANCEL cannot be challenged (RFC 3261 section 22.1); an ACK says what its INVITE said. */
static bool authorize(struct conn *conn, struct conn_environment *environment,
                      struct sip_request *request, struct texts *texts) {
    struct base_buffer lines = {.data = texts->authorization,
                                .capacity = sizeof texts->authorization};
    struct bytes uri = request->uri;
    if (request->method == SIP_CANCEL) {
        return true;
    }
    if (request->method == SIP_ACK && conn->call != BASE_POOL_NONE) {
        const struct conn_call *call = base_pool_block(&environment->calls, conn->call);
        uri = call->invited_again ? uri
                                  : base_bytes_of_text(conn_zone(conn, environment)->target_uri);
    }
    if (!conn_auth_write(conn, environment, request->method, uri, &lines)) {
        return false;
    }
    request->authorization = base_buffer_bytes(&lines);
    return true;
}

static struct sip_endpoints endpoints_of(const struct node_zone *zone) {
    return (struct sip_endpoints){.local_name = zone->local_name,
                                  .remote_name = zone->remote_name,
                                  .user_agent = "ekuload",
                                  .is_alias = zone->is_alias,
                                  .is_secure = zone->is_secure};
}

bool conn_request_write(struct conn *conn, struct conn_environment *environment,
                        enum sip_method method, const struct sip_message *response,
                        struct base_buffer *out) {
    const struct node_zone *zone = conn_zone(conn, environment);
    const struct sip_endpoints endpoints = endpoints_of(zone);
    struct texts texts;
    struct sip_request request = {
        .method = method,
        .endpoints = &endpoints,
        .transaction = {.dialog = conn->dialog, .branch = conn->branch, .cseq = conn->cseq},
        .uri = base_bytes_of_text(zone->target_uri),
    };
    request.to_uri = request.uri;
    if (!take_user(conn, environment, &request, &texts) ||
        (method == SIP_REGISTER && !describe_registration(conn, environment, &request, &texts))) {
        return false;
    }
    if (conn->call != BASE_POOL_NONE) {
        address_in_call(base_pool_block(&environment->calls, conn->call), &request);
    }
    if (response != NULL) {
        request.to_tag = response->to_tag;
    }
    return authorize(conn, environment, &request, &texts) && sip_writer_request(out, &request);
}

bool conn_request_contact(const struct conn *conn, const struct conn_environment *environment,
                          struct base_buffer *out) {
    const struct sip_endpoints endpoints = endpoints_of(conn_zone(conn, environment));
    struct sip_request request = {.local_user = NULL};
    struct texts texts;
    return take_user(conn, environment, &request, &texts) &&
           sip_writer_contact(out, &endpoints, request.local_user);
}
