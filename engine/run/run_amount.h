/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_AMOUNT_H
#define RUN_AMOUNT_H

#include "run_command.h"

/* What a profile may ask for, too. */
#define RUN_CONNECTIONS_MAX 1000000.0
#define RUN_RATE_MAX        1000000.0
#define RUN_RATE_MIN        (1.0 / 3600)

/* What follows `set rate` or `set connections` (out->kind): `[ZONE] [AMOUNT]`, in lower case and
 * one blank apart. */
bool run_amount_read(struct run_command *out, const char *rest, struct base_error *error);

#endif
