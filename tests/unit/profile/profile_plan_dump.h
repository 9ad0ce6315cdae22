/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_PLAN_DUMP_H
#define PROFILE_PLAN_DUMP_H

#include "profile_plan.h"

/* Everything in the plan but where it came from, as text; the caller frees it. */
char *plan_dump(const struct profile_plan *plan);

#endif
