/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "base_hash.h"
#include "node_limit.h"

/* A 180 and its 200 carry one tag, and nothing is kept between requests. */
uint64_t conn_uas_tag(const struct sip_message *request) {
    return base_hash(base_hash(BASE_HASH_BEGIN, request->call_id), request->from_tag);
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

/* No call is kept: whoever knows a To tag of ours has one. An UPDATE may offer (RFC 3311). */
static enum fault answer_in_dialog(struct conn *conn, struct conn_environment *environment,
                                   const struct sip_message *request) {
    bool is_offer =
        request->body.length > 0 && base_bytes_equal(request->method, base_bytes_of_text("UPDATE"));
    const struct sip_reply reply = {
        .status = request->to_tag.length > 0 ? 200 : 481,
        .contact_host = is_offer ? conn_self(conn, environment)->name : NULL,
        .has_sdp = is_offer && request->to_tag.length > 0,
    };
    return conn_uas_reply(conn, environment, request, reply);
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
    case CONN_ANSWER_IN_DIALOG:
        return answer_in_dialog(conn, environment, request);
    case CONN_ANSWER_UNKNOWN:
        return conn_uas_reply(conn, environment, request, (struct sip_reply){.status = 501});
    case CONN_ANSWER_NOT_ALLOWED:
    default:
        return conn_uas_reply(conn, environment, request, (struct sip_reply){.status = 405});
    }
}

/* A traversal server has its client prove who it is with the first OPTIONS, and a registrar its
 * users with theirs. */
static bool must_authenticate(const struct conn *conn, const struct conn_environment *environment,
                              const struct sip_message *request) {
    return !conn->initiator && request->to_tag.length == 0 &&
           node_credentials_given(&environment->instance->listeners[conn->subject].credentials);
}

/* True when the request is good; else it was challenged. */
static bool authenticate(struct conn *conn, struct conn_environment *environment,
                         const struct sip_message *request, enum fault *fault) {
    uint8_t octets[1536];
    struct base_buffer challenge = {.data = octets, .capacity = sizeof octets};
    if (conn_auth_check(conn, environment, request, &challenge)) {
        return true;
    }
    *fault = conn_uas_reply(
        conn, environment, request,
        (struct sip_reply){.status = 401, .header_lines = base_buffer_bytes(&challenge)});
    return false;
}

/* Only where a limit is emulated: a session that was refused may ask again, and counts again. */
static bool is_over_limit(struct conn *conn, struct conn_environment *environment,
                          const struct sip_message *request, const struct conn_method *method) {
    bool begins = method->counted == METRICS_METHOD_REGISTER ||
                  (method->counted == METRICS_METHOD_INVITE && request->to_tag.length == 0) ||
                  (!conn->concluded && method->answer == CONN_ANSWER_OK);
    if (!begins) {
        return false;
    }
    struct node_limit *limit = environment->instance->listeners[conn->subject].limit;
    conn->concluded = node_limit_admits(limit, environment->now_ns);
    return !conn->concluded;
}

enum fault conn_uas_take_request(struct conn *conn, struct conn_environment *environment,
                                 const struct sip_message *request) {
    const struct conn_method *method = conn_method_of(request->method);
    enum fault fault = FAULT_NONE;
    conn_record_request_received(conn, environment, method->counted);
    if (!conn->initiator && environment->instance->listeners[conn->subject].needs_alias) {
        conn_alias_take(conn, environment, request);
    }
    if (method->counted == METRICS_METHOD_OPTIONS &&
        must_authenticate(conn, environment, request) &&
        !authenticate(conn, environment, request, &fault)) {
        return fault;
    }
    if (!conn->initiator && environment->instance->listeners[conn->subject].limit != NULL &&
        is_over_limit(conn, environment, request, method)) {
        const struct bytes later = base_bytes_of_text("Retry-After: 1\r\n");
        return conn_uas_reply(conn, environment, request,
                              (struct sip_reply){.status = 503, .header_lines = later});
    }
    if (conn_self(conn, environment)->relays &&
        !conn_proxy_take_request(conn, environment, request, method, &fault)) {
        return fault;
    }
    /* Only here: those of others pass through. */
    if (method->is_a_users && must_authenticate(conn, environment, request) &&
        !authenticate(conn, environment, request, &fault)) {
        return fault;
    }
    return answer(conn, environment, request, method->answer);
}
