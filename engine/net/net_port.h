/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NET_PORT_H
#define NET_PORT_H

#include "net_address.h"

/*
 * Binds to the next free port of the product's range for outbound SIP, or to any, and tells it in
 * `address`. Any thread. 0, or a negative errno.
 */
int net_port_bind(int socket_fd, struct net_address *address);

#endif
