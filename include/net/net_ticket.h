/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NET_TICKET_H
#define NET_TICKET_H

#include <stdint.h>

/*
 * What a completion says about its origin, packed into io_uring's user_data: slot 24 bits,
 * generation 32 bits, operation 8 bits. A slot's generation grows when it is given to a new
 * connection, so a late completion of the old one is recognized and dropped.
 */
#define NET_TICKET_SLOT_MAX ((1u << 24) - 1)

struct net_ticket {
    uint32_t slot;
    uint32_t generation;
    uint8_t operation;
};

static inline uint64_t net_ticket_pack(struct net_ticket ticket) {
    return (uint64_t)ticket.slot << 40 | (uint64_t)ticket.generation << 8 | ticket.operation;
}

static inline struct net_ticket net_ticket_unpack(uint64_t packed) {
    return (struct net_ticket){.slot = (uint32_t)(packed >> 40),
                               .generation = (uint32_t)(packed >> 8),
                               .operation = (uint8_t)packed};
}

#endif
