/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_dns.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 12, MESSAGE_MAX = 4096, DATAGRAM_MAX = 512, NAME_MAX_SIZE = 256, ALIASES_MAX = 8 };
enum { CODE_OK = 0, CODE_FAILURE = 2, CODE_NO_NAME = 3 };

struct message {
    uint8_t octets[MESSAGE_MAX];
    size_t length;
};

static void put(struct message *message, const void *octets, size_t length) {
    if (message->length + length <= sizeof message->octets) {
        memcpy(message->octets + message->length, octets, length);
        message->length += length;
    }
}

static void put_u16(struct message *message, unsigned value) {
    const uint8_t octets[] = {(uint8_t)(value >> 8), (uint8_t)value};
    put(message, octets, sizeof octets);
}

static void put_text(struct message *message, const char *text, size_t length) {
    const uint8_t octet = (uint8_t)length;
    put(message, &octet, 1);
    put(message, text, length);
}

/* "a.test", or "." for the root. */
static void put_name(struct message *message, const char *name) {
    while (*name != '\0' && strcmp(name, ".") != 0) {
        size_t length = strcspn(name, ".");
        put_text(message, name, length);
        name += length + (name[length] == '.' ? 1 : 0);
    }
    put_text(message, "", 0);
}

static const struct {
    const char *type;
    unsigned number;
} types[] = {{"A", 1}, {"CNAME", 5}, {"AAAA", 28}, {"SRV", 33}, {"NAPTR", 35}};

static unsigned type_number(const char *type) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].type, type) == 0) {
            return types[i].number;
        }
    }
    return 0;
}

static void put_data(struct message *message, const struct support_dns_record *record) {
    unsigned a = 0;
    unsigned b = 0;
    unsigned port = 0;
    char flags[16] = "";
    char service[64] = "";
    char host[NAME_MAX_SIZE] = "";
    uint8_t address[16];
    switch (type_number(record->type)) {
    case 1:
        inet_pton(AF_INET, record->data, address);
        put(message, address, 4);
        break;
    case 28:
        inet_pton(AF_INET6, record->data, address);
        put(message, address, 16);
        break;
    case 33:
        cr_assert_eq(sscanf(record->data, "%u %u %u %255s", &a, &b, &port, host), 4);
        put_u16(message, a);
        put_u16(message, b);
        put_u16(message, port);
        put_name(message, host);
        break;
    case 35:
        cr_assert_eq(sscanf(record->data, "%u %u %15s %63s %255s", &a, &b, flags, service, host),
                     5);
        put_u16(message, a);
        put_u16(message, b);
        put_text(message, flags, strlen(flags));
        put_text(message, service, strlen(service));
        put_text(message, "", 0);
        put_name(message, host);
        break;
    default:
        put_name(message, record->data);
        break;
    }
}

static void put_record(struct message *message, const struct support_dns_record *record) {
    static const uint8_t life_s[4] = {[3] = 1};
    put_name(message, record->name);
    put_u16(message, type_number(record->type));
    put_u16(message, 1);
    put(message, life_s, sizeof life_s);
    size_t length_at = message->length;
    put_u16(message, 0);
    put_data(message, record);
    size_t length = message->length - length_at - 2;
    message->octets[length_at] = (uint8_t)(length >> 8);
    message->octets[length_at + 1] = (uint8_t)length;
}

/* The name asked for; the offset behind the question, 0: no sound question. */
static size_t read_question(const uint8_t *query, size_t length, char name[NAME_MAX_SIZE],
                            unsigned *type) {
    size_t at = HEADER;
    size_t used = 0;
    name[0] = '\0';
    while (at < length && query[at] != 0) {
        size_t label = query[at];
        if (label > 63 || at + 1 + label > length || used + label + 2 > NAME_MAX_SIZE) {
            return 0;
        }
        used += (size_t)snprintf(name + used, NAME_MAX_SIZE - used, "%s%.*s", used == 0 ? "" : ".",
                                 (int)label, (const char *)query + at + 1);
        at += 1 + label;
    }
    if (at + 5 > length) {
        return 0;
    }
    *type = (unsigned)(query[at + 1] << 8 | query[at + 2]);
    return at + 5;
}

static bool has(const struct support_dns *dns, const char *name, const char *type) {
    for (size_t i = 0; i < dns->count; i++) {
        if (strcasecmp(dns->records[i].name, name) == 0 &&
            (type == NULL || strcmp(dns->records[i].type, type) == 0)) {
            return true;
        }
    }
    return false;
}

/* The records of that name and type, and those that its aliases lead to: how many. */
static unsigned put_answers(const struct support_dns *dns, struct message *reply, const char *name,
                            unsigned type) {
    unsigned count = 0;
    for (unsigned hops = 0; name != NULL && hops < ALIASES_MAX; hops++) {
        const char *alias = NULL;
        for (size_t i = 0; i < dns->count; i++) {
            const struct support_dns_record *record = &dns->records[i];
            bool is_alias = strcmp(record->type, "CNAME") == 0;
            if (strcasecmp(record->name, name) == 0 &&
                (is_alias || type_number(record->type) == type)) {
                put_record(reply, record);
                count++;
                alias = is_alias ? record->data : alias;
            }
        }
        name = alias;
    }
    return count;
}

