/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_DUMP_H
#define REPORT_DUMP_H

#include "report_status.h"

/* A line per value, as the product's command line prints them, or the same as XML. */
enum report_dump_form { REPORT_DUMP_TEXT, REPORT_DUMP_XML };

/*
 * xconf_dump: what one node was configured with. Passwords are never in it. `summary` tells the
 * mode in force at the end; NULL: the plan's. False when writing failed (errno).
 */
bool report_xconf_write(const struct profile_plan *plan, uint32_t node,
                        const struct metrics_summary *summary, enum report_dump_form form,
                        FILE *out);

/* xstat_dump: how its zones and tunnels stand; as text followed by the pages of report_status.h. */
bool report_xstat_write(const struct report_status *status, uint32_t node,
                        enum report_dump_form form, FILE *out);

#endif
