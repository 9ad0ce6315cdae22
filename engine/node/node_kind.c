/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_kind.h"

#include <stddef.h>
#include <string.h>

static const struct node_kind kinds[] = {
    {.product = "expressway-c", .log_process = "tvcs"},
    {.product = "expressway-e", .log_process = "tvcs"},
    {.product = "generic", .log_process = "sip"},
};

const struct node_kind *node_kind_find(const char *product) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].product, product) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

const char *node_kind_list(void) {
    return "expressway-c, expressway-e, generic";
}
