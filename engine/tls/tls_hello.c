/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_hello.h"

#include <string.h>

#define RECORD_HEADER      5
#define RECORD_HANDSHAKE   22
#define CLIENT_HELLO       1
#define VERSION_AND_RANDOM 34
#define EXTENSION_NAME     0
#define NAME_TYPE_HOST     0

/* Takes `count` octets off the front. */
static bool take(struct bytes *rest, size_t count, struct bytes *out) {
    if (rest->length < count) {
        return false;
    }
    *out = base_bytes(rest->data, count);
    *rest = base_bytes_after(*rest, count);
    return true;
}

/* Takes a big-endian number of `octets` octets. */
static bool take_number(struct bytes *rest, size_t octets, size_t *out) {
    struct bytes number;
    if (!take(rest, octets, &number)) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < octets; i++) {
        *out = *out << 8 | number.data[i];
    }
    return true;
}

/* Takes a vector: its length in `octets` octets, then its content. */
static bool take_vector(struct bytes *rest, size_t octets, struct bytes *out) {
    size_t length = 0;
    return take_number(rest, octets, &length) && take(rest, length, out);
}

static bool read_name_list(struct bytes extension, char *server_name) {
    struct bytes list;
    if (!take_vector(&extension, 2, &list)) {
        return false;
    }
    size_t type = 0;
    struct bytes name;
    while (take_number(&list, 1, &type) && take_vector(&list, 2, &name)) {
        if (type == NAME_TYPE_HOST && name.length > 0 && name.length < TLS_SERVER_NAME_MAX &&
            memchr(name.data, '\0', name.length) == NULL) {
            memcpy(server_name, name.data, name.length);
            server_name[name.length] = '\0';
            return true;
        }
    }
    return false;
}

static bool read_client_hello(struct bytes record, char *server_name) {
    size_t type = 0;
    struct bytes hello;
    struct bytes skipped;
    struct bytes extensions;
    if (!take_number(&record, 1, &type) || type != CLIENT_HELLO ||
        !take_vector(&record, 3, &hello) || !take(&hello, VERSION_AND_RANDOM, &skipped) ||
        !take_vector(&hello, 1, &skipped) || !take_vector(&hello, 2, &skipped) ||
        !take_vector(&hello, 1, &skipped) || !take_vector(&hello, 2, &extensions)) {
        return false;
    }
    size_t number = 0;
    struct bytes content;
    while (take_number(&extensions, 2, &number) && take_vector(&extensions, 2, &content)) {
        if (number == EXTENSION_NAME) {
            return read_name_list(content, server_name);
        }
    }
    return false;
}

enum tls_hello_result tls_hello_read(struct bytes input, char server_name[TLS_SERVER_NAME_MAX]) {
    if (input.length > 0 && input.data[0] != RECORD_HANDSHAKE) {
        return TLS_HELLO_NAMELESS;
    }
    if (input.length < RECORD_HEADER) {
        return TLS_HELLO_INCOMPLETE;
    }
    size_t length = (size_t)input.data[3] << 8 | input.data[4];
    if (length > TLS_HELLO_MAX - RECORD_HEADER) {
        return TLS_HELLO_NAMELESS;
    }
    if (input.length < RECORD_HEADER + length) {
        return TLS_HELLO_INCOMPLETE;
    }
    struct bytes record = base_bytes(input.data + RECORD_HEADER, length);
    return read_client_hello(record, server_name) ? TLS_HELLO_NAMED : TLS_HELLO_NAMELESS;
}
