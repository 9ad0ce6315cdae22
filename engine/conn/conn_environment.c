/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_internal.h"

#include "conn_script.h"
#include "sip_digest.h"

#include <stdlib.h>

static bool create_scratch(struct conn_environment *environment) {
    struct conn_scratch *scratch = malloc(sizeof *scratch);
    environment->scratch = scratch;
    if (scratch == NULL) {
        return false;
    }
    scratch->writer = NULL;
    scratch->writer_fault = FAULT_NONE;
    scratch->plaintext = (struct base_buffer){.data = scratch->plaintext_octets,
                                              .capacity = sizeof scratch->plaintext_octets};
    scratch->exchange =
        (struct tls_exchange){.output = &scratch->output, .plaintext = &scratch->plaintext};
    return true;
}

static struct conn_carriers *create_carriers(uint32_t count) {
    struct conn_carriers *carriers = calloc((size_t)count + 1, sizeof *carriers);
    for (uint32_t i = 0; carriers != NULL && i < count; i++) {
        base_list_init(&carriers[i].list);
    }
    return carriers;
}

bool conn_environment_init(struct conn_environment *environment, uint32_t slots, uint64_t seed,
                           uint64_t now_ns) {
    base_timer_wheel_init(&environment->wheel, now_ns);
    base_random_init(&environment->random, seed);
    environment->zone_carriers = create_carriers(environment->instance->zone_count);
    environment->listener_carriers = create_carriers(environment->instance->listener_count);
    environment->next_users =
        calloc((size_t)environment->instance->zone_count + 1, sizeof *environment->next_users);
    if (environment->trace != NULL) {
        environment->ends = calloc((size_t)slots + 1, sizeof *environment->ends);
    }
    environment->losses = calloc((size_t)slots + 1, sizeof *environment->losses);
    /* A connection has at most two outboxes, and touches few of the blocks at a time: only what is
     * used is backed. */
    return create_scratch(environment) && environment->zone_carriers != NULL &&
           (environment->trace == NULL || environment->ends != NULL) &&
           environment->listener_carriers != NULL && environment->losses != NULL &&
           base_pool_init(&environment->outboxes, 2 * slots, CONN_OUTBOX_BYTES) &&
           base_pool_init(&environment->inboxes, slots, CONN_INBOX_BYTES) &&
           base_pool_init(&environment->challenges, slots, sizeof(struct conn_challenges)) &&
           base_pool_init(&environment->calls, slots, sizeof(struct conn_call)) &&
           base_pool_init(&environment->scripts, slots, sizeof(struct conn_script)) &&
           environment->next_users != NULL &&
           base_pool_init(&environment->exchanges, slots * CONN_EXCHANGES_PER_SLOT,
                          sizeof(struct conn_exchange));
}

void conn_environment_finish(struct conn_environment *environment) {
    base_pool_finish(&environment->outboxes);
    base_pool_finish(&environment->inboxes);
    base_pool_finish(&environment->challenges);
    base_pool_finish(&environment->calls);
    base_pool_finish(&environment->exchanges);
    base_pool_finish(&environment->scripts);
    free(environment->next_users);
    free(environment->ends);
    free(environment->losses);
    free(environment->zone_carriers);
    free(environment->listener_carriers);
    free(environment->scratch);
}
