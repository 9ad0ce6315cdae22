/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics_study.h"

const char *metrics_rate_kind_key(enum metrics_rate_kind kind) {
    static const char *const keys[] = {
        [METRICS_RATE_SESSION] = "session",
        [METRICS_RATE_REGISTRATION] = "registration",
        [METRICS_RATE_REREGISTRATION] = "re-registration",
    };
    return keys[kind];
}

const char *metrics_rate_limit_key(enum metrics_rate_limit limit) {
    static const char *const keys[] = {
        [METRICS_RATE_LIMIT_NONE] = "none",
        [METRICS_RATE_LIMIT_PEER] = "peer",
        [METRICS_RATE_LIMIT_GENERATOR] = "generator",
    };
    return keys[limit];
}

const char *metrics_rate_end_key(enum metrics_rate_end end) {
    static const char *const keys[] = {
        [METRICS_RATE_CONVERGED] = "converged",     [METRICS_RATE_BOUND] = "bound_reached",
        [METRICS_RATE_TOO_LOW] = "too_low",         [METRICS_RATE_TIME_OVER] = "time_over",
        [METRICS_RATE_INTERRUPTED] = "interrupted", [METRICS_RATE_NOTHING] = "nothing_succeeded",
    };
    return keys[end];
}
