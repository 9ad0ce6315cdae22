/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http.h"

#include <assert.h>

static struct conn_exchange *block_of(const struct conn_environment *environment,
                                      uint32_t exchange) {
    return base_pool_block(&environment->exchanges, exchange);
}

uint32_t conn_exchange_borrow(struct conn_environment *environment, uint64_t asker,
                              uint64_t channel) {
    uint32_t exchange = base_pool_borrow(&environment->exchanges);
    if (exchange != BASE_POOL_NONE) {
        *block_of(environment, exchange) =
            (struct conn_exchange){.asker = asker, .channel = channel, .next = BASE_POOL_NONE};
    }
    return exchange;
}

void conn_exchange_give_back(struct conn_environment *environment, uint32_t exchange) {
    base_pool_give_back(&environment->exchanges, exchange);
}

void conn_exchange_link(struct conn *carrier, struct conn_environment *environment,
                        uint32_t exchange) {
    if (carrier->asked_first == BASE_POOL_NONE) {
        carrier->asked_first = exchange;
    } else {
        block_of(environment, carrier->asked_last)->next = exchange;
    }
    carrier->asked_last = exchange;
}

bool conn_exchange_find_oldest(const struct conn *carrier,
                               const struct conn_environment *environment,
                               struct conn_exchange *out) {
    if (carrier->asked_first == BASE_POOL_NONE) {
        return false;
    }
    *out = *block_of(environment, carrier->asked_first);
    return true;
}

/* `before`: the one in front of it, BASE_POOL_NONE when it is the first. */
static uint32_t find(const struct conn *carrier, const struct conn_environment *environment,
                     uint64_t asker, uint32_t *before) {
    uint32_t exchange = carrier->asked_first;
    *before = BASE_POOL_NONE;
    while (exchange != BASE_POOL_NONE && block_of(environment, exchange)->asker != asker) {
        *before = exchange;
        exchange = block_of(environment, exchange)->next;
    }
    return exchange;
}

bool conn_exchange_find(const struct conn *carrier, const struct conn_environment *environment,
                        uint64_t asker, struct conn_exchange *out) {
    uint32_t before;
    uint32_t exchange = find(carrier, environment, asker, &before);
    if (exchange == BASE_POOL_NONE) {
        return false;
    }
    *out = *block_of(environment, exchange);
    return true;
}

void conn_exchange_forget(struct conn *carrier, struct conn_environment *environment,
                          uint64_t asker) {
    uint32_t before;
    uint32_t exchange = find(carrier, environment, asker, &before);
    assert(exchange != BASE_POOL_NONE);
    uint32_t next = block_of(environment, exchange)->next;
    if (before == BASE_POOL_NONE) {
        carrier->asked_first = next;
    } else {
        block_of(environment, before)->next = next;
    }
    if (next == BASE_POOL_NONE) {
        carrier->asked_last = before;
    }
    base_pool_give_back(&environment->exchanges, exchange);
}
