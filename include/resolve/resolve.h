/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "base_error.h"

#include <stdint.h>

/*
 * Names to addresses, for SIP over TLS by RFC 3263: before load runs, never while it does. One
 * thread; a call blocks until the answer is complete or its time is up.
 */
struct resolve;

/*
 * `servers`: "127.0.0.1:5353,[::1]:53", tried in this order; NULL: the system's. `limit_ns`: what
 * one question may take, all its queries together.
 */
bool resolve_create(struct resolve **out, const char *servers, uint64_t limit_ns,
                    struct base_error *error);
void resolve_destroy(struct resolve *resolve);

enum resolve_family { RESOLVE_IPV4, RESOLVE_IPV6 };

struct resolve_question {
    const char *host;           /* a name, or an IP literal, which is its own answer */
    uint16_t port;              /* 0, of a SIP service only: RFC 3263 finds it */
    enum resolve_family family; /* of the addresses wanted; a literal may be of the other one */
};

#define RESOLVE_TARGETS_MAX  64u /* a larger answer is refused */
#define RESOLVE_ADDRESS_SIZE 46

struct resolve_target {
    char address[RESOLVE_ADDRESS_SIZE]; /* an IP literal */
    uint16_t port;
    uint16_t priority; /* the lowest first; targets are sorted by it */
    uint32_t share; /* of the load of its priority (RFC 2782), among the others' shares; never 0 */
};

struct resolve_answer {
    struct resolve_target targets[RESOLVE_TARGETS_MAX];
    uint32_t count;  /* at least 1 */
    char trail[768]; /* what was asked and what came, for a person; "": nothing had to be asked,
                        this time */
};

/* An answer is kept until the end, and given again. False: a sentence with the queries that were
 * asked and why none of them helped. */
bool resolve_ask(struct resolve *resolve, const struct resolve_question *question,
                 struct resolve_answer *answer, struct base_error *error);

/*
 * May load be sent to this IP literal without a word of whom it belongs to? Loopback, private
 * (RFC 1918, RFC 4193, RFC 6598) and link-local addresses; everything else is somebody's,
 * documentation ranges included. False for what is no literal.
 */
bool resolve_is_private(const char *address);

#endif
