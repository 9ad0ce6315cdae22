/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker_internal.h"

#include "base_clock.h"

#include <errno.h>
#include <stdlib.h>

/* Orders are looked for this often when nothing else happens. */
#define ORDER_INTERVAL_NS (10 * BASE_NS_PER_MS)
/* And before the start, which all workers are to see at once. */
#define START_INTERVAL_NS BASE_NS_PER_MS

#define OPERATION_ACCEPT CONN_OPERATIONS
#define OPERATION_MAIL   (CONN_OPERATIONS + 1)

static struct conn *conn_at(struct worker *worker, uint32_t slot) {
    return base_pool_block(&worker->slots, slot);
}

static struct net_ticket accept_ticket(uint32_t listener) {
    return (struct net_ticket){.slot = listener, .operation = OPERATION_ACCEPT};
}

/*
 * A full table or a lack of memory ends a multishot accept: it is armed again each turn, but not
 * before there is room. The kernel would take a connection from the backlog only to drop it.
 */
static void keep_accepting(struct worker *worker) {
    if (worker->accepted_connections == worker->plan.limits.incoming_slots) {
        return;
    }
    for (uint32_t i = 0; i < worker->plan.plan->listener_count; i++) {
        struct worker_listener *listener = &worker->listeners[i];
        if (listener->socket >= 0 && !listener->accepting) {
            listener->accepting = true;
            net_ring_accept(worker->environment.ring, listener->socket, accept_ticket(i));
        }
    }
}

/* A poll that ended is armed again. */
static void keep_watching_mail(struct worker *worker) {
    struct conn_mail *mail = worker->plan.mail;
    if (mail == NULL || worker->watches_mail) {
        return;
    }
    worker->watches_mail = true;
    net_ring_watch(worker->environment.ring, conn_mail_descriptor(mail, worker->plan.index),
                   (struct net_ticket){.operation = OPERATION_MAIL});
}

static void take_mail(struct worker *worker, const struct net_event *event) {
    if (!event->more) {
        worker->watches_mail = false;
    }
    struct conn_letter *letter = conn_mail_take(worker->plan.mail, worker->plan.index);
    while (letter != NULL) {
        struct conn_letter *next = letter->next;
        conn_take_letter(&worker->environment, letter);
        free(letter);
        letter = next;
    }
}

static void take_back(struct worker *worker, struct conn *conn) {
    if (conn->initiator) {
        worker_pacer_done(&worker->pacer, conn);
        return;
    }
    worker->accepted_connections--;
    worker->live_connections--;
}

/*
 * Older kernels may report an accept into a slot before the close that freed it: the close was
 * then carried out, and its own report will be of an earlier generation.
 */
static void conclude_close(struct worker *worker, struct conn *conn) {
    const struct net_event closed = {.ticket = {.slot = conn->slot,
                                                .generation = conn->generation,
                                                .operation = CONN_CLOSE_SLOT}};
    if (conn_step(conn, &worker->environment, &closed) == CONN_DONE) {
        take_back(worker, conn);
    }
}

/* The kernel took a connection and had no slot for it: the initiator saw it open and close. */
static void count_dropped_accept(struct worker *worker, const struct net_event *event) {
    struct metrics_listener *listener = &worker->plan.shard->listeners[event->ticket.slot];
    if (event->result == -ECANCELED || worker->environment.frozen) {
        return;
    }
    metrics_add(&listener->accepted, 1);
    metrics_add(&listener->aborted, 1);
    metrics_add(&listener->faults[net_fault_from_errno(event->result)], 1);
    metrics_histogram_record(&listener->latency[METRICS_LISTENER_REFUSAL], 0);
}

static void take_accept(struct worker *worker, const struct net_event *event) {
    struct worker_listener *listener = &worker->listeners[event->ticket.slot];
    if (!event->more) {
        listener->accepting = false;
    }
    if (event->result < 0) {
        count_dropped_accept(worker, event);
        return;
    }
    struct conn *conn = conn_at(worker, (uint32_t)event->result);
    if (conn->phase != CONN_IDLE) {
        conclude_close(worker, conn);
    }
    conn->slot = (uint32_t)event->result;
    worker->accepted_connections++;
    worker->live_connections++;
    conn_accept(conn, &worker->environment, event->ticket.slot);
    if (worker->closing) {
        conn_stop(conn, &worker->environment, true); /* it was accepted before the order came */
    }
}

static void serve(struct worker *worker, const struct net_event *event) {
    uint32_t slot = event->ticket.slot;
    worker->environment.now_ns = base_clock_now_ns();
    if (event->ticket.operation == OPERATION_MAIL) {
        take_mail(worker, event);
        return;
    }
    if (event->ticket.operation == OPERATION_ACCEPT) {
        if (slot < worker->plan.plan->listener_count) {
            take_accept(worker, event);
        }
        return;
    }
    if (slot >= worker->slots.block_count) {
        return; /* an operation of the ring itself */
    }
    struct conn *conn = conn_at(worker, slot);
    if (conn_step(conn, &worker->environment, event) == CONN_DONE) {
        take_back(worker, conn);
    }
}

