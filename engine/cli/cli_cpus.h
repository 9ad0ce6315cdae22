/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CPUS_H
#define CLI_CPUS_H

#include "base_error.h"

#include <stddef.h>

/*
 * Keeps the process, with the threads it will start, on these cores: "0-3,8". A worker then has a
 * core of its own when there are as many workers as cores.
 */
bool cli_cpus_choose(const char *list, struct base_error *error);

/* "64, of 32 physical ones, on 2 NUMA nodes ...": the cores that the process may use. */
void cli_cpus_describe(char *out, size_t out_size);

#endif
