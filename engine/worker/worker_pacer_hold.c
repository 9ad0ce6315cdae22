/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_pacer.h"

#include "base_clock.h"
#include "worker_after.h"
#include "worker_retry.h"

/* Counters of other workers are seldom in this core's cache: they are not read at every event. */
#define LOOK_INTERVAL_NS BASE_NS_PER_MS

/* A look over all slots, for those that are to go, is no hurry. */
#define SHRINK_INTERVAL_NS (20 * BASE_NS_PER_MS)

static struct worker_earlier look_at(const struct worker_pacer *pacer, uint32_t index) {
    const struct metrics_zone *own = pacer->zones[index].counters;
    struct worker_earlier earlier = {
        .connections = pacer->zones[index].connections,
        .answered_here = metrics_read(&own->answered) + metrics_read(&own->answered_before),
    };
    for (unsigned i = 0; i < pacer->worker_count; i++) {
        const struct metrics_zone *counters = &pacer->shards[i].zones[index];
        earlier.answered +=
            metrics_read(&counters->answered) + metrics_read(&counters->answered_before);
        earlier.settled += metrics_read(&counters->established) + metrics_read(&counters->failed) +
                           metrics_read(&counters->unconfirmed) +
                           metrics_read(&counters->settled_before);
    }
    return earlier;
}

/* How many seats may have begun by now: each zone it comes after has a say. */
static uint32_t released(const struct worker_pacer *pacer, const struct worker_pacer_zone *zone) {
    uint32_t fewest = zone->share;
    for (uint32_t i = 0; i < zone->plan->after_count; i++) {
        uint32_t index = zone->plan->after[i];
        if (!pacer->zones[index].runs) {
            continue; /* elsewhere: nothing is known of it here */
        }
        struct worker_earlier earlier = look_at(pacer, index);
        earlier.same_node = pacer->zones[index].plan->node == zone->plan->node;
        uint32_t by_this = worker_after_released(&earlier, zone->connections, zone->share);
        fewest = by_this < fewest ? by_this : fewest;
    }
    return fewest;
}

/* Not more often than every `LOOK_INTERVAL_NS`. */
static bool may_look(struct worker_pacer_zone *zone) {
    uint64_t now_ns = base_clock_now_ns();
    if (now_ns < zone->look_ns) {
        return false;
    }
    zone->look_ns = now_ns + LOOK_INTERVAL_NS;
    return true;
}

static void release_seats(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    uint32_t allowed = released(pacer, zone);
    for (; zone->released < allowed && !base_list_is_empty(&zone->waiting); zone->released++) {
        struct base_link *seat = zone->waiting.next;
        base_list_remove(seat);
        base_list_append(&zone->ready, seat);
    }
}

static void give_up_seat(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                         struct conn *conn) {
    zone->seats--;
    conn_forget_loss(conn, pacer->environment);
    worker_pacer_give_back(pacer, conn);
}

static void give_up_listed(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                           struct base_link *list) {
    while (zone->seats > zone->share && !base_list_is_empty(list)) {
        struct base_link *seat = list->next;
        base_list_remove(seat);
        give_up_seat(pacer, zone, BASE_CONTAINER_OF(seat, struct conn, link));
    }
}

static bool is_seat_of(const struct worker_pacer *pacer, const struct worker_pacer_zone *zone,
                       const struct conn *conn) {
    return conn->initiator && conn->subject == (uint32_t)(zone - pacer->zones);
}

/* Idle, borrowed, and in no list: the wheel has it. */
static bool pauses(const struct conn *conn) {
    return conn->phase == CONN_IDLE && conn->timer.deadline_ns != 0;
}

static bool is_up(const struct conn *conn) {
    return conn->phase == CONN_OPEN && conn->established && !conn->leaves;
}

/* Seats that are still opening replace nobody: as many as are to stay are kept of those that are
 * up. */
static void stop_surplus(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    struct conn_environment *environment = pacer->environment;
    uint32_t up = 0;
    environment->now_ns = base_clock_now_ns();
    for (uint32_t slot = 0; slot < pacer->outgoing_slots; slot++) {
        const struct conn *conn = base_pool_block(pacer->slots, slot);
        up += is_seat_of(pacer, zone, conn) && is_up(conn) ? 1 : 0;
    }
    for (uint32_t slot = 0; slot < pacer->outgoing_slots && up > zone->share; slot++) {
        struct conn *conn = base_pool_block(pacer->slots, slot);
        if (!is_seat_of(pacer, zone, conn) || !is_up(conn)) {
            continue;
        }
        up--;
        if (conn_stop(conn, environment, false) == CONN_DONE) {
            worker_pacer_done(pacer, conn);
        }
    }
}

/* First those that cost nothing. What is not established yet is left until it is: ending it would
 * look like a failure of the peer's. */
static void shrink(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    struct conn_environment *environment = pacer->environment;
    give_up_listed(pacer, zone, &zone->waiting);
    give_up_listed(pacer, zone, &zone->ready);
    for (uint32_t slot = 0; slot < pacer->outgoing_slots && zone->seats > zone->share; slot++) {
        struct conn *conn = base_pool_block(pacer->slots, slot);
        if (is_seat_of(pacer, zone, conn) && pauses(conn)) {
            base_timer_cancel(&environment->wheel, &conn->timer);
            give_up_seat(pacer, zone, conn);
        }
    }
    stop_surplus(pacer, zone);
    zone->look_ns = base_clock_now_ns() + SHRINK_INTERVAL_NS;
}

