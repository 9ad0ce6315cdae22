/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_shard.h"

#include <criterion/criterion.h>
#include <string.h>

static struct metrics_shard shard;

static struct metrics_serials *table(uint32_t expected) {
    const uint32_t identities[] = {1};
    const struct metrics_shape shape = {
        .zone_count = 1, .identities_per_zone = identities, .serials_per_table = expected};
    cr_assert(metrics_shard_init(&shard, &shape));
    return &shard.zones[0].serials;
}

static void finish(void) {
    metrics_shard_finish(&shard);
}

TestSuite(metrics_serials, .fini = finish);

static uint64_t count_of(const struct metrics_serials *serials, const void *octets, size_t length) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < serials->capacity; i++) {
        const struct metrics_serial *cell = &serials->cells[i];
        if (cell->length == length && memcmp(cell->octets, octets, length) == 0) {
            sum += cell->count;
        }
    }
    return sum;
}

static void record_number(struct metrics_serials *serials, uint32_t number) {
    uint8_t octets[METRICS_SERIAL_MAX] = {0x46};
    memcpy(octets + 4, &number, sizeof number);
    metrics_serials_record(serials, octets, sizeof octets);
}

Test(metrics_serials, counts_each_serial_by_its_octets_and_length) {
    struct metrics_serials *serials = table(8);
    const uint8_t octets[] = {0x46, 0xdf, 0x00, 0x00};
    metrics_serials_record(serials, octets, 2);
    metrics_serials_record(serials, octets, 3);
    metrics_serials_record(serials, octets, 3);
    metrics_serials_record(serials, octets, 4);
    cr_assert_eq(count_of(serials, octets, 2), 1);
    cr_assert_eq(count_of(serials, octets, 3), 2);
    cr_assert_eq(count_of(serials, octets, 4), 1);
    cr_assert_eq(serials->used, 3);
    cr_assert_eq(serials->other, 0);
}

Test(metrics_serials, has_room_for_as_many_as_were_announced) {
    enum { COUNT = 5000 };
    struct metrics_serials *serials = table(COUNT);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            record_number(serials, i);
        }
    }
    cr_assert_eq(serials->used, COUNT);
    cr_assert_eq(serials->other, 0);
}

Test(metrics_serials, counts_as_other_what_does_not_fit) {
    struct metrics_serials *serials = table(4);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        record_number(serials, i);
    }
    for (uint32_t i = 0; i < serials->capacity; i++) {
        sum += serials->cells[i].count;
    }
    cr_assert_eq(serials->used, serials->capacity);
    cr_assert_eq(sum + serials->other, 1000);
    cr_assert_eq(serials->other, 1000 - serials->capacity);
}

Test(metrics_serials, refuses_lengths_no_serial_has) {
    struct metrics_serials *serials = table(4);
    const uint8_t octets[256] = {1};
    metrics_serials_record(serials, octets, METRICS_SERIAL_MAX + 1);
    metrics_serials_record(serials, octets, sizeof octets); /* its length would not fit the cell */
    metrics_serials_record(serials, octets, 0);
    metrics_serials_record(serials, NULL, 0);
    cr_assert_eq(serials->other, 2);
    cr_assert_eq(serials->used, 0);
}
