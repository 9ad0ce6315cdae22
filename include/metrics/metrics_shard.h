/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef METRICS_SHARD_H
#define METRICS_SHARD_H

#include "base_fault.h"
#include "metrics_histogram.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * What one worker counted. Counters have one writer and may be read by any thread at any time
 * (relaxed: a reader sees each counter at some recent value); histograms and tables only after the
 * writer stopped.
 */
typedef _Atomic uint64_t metrics_counter;

static inline void metrics_add(metrics_counter *counter, uint64_t amount) {
    /* One writer: a plain add, published whole, without a locked instruction. */
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + amount,
                          memory_order_relaxed);
}

static inline uint64_t metrics_read(const metrics_counter *counter) {
    return atomic_load_explicit(counter, memory_order_relaxed);
}

/*
 * How often each certificate serial was presented. Fixed capacity; what does not fit counts as
 * other.
 */
#define METRICS_SERIAL_MAX 20
struct metrics_serial {
    uint8_t octets[METRICS_SERIAL_MAX];
    uint8_t length; /* 0: a free cell */
    uint64_t count;
};
struct metrics_serials {
    struct metrics_serial *cells; /* open addressing, a power of two */
    uint32_t capacity;
    uint32_t used;
    uint64_t other;
};

/* Length 0 is no certificate at all and is not counted. */
void metrics_serials_record(struct metrics_serials *serials, const uint8_t *octets, size_t length);

#define METRICS_SUITES_MAX  16
#define METRICS_SUITE_OTHER 0x10000u /* the last cell: suites that found no cell of their own */
struct metrics_suite {
    unsigned number; /* IANA cipher suite number; 0: a free cell */
    uint64_t count;
};

/* How often a peer gave each reason for refusing a request: "503 no tunnel is open". Fixed
 * capacity; what does not fit counts as other. */
#define METRICS_REASONS_MAX      8
#define METRICS_REASON_TEXT_SIZE 120
struct metrics_reason {
    char text[METRICS_REASON_TEXT_SIZE]; /* "": a free cell */
    uint64_t count;
};
struct metrics_reasons {
    struct metrics_reason cells[METRICS_REASONS_MAX];
    uint64_t other;
};
void metrics_reasons_record(struct metrics_reasons *reasons, const char *text);

/* Microseconds. */
enum metrics_zone_latency {
    METRICS_START_DELAY, /* behind the schedule */
    METRICS_TCP_CONNECT,
    METRICS_TLS_HANDSHAKE,
    METRICS_TLS_HANDSHAKE_FULL, /* these two only of zones that resume */
    METRICS_TLS_HANDSHAKE_RESUMED,
    METRICS_ADMISSION,
    METRICS_REFUSAL,
    METRICS_SIP_RESPONSE,
    METRICS_ESTABLISH,
    METRICS_ESTABLISH_FROM_INTENDED,
    METRICS_FLOW_RECOVERY, /* of connections to keep open: lost, until it is established again */
    METRICS_ZONE_LATENCIES
};
/* The keys of contract's "latency" objects: "tcp_connect" ... */
const char *metrics_zone_latency_key(enum metrics_zone_latency latency);

struct metrics_identity {
    metrics_counter attempts;
    metrics_counter established;
    metrics_counter failed;
};

/* One of several that a zone dials. */
struct metrics_target {
    metrics_counter attempts;
    metrics_counter established;
    metrics_counter failed;
};

#define METRICS_SIP_STATUS_MAX 700

struct metrics_zone {
    metrics_counter attempts;
    metrics_counter established; /* admitted, ever */
    metrics_counter failed;
    metrics_counter unconfirmed;
    metrics_counter lost;
    metrics_counter closed; /* established, then closed by us or in order by the peer */
    metrics_counter late;
    metrics_counter dropped;
    metrics_counter resumed;
    metrics_counter answered;     /* established connections whose first request was answered 2xx */
    metrics_counter answering;    /* gauge: open connections whose last request was answered 2xx, or
                                     that are admitted without dialog */
    metrics_counter sip_requests; /* SIP or HTTP, as the zone speaks */
    metrics_counter sip_timeouts;
    metrics_counter calls;   /* calls of ours that were answered, acknowledged and ended in order */
    metrics_counter relayed; /* requests that came over it and were sent on for others */
    metrics_counter unroutable;
    metrics_counter keepalives_sent;
    metrics_counter recovered; /* of those lost: established again */
    metrics_counter mismatches;
    metrics_counter tls_1_2;
    metrics_counter tls_1_3;
    metrics_counter answered_before; /* in the warm-up, for zones that come after; not told */
    metrics_counter settled_before;  /* likewise: established, failed or unconfirmed */
    metrics_counter faults[FAULT_COUNT];
    metrics_counter lost_faults[FAULT_COUNT];
    metrics_counter sip_responses[METRICS_SIP_STATUS_MAX];
    struct metrics_suite suites[METRICS_SUITES_MAX];
    struct metrics_reasons reasons; /* of requests of ours that were rejected, and of refusals:
                                       which name was wanted */
    struct metrics_identity *identities;
    uint32_t identity_count;
    struct metrics_target *targets;
    uint32_t target_count; /* 0: it dials one, and the zone's counters are that one's */
    struct metrics_serials serials;
    struct metrics_histogram latency[METRICS_ZONE_LATENCIES];
};

