/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_INTERNAL_H
#define CONN_INTERNAL_H

#include "conn.h"
#include "tls_session.h"

/* What a peer that does not read can make us hold, twice. It has room for the answers to all that
 * one turn brings: a multishot receive reports 32 buffers of a socket before others get theirs. */
#define CONN_OUTBOX_BYTES    262144u
#define CONN_INBOX_BYTES     16384u
#define CONN_PLAINTEXT_BYTES 65536u
#define CONN_MESSAGE_BYTES   16384u

struct conn_scratch {
    struct tls_exchange exchange; /* its buffers are the two below */
    struct base_buffer output;    /* the open outbox */
    struct base_buffer plaintext; /* what the last feed decrypted */
    uint8_t plaintext_octets[CONN_PLAINTEXT_BYTES];
    uint8_t message_octets[CONN_MESSAGE_BYTES]; /* a SIP message of ours before encryption */
};

enum conn_event {
    CONN_EVENT_CONNECTED,
    CONN_EVENT_CONNECT_FAILED,
    CONN_EVENT_BYTES,
    CONN_EVENT_END_OF_STREAM,
    CONN_EVENT_RECEIVE_FAILED,
    CONN_EVENT_SENT,
    CONN_EVENT_SEND_FAILED,
    CONN_EVENT_OPERATION_ENDED, /* shutdown, cancel, close, peer address; a receive that goes on */
    CONN_EVENT_TIMER,
    CONN_EVENT_STOP,
    CONN_EVENTS,
};

struct conn_input {
    struct bytes bytes; /* of CONN_EVENT_BYTES */
    int32_t result;     /* negative errno of a failed operation */
};

typedef void conn_action(struct conn *conn, struct conn_environment *environment,
                         const struct conn_input *input);

/* conn.c */
void conn_enter(struct conn *conn, enum conn_phase phase);
struct net_ticket conn_ticket(const struct conn *conn, enum conn_operation operation);
static inline bool conn_in_flight(const struct conn *conn, enum conn_operation operation) {
    return (conn->operations & (1u << operation)) != 0;
}
void conn_mark_in_flight(struct conn *conn, enum conn_operation operation);
void conn_receive(struct conn *conn, struct conn_environment *environment);
const struct node_zone *conn_zone(const struct conn *conn,
                                  const struct conn_environment *environment);

/* conn_tcp.c */
conn_action conn_tcp_connected;
conn_action conn_tcp_failed;
conn_action conn_tcp_expired;
/* Both roles: the TCP connection is up, TLS begins. */
void conn_tcp_begin_tls(struct conn *conn, struct conn_environment *environment);

/* conn_tls.c */
conn_action conn_tls_bytes; /* of the SIP phase too: what it decrypts goes to conn_sip_read() */
conn_action conn_tls_ended;
conn_action conn_tls_expired;

/* conn_sip.c */
conn_action conn_sip_ended;
conn_action conn_sip_expired;
/* TLS is up on our side: says the first word, into the open outbox. */
enum fault conn_sip_begin(struct conn *conn, struct conn_environment *environment);
/* Reads what was decrypted; answers, when they can still be sent, go into the open outbox. */
enum fault conn_sip_read(struct conn *conn, struct conn_environment *environment,
                         struct bytes plaintext, bool may_answer);

/* conn_outbox.c: at most one send in flight, so TLS records stay in order. */
bool conn_outbox_open(struct conn *conn, struct conn_environment *environment);
void conn_outbox_seal(struct conn *conn, struct conn_environment *environment);
void conn_outbox_release(struct conn *conn, struct conn_environment *environment);
conn_action conn_outbox_sent;
conn_action conn_outbox_failed;

/* conn_close.c */
/* Ends the connection for `fault` (FAULT_NONE: in order) and counts it. Sends what waits, if
 * anything. */
void conn_end(struct conn *conn, struct conn_environment *environment, enum fault fault);
/* Says close_notify, if it still can be said. */
void conn_close_notify(struct conn *conn, struct conn_environment *environment);
conn_action conn_close_progress;
conn_action conn_close_expired;
conn_action conn_close_failed;
conn_action conn_close_end_of_stream;
conn_action conn_close_at_once;
conn_action conn_stop_in_order;

/* conn_record.c: everything that is counted, and nothing else. */
void conn_record_start(const struct conn *conn, struct conn_environment *environment);
void conn_record_connected(const struct conn *conn, struct conn_environment *environment);
void conn_record_judgement(const struct conn *conn, struct conn_environment *environment);
void conn_record_open(const struct conn *conn, struct conn_environment *environment);
void conn_record_admitted(const struct conn *conn, struct conn_environment *environment);
void conn_record_request_sent(const struct conn *conn, struct conn_environment *environment);
void conn_record_request_received(const struct conn *conn, struct conn_environment *environment);
void conn_record_response(struct conn *conn, struct conn_environment *environment, unsigned status);
void conn_record_pong(struct conn *conn, struct conn_environment *environment);
void conn_record_ping_sent(const struct conn *conn, struct conn_environment *environment);
void conn_record_ping_received(const struct conn *conn, struct conn_environment *environment);
void conn_record_sip_timeout(const struct conn *conn, struct conn_environment *environment);
void conn_record_end(struct conn *conn, struct conn_environment *environment);
/* `source`: the initiator's address; length 0: unknown. */
void conn_record_tls_error(const struct conn *conn, struct conn_environment *environment,
                           const struct net_address *source);

#endif
