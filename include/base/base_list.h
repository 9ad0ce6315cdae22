/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* An intrusive, circular, doubly linked list. The head is a link of its own; no allocation. */
struct base_link {
    struct base_link *next;
    struct base_link *previous;
};

#define BASE_CONTAINER_OF(pointer, type, member)                                                   \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

static inline void base_list_init(struct base_link *head) {
    head->next = head;
    head->previous = head;
}

static inline bool base_list_is_empty(const struct base_link *head) {
    return head->next == head;
}

static inline void base_list_append(struct base_link *head, struct base_link *link) {
    link->previous = head->previous;
    link->next = head;
    head->previous->next = link;
    head->previous = link;
}

/* Unlinks and leaves `link` as an empty list, so that removing twice is harmless. */
static inline void base_list_remove(struct base_link *link) {
    link->previous->next = link->next;
    link->next->previous = link->previous;
    base_list_init(link);
}

#endif
