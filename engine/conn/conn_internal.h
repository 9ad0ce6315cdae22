/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_INTERNAL_H
#define CONN_INTERNAL_H

#include "conn.h"
#include "tls_session.h"

/* What a peer that does not read can make us hold, twice. It has room for the answers to all that
 * one turn brings: a multishot receive reports 32 buffers of a socket before others get theirs, and
 * an INVITE has two answers. */
#define CONN_OUTBOX_BYTES    524288u
#define CONN_INBOX_BYTES     16384u
#define CONN_PLAINTEXT_BYTES 65536u
#define CONN_MESSAGE_BYTES   16384u /* what a framer takes: nobody is sent a longer message */

#define CONN_EXCHANGES_PER_SLOT 4u

/* Which names did not agree, until the line in the log is written; who comes to the same cell
 * before that takes it over. */
#define CONN_MISMATCHES 64u
struct conn_mismatch {
    uint32_t slot;
    uint32_t generation;
    char text[METRICS_REASON_TEXT_SIZE]; /* "": a free cell */
};

struct conn_scratch {
    struct tls_exchange exchange; /* its buffers are the two below */
    struct base_buffer output;    /* the open outbox */
    struct conn *writer;          /* whose outbox that is; NULL: none is open */
    enum fault writer_fault; /* met by others who wrote into it: ends the writer after its step */
    struct base_buffer plaintext;                     /* what the last feed decrypted */
    struct conn_mismatch mismatches[CONN_MISMATCHES]; /* by slot */
    uint8_t plaintext_octets[CONN_PLAINTEXT_BYTES];
    uint8_t message_octets[CONN_MESSAGE_BYTES]; /* a message of ours before encryption */
};

/* An HTTP request that waits for its answer on the connection it was sent over: HTTP/1.1 answers in
 * order. A block of environment->exchanges. */
