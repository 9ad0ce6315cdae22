/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RESOLVE_TRAIL_H
#define RESOLVE_TRAIL_H

#include "resolve.h"

#include <stddef.h>

/* The sentence of what was asked, in the answer's own text; what does not fit is left away. */
void resolve_trail_ask(struct resolve_answer *answer, const char *type, const char *name);
/* What came of the query that was asked last: "a.example.test:5061", "no such name". */
void resolve_trail_tell(struct resolve_answer *answer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
