/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

/* Standard input as a keyboard: a key is read when it is struck, and not echoed. */

/* Watches for what suspends or kills the process; the terminal stays as it is. */
void cli_terminal_begin(void);

/* Makes it a keyboard, unless it is. False while another process group has the terminal: then it
 * must not be touched. */
bool cli_terminal_take(void);

/* The next key that was struck, if any. */
bool cli_terminal_read(char *key);

/* Restores what there was. */
void cli_terminal_end(void);

#endif
