/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_pool.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

bool base_pool_init(struct base_pool *pool, uint32_t block_count, size_t block_bytes) {
    *pool = (struct base_pool){.block_bytes = block_bytes, .block_count = block_count};
    if (block_count == 0) {
        return true;
    }
    if (block_bytes > SIZE_MAX / block_count) {
        *pool = (struct base_pool){0};
        return false;
    }
    pool->free_list = malloc(block_count * sizeof *pool->free_list);
    /* Untouched pages cost nothing: a pool may be sized for the worst case. */
    void *memory = mmap(NULL, block_count * block_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pool->free_list == NULL || memory == MAP_FAILED) {
        if (memory != MAP_FAILED) {
            munmap(memory, block_count * block_bytes);
        }
        free(pool->free_list);
        *pool = (struct base_pool){0};
        return false;
    }
    pool->memory = memory;
    for (uint32_t i = 0; i < block_count; i++) {
        pool->free_list[i] = block_count - 1 - i;
    }
    pool->free_count = block_count;
    return true;
}

void base_pool_finish(struct base_pool *pool) {
    if (pool->memory != NULL) {
        munmap(pool->memory, pool->block_count * pool->block_bytes);
    }
    free(pool->free_list);
    *pool = (struct base_pool){0};
}

uint32_t base_pool_borrow(struct base_pool *pool) {
    if (pool->free_count == 0) {
        return BASE_POOL_NONE;
    }
    return pool->free_list[--pool->free_count];
}

void base_pool_give_back(struct base_pool *pool, uint32_t index) {
    assert(index < pool->block_count && pool->free_count < pool->block_count);
    pool->free_list[pool->free_count++] = index;
}
