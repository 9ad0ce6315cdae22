/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_WAIT_H
#define SUPPORT_WAIT_H

#include <stdbool.h>

/* Asks again and again until the answer is yes; false when the time is over. */
bool support_wait_until(bool (*is_so)(const void *context), const void *context,
                        unsigned patience_ms);

unsigned long long support_wait_now_ms(void);

#endif
