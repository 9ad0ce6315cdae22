/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_DNS_H
#define SUPPORT_DNS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A DNS server for tests: authoritative for everything, from a table, over UDP and, for answers
 * that are too long for it, TCP. A name of the table that lacks the type asked for has none; one
 * that is not in it does not exist.
 */
struct support_dns_record {
    const char *name; /* "_sips._tcp.a.test" */
    const char *type; /* A, AAAA, CNAME, SRV, NAPTR; SILENCE: no query for it is answered, FAILURE:
                         each one is with SERVFAIL, GARBAGE: with octets that are no answer */
    const char *data; /* "10.0.0.1", "host", "PRIORITY WEIGHT PORT host",
                         "ORDER PREFERENCE FLAGS SERVICE host" */
};

struct support_dns {
    int datagrams;
    int streams;
    int wake[2];
    const struct support_dns_record *records;
    size_t count;
    pthread_t thread;
    _Atomic unsigned queries; /* taken so far */
    char server[32];          /* "127.0.0.1:40123" */
};

/* `address`: "127.0.0.1", or where the test may have one. The records are borrowed. */
void support_dns_start(struct support_dns *dns, const char *address,
                       const struct support_dns_record *records, size_t count);
void support_dns_stop(struct support_dns *dns);

#endif
