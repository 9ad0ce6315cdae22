/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_clock.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

Test(base_clock, writes_iso_8601_in_utc) {
    static const struct {
        int64_t ns;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {999999, "1970-01-01T00:00:00.000Z"},
        {1000000, "1970-01-01T00:00:00.001Z"},
        {INT64_C(1767323045678000000), "2026-01-02T03:04:05.678Z"},
        {INT64_C(1767323045999999999), "2026-01-02T03:04:05.999Z"},
        {INT64_C(951825600000000000), "2000-02-29T12:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {-1500000000, "1969-12-31T23:59:58.500Z"},
        {-1000000000, "1969-12-31T23:59:59.000Z"},
        {INT64_MAX, "2262-04-11T23:47:16.854Z"},
        {INT64_MIN, "1677-09-21T00:12:43.145Z"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[BASE_CLOCK_ISO_SIZE];
        base_clock_iso8601(rows[i].ns, text, sizeof text);
        cr_expect_str_eq(text, rows[i].text, "%" PRId64 ": %s", rows[i].ns, text);
    }
}

Test(base_clock, iso_8601_ends_where_the_area_ends) {
    char text[16];
    memset(text, '#', sizeof text);
    base_clock_iso8601(0, text, 11);
    cr_expect_str_eq(text, "1970-01-01");
    cr_expect_eq(text[11], '#');
}

Test(base_clock, runs_forward) {
    uint64_t before = base_clock_now_ns();
    uint64_t after = base_clock_now_ns();
    cr_expect_leq(before, after);
    cr_expect_gt(base_clock_wall_ns(), INT64_C(1700000000000000000));
}

Test(base_clock, cpu_time_counts_work) {
    volatile uint64_t sum = 0;
    struct base_cpu_time before = base_clock_cpu_time();
    struct base_cpu_time after;
    do {
        for (unsigned i = 0; i < 1000000; i++) {
            sum += i;
        }
        after = base_clock_cpu_time();
    } while (after.user_ns == before.user_ns);
    cr_expect_gt(sum, 0);
    cr_expect_gt(after.user_ns, before.user_ns);
    cr_expect_geq(after.system_ns, before.system_ns);
}
