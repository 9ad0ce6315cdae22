/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_EXAMPLE_H
#define PROFILE_EXAMPLE_H

/* A whole profile for the reference; a test loads it. */
extern const char profile_example[];

#endif
