/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_STORE_SHOW_H
#define CLI_STORE_SHOW_H

#include "node_store.h"

/* Prints what a store folder holds, as seen at `now` (seconds since 1970); then says what of it
 * cannot be presented, if anything, and returns the exit status. */
int cli_store_show(const char *folder, const struct profile_product *product, int64_t now);

#endif
