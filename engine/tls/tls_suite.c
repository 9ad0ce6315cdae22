/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_suite.h"
#include "tls_context.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * IANA "TLS Cipher Suites", those that the library is built with, best first. The forward-secret
 * AEAD ones are the default: nothing else is offered unless a profile names it.
 */
static const struct suite {
    unsigned number;
    bool is_default;
    const char *name;
} suites[] = {
    {0x1301, true, "TLS_AES_128_GCM_SHA256"},
    {0x1302, true, "TLS_AES_256_GCM_SHA384"},
    {0x1303, true, "TLS_CHACHA20_POLY1305_SHA256"},
    {0xC02B, true, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
    {0xC02F, true, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0xC02C, true, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
    {0xC030, true, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0xCCA9, true, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
    {0xCCA8, true, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    {0x009E, false, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009F, false, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0xC023, false, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
    {0xC027, false, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
    {0xC024, false, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
    {0xC028, false, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
    {0xC009, false, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
    {0xC013, false, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    {0xC00A, false, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
    {0xC014, false, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    {0x009C, false, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009D, false, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
    {0x003C, false, "TLS_RSA_WITH_AES_128_CBC_SHA256"},
    {0x003D, false, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
    {0x002F, false, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    {0x0035, false, "TLS_RSA_WITH_AES_256_CBC_SHA"},
};

/* IANA "TLS Supported Groups". */
static const struct group {
    int number;
    bool is_default;
    const char *name;
} groups[] = {
    {23, true, "secp256r1"},
    {24, true, "secp384r1"},
    {29, true, "x25519"},
    {25, false, "secp521r1"},
};

static bool is_known_suite(const char *name) {
    for (size_t i = 0; i < COUNT(suites); i++) {
        if (strcmp(suites[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool suite_list_append(struct tls_suite_list *list, const char *name) {
    size_t room = sizeof list->names - list->length;
    int written =
        snprintf(list->names + list->length, room, "%s%s", list->length > 0 ? ":" : "", name);
    if (written < 0 || (size_t)written >= room) {
        return false;
    }
    list->length += (size_t)written;
    return true;
}

static void append_known(char *out, size_t out_size, size_t *length, const char *name) {
    int written = snprintf(out + *length, out_size - *length, "%s%s", *length > 0 ? " " : "", name);
    if (written > 0 && (size_t)written < out_size - *length) {
        *length += (size_t)written;
    }
}

static bool unknown_suite(const char *name, struct base_error *error) {
    char known[960] = "";
    size_t length = 0;
    for (size_t i = 0; i < COUNT(suites); i++) {
        append_known(known, sizeof known, &length, suites[i].name);
    }
    return base_error_set(error, BASE_ERROR_USAGE, "unknown cipher suite \"%.60s\"; known: %s",
                          name, known);
}

bool tls_suite_list_fill(struct tls_suite_list *out, const char *const *names, unsigned count,
                         struct base_error *error) {
    bool fits = true;
    *out = (struct tls_suite_list){.length = 0};
    for (size_t i = 0; names == NULL && i < COUNT(suites); i++) {
        fits &= !suites[i].is_default || suite_list_append(out, suites[i].name);
    }
    for (unsigned i = 0; names != NULL && i < count; i++) {
        if (!is_known_suite(names[i])) {
            return unknown_suite(names[i], error);
        }
        fits &= suite_list_append(out, names[i]);
    }
    if (!fits || out->length == 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "the list of cipher suites is %s",
                              fits ? "empty" : "too long");
    }
    return true;
}

static bool unknown_group(const char *name, struct base_error *error) {
    char known[128] = "";
    size_t length = 0;
    for (size_t i = 0; i < COUNT(groups); i++) {
        append_known(known, sizeof known, &length, groups[i].name);
    }
    return base_error_set(error, BASE_ERROR_USAGE, "unknown group \"%.60s\"; known: %s", name,
                          known);
}

bool tls_group_list_fill(struct tls_group_list *out, const char *const *names, unsigned count,
                         struct base_error *error) {
    out->count = 0;
    for (size_t i = 0; names == NULL && i < COUNT(groups); i++) {
        if (groups[i].is_default) {
            out->numbers[out->count++] = groups[i].number;
        }
    }
    for (unsigned i = 0; names != NULL && i < count; i++) {
        size_t known = 0;
        while (known < COUNT(groups) && strcmp(groups[known].name, names[i]) != 0) {
            known++;
        }
        if (known == COUNT(groups)) {
            return unknown_group(names[i], error);
        }
        if (out->count == TLS_GROUP_MAX) {
            return base_error_set(error, BASE_ERROR_USAGE, "more than %d groups", TLS_GROUP_MAX);
        }
        out->numbers[out->count++] = groups[known].number;
    }
    if (out->count == 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "the list of groups is empty");
    }
    return true;
}

const char *tls_suite_name(unsigned number) {
    for (size_t i = 0; i < COUNT(suites); i++) {
        if (suites[i].number == number) {
            return suites[i].name;
        }
    }
    return NULL;
}