static uint32_t count_seats(const struct base_link *list) {
    uint32_t count = 0;
    for (const struct base_link *seat = list->next; seat != list; seat = seat->next) {
        count++;
    }
    return count;
}

void worker_pacer_fill_seats(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    /* Of those that went, some may be given up: whoever takes their places may go, too. */
    zone->released = zone->seats - count_seats(&zone->waiting);
    while (zone->seats < zone->share) {
        struct conn *conn = worker_pacer_borrow(pacer);
        if (conn == NULL) {
            return;
        }
        zone->seats++;
        base_list_append(zone->plan->after_count > 0 ? &zone->waiting : &zone->ready, &conn->link);
    }
}

void worker_pacer_turn_hold(struct worker_pacer *pacer, struct worker_pacer_zone *zone) {
    bool is_larger = zone->seats > zone->share;
    if ((is_larger || !base_list_is_empty(&zone->waiting)) && may_look(zone)) {
        (is_larger ? shrink : release_seats)(pacer, zone);
    }
    while (!base_list_is_empty(&zone->ready) &&
           metrics_zone_in_flight(zone->counters) < zone->opening_share) {
        struct conn *conn = BASE_CONTAINER_OF(zone->ready.next, struct conn, link);
        base_list_remove(&conn->link);
        worker_pacer_start(pacer, zone, conn, base_clock_now_ns());
    }
}

/* Closed by us because it had all the dialogs that a connection is to have. */
static bool has_served(const struct worker_pacer_zone *zone, const struct conn *conn) {
    uint32_t dialogs = zone->plan->load.dialogs;
    return conn->outcome == CONN_OUTCOME_CLOSED && dialogs > 0 && conn->dialogs >= dialogs;
}

/* A flow that never carried a keep-alive is good when it lived for so long. */
#define FLOW_PROOF_NS (30 * BASE_NS_PER_S)

static uint64_t flow_pause_ns(const struct worker_pacer *pacer, struct conn *conn) {
    struct conn_environment *environment = pacer->environment;
    bool was_up = conn->outcome == CONN_OUTCOME_LOST || conn->outcome == CONN_OUTCOME_CLOSED;
    bool lasted = conn->kept_alive || environment->now_ns - conn->started_ns >= FLOW_PROOF_NS;
    bool others_open = false;
    for (unsigned i = 0; i < pacer->worker_count && !others_open; i++) {
        others_open = metrics_zone_open(&pacer->shards[i].zones[conn->subject]) > 0;
    }
    return worker_retry_flow_pause_ns(!was_up || !lasted, others_open, &conn->attempt_of_burst,
                                      &environment->random);
}

/*
 * A connection that ended in order, or lived for longer than the longest pause, begins anew; one
 * that was lost at once goes on with its retries, or a peer that cannot speak SIP would be dialled
 * without end.
 */
void worker_pacer_schedule_seat(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                                struct conn *conn) {
    struct conn_environment *environment = pacer->environment;
    const struct profile_retry *retry = &zone->plan->retry;
    uint64_t now_ns = environment->now_ns;
    if (zone->seats > zone->share) {
        give_up_seat(pacer, zone, conn);
        return;
    }
    if (has_served(zone, conn)) {
        conn->attempt_of_burst = 0;
        base_list_append(&zone->ready, &conn->link);
        return;
    }
    if (!retry->enabled) {
        give_up_seat(pacer, zone, conn); /* so that whoever sets another number gets it */
        return;
    }
    if (retry->by_flow) {
        base_timer_arm(&environment->wheel, &conn->timer, now_ns + flow_pause_ns(pacer, conn));
        return;
    }
    if (conn->outcome == CONN_OUTCOME_CLOSED ||
        (conn->outcome == CONN_OUTCOME_LOST &&
         now_ns - conn->started_ns > worker_retry_longest_pause_ns(retry))) {
        conn->attempt_of_burst = 0;
        base_timer_arm(&environment->wheel, &conn->timer,
                       now_ns + worker_retry_first_pause_ns(retry));
        return;
    }
    base_timer_arm(
        &environment->wheel, &conn->timer,
        now_ns + worker_retry_next_pause_ns(retry, &conn->attempt_of_burst, &environment->random));
}

void worker_pacer_seat_ready(struct worker_pacer *pacer, struct worker_pacer_zone *zone,
                             struct conn *conn) {
    if (zone->seats > zone->share) {
        give_up_seat(pacer, zone, conn);
        return;
    }
    base_list_append(&zone->ready, &conn->link);
}

void worker_pacer_dial_all(struct worker_pacer *pacer) {
    for (uint32_t slot = 0; slot < pacer->outgoing_slots; slot++) {
        struct conn *conn = base_pool_block(pacer->slots, slot);
        if (conn->initiator && pauses(conn) &&
            pacer->zones[conn->subject].plan->load.shape == PROFILE_SHAPE_HOLD) {
            base_timer_cancel(&pacer->environment->wheel, &conn->timer);
            worker_pacer_seat_ready(pacer, &pacer->zones[conn->subject], conn);
        }
    }
}