struct conn_exchange {
    uint64_t asker;   /* token of the connection that the request came from; 0: it is our own */
    uint64_t channel; /* the asker's Tunnel-Channel; 0: it came without */
    uint32_t next;    /* the next younger one; BASE_POOL_NONE */
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
conn_action conn_tls_bytes; /* of the open phase too: what it decrypts goes to the service */
conn_action conn_tls_ended;
conn_action conn_tls_expired;

/* conn_service.c: what is spoken once TLS is up, a row per enum node_protocol. */
struct conn_service {
    /* TLS is up on our side: says the first word, into the open outbox. */
    enum fault (*begin)(struct conn *conn, struct conn_environment *environment);
    /* Reads what was decrypted; answers, when they can still be sent, go into the open outbox. */
    enum fault (*read)(struct conn *conn, struct conn_environment *environment,
                       struct bytes plaintext, bool may_answer);
    /* The timer: an answer did not come, or the next request is due. No outbox is open. */
    conn_action *expired;
    /* The connection is over, in phase CLOSE: gives back its blocks, tells who waits for it. No
     * outbox of its own is open, but another connection may be served. */
    void (*abandon)(struct conn *conn, struct conn_environment *environment);
    /* A request of another worker's for one of our carriers of letter->hop; whoever asked is told
     * when there is none. No outbox is open. */
    void (*take_letter)(struct conn_environment *environment, const struct conn_letter *letter);
    /* An answer to a request that was sent on for this connection stands in its outbox. NULL: that
     * changes nothing. */
    void (*answered)(struct conn *conn, struct conn_environment *environment, struct bytes message);
    enum fault closed; /* the peer hung up */
};
const struct conn_service *conn_service_named(enum node_protocol protocol);
static inline const struct conn_service *conn_service_of(const struct conn *conn) {
    return conn_service_named((enum node_protocol)conn->protocol);
}
conn_action conn_service_ended; /* open phase: end of stream, or the receive failed */
conn_action conn_service_expired;

/* conn_stream.c */
/* The kinds of both framers, which cut alike. */
enum conn_frame_kind {
    CONN_FRAME_NEEDS_MORE,
    CONN_FRAME_MESSAGE,
    CONN_FRAME_PING,
    CONN_FRAME_PONG,
    CONN_FRAME_SKIP,
    CONN_FRAME_MALFORMED,
};
struct conn_frame {
    enum conn_frame_kind kind;
    size_t length; /* octets to consume */
};
struct conn_stream_rules {
    struct conn_frame (*cut)(struct bytes stream, bool awaits_pong);
    enum fault (*take_message)(struct conn *conn, struct conn_environment *environment,
                               struct bytes text, bool may_answer);
    bool (*pauses)(
        const struct conn *conn); /* what comes now must wait in the inbox; NULL: never */
    enum fault malformed;
    bool answers_pings; /* else a ping is skipped */
};
/*
 * A service's `read`: admits the connection, joins what was kept with `plaintext`, hands out whole
 * messages until the connection is finished, answers pings, and keeps the rest.
 */
enum fault conn_stream_read(struct conn *conn, struct conn_environment *environment,
                            struct bytes plaintext, bool may_answer,
                            const struct conn_stream_rules *rules);

/* conn_write.c */
/* Encrypts into the open outbox, which is this connection's. */
enum fault conn_write(struct conn *conn, struct conn_environment *environment,
                      struct bytes plaintext);
/* The same for a whole message of SIP or HTTP: a trace shows it. */
enum fault conn_write_message(struct conn *conn, struct conn_environment *environment,
                              struct bytes message);
/* An empty buffer over scratch->message_octets: one message of ours at a time. */
struct base_buffer conn_message_buffer(const struct conn_environment *environment);

/* conn_schedule.c */
/* Moves the timer to the deadline, or to the end of the hold time when that comes first and nothing
 * is awaited. */
void conn_arm(struct conn *conn, struct conn_environment *environment, uint64_t deadline_ns);
/*
 * A service's `expired`: ends the connection when what it awaited did not come (`timeout`) or when
 * its hold time is over; else opens the outbox and lets `send_next` write the next request.
 */
void conn_expired(struct conn *conn, struct conn_environment *environment, enum fault timeout,
                  enum fault (*send_next)(struct conn *conn, struct conn_environment *environment));
/* After an answer: finishes the connection when its hold time is over or it had all its dialogs,
 * else `send_next` now or when the zone's interval since the last request is over. */
enum fault conn_go_on(struct conn *conn, struct conn_environment *environment,
                      enum fault (*send_next)(struct conn *conn,
                                              struct conn_environment *environment));

/* The same, but `longest_ns` after the last request at the latest. */
enum fault conn_go_on_within(struct conn *conn, struct conn_environment *environment,
                             uint64_t longest_ns,
                             enum fault (*send_next)(struct conn *conn,
                                                     struct conn_environment *environment));

/* A call of ours is held, or a script is played: what neither a pause nor the peer should end. */
bool conn_is_in_dialog(const struct conn *conn, const struct conn_environment *environment);

/* How long this one is held: drawn anew each time. */
uint64_t conn_draw_hold_ns(const struct conn *conn, struct conn_environment *environment);

/* conn_admission.c */
/* The first authenticated application byte from the peer. */
void conn_admit(struct conn *conn, struct conn_environment *environment);
/* An initiator's dialog got as far as its zone asks; a second call does nothing. The connection is
 * a carrier of its zone from now on. */
void conn_establish(struct conn *conn, struct conn_environment *environment);

/* conn_keepalive.c: CRLF CRLF and CRLF (RFC 5626 section 3.5.1), in SIP and in tunnels. */
enum fault conn_keepalive_send(struct conn *conn, struct conn_environment *environment);
enum fault conn_keepalive_take_ping(struct conn *conn, struct conn_environment *environment,
                                    bool may_answer);
enum fault conn_keepalive_take_pong(struct conn *conn, struct conn_environment *environment,
                                    bool may_answer);

/* Nothing else is awaited until `deadline_ns`: when the timer is to expire, a keep-alive's turn
 * included. */
uint64_t conn_keepalive_before(struct conn *conn, struct conn_environment *environment,
                               uint64_t deadline_ns);
/* In a pause, which keeps the requests away that would have done: true once an interval. */
bool conn_keepalive_is_overdue(struct conn *conn, const struct conn_environment *environment);

/* conn_flow.c: a connection to keep open was lost, and its seat has another one (RFC 5626). */
void conn_flow_lost(const struct conn *conn, struct conn_environment *environment);
/* Nothing is counted unless one was lost there. */
void conn_flow_recovered(const struct conn *conn, struct conn_environment *environment);

/* conn_carrier.c: whose connections can carry requests for others. */
void conn_carrier_join(struct conn *conn, struct conn_environment *environment);
void conn_carrier_leave(struct conn *conn, struct conn_environment *environment);
/* The same for good, with conn->fault as the reason that conn_carrier_explain() will give. */
void conn_carrier_end(struct conn *conn, struct conn_environment *environment);
enum conn_carried {
    CONN_CARRIED,
    CONN_CARRIED_BY_NONE,   /* none is open */
    CONN_CARRIED_LATER,     /* those that are open have too much to send already */
    CONN_CARRIED_IN_A_LOOP, /* only the one is open that the request came from */
};
/* Sends a request over one of this worker's in turn, told in `over`; never back over the connection
 * with the token `asker`. */
enum conn_carried conn_carrier_send(struct conn_environment *environment, struct node_hop hop,
                                    uint64_t asker, struct bytes message, struct conn **over);
/* "no connection is open on edge.uc-traversal: unsupported certificate purpose"; `what`:
 * "connection" or "tunnel". `carried`: why it was not. */
void conn_carrier_explain(const struct conn_environment *environment, struct node_hop hop,
                          enum conn_carried carried, const char *what, char *out, size_t out_size);

/* conn_relay.c: from one connection to another, of this worker or of another one. */
/* Names a connection for as long as it lives; never 0. */
uint64_t conn_relay_token(const struct conn *conn, const struct conn_environment *environment);
/* The admitted connection of node `node` with this token, NULL when it is gone or another worker's:
 * a token comes from the wire and may be anything. */
struct conn *conn_relay_find(const struct conn_environment *environment, uint32_t node,
                             uint64_t token);
/* False while `target` reads so little that a request of others had better go elsewhere. */
bool conn_relay_has_room(const struct conn_environment *environment, const struct conn *target,
                         struct bytes message);
/*
 * Writes a whole message into `target`'s outbox, also while another connection is being served, and
 * also into the one being served. A fault ends the target, not the caller: false, it was not taken.
 */
bool conn_relay_deliver(struct conn_environment *environment, struct conn *target,
                        struct bytes message);
/* Sends an answer to whoever asked, in this worker or another; dropped when that one is gone. */
void conn_relay_answer(struct conn_environment *environment, uint32_t node,
                       enum node_protocol protocol, uint64_t token, struct bytes message);
/* Hands a request that this worker did not carry, as `here` says, to another one that has carriers
 * of request->hop. Of `request` protocol, node, asker, hop, token and channel are read. */
enum conn_carried conn_relay_post(struct conn_environment *environment,
                                  const struct conn_letter *request, struct bytes message,
                                  enum conn_carried here);
static inline struct node_hop conn_hop(const struct conn *conn) {
    return (struct node_hop){.is_listener = !conn->initiator, .index = conn->subject};
}
/* Whose connection it is: an index of instance->selves. */
uint32_t conn_node(const struct conn *conn, const struct conn_environment *environment);
static inline const struct node_self *conn_self(const struct conn *conn,
                                                const struct conn_environment *environment) {
    return &environment->instance->selves[conn_node(conn, environment)];
}

/* conn_sip.c */
enum fault conn_sip_begin(struct conn *conn, struct conn_environment *environment);
enum fault conn_sip_read(struct conn *conn, struct conn_environment *environment,
                         struct bytes plaintext, bool may_answer);
conn_action conn_sip_expired;
void conn_sip_abandon(struct conn *conn, struct conn_environment *environment);
void conn_proxy_take_letter(struct conn_environment *environment, const struct conn_letter *letter);

/* conn_http.c */
enum fault conn_http_begin(struct conn *conn, struct conn_environment *environment);
enum fault conn_http_read(struct conn *conn, struct conn_environment *environment,
                          struct bytes plaintext, bool may_answer);
conn_action conn_http_expired;
void conn_http_abandon(struct conn *conn, struct conn_environment *environment);
void conn_http_take_letter(struct conn_environment *environment, const struct conn_letter *letter);
void conn_http_answered(struct conn *conn, struct conn_environment *environment,
                        struct bytes message);

/* conn_leave.c: what is owed to a peer before the close in order. */
/* False when nothing is: it may close. Opens an outbox of its own. */
bool conn_leave(struct conn *conn, struct conn_environment *environment);

/* conn_call.c */
/* A call that rings is given up; nothing happens when none does. Opens an outbox of its own. */
void conn_call_cancel(struct conn *conn, struct conn_environment *environment);

/* conn_tunnel.c */
enum fault conn_tunnel_begin(struct conn *conn, struct conn_environment *environment);
enum fault conn_tunnel_read(struct conn *conn, struct conn_environment *environment,
                            struct bytes plaintext, bool may_answer);
conn_action conn_tunnel_expired;

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
void conn_record_established(const struct conn *conn, struct conn_environment *environment);
void conn_record_end(struct conn *conn, struct conn_environment *environment);

/* conn_record_dialog.c: the same, of requests and their answers. */
void conn_record_request_sent(const struct conn *conn, struct conn_environment *environment);
void conn_record_request_received(const struct conn *conn, struct conn_environment *environment,
                                  enum metrics_method method);
/* A final answer to a request of ours, challenges included. */
void conn_record_response(const struct conn *conn, struct conn_environment *environment,
                          unsigned status);
/* The same answer, when it is no challenge that we answer: the first one, and what `answering` says
 * from now on. */
void conn_record_conclusion(struct conn *conn, struct conn_environment *environment,
                            unsigned status);
/* `answering`: the last request was answered as it should. Unfrozen only. */
void conn_record_answering(struct conn *conn, struct conn_environment *environment, bool answering);
void conn_record_pong(struct conn *conn, struct conn_environment *environment);
void conn_record_ping_sent(const struct conn *conn, struct conn_environment *environment);
void conn_record_ping_received(const struct conn *conn, struct conn_environment *environment);
void conn_record_response_timeout(const struct conn *conn, struct conn_environment *environment);
void conn_record_call(const struct conn *conn, struct conn_environment *environment);
void conn_record_relayed(const struct conn *conn, struct conn_environment *environment);

/* conn_record_event.c: what goes into the event log. `reason` may hold anything: it is made
 * printable. */
/* Cut to what fits; what is not printable ASCII, or a quote, becomes a question mark. */
void conn_print_safely(struct bytes text, char *out, size_t out_size);
/* `source`: the initiator's address; length 0: unknown. `cause`: the fault before it was given a
 * tunnel's name. */
void conn_record_tls_error(const struct conn *conn, struct conn_environment *environment,
                           const struct net_address *source);
void conn_record_tunnel_error(const struct conn *conn, struct conn_environment *environment,
                              enum fault cause);
void conn_record_authentication_failed(const struct conn *conn,
                                       struct conn_environment *environment);
/* A request of ours was answered with an error; counts the reason, too. Returns `fault`. */
enum fault conn_record_rejected(const struct conn *conn, struct conn_environment *environment,
                                enum fault fault, unsigned status, struct bytes reason);
/* A request for others that came over `asker` could not be sent on; counts it, too. */
void conn_record_unroutable(struct conn_environment *environment, struct node_hop asker,
                            unsigned status, struct bytes reason);

/* conn_ends.c: where a connection is found in a capture. */
/* net_ring_open(), with a port that is known when diagnostics were asked for. */
enum fault conn_ends_open(const struct conn *conn, struct conn_environment *environment,
                          const struct net_address *source, bool reset_on_close);
void conn_ends_accept(struct conn *conn, struct conn_environment *environment);
/* A TLS error for the event log; an acceptor's waits until the initiator's address is known. */
void conn_ends_report(struct conn *conn, struct conn_environment *environment);
/* The answer to CONN_PEER_ADDRESS. */
void conn_ends_answered(struct conn *conn, struct conn_environment *environment, int32_t result);

/* conn_trace.c: whole messages, when diagnostics were asked for. */
void conn_trace_push(const struct conn *conn, struct conn_environment *environment,
                     struct bytes message, bool sent);
static inline void conn_trace_sent(const struct conn *conn, struct conn_environment *environment,
                                   struct bytes message) {
    if (environment->trace != NULL) {
        conn_trace_push(conn, environment, message, true);
    }
}
static inline void conn_trace_received(const struct conn *conn,
                                       struct conn_environment *environment, struct bytes message) {
    if (environment->trace != NULL) {
        conn_trace_push(conn, environment, message, false);
    }
}

#endif
