/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

/* Of an outbox, what requests of others leave to the carrier's own dialog. */
#define ROOM_OF_ITS_OWN 65536u
/* What TLS adds to a message: two records at the most. */
#define TLS_OVERHEAD 512u

/* worker + 1, slot, generation: 8, 24 and 32 bits. */
#define WORKER_SHIFT 56
#define SLOT_SHIFT   32
#define SLOT_MASK    ((UINT64_C(1) << (WORKER_SHIFT - SLOT_SHIFT)) - 1)

uint32_t conn_node(const struct conn *conn, const struct conn_environment *environment) {
    return conn->initiator ? environment->instance->zones[conn->subject].node
                           : environment->instance->listeners[conn->subject].node;
}

uint64_t conn_relay_token(const struct conn *conn, const struct conn_environment *environment) {
    return ((uint64_t)environment->worker + 1) << WORKER_SHIFT |
           (uint64_t)conn->slot << SLOT_SHIFT | conn->generation;
}

struct conn *conn_relay_find(const struct conn_environment *environment, uint32_t node,
                             uint64_t token) {
    uint32_t slot = (uint32_t)(token >> SLOT_SHIFT & SLOT_MASK);
    if (token >> WORKER_SHIFT != (uint64_t)environment->worker + 1 || environment->slots == NULL ||
        slot >= environment->slots->block_count) {
        return NULL;
    }
    struct conn *conn = base_pool_block(environment->slots, slot);
    bool lives = conn->phase == CONN_OPEN && conn->admitted &&
                 conn->generation == (uint32_t)token && conn_node(conn, environment) == node;
    return lives ? conn : NULL;
}

static bool can_be_told(const struct conn *conn) {
    return conn->phase == CONN_OPEN && !conn->finished && !conn->send_broken &&
           !tls_session_peer_closed(conn->tls);
}

bool conn_relay_has_room(const struct conn_environment *environment, const struct conn *target,
                         struct bytes message) {
    size_t waiting = environment->scratch->writer == target ? environment->scratch->output.length
                                                            : target->waiting_length;
    return waiting + message.length + TLS_OVERHEAD <= CONN_OUTBOX_BYTES - ROOM_OF_ITS_OWN;
}

static bool write_into_open_outbox(struct conn_environment *environment, struct bytes message) {
    struct conn_scratch *scratch = environment->scratch;
    enum fault fault = conn_write_message(scratch->writer, environment, message);
    if (fault != FAULT_NONE && scratch->writer_fault == FAULT_NONE) {
        scratch->writer_fault = fault;
    }
    return fault == FAULT_NONE;
}

bool conn_relay_deliver(struct conn_environment *environment, struct conn *target,
                        struct bytes message) {
    struct conn_scratch *scratch = environment->scratch;
    if (!can_be_told(target)) {
        return false;
    }
    if (scratch->writer == target) {
        return write_into_open_outbox(environment, message);
    }
    const struct base_buffer open_output = scratch->output;
    struct conn *const open_writer = scratch->writer;
    const enum fault open_fault = scratch->writer_fault;
    enum fault fault = FAULT_LOCAL_ERROR;
    if (conn_outbox_open(target, environment)) {
        fault = conn_write_message(target, environment, message);
        conn_outbox_seal(target, environment);
    }
    scratch->output = open_output;
    scratch->writer = open_writer;
    scratch->writer_fault = open_fault;
    if (fault != FAULT_NONE) {
        conn_end(target, environment, fault);
    }
    return fault == FAULT_NONE;
}

/* An answer of one protocol is nothing that a peer of the other could read. */
static void deliver_answer(struct conn_environment *environment, uint32_t node,
                           enum node_protocol protocol, uint64_t token, struct bytes message) {
    struct conn *target = conn_relay_find(environment, node, token);
    if (target == NULL ||
        (target->protocol == NODE_PROTOCOL_SIP) != (protocol == NODE_PROTOCOL_SIP) ||
        !conn_relay_deliver(environment, target, message)) {
        return;
    }
    const struct conn_service *service = conn_service_of(target);
    if (service->answered != NULL) {
        service->answered(target, environment, message);
    }
}

void conn_relay_answer(struct conn_environment *environment, uint32_t node,
                       enum node_protocol protocol, uint64_t token, struct bytes message) {
    uint64_t worker = token >> WORKER_SHIFT; /* plus one */
    if (environment->mail == NULL || worker == 0 || worker == (uint64_t)environment->worker + 1) {
        deliver_answer(environment, node, protocol, token, message);
        return;
    }
    struct conn_letter *letter = conn_letter_create(message);
    if (letter != NULL) {
        letter->is_answer = true;
        letter->protocol = protocol;
        letter->node = node;
        letter->token = token;
        conn_mail_post(environment->mail, (unsigned)worker - 1, letter);
    }
}

enum conn_carried conn_relay_post(struct conn_environment *environment,
                                  const struct conn_letter *request, struct bytes message,
                                  enum conn_carried here) {
    unsigned worker = environment->mail == NULL
                          ? CONN_MAIL_WORKERS_MAX
                          : conn_mail_find(environment->mail, environment->worker, request->hop);
    if (worker == CONN_MAIL_WORKERS_MAX) {
        return here;
    }
    struct conn_letter *letter = conn_letter_create(message);
    if (letter == NULL) {
        return CONN_CARRIED_LATER;
    }
    letter->protocol = request->protocol;
    letter->node = request->node;
    letter->asker = request->asker;
    letter->hop = request->hop;
    letter->token = request->token;
    letter->channel = request->channel;
    return conn_mail_post(environment->mail, worker, letter) ? CONN_CARRIED : CONN_CARRIED_LATER;
}

void conn_take_letter(struct conn_environment *environment, const struct conn_letter *letter) {
    if (!letter->is_answer) {
        conn_service_named(letter->protocol)->take_letter(environment, letter);
        return;
    }
    deliver_answer(environment, letter->node, letter->protocol, letter->token,
                   base_bytes(letter->octets, letter->length));
}