/* False: nothing is to be said. */
static bool answer(const struct support_dns *dns, const uint8_t *query, size_t length,
                   struct message *reply) {
    char name[NAME_MAX_SIZE];
    unsigned type;
    size_t question_end = read_question(query, length, name, &type);
    if (question_end == 0 || has(dns, name, "SILENCE")) {
        return false;
    }
    put(reply, query, question_end);
    memset(reply->octets + 6, 0, 6);
    unsigned count = put_answers(dns, reply, name, type);
    unsigned code = has(dns, name, "FAILURE") ? CODE_FAILURE
                    : has(dns, name, NULL)    ? CODE_OK
                                              : CODE_NO_NAME;
    reply->octets[2] = 0x84 | (query[2] & 0x01);
    reply->octets[3] = (uint8_t)(0x80 | code);
    reply->octets[6] = (uint8_t)(count >> 8);
    reply->octets[7] = (uint8_t)count;
    if (has(dns, name, "GARBAGE")) {
        memset(reply->octets + HEADER, 0xff, reply->length - HEADER);
        reply->octets[7] = 9;
    }
    return true;
}

static void serve_datagram(struct support_dns *dns) {
    struct sockaddr_in from;
    socklen_t from_length = sizeof from;
    uint8_t query[MESSAGE_MAX];
    struct message reply = {.length = 0};
    ssize_t length =
        recvfrom(dns->datagrams, query, sizeof query, 0, (struct sockaddr *)&from, &from_length);
    dns->queries++;
    if (length < HEADER || !answer(dns, query, (size_t)length, &reply)) {
        return;
    }
    if (reply.length > DATAGRAM_MAX) {
        reply.octets[2] |= 0x02; /* truncated */
        reply.octets[7] = 0;
        reply.length = DATAGRAM_MAX;
    }
    sendto(dns->datagrams, reply.octets, reply.length, 0, (struct sockaddr *)&from, from_length);
}

static void serve_stream(struct support_dns *dns) {
    int stream = accept(dns->streams, NULL, NULL);
    uint8_t query[MESSAGE_MAX];
    uint8_t prefix[2];
    struct message reply = {.length = 0};
    dns->queries++;
    if (recv(stream, prefix, sizeof prefix, MSG_WAITALL) == sizeof prefix) {
        size_t length = (size_t)(prefix[0] << 8 | prefix[1]);
        if (length >= HEADER && length <= sizeof query &&
            recv(stream, query, length, MSG_WAITALL) == (ssize_t)length &&
            answer(dns, query, length, &reply)) {
            prefix[0] = (uint8_t)(reply.length >> 8);
            prefix[1] = (uint8_t)reply.length;
            send(stream, prefix, sizeof prefix, MSG_NOSIGNAL);
            send(stream, reply.octets, reply.length, MSG_NOSIGNAL);
        }
    }
    close(stream);
}

static void *serve(void *argument) {
    struct support_dns *dns = argument;
    struct pollfd sources[] = {{.fd = dns->wake[0], .events = POLLIN},
                               {.fd = dns->datagrams, .events = POLLIN},
                               {.fd = dns->streams, .events = POLLIN}};
    for (;;) {
        if (poll(sources, 3, -1) < 0 && errno != EINTR) {
            return NULL;
        }
        if (sources[0].revents != 0) {
            return NULL;
        }
        if (sources[1].revents != 0) {
            serve_datagram(dns);
        }
        if (sources[2].revents != 0) {
            serve_stream(dns);
        }
    }
}

static int bind_to(struct sockaddr_in *own, int type) {
    socklen_t length = sizeof *own;
    int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    cr_assert_geq(descriptor, 0);
    cr_assert_eq(bind(descriptor, (struct sockaddr *)own, sizeof *own), 0, "%s", strerror(errno));
    cr_assert_eq(getsockname(descriptor, (struct sockaddr *)own, &length), 0);
    return descriptor;
}

void support_dns_start(struct support_dns *dns, const char *address,
                       const struct support_dns_record *records, size_t count) {
    struct sockaddr_in own = {.sin_family = AF_INET};
    *dns = (struct support_dns){.records = records, .count = count};
    inet_pton(AF_INET, address, &own.sin_addr);
    dns->streams = bind_to(&own, SOCK_STREAM); /* the port of the one is free for the other */
    dns->datagrams = bind_to(&own, SOCK_DGRAM);
    cr_assert_eq(listen(dns->streams, 8), 0);
    snprintf(dns->server, sizeof dns->server, "%s:%u", address, ntohs(own.sin_port));
    cr_assert_eq(pipe2(dns->wake, O_CLOEXEC), 0);
    cr_assert_eq(pthread_create(&dns->thread, NULL, serve, dns), 0);
}

void support_dns_stop(struct support_dns *dns) {
    cr_assert_eq(write(dns->wake[1], "", 1), 1);
    pthread_join(dns->thread, NULL);
    close(dns->wake[0]);
    close(dns->wake[1]);
    close(dns->streams);
    close(dns->datagrams);
}
