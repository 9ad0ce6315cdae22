/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Equal blocks from one lazily backed mapping, handed out last-in first-out so that few pages stay
 * hot. One thread. No allocation after init.
 */
struct base_pool {
    uint8_t *memory;
    uint32_t *free_list;
    size_t block_bytes;
    uint32_t block_count;
    uint32_t free_count;
};

#define BASE_POOL_NONE UINT32_MAX

/* False when the machine has no memory for it. Balance with base_pool_finish(). */
bool base_pool_init(struct base_pool *pool, uint32_t block_count, size_t block_bytes);
void base_pool_finish(struct base_pool *pool);

/* The index of a free block (its content is whatever it was), or BASE_POOL_NONE. */
uint32_t base_pool_borrow(struct base_pool *pool);
void base_pool_give_back(struct base_pool *pool, uint32_t index);

static inline void *base_pool_block(const struct base_pool *pool, uint32_t index) {
    return pool->memory + (size_t)index * pool->block_bytes;
}

#endif
