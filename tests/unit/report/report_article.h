/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_ARTICLE_H
#define REPORT_ARTICLE_H

#include "report_status.h"

#include <stdio.h>

/* A Core and an Edge as the article has them: a zone and two tunnels between them, and what an
 * Edge has besides. */
enum { CORE, EDGE, NODES };
enum { CORE_UC, CORE_TOMCAT, CORE_FEDERATION, EDGE_WEBEX, CORE_CUCM, ARTICLE_ZONES };
enum { EDGE_UC, EDGE_TUNNEL, EDGE_SIP, ARTICLE_LISTENERS };

extern const struct profile_plan article;

/* 29 March 2026, 07:21:27 UTC. */
#define ARTICLE_TIME (INT64_C(1774768887) * 1000000000)

/* What `write` wrote; on the heap. */
char *article_written(void (*write)(FILE *out));

#endif
