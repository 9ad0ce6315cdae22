/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_serials.h"

#include "base_hash.h"

#include <string.h>

/* A peer that chooses its serials to collide costs no more than this many looks a connection. */
#define PROBES_MAX   32
#define CAPACITY_MIN 16
#define EXPECTED_MAX (UINT32_C(1) << 30)

uint32_t metrics_serials_capacity(uint32_t expected) {
    uint32_t capacity = CAPACITY_MIN;
    if (expected > EXPECTED_MAX) {
        expected = EXPECTED_MAX;
    }
    while (capacity < 2 * expected) {
        capacity *= 2;
    }
    return capacity;
}

/* Its high half folded in: the table's size is a power of two and takes the low bits. */
static uint32_t hash_of(const uint8_t *octets, size_t length) {
    uint64_t hash = base_hash(BASE_HASH_BEGIN, base_bytes(octets, length));
    return (uint32_t)(hash ^ hash >> 32);
}

static bool holds(const struct metrics_serial *cell, const uint8_t *octets, size_t length) {
    return cell->length == length && memcmp(cell->octets, octets, length) == 0;
}

static bool count_in_table(struct metrics_serials *serials, const uint8_t *octets, size_t length,
                           uint64_t amount) {
    uint32_t start = hash_of(octets, length);
    for (uint32_t i = 0; i < PROBES_MAX && i < serials->capacity; i++) {
        struct metrics_serial *cell = &serials->cells[(start + i) & (serials->capacity - 1)];
        if (cell->length == 0) {
            memcpy(cell->octets, octets, length);
            cell->length = (uint8_t)length;
            serials->used++;
        }
        if (holds(cell, octets, length)) {
            cell->count += amount;
            return true;
        }
    }
    return false;
}

static void count(struct metrics_serials *serials, const uint8_t *octets, size_t length,
                  uint64_t amount) {
    if (length > METRICS_SERIAL_MAX || !count_in_table(serials, octets, length, amount)) {
        serials->other += amount;
    }
}

void metrics_serials_record(struct metrics_serials *serials, const uint8_t *octets, size_t length) {
    if (length > 0) {
        count(serials, octets, length, 1);
    }
}

void metrics_serials_add(struct metrics_serials *into, const struct metrics_serials *from) {
    for (uint32_t i = 0; i < from->capacity; i++) {
        const struct metrics_serial *cell = &from->cells[i];
        if (cell->length > 0) {
            count(into, cell->octets, cell->length, cell->count);
        }
    }
    into->other += from->other;
}