static void serve_timers(struct worker *worker) {
    struct conn_environment *environment = &worker->environment;
    struct base_timer *timer;
    environment->now_ns = base_clock_now_ns();
    base_timer_wheel_advance(&environment->wheel, environment->now_ns);
    while ((timer = base_timer_wheel_pop(&environment->wheel)) != NULL) {
        struct conn *conn = BASE_CONTAINER_OF(timer, struct conn, timer);
        if (conn->phase == CONN_IDLE) {
            worker_pacer_expired(&worker->pacer, conn);
        } else if (conn_expire(conn, environment) == CONN_DONE) {
            take_back(worker, conn);
        }
    }
}

static void part_everywhere(struct worker *worker) {
    struct conn_environment *environment = &worker->environment;
    environment->paused = true; /* a call that began behind this would owe a word again */
    for (uint32_t slot = 0; slot < worker->slots.block_count; slot++) {
        struct conn *conn = conn_at(worker, slot);
        if (conn_owes_a_word(conn, environment) &&
            conn_stop(conn, environment, false) == CONN_DONE) {
            take_back(worker, conn);
        }
    }
}

static void close_everything(struct worker *worker) {
    struct conn_environment *environment = &worker->environment;
    for (uint32_t i = 0; i < worker->plan.plan->listener_count; i++) {
        struct worker_listener *listener = &worker->listeners[i];
        if (listener->socket >= 0) {
            net_ring_stop_listening(environment->ring, listener->socket, accept_ticket(i));
            listener->socket = -1;
        }
    }
    for (uint32_t slot = 0; slot < worker->slots.block_count; slot++) {
        struct conn *conn = conn_at(worker, slot);
        if (conn->phase != CONN_IDLE && conn_stop(conn, environment, false) == CONN_DONE) {
            take_back(worker, conn);
        }
    }
}

static void reach(struct worker *worker, enum worker_order order) {
    atomic_store_explicit(&worker->reached, order, memory_order_release);
}

/* True while the worker should go on. */
static bool obey(struct worker *worker) {
    enum worker_order order = atomic_load_explicit(&worker->order, memory_order_acquire);
    enum worker_order reached = atomic_load_explicit(&worker->reached, memory_order_relaxed);
    if (order == WORKER_QUIT) {
        return false; /* perhaps without ever having started: another worker may have failed */
    }
    if (order >= WORKER_START && reached < WORKER_START) {
        worker->paces = true;
        worker_pacer_begin(&worker->pacer, worker->begin_ns);
        reach(worker, WORKER_START);
    }
    if (order == WORKER_RECOUNT && reached < WORKER_RECOUNT) {
        worker_recount(worker);
        reach(worker, WORKER_RECOUNT);
    }
    if (order >= WORKER_FREEZE && reached < WORKER_FREEZE) {
        if (worker->paces) {
            worker_pacer_turn(&worker->pacer); /* what fell due while the order was on its way */
        }
        worker->paces = false;
        worker_pacer_end(&worker->pacer);
        worker->environment.frozen = true;
        reach(worker, WORKER_FREEZE);
    }
    if (order == WORKER_PART && reached < WORKER_PART) {
        if (!worker->parting) {
            worker->parting = true;
            part_everywhere(worker);
        }
        if (worker->environment.leaving == 0) {
            reach(worker, WORKER_PART);
        }
    }
    if (order == WORKER_CLOSE && reached < WORKER_CLOSE) {
        if (!worker->closing) {
            worker->closing = true;
            close_everything(worker);
        }
        if (worker->live_connections == 0) {
            reach(worker, WORKER_CLOSE);
        }
    }
    return true;
}

static uint64_t patience_ns(const struct worker *worker) {
    uint64_t wake_ns = base_timer_wheel_next_ns(&worker->environment.wheel);
    uint64_t now_ns = base_clock_now_ns();
    if (worker->paces) {
        uint64_t due_ns = worker_pacer_next_ns(&worker->pacer);
        wake_ns = due_ns < wake_ns ? due_ns : wake_ns;
    }
    uint64_t longest_ns =
        atomic_load_explicit(&worker->reached, memory_order_relaxed) < WORKER_START
            ? START_INTERVAL_NS
            : ORDER_INTERVAL_NS;
    if (wake_ns <= now_ns) {
        return 0;
    }
    return wake_ns - now_ns < longest_ns ? wake_ns - now_ns : longest_ns;
}

void worker_loop(struct worker *worker) {
    struct net_event event;
    while (obey(worker)) {
        worker_change_obey(worker);
        worker_publish_obey(worker);
        keep_accepting(worker);
        keep_watching_mail(worker);
        if (worker->paces) {
            worker_pacer_steer(&worker->pacer, base_clock_now_ns());
            worker_pacer_turn(&worker->pacer);
        }
        net_ring_wait(worker->environment.ring, patience_ns(worker));
        while (net_ring_next(worker->environment.ring, &event)) {
            serve(worker, &event);
            if (worker->paces) {
                /* Between two cryptographic steps, not once a batch: a schedule is kept to the
                 * step. */
                worker_pacer_turn(&worker->pacer);
            }
        }
        serve_timers(worker);
    }
}
