/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_FAMILY_H
#define VERDICT_FAMILY_H

#include "verdict_metric.h"

/* Metrics that have members: "faults.tls_timeout", "sip_responses.5xx", "eku_check.refused". */
bool verdict_family_find(struct verdict_metric *out, bool of_listener, const char *name,
                         const char *member);
/* Whether there is a family of this name, and in `hint` what its members are. */
bool verdict_family_exists(bool of_listener, const char *name, const char **members);
/* Those that are words; none of a family that does not exist. */
void verdict_family_offer_members(struct base_nearest *nearest, const char *name);
void verdict_family_offer_names(struct base_nearest *nearest, bool of_listener);

#endif
