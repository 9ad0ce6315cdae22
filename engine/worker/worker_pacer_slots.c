/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_pacer.h"

#include "base_clock.h"

uint32_t worker_pacer_share(uint32_t total, unsigned index, unsigned count) {
    return total / count + (index < total % count ? 1 : 0);
}

static double mean_seconds(uint64_t ns, const struct profile_spread *spread) {
    uint64_t mean_ns =
        spread->kind == PROFILE_SPREAD_UNIFORM ? ns / 2 + spread->longest_ns / 2 : ns;
    return (double)mean_ns / (double)BASE_NS_PER_S;
}

/* What one connection takes but for its handshake and its answers. */
static double life_seconds(const struct profile_zone_load *load) {
    double hold = mean_seconds(load->hold_ns, &load->hold_spread);
    double think = mean_seconds(load->options_interval_ns, &load->options_interval_spread);
    double dialogs = load->dialogs > 0 ? load->dialogs : 1;
    double holds = load->dialog == PROFILE_DIALOG_INVITE ? dialogs : 1;
    return hold * holds + think * (dialogs - 1);
}

/* An open loop keeps as many connections as arrive while one lives: its hold time and a slow
 * handshake. */
static uint32_t slots_of_rate(const struct profile_zone_load *load) {
    double slots = load->rate_per_s * (life_seconds(load) + 2) + 64;
    slots = load->at_once > 0 ? load->at_once : slots;
    slots = load->attempts > 0 && load->attempts < slots ? load->attempts : slots;
    return slots > NET_TICKET_SLOT_MAX ? NET_TICKET_SLOT_MAX : (uint32_t)slots;
}

uint32_t worker_pacer_slots(const struct profile_zone_load *load, unsigned index, unsigned count) {
    switch (load->shape) {
    case PROFILE_SHAPE_HOLD:
        return worker_pacer_share(load->connections, index, count);
    case PROFILE_SHAPE_CONCURRENCY:
        return worker_pacer_share(load->concurrency, index, count);
    case PROFILE_SHAPE_RATE:
    default:
        return worker_pacer_share(slots_of_rate(load), index, count);
    }
}

/* The pool hands out the lowest blocks first, so these are outgoing slots; the others belong to
 * accepts. */
struct conn *worker_pacer_borrow(struct worker_pacer *pacer) {
    if (pacer->borrowed == pacer->outgoing_slots) {
        return NULL;
    }
    uint32_t slot = base_pool_borrow(pacer->slots);
    struct conn *conn = base_pool_block(pacer->slots, slot);
    conn->slot = slot;
    pacer->borrowed++;
    return conn;
}

void worker_pacer_give_back(struct worker_pacer *pacer, struct conn *conn) {
    base_pool_give_back(pacer->slots, conn->slot);
    pacer->borrowed--;
}
