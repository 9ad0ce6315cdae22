/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TREE_H
#define REPORT_TREE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Building a JSON tree without a check at every step: what fails for want of memory is NULL, and
 * NULL put into anything makes that NULL too, up to the root.
 */

/* Takes `object` and `value`; gives the object back, or NULL. */
json_t *report_tree_with(json_t *object, const char *key, json_t *value)
    __attribute__((warn_unused_result));
json_t *report_tree_append(json_t *array, json_t *value) __attribute__((warn_unused_result));

json_t *report_tree_integer(uint64_t value);
/* Rounded to thousandths. */
json_t *report_tree_real(double value);
/* What is no UTF-8 is replaced octet by octet; NULL becomes null. */
json_t *report_tree_text(const char *text);

/*
 * Objects over several lines, arrays of plain values on one: a histogram must not take 2,000 lines.
 * False when `root` is NULL or writing failed.
 */
bool report_tree_print(const json_t *root, FILE *out);

#endif
