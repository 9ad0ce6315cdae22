/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_script.h"

#include "profile_plan.h"
#include "sip_digest.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_host(const struct net_address *address, char *out, size_t out_size) {
    char text[NET_ADDRESS_TEXT_SIZE];
    net_address_host_text(address, text, sizeof text);
    bool is_ipv6 = strchr(text, ':') != NULL;
    snprintf(out, out_size, is_ipv6 ? "[%s]" : "%s", text);
}

/* The user part of "sip:room@webex.example.test". */
static void print_service(const struct node_zone *zone, char *out, size_t out_size) {
    const char *colon = strchr(zone->target_uri, ':');
    const char *at = strchr(zone->target_uri, '@');
    bool has_user = colon != NULL && at != NULL;
    snprintf(out, out_size, "%.*s", has_user ? (int)(at - colon - 1) : 7,
             has_user ? colon + 1 : "service");
}

void conn_script_introduce(struct conn *conn, struct conn_environment *environment) {
    struct conn_script *block = conn_script_block(conn, environment);
    const struct node_zone *zone = conn_zone(conn, environment);
    print_host(conn->local, block->local_ip, sizeof block->local_ip);
    print_host(conn->remote, block->remote_ip, sizeof block->remote_ip);
    snprintf(block->remote_port, sizeof block->remote_port, "%u", net_address_port(conn->remote));
    print_service(zone, block->service, sizeof block->service);
    snprintf(block->user, sizeof block->user, "ekuload");
    if (conn_user_has_name(conn, environment)) {
        (void)conn_user_print(conn, environment, block->user, sizeof block->user);
    }
}

static struct sip_script_speaker speaker_of(struct conn *conn,
                                            struct conn_environment *environment) {
    const struct conn_script *block = conn_script_block(conn, environment);
    const struct node_zone *zone = conn_zone(conn, environment);
    return (struct sip_script_speaker){
        .local_ip = block->local_ip,
        /* An answer comes back over the connection; this is where we could be reached. */
        .local_port = "5061",
        .local_host = zone->local_name,
        .remote_ip = block->remote_ip,
        .remote_port = block->remote_port,
        .remote_host = zone->remote_name,
        .user = block->user,
        .target = zone->target_uri,
        .service = block->service,
        .number = conn_number(conn, environment),
        .process = (uint64_t)getpid(),
        .fields = conn_user_fields(conn, environment),
    };
}

/* Behind the other headers. False when it does not fit. */
static bool insert(struct base_buffer *message, size_t at, struct bytes lines) {
    if (lines.length > message->capacity - message->length) {
        return false;
    }
    memmove(message->data + at + lines.length, message->data + at, message->length - at);
    memcpy(message->data + at, lines.data, lines.length);
    message->length += lines.length;
    return true;
}

static bool authorize(struct conn *conn, struct conn_environment *environment,
                      const struct sip_message *written, struct base_buffer *message) {
    uint8_t octets[3072];
    struct base_buffer lines = {.data = octets, .capacity = sizeof octets};
    char method[68];
    size_t end = (size_t)(written->headers.data + written->headers.length - message->data);
    snprintf(method, sizeof method, "%.*s", (int)written->method.length,
             (const char *)written->method.data);
    return conn_auth_write_as(conn, environment, method, written->request_uri,
                              base_random_next(&environment->random), &lines) &&
           insert(message, end, base_buffer_bytes(&lines));
}

static enum fault refuse_values(const struct conn *conn, struct conn_environment *environment) {
    char text[METRICS_REASON_TEXT_SIZE];
    snprintf(text, sizeof text, "step %u of the dialog file: its values make no message",
             conn_script_block(conn, environment)->step);
    if (!environment->frozen) {
        metrics_reasons_record(&environment->shard->zones[conn->subject].reasons, text);
    }
    return FAULT_LOCAL_ERROR;
}

enum fault conn_script_send(struct conn *conn, struct conn_environment *environment,
                            const struct sip_script_step *step) {
    struct conn_script *block = conn_script_block(conn, environment);
    const struct sip_script *script = conn_zone(conn, environment)->script;
    const struct sip_script_speaker speaker = speaker_of(conn, environment);
    struct base_buffer message = conn_message_buffer(environment);
    struct sip_message written;
    sip_script_prepare(&block->state, step, base_random_next(&environment->random));
    if (!sip_script_write(&message, script, step, &block->state, &speaker, &written) ||
        (step->authenticate && !authorize(conn, environment, &written, &message))) {
        return refuse_values(conn, environment);
    }
    if (step->is_request) {
        block->asks = (uint32_t)(step - script->steps);
        conn->request_ns = environment->now_ns;
        conn_record_request_sent(conn, environment);
    }
    return conn_write_message(conn, environment, base_buffer_bytes(&message));
}

/* RFC 3261 section 17.1.1.3: an INVITE that is challenged has ended, too. */
static enum fault acknowledge(struct conn *conn, struct conn_environment *environment,
                              const struct sip_script_step *step,
                              const struct sip_message *response) {
    uint8_t octets[CONN_MESSAGE_BYTES];
    struct base_buffer invite = {.data = octets, .capacity = sizeof octets};
    struct base_buffer message = conn_message_buffer(environment);
    struct conn_script *block = conn_script_block(conn, environment);
    const struct sip_script_speaker speaker = speaker_of(conn, environment);
    struct sip_message written;
    if (!sip_script_write(&invite, conn_zone(conn, environment)->script, step, &block->state,
                          &speaker, &written) ||
        !sip_script_write_ack(&message, &written, response)) {
        return FAULT_LOCAL_ERROR;
    }
    return conn_write_message(conn, environment, base_buffer_bytes(&message));
}

bool conn_script_take_challenge(struct conn *conn, struct conn_environment *environment,
                                const struct sip_message *response, bool may_answer,
                                enum fault *fault) {
    const struct sip_script *script = conn_zone(conn, environment)->script;
    const struct conn_script *block = conn_script_block(conn, environment);
    const struct sip_script_step *step = &script->steps[block->asks];
    bool is_of_last = response->cseq == block->state.cseq;
    if (!step->authenticate || !is_of_last || !conn->awaits_response) {
        return false;
    }
    *fault = FAULT_NONE;
    if (may_answer && base_bytes_equal(response->method, base_bytes_of_text("INVITE"))) {
        *fault = acknowledge(conn, environment, step, response);
    }
    switch (conn_auth_take_challenge(conn, environment, response)) {
    case CONN_AUTH_ANSWER:
        if (*fault == FAULT_NONE && may_answer) {
            *fault = conn_script_send(conn, environment, step);
        }
        return true;
    case CONN_AUTH_FAILED:
        *fault = conn_record_rejected(conn, environment, FAULT_SIP_AUTH_FAILED, response->status,
                                      response->reason);
        return true;
    case CONN_AUTH_IGNORE:
    default:
        return false;
    }
}

enum fault conn_script_refuse(const struct conn *conn, struct conn_environment *environment,
                              enum fault fault, const struct sip_message *message,
                              const char *missing) {
    char text[METRICS_REASON_TEXT_SIZE];
    const struct bytes reason = message->is_request ? message->method : message->reason;
    int length = (int)(reason.length < 64 ? reason.length : 64);
    if (missing == NULL && message->status >= 300) {
        return conn_record_rejected(conn, environment, fault, message->status, reason);
    }
    snprintf(text, sizeof text,
             missing == NULL ? "%.*s, which was not expected%s" : "%.*s without %s", length,
             (const char *)reason.data, missing == NULL ? "" : missing);
    return conn_record_rejected(conn, environment, fault, message->status,
                                base_bytes_of_text(text));
}
