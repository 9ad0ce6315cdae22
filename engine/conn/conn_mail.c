/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_mail.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct box {
    pthread_mutex_t mutex;
    struct conn_letter *first;
    struct conn_letter *last;
    unsigned waiting;
    int descriptor;
};

struct conn_mail {
    unsigned worker_count;
    uint32_t zone_count;
    uint32_t hop_count; /* zones, then listeners */
    struct box *boxes;
    atomic_bool *carries; /* [worker][hop] */
    atomic_uint *faults;  /* [hop], enum fault */
    atomic_uint turn;     /* so that not always the same worker is asked */
};

static uint32_t column_of(const struct conn_mail *mail, struct node_hop hop) {
    return hop.is_listener ? mail->zone_count + hop.index : hop.index;
}

static atomic_bool *cell(const struct conn_mail *mail, unsigned worker, struct node_hop hop) {
    return &mail->carries[(size_t)worker * mail->hop_count + column_of(mail, hop)];
}

bool conn_mail_create(struct conn_mail **out, unsigned worker_count, uint32_t zone_count,
                      uint32_t listener_count, struct base_error *error) {
    struct conn_mail *mail = calloc(1, sizeof *mail);
    *out = mail;
    if (mail == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    mail->zone_count = zone_count;
    mail->hop_count = zone_count + listener_count;
    mail->boxes = calloc(worker_count, sizeof *mail->boxes);
    mail->carries = calloc((size_t)worker_count * mail->hop_count + 1, sizeof *mail->carries);
    mail->faults = calloc((size_t)mail->hop_count + 1, sizeof *mail->faults);
    if (mail->boxes == NULL || mail->carries == NULL || mail->faults == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    for (; mail->worker_count < worker_count; mail->worker_count++) {
        struct box *box = &mail->boxes[mail->worker_count];
        pthread_mutex_init(&box->mutex, NULL);
        box->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (box->descriptor < 0) {
            int cause = errno;
            pthread_mutex_destroy(&box->mutex);
            return base_error_set(error, BASE_ERROR_MACHINE, "cannot make an eventfd: %s",
                                  strerror(cause));
        }
    }
    return true;
}

void conn_mail_destroy(struct conn_mail *mail) {
    if (mail == NULL) {
        return;
    }
    for (unsigned i = 0; i < mail->worker_count; i++) {
        struct conn_letter *letter = mail->boxes[i].first;
        while (letter != NULL) {
            struct conn_letter *next = letter->next;
            free(letter);
            letter = next;
        }
        close(mail->boxes[i].descriptor);
        pthread_mutex_destroy(&mail->boxes[i].mutex);
    }
    free(mail->boxes);
    free(mail->carries);
    free(mail->faults);
    free(mail);
}

int conn_mail_descriptor(const struct conn_mail *mail, unsigned worker) {
    return mail->boxes[worker].descriptor;
}

struct conn_letter *conn_letter_create(struct bytes message) {
    struct conn_letter *letter = calloc(1, sizeof *letter + message.length);
    if (letter != NULL && message.length > 0) {
        memcpy(letter->octets, message.data, message.length);
        letter->length = message.length;
    }
    return letter;
}

/* How many letters lay there before; CONN_MAIL_WAITING_MAX: it was not put there. */
static unsigned put_into(struct box *box, struct conn_letter *letter) {
    pthread_mutex_lock(&box->mutex);
    unsigned before = box->waiting;
    if (before < CONN_MAIL_WAITING_MAX) {
        if (before == 0) {
            box->first = letter;
        } else {
            box->last->next = letter;
        }
        box->last = letter;
        box->waiting++;
    }
    pthread_mutex_unlock(&box->mutex);
    return before;
}

bool conn_mail_post(struct conn_mail *mail, unsigned worker, struct conn_letter *letter) {
    static const uint64_t one = 1;
    if (worker >= mail->worker_count) {
        free(letter);
        return false;
    }
    struct box *box = &mail->boxes[worker];
    letter->next = NULL;
    unsigned before = put_into(box, letter);
    if (before == CONN_MAIL_WAITING_MAX) {
        free(letter);
        return false;
    }
    if (before == 0) {
        /* Fails only when the counter is full, and then its owner is awake already. */
        (void)!write(box->descriptor, &one, sizeof one);
    }
    return true;
}

struct conn_letter *conn_mail_take(struct conn_mail *mail, unsigned worker) {
    struct box *box = &mail->boxes[worker];
    uint64_t count;
    (void)!read(box->descriptor, &count, sizeof count); /* before the letters: none is missed */
    pthread_mutex_lock(&box->mutex);
    struct conn_letter *first = box->first;
    box->first = NULL;
    box->last = NULL;
    box->waiting = 0;
    pthread_mutex_unlock(&box->mutex);
    return first;
}

void conn_mail_announce(struct conn_mail *mail, unsigned worker, struct node_hop hop,
                        bool carries) {
    atomic_store_explicit(cell(mail, worker, hop), carries, memory_order_relaxed);
}

void conn_mail_note_end(struct conn_mail *mail, struct node_hop hop, enum fault fault) {
    atomic_store_explicit(&mail->faults[column_of(mail, hop)], fault, memory_order_relaxed);
}

enum fault conn_mail_last_fault(const struct conn_mail *mail, struct node_hop hop) {
    return (enum fault)atomic_load_explicit(&mail->faults[column_of(mail, hop)],
                                            memory_order_relaxed);
}

unsigned conn_mail_find(struct conn_mail *mail, unsigned asking, struct node_hop hop) {
    unsigned turn = atomic_fetch_add_explicit(&mail->turn, 1, memory_order_relaxed);
    for (unsigned i = 0; i < mail->worker_count; i++) {
        unsigned worker = (turn + i) % mail->worker_count;
        if (worker != asking &&
            atomic_load_explicit(cell(mail, worker, hop), memory_order_relaxed)) {
            return worker;
        }
    }
    return CONN_MAIL_WORKERS_MAX;
}
