/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_trace.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A message that its number determines: length and every octet. */
enum { LENGTH_MAX = 700 };
static struct bytes message_of(uint32_t number, uint8_t area[LENGTH_MAX]) {
    size_t length = number * 131u % LENGTH_MAX;
    for (size_t i = 0; i < length; i++) {
        area[i] = (uint8_t)(number + i);
    }
    return base_bytes(area, length);
}

static void push(struct journal_trace *trace, uint32_t number) {
    uint8_t area[LENGTH_MAX];
    const struct journal_trace_record record = {.wall_ns = number,
                                                .sent = number % 2 == 0,
                                                .subject = number,
                                                .local_port = (uint16_t)number,
                                                .remote_host = "127.0.0.31"};
    journal_trace_push(trace, &record, message_of(number, area));
}

static bool pop_one(struct journal_trace *trace, uint32_t *number) {
    uint8_t area[LENGTH_MAX];
    uint8_t wanted[LENGTH_MAX];
    struct journal_trace_record record;
    struct base_buffer out = {.data = area, .capacity = sizeof area};
    if (!journal_trace_pop(trace, &record, &out)) {
        return false;
    }
    *number = record.subject;
    cr_assert_eq(record.wall_ns, record.subject);
    cr_assert_eq(record.sent, record.subject % 2 == 0);
    cr_assert_eq(record.local_port, (uint16_t)record.subject);
    cr_assert_str_eq(record.remote_host, "127.0.0.31");
    cr_assert(base_bytes_equal(base_buffer_bytes(&out), message_of(record.subject, wanted)),
              "message %u is another", record.subject);
    return true;
}

Test(journal_trace, hands_messages_over_whole_and_in_order_around_the_end_of_the_ring) {
    struct journal_trace *trace = journal_trace_create(4096);
    uint32_t expected = 0;
    uint32_t found;
    cr_assert_not_null(trace);
    cr_assert_not(pop_one(trace, &found));
    for (uint32_t i = 0; i < 5000; i++) {
        push(trace, i);
        while (i % 3 == 2 && pop_one(trace, &found)) {
            cr_assert_eq(found, expected);
            expected++;
        }
    }
    while (pop_one(trace, &found)) {
        cr_assert_eq(found, expected);
        expected++;
    }
    cr_assert_eq(expected, 5000);
    cr_assert_eq(journal_trace_dropped(trace), 0);
    journal_trace_destroy(trace);
}

Test(journal_trace, counts_what_does_not_fit_and_keeps_what_did) {
    struct journal_trace *trace = journal_trace_create(4096);
    static uint8_t huge[8192];
    const struct journal_trace_record record = {.subject = 1};
    uint32_t kept = 0;
    uint32_t found;
    journal_trace_push(trace, &record, base_bytes(huge, sizeof huge));
    journal_trace_push(trace, &record, base_bytes(huge, SIZE_MAX));
    cr_assert_eq(journal_trace_dropped(trace), 2);
    for (uint32_t i = 0; i < 100; i++) {
        push(trace, i);
    }
    while (pop_one(trace, &found)) {
        kept++;
    }
    cr_assert_gt(kept, 0);
    cr_assert_eq(kept + journal_trace_dropped(trace), 102);
    push(trace, 7);
    cr_assert(pop_one(trace, &found));
    cr_assert_eq(found, 7);
    journal_trace_destroy(trace);
}

Test(journal_trace, appends_and_cuts_to_the_room_there_is) {
    struct journal_trace *trace = journal_trace_create(1024);
    struct journal_trace_record record = {.subject = 1};
    char area[8] = "ab";
    struct base_buffer out = {.data = (uint8_t *)area, .length = 2, .capacity = 5};
    journal_trace_push(trace, &record, base_bytes_of_text("OPTIONS"));
    record.subject = 2;
    journal_trace_push(trace, &record, base_bytes_of_text("BYE"));
    cr_assert(journal_trace_pop(trace, &record, &out));
    cr_assert_eq(memcmp(area, "abOPT\\0\\0\\0", 5), 0);
    cr_assert_eq(out.length, 5);
    /* No room at all: the record is still handed over, and the next one is whole. */
    cr_assert(journal_trace_pop(trace, &record, &out));
    cr_assert_eq(record.subject, 2);
    cr_assert_eq(out.length, 5);
    out.length = 0;
    cr_assert_not(journal_trace_pop(trace, &record, &out));
    journal_trace_push(trace, &record, base_bytes(NULL, 0));
    cr_assert(journal_trace_pop(trace, &record, &out));
    cr_assert_eq(out.length, 0);
    journal_trace_destroy(trace);
}

enum { SENT = 100000 };

static void *push_many(void *argument) {
    for (uint32_t i = 0; i < SENT; i++) {
        push(argument, i);
    }
    return NULL;
}

Test(journal_trace, loses_nothing_uncounted_between_two_threads) {
    struct journal_trace *trace = journal_trace_create(16384);
    pthread_t producer;
    uint64_t taken = 0;
    uint32_t last = 0;
    uint32_t found;
    cr_assert_eq(pthread_create(&producer, NULL, push_many, trace), 0);
    while (taken + journal_trace_dropped(trace) < SENT) {
        if (pop_one(trace, &found)) {
            cr_assert(taken == 0 || found > last);
            last = found;
            taken++;
        }
    }
    pthread_join(producer, NULL);
    cr_assert_not(pop_one(trace, &found));
    cr_assert_gt(taken, 0);
    cr_assert_eq(taken + journal_trace_dropped(trace), SENT);
    journal_trace_destroy(trace);
}
