/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_shard.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct metrics_shard shard_with_one_zone(void) {
    static const uint32_t identities[] = {1};
    const struct metrics_shape shape = {
        .zone_count = 1, .identities_per_zone = identities, .serials_per_table = 4};
    struct metrics_shard shard;
    cr_assert(metrics_shard_init(&shard, &shape));
    return shard;
}

Test(metrics_reasons, count_each_text_and_what_found_no_cell) {
    struct metrics_reasons reasons = {0};
    for (unsigned i = 0; i < METRICS_REASONS_MAX + 2; i++) {
        char text[32];
        snprintf(text, sizeof text, "50%u down", i);
        metrics_reasons_record(&reasons, text);
        metrics_reasons_record(&reasons, "500 down");
    }
    cr_assert_str_eq(reasons.cells[0].text, "500 down");
    cr_assert_eq(reasons.cells[0].count, METRICS_REASONS_MAX + 3);
    cr_assert_eq(reasons.cells[7].count, 1);
    cr_assert_eq(reasons.other, 2);
}

Test(metrics_reasons, cut_a_long_text_and_know_it_again) {
    struct metrics_reasons reasons = {0};
    char text[2 * METRICS_REASON_TEXT_SIZE];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    metrics_reasons_record(&reasons, text);
    metrics_reasons_record(&reasons, text);
    metrics_reasons_record(&reasons, "");
    cr_assert_eq(reasons.cells[0].count, 2);
    cr_assert_eq(strlen(reasons.cells[0].text), METRICS_REASON_TEXT_SIZE - 1);
    cr_assert_eq(reasons.cells[1].count, 0);
}

Test(metrics_reasons, of_two_shards_add_up) {
    struct metrics_shard into = shard_with_one_zone();
    struct metrics_shard from = shard_with_one_zone();
    metrics_reasons_record(&into.zones[0].reasons, "403 no");
    metrics_reasons_record(&from.zones[0].reasons, "503 down");
    metrics_reasons_record(&from.zones[0].reasons, "403 no");
    metrics_shard_add(&into, &from);
    cr_assert_str_eq(into.zones[0].reasons.cells[0].text, "403 no");
    cr_assert_eq(into.zones[0].reasons.cells[0].count, 2);
    cr_assert_eq(into.zones[0].reasons.cells[1].count, 1);
    metrics_shard_finish(&into);
    metrics_shard_finish(&from);
}
