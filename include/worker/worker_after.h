/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORKER_AFTER_H
#define WORKER_AFTER_H

#include <stdbool.h>
#include <stdint.h>

/* How far a zone is that another one comes after (a zone's key `after`). */
struct worker_earlier {
    bool same_node;
    uint32_t connections;   /* that it keeps open, in all workers */
    uint64_t answered;      /* of those, ever, in all workers */
    uint64_t answered_here; /* in this worker */
    uint64_t settled;       /* attempts whose outcome is known, in all workers: established, failed
                               or unconfirmed */
};

/* How many of this worker's `share` of a zone's `connections` may begin now. */
uint32_t worker_after_released(const struct worker_earlier *earlier, uint32_t connections,
                               uint32_t share);

#endif
