/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report_status.h"

/* The texts of one line of a page; what the pages and xstat_dump say alike. */
enum { REPORT_PAGE_TEXT = 256, REPORT_PAGE_TIME = 24 };

struct report_zone_line {
    const char *name;
    const char *type;
    const char *calls;
    const char *bandwidth;
    const char *h323_status;
    const char *sip_status;
    const char *search_rules;
    const char *cause; /* why it is not active; "": it is, or nobody knows */
};

struct report_tunnel_line {
    char target[REPORT_PAGE_TEXT];
    const char *domain;
    const char *status;
    char created[REPORT_PAGE_TIME];
    const char *reason;
    const char *peer;
};

/* As the page "Zones" words it; NULL: it knows those alone that carry SIP. */
const char *report_page_zone_type(enum profile_zone_type type);

/* How many lines a page may have; those that another node's page has are among them. */
uint32_t report_page_zone_lines(const struct report_status *status);
uint32_t report_page_tunnel_lines(const struct report_status *status);

/* False: this is no line of that node's page. */
bool report_page_zone(const struct report_status *status, uint32_t node, uint32_t index,
                      struct report_zone_line *line);
bool report_page_tunnel(const struct report_status *status, uint32_t node, uint32_t index,
                        struct report_tunnel_line *line);

#endif
