/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http.h"

#include "profile_plan.h"

/* What the products serve, as short as it can be. */
static const char phone_configuration[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                          "<device>\n"
                                          "  <deviceProtocol>SIP</deviceProtocol>\n"
                                          "  <deviceSecurityMode>3</deviceSecurityMode>\n"
                                          "  <transportLayerProtocol>3</transportLayerProtocol>\n"
                                          "</device>\n";
static const char login_page[] = "<!DOCTYPE html>\n"
                                 "<html lang=\"en\"><title>Join a meeting</title>\n"
                                 "<form method=\"post\"><input name=\"meeting\"></form></html>\n";

static bool is_method(const struct http_message *request, const char *method) {
    return base_bytes_equal(request->method, base_bytes_of_text(method));
}

enum fault conn_http_answer(struct conn *conn, struct conn_environment *environment,
                            const struct http_message *request, unsigned status, const char *reason,
                            const char *content_type, struct bytes body) {
    bool is_tunnel = conn->protocol == NODE_PROTOCOL_TUNNEL;
    struct base_buffer message = conn_message_buffer(environment);
    if (!http_message_write_response(&message, status, reason, content_type, body,
                                     is_tunnel ? request->channel : 0)) {
        return FAULT_LOCAL_ERROR;
    }
    conn->finished = conn->finished || (request->wants_close && !is_tunnel);
    return conn_write_message(conn, environment, base_buffer_bytes(&message));
}

enum fault conn_http_answer_page(struct conn *conn, struct conn_environment *environment,
                                 const struct http_message *request) {
    const struct bytes none = {.length = 0};
    if (is_method(request, "HEAD")) {
        return conn_http_answer(conn, environment, request, 200, "OK", NULL, none);
    }
    if (!is_method(request, "GET") && !is_method(request, "POST")) {
        return conn_http_answer(conn, environment, request, 501, "Not Implemented", NULL, none);
    }
    bool is_webrtc =
        !conn->initiator &&
        environment->instance->plan->listeners[conn->subject].service == PROFILE_SERVICE_WEBRTC;
    return conn_http_answer(conn, environment, request, 200, "OK",
                            is_webrtc ? "text/html" : "text/xml",
                            base_bytes_of_text(is_webrtc ? login_page : phone_configuration));
}
