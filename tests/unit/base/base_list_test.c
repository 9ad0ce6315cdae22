/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_list.h"

#include <criterion/criterion.h>

struct item {
    int number;
    struct base_link link;
};

static int sum_in_order(const struct base_link *head) {
    int sum = 0;
    for (struct base_link *link = head->next; link != head; link = link->next) {
        sum = sum * 10 + BASE_CONTAINER_OF(link, struct item, link)->number;
        cr_expect_eq(link->next->previous, link);
        cr_expect_eq(link->previous->next, link);
    }
    return sum;
}

Test(base_list, keeps_the_order_through_removals) {
    struct base_link head;
    struct item items[] = {{.number = 1}, {.number = 2}, {.number = 3}};
    base_list_init(&head);
    cr_expect(base_list_is_empty(&head));
    for (unsigned i = 0; i < 3; i++) {
        base_list_append(&head, &items[i].link);
    }
    cr_expect_eq(sum_in_order(&head), 123);
    base_list_remove(&items[1].link);
    cr_expect_eq(sum_in_order(&head), 13);
    base_list_append(&head, &items[1].link);
    cr_expect_eq(sum_in_order(&head), 132);
    for (unsigned i = 0; i < 3; i++) {
        base_list_remove(&items[i].link);
    }
    cr_expect(base_list_is_empty(&head));
}

Test(base_list, removing_twice_is_harmless) {
    struct base_link head;
    struct item items[] = {{.number = 1}, {.number = 2}};
    base_list_init(&head);
    base_list_append(&head, &items[0].link);
    base_list_append(&head, &items[1].link);
    base_list_remove(&items[0].link);
    base_list_remove(&items[0].link);
    cr_expect_eq(sum_in_order(&head), 2);
    cr_expect(base_list_is_empty(&items[0].link));
}
