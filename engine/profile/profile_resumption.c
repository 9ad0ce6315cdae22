/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_value.h"

bool profile_resumption_read_ratio(struct profile_reader *reader, struct profile_tree *value,
                                   void *target) {
    double *ratio = target;
    return (value->kind == PROFILE_TREE_SCALAR && profile_value_decimal(value->text, ratio) &&
            *ratio >= 0 && *ratio <= 1) ||
           profile_reader_unexpected(reader, value, "a number from 0 to 1");
}
