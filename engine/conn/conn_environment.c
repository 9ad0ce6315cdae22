/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include <stdlib.h>

bool conn_environment_init(struct conn_environment *environment, uint32_t slots, uint64_t seed,
                           uint64_t now_ns) {
    base_timer_wheel_init(&environment->wheel, now_ns);
    base_random_init(&environment->random, seed);
    struct conn_scratch *scratch = malloc(sizeof *scratch);
    environment->scratch = scratch;
    if (scratch == NULL) {
        return false;
    }
    scratch->plaintext = (struct base_buffer){.data = scratch->plaintext_octets,
                                              .capacity = sizeof scratch->plaintext_octets};
    scratch->exchange =
        (struct tls_exchange){.output = &scratch->output, .plaintext = &scratch->plaintext};
    /* A connection has at most two outboxes, and touches few of them at a time: only what is used
     * is backed. */
    return base_pool_init(&environment->outboxes, 2 * slots, CONN_OUTBOX_BYTES) &&
           base_pool_init(&environment->inboxes, slots, CONN_INBOX_BYTES);
}

void conn_environment_finish(struct conn_environment *environment) {
    base_pool_finish(&environment->outboxes);
    base_pool_finish(&environment->inboxes);
    free(environment->scratch);
}
