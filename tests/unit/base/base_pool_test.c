/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_pool.h"

#include "base_random.h"

#include <criterion/criterion.h>
#include <string.h>

#define BLOCKS      100
#define BLOCK_BYTES 72

Test(base_pool, hands_out_every_block_once) {
    struct base_pool pool;
    bool seen[BLOCKS] = {false};
    cr_assert(base_pool_init(&pool, BLOCKS, BLOCK_BYTES));
    for (unsigned i = 0; i < BLOCKS; i++) {
        uint32_t index = base_pool_borrow(&pool);
        cr_assert_lt(index, BLOCKS);
        cr_expect_not(seen[index]);
        seen[index] = true;
    }
    cr_expect_eq(base_pool_borrow(&pool), BASE_POOL_NONE);
    base_pool_finish(&pool);
}

Test(base_pool, the_last_one_back_is_the_next_one_out) {
    struct base_pool pool;
    cr_assert(base_pool_init(&pool, BLOCKS, BLOCK_BYTES));
    uint32_t first = base_pool_borrow(&pool);
    uint32_t second = base_pool_borrow(&pool);
    base_pool_give_back(&pool, first);
    base_pool_give_back(&pool, second);
    cr_expect_eq(base_pool_borrow(&pool), second);
    cr_expect_eq(base_pool_borrow(&pool), first);
    base_pool_finish(&pool);
}

static void expect_filled(const struct base_pool *pool, uint32_t index, uint8_t value) {
    const uint8_t *block = base_pool_block(pool, index);
    for (unsigned i = 0; i < BLOCK_BYTES; i++) {
        cr_assert_eq(block[i], value, "block %u octet %u", index, i);
    }
}

Test(base_pool, blocks_do_not_overlap_whatever_the_order) {
    struct base_pool pool;
    struct base_random random;
    uint8_t fill[BLOCKS];
    bool borrowed[BLOCKS] = {false};
    unsigned borrowed_count = 0;
    base_random_init(&random, 1);
    cr_assert(base_pool_init(&pool, BLOCKS, BLOCK_BYTES));
    for (unsigned step = 0; step < 20000; step++) {
        uint32_t index = (uint32_t)(base_random_next(&random) % BLOCKS);
        if (borrowed[index]) {
            expect_filled(&pool, index, fill[index]);
            base_pool_give_back(&pool, index);
            borrowed[index] = false;
            borrowed_count--;
            continue;
        }
        index = base_pool_borrow(&pool);
        cr_assert_lt(index, BLOCKS, "%u of %u borrowed", borrowed_count, BLOCKS);
        cr_assert_not(borrowed[index]);
        borrowed[index] = true;
        borrowed_count++;
        fill[index] = (uint8_t)step;
        memset(base_pool_block(&pool, index), fill[index], BLOCK_BYTES);
    }
    base_pool_finish(&pool);
}

Test(base_pool, without_blocks_has_none_to_lend) {
    struct base_pool pool;
    cr_assert(base_pool_init(&pool, 0, BLOCK_BYTES));
    cr_expect_eq(base_pool_borrow(&pool), BASE_POOL_NONE);
    base_pool_finish(&pool);
}

Test(base_pool, says_so_when_there_is_no_memory) {
    struct base_pool pool;
    cr_expect_not(base_pool_init(&pool, 1000000, SIZE_MAX / 2000000));
    cr_expect_not(base_pool_init(&pool, 3, SIZE_MAX / 3 + 1000), "the product wraps around");
    base_pool_finish(&pool);
}
