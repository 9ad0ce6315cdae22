/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_DUMP_ITEM_H
#define REPORT_DUMP_ITEM_H

#include "report_dump.h"

enum { REPORT_DUMP_PATH = 256 };

/* A dump under way: values in order of their paths, so that XML nests them. */
struct report_dump {
    FILE *out;
    enum report_dump_form form;
    const char *command;         /* "c xConfiguration", "s": what stands before every path */
    const char *root;            /* XML: "Configuration", "Status" */
    char open[REPORT_DUMP_PATH]; /* XML: the path whose elements are open, without its last one */
};

void report_dump_begin(struct report_dump *dump, const struct profile_node *node);

/*
 * One value. `path`: elements joined by slashes, as the product's command line spells them
 * ("Zones/Zone 1/Name"); a number at an element's end is its item. NULL as the value: nothing.
 */
void report_dump_item(struct report_dump *dump, const char *value, const char *path, ...)
    __attribute__((format(printf, 3, 4)));
void report_dump_number(struct report_dump *dump, uint64_t value, const char *path, ...)
    __attribute__((format(printf, 3, 4)));

/* False when writing failed. */
bool report_dump_end(struct report_dump *dump);

#endif