/* Microseconds, from the accept. */
enum metrics_listener_latency {
    METRICS_LISTENER_TLS_HANDSHAKE,
    METRICS_LISTENER_ADMISSION,
    METRICS_LISTENER_REFUSAL,
    METRICS_LISTENER_LATENCIES
};
const char *metrics_listener_latency_key(enum metrics_listener_latency latency);

enum metrics_method {
    METRICS_METHOD_OPTIONS,
    METRICS_METHOD_REGISTER,
    METRICS_METHOD_INVITE,
    METRICS_METHOD_ACK,
    METRICS_METHOD_BYE,
    METRICS_METHOD_OTHER,
    METRICS_METHODS
};
const char *metrics_method_name(enum metrics_method method);

/* Room for one counter per policy that judges usages; the caller's numbering. */
#define METRICS_POLICIES 8

struct metrics_listener {
    metrics_counter accepted;
    metrics_counter admitted;
    metrics_counter refused; /* by our judgement: tls_peer_* */
    metrics_counter aborted; /* any other end before admission */
    metrics_counter closed;  /* admitted, then ended */
    metrics_counter resumed; /* TLS sessions that were resumed: no certificate was judged */
    metrics_counter sip_requests;
    metrics_counter keepalives_answered;
    metrics_counter relayed;    /* requests sent on for others */
    metrics_counter unroutable; /* requests that could not be sent on: answered with an error */
    metrics_counter aliased;    /* connections offered for requests back, and taken (RFC 5923) */
    metrics_counter
        alias_refused; /* offered for a host that the peer's certificate does not name */
    metrics_counter eku_checked;
    metrics_counter eku_refused;
    metrics_counter mismatches;
    metrics_counter faults[FAULT_COUNT];
    metrics_counter sip_methods[METRICS_METHODS];            /* requests received, by method */
    metrics_counter eku_checked_by_policy[METRICS_POLICIES]; /* by the policy sampled */
    metrics_counter eku_refused_by_policy[METRICS_POLICIES];
    struct metrics_reasons reasons; /* of refusals: which name was wanted */
    struct metrics_serials serials;
    struct metrics_histogram eku_ns; /* nanoseconds */
    struct metrics_histogram latency[METRICS_LISTENER_LATENCIES];
};

struct metrics_shard {
    struct metrics_zone *zones;
    uint32_t zone_count;
    struct metrics_listener *listeners;
    uint32_t listener_count;
};

/* What a shard must have room for; arrays are indexed as in the profile's plan. */
struct metrics_shape {
    uint32_t zone_count;
    uint32_t listener_count;
    const uint32_t *identities_per_zone;
    const uint32_t *targets_per_zone; /* 0: one; NULL: one each */
    uint32_t serials_per_table;       /* distinct serials expected at most */
};

/* False when there is no memory. Balance with metrics_shard_finish(). */
bool metrics_shard_init(struct metrics_shard *shard, const struct metrics_shape *shape);
void metrics_shard_finish(struct metrics_shard *shard);

/* All counts to 0. Its writer only. */
void metrics_shard_clear(struct metrics_shard *shard);

/* The same but for what peers presented, which is watched from the beginning to the end (serials,
 * mismatches), and for what zones that come after others go by. */
void metrics_shard_restart(struct metrics_shard *shard);

/* Adds `from` to `into`, which has the same shape. Both writers must have stopped. */
void metrics_shard_add(struct metrics_shard *into, const struct metrics_shard *from);

void metrics_zone_count_suite(struct metrics_zone *zone, unsigned number);

/* Derived: attempts that have no outcome yet; established connections still open. */
uint64_t metrics_zone_in_flight(const struct metrics_zone *zone);
uint64_t metrics_zone_open(const struct metrics_zone *zone);
uint64_t metrics_listener_in_flight(const struct metrics_listener *listener);

#endif
