/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RESOLVE_SIP_H
#define RESOLVE_SIP_H

#include "resolve.h"

/* One question on its way to an answer. */
struct resolve_search {
    struct resolve *resolve;
    const struct resolve_question *question;
    struct resolve_answer *answer;
    bool met_other_family; /* an address of the family that is not wanted */
    bool overflowed;
};

/* What an address that is found is to be: see struct resolve_target. */
struct resolve_place {
    uint16_t port;
    uint16_t priority;
    uint32_t weight; /* for all addresses of the name together */
};

/* A name without a port, RFC 3263: NAPTR, else SRV, else its addresses. */
void resolve_sip_search(struct resolve_search *search);

/* resolve.c: adds the name's addresses. */
void resolve_search_addresses(struct resolve_search *search, const char *name,
                              const struct resolve_place *place);

#endif
