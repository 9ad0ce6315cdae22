/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_unspecified(const struct net_address *address) {
    if (address->any.sa_family == AF_INET) {
        return address->v4.sin_addr.s_addr == htonl(INADDR_ANY);
    }
    return IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
}

/* One end of a connection: "src host 127.0.0.31 and src port 7001". */
static void write_end(FILE *out, const struct net_address *address, const char *direction) {
    char host[NET_ADDRESS_TEXT_SIZE];
    if (!is_unspecified(address)) {
        net_address_host_text(address, host, sizeof host);
        fprintf(out, "%s host %s and ", direction, host);
    }
    fprintf(out, "%s port %u", direction, net_address_port(address));
}

/*
 * Who dials. Of many addresses the bits that all have in common: a list of hundreds would be more
 * than a filter may hold, and another node's connections to the same place are not to be in it.
 */
static void write_sources(FILE *out, const struct worker_route *route, bool as_source) {
    const struct net_address *first = &route->sources[0];
    char host[NET_ADDRESS_TEXT_SIZE];
    if (first->any.sa_family == AF_INET) {
        uint32_t value = ntohl(first->v4.sin_addr.s_addr);
        uint32_t differing = 0;
        for (uint32_t i = 1; i < route->source_count; i++) {
            differing |= ntohl(route->sources[i].v4.sin_addr.s_addr) ^ value;
        }
        fprintf(out, " and ip[%u:4] & 0x%08" PRIx32 " = 0x%08" PRIx32, as_source ? 12u : 16u,
                ~differing, value & ~differing);
    } else if (route->source_count == 1) {
        net_address_host_text(first, host, sizeof host);
        fprintf(out, " and %s host %s", as_source ? "src" : "dst", host);
    }
}

static void write_listener(FILE *out, const struct net_address *address) {
    fputs("(", out);
    write_end(out, address, "dst");
    fputs(") or (", out);
    write_end(out, address, "src");
    fputs(")", out);
}

static void write_zone(FILE *out, const struct worker_route *route) {
    for (uint32_t i = 0; i < run_targets_count(route); i++) {
        const struct net_address *remote = run_targets_remote(route, i);
        fputs(i == 0 ? "(" : ") or (", out);
        write_end(out, remote, "dst");
        write_sources(out, route, true);
        fputs(") or (", out);
        write_end(out, remote, "src");
        write_sources(out, route, false);
    }
    fputs(")", out);
}

char *run_capture_filter(const struct run *run, uint32_t node) {
    const struct profile_plan *plan = run->plan;
    char *text = NULL;
    size_t length;
    const char *separator = "tcp and (";
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (plan->listeners[i].node == node) {
            fputs(separator, out);
            write_listener(out, &run->places.listener_addresses[i]);
            separator = " or ";
        }
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (plan->zones[i].node == node) {
            fputs(separator, out);
            write_zone(out, &run->places.routes[i]);
            separator = " or ";
        }
    }
    fputs(separator[0] == ' ' ? ")" : "", out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

const char *run_capture_device(const struct run *run, uint32_t node) {
    const struct profile_plan *plan = run->plan;
    bool loopback = true;
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        loopback = loopback && (plan->listeners[i].node != node ||
                                net_address_is_loopback(&run->places.listener_addresses[i]));
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct worker_route *route = &run->places.routes[i];
        for (uint32_t j = 0; plan->zones[i].node == node && j < run_targets_count(route); j++) {
            loopback = loopback && net_address_is_loopback(run_targets_remote(route, j));
        }
    }
    return loopback ? "lo" : "any";
}

static void write_port(FILE *out, unsigned port, enum profile_protocol protocol) {
    fprintf(out, " -d tls.port==%u,%s", port, protocol == PROFILE_PROTOCOL_SIP ? "sip" : "http");
}

static unsigned port_of(const struct worker_route *route, uint32_t target) {
    return net_address_port(run_targets_remote(route, target));
}

/* An earlier target of the node has the same port. */
static bool is_repeated(const struct run *run, uint32_t zone, uint32_t target) {
    unsigned port = port_of(&run->places.routes[zone], target);
    for (uint32_t i = 0; i <= zone; i++) {
        const struct worker_route *route = &run->places.routes[i];
        uint32_t count = i == zone ? target : run_targets_count(route);
        for (uint32_t j = 0; run->plan->zones[i].node == run->plan->zones[zone].node && j < count;
             j++) {
            if (port_of(route, j) == port) {
                return true;
            }
        }
    }
    return false;
}

static void write_zone_ports(const struct run *run, uint32_t zone, FILE *out) {
    const struct worker_route *route = &run->places.routes[zone];
    for (uint32_t i = 0; i < run_targets_count(route); i++) {
        if (!is_repeated(run, zone, i)) {
            write_port(out, port_of(route, i), profile_zone_protocol(&run->plan->zones[zone]));
        }
    }
}

void run_capture_write_decoding(const struct run *run, uint32_t node, FILE *out) {
    const struct profile_plan *plan = run->plan;
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        if (plan->listeners[i].node == node) {
            write_port(out, plan->listeners[i].port,
                       profile_listener_protocol(&plan->listeners[i]));
        }
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        if (plan->zones[i].node == node) {
            write_zone_ports(run, i, out);
        }
    }
}
