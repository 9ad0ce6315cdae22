/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_HOST_H
#define HTTP_HOST_H

#include "http_text.h"

/*
 * "edge.example.test:8443" without its port, "[::1]:443" without its brackets, too. An empty host
 * is right: it names none. False when it is malformed; user names are (RFC 9110 section 4.2.4).
 */
bool http_host_read(struct bytes authority, struct bytes *host);

#endif
