/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include <string.h>

/* FNV-1a. A 180 and its 200 carry one tag, and nothing is kept between requests. */
static uint64_t hash(uint64_t seed, struct bytes text) {
    for (size_t i = 0; i < text.length; i++) {
        seed = (seed ^ text.data[i]) * UINT64_C(0x100000001b3);
    }
    return seed;
}

uint64_t conn_uas_tag(const struct sip_message *request) {
    return hash(hash(UINT64_C(0xcbf29ce484222325), request->call_id), request->from_tag);
}

enum fault conn_uas_reply(struct conn *conn, struct conn_environment *environment,
                          const struct sip_message *request, struct sip_reply reply) {
    struct base_buffer message = conn_message_buffer(environment);
    reply.to_tag = conn_uas_tag(request);
    if (!sip_writer_reply(&message, request, &reply)) {
        return FAULT_NONE; /* too long for any answer, and the connection may be others' as well */
    }
    return conn_write_message(conn, environment, base_buffer_bytes(&message));
}

static enum fault answer_call(struct conn *conn, struct conn_environment *environment,
                              const struct sip_message *request) {
    const char *name = conn_self(conn, environment)->name;
    const struct sip_reply ringing = {
        .status = 180, .contact_host = name, .copies_record_route = true};
    const struct sip_reply answered = {
        .status = 200, .contact_host = name, .copies_record_route = true, .has_sdp = true};
    enum fault fault = conn_uas_reply(conn, environment, request, ringing);
    return fault != FAULT_NONE ? fault : conn_uas_reply(conn, environment, request, answered);
}

static enum fault answer(struct conn *conn, struct conn_environment *environment,
                         const struct sip_message *request, enum conn_answer kind) {
    switch (kind) {
    case CONN_ANSWER_OK:
        return conn_uas_reply(conn, environment, request, (struct sip_reply){.status = 200});
    case CONN_ANSWER_BINDINGS:
        return conn_uas_reply(conn, environment, request,
                              (struct sip_reply){.status = 200, .copies_contact = true});
    case CONN_ANSWER_CALL:
        return answer_call(conn, environment, request);
    case CONN_ANSWER_NOTHING:
        return FAULT_NONE;
    case CONN_ANSWER_NOT_ALLOWED:
    default:
        return conn_uas_reply(conn, environment, request, (struct sip_reply){.status = 405});
    }
}

/* A traversal server has its client prove who it is with the first request. */
static bool must_authenticate(const struct conn *conn, const struct conn_environment *environment,
                              const struct sip_message *request, const struct conn_method *method) {
    return !conn->initiator && method->counted == METRICS_METHOD_OPTIONS &&
           environment->instance->listeners[conn->subject].credentials.username != NULL &&
           request->to_tag.length == 0;
}

enum fault conn_uas_take_request(struct conn *conn, struct conn_environment *environment,
                                 const struct sip_message *request) {
    const struct conn_method *method = conn_method_of(request->method);
    enum fault fault = FAULT_NONE;
    conn_record_request_received(conn, environment, method->counted);
    if (must_authenticate(conn, environment, request, method)) {
        uint8_t octets[512];
        struct base_buffer challenge = {.data = octets, .capacity = sizeof octets};
        if (!conn_auth_check(conn, environment, request, &challenge)) {
            return conn_uas_reply(
                conn, environment, request,
                (struct sip_reply){.status = 401, .header_lines = base_buffer_bytes(&challenge)});
        }
    }
    if (conn_self(conn, environment)->relays &&
        !conn_proxy_take_request(conn, environment, request, method, &fault)) {
        return fault;
    }
    return answer(conn, environment, request, method->answer);
}
