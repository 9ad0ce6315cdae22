/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RESOLVE_CHANNEL_H
#define RESOLVE_CHANNEL_H

#include "resolve.h"

#include <ares.h>

/* An answer that was given. */
struct resolve_memory {
    struct resolve_memory *next;
    char *host;
    uint16_t port;
    enum resolve_family family;
    struct resolve_answer answer;
};

struct resolve {
    ares_channel channel;
    uint64_t limit_ns;
    uint64_t deadline_ns; /* of the question that is being asked */
    struct resolve_memory *memories;
};

/* Serves the channel until nothing is asked any more; at the deadline all queries are cancelled. */
void resolve_channel_serve(struct resolve *resolve);

/*
 * Every address of a name, the aliases on the way followed: ARES_SUCCESS with a list for
 * ares_freeaddrinfo().
 */
int resolve_channel_addresses(struct resolve *resolve, const char *name,
                              struct ares_addrinfo **out);

/* The records of a type; both lists are for ares_free_data(). */
int resolve_channel_naptr(struct resolve *resolve, const char *name, struct ares_naptr_reply **out);
int resolve_channel_srv(struct resolve *resolve, const char *name, struct ares_srv_reply **out);

/* "no such name", "no answer in time" ... */
const char *resolve_channel_words(int status);

#endif
