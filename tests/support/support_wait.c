/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_wait.h"

#include <poll.h>
#include <stddef.h>
#include <time.h>

unsigned long long support_wait_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long long)now.tv_sec * 1000 + (unsigned long long)now.tv_nsec / 1000000;
}

bool support_wait_until(bool (*is_so)(const void *context), const void *context,
                        unsigned patience_ms) {
    unsigned long long end_ms = support_wait_now_ms() + patience_ms;
    do {
        if (is_so(context)) {
            return true;
        }
        poll(NULL, 0, 5);
    } while (support_wait_now_ms() < end_ms);
    return is_so(context);
}
