/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_RECORD_H
#define CONN_RECORD_H

#include "base_clock.h"
#include "conn_internal.h"

/* Where a connection is counted, and how long ago something was: for those who count. */
static inline struct metrics_zone *conn_record_zone_of(const struct conn *conn,
                                                       const struct conn_environment *environment) {
    return &environment->shard->zones[conn->subject];
}

static inline struct metrics_listener *conn_record_listener_of(
    const struct conn *conn, const struct conn_environment *environment) {
    return &environment->shard->listeners[conn->subject];
}

static inline uint64_t conn_record_us_since(const struct conn_environment *environment,
                                            uint64_t since_ns) {
    return environment->now_ns > since_ns ? (environment->now_ns - since_ns) / BASE_NS_PER_US : 0;
}

#endif
