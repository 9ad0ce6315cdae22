/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_value.h"

#include "profile_load.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Digits from `*at` on, at least one; moves `*at` behind them. False beyond 64 bits, too. */
static bool take_integer(const char **at, uint64_t *out) {
    uint64_t value = 0;
    const char *start = *at;
    while (is_digit(**at)) {
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(**at - '0'), &value)) {
            return false;
        }
        ++*at;
    }
    *out = value;
    return *at > start;
}

bool profile_value_integer(const char *text, uint64_t *out) {
    uint64_t value;
    if (!take_integer(&text, &value) || *text != '\0') {
        return false;
    }
    *out = value;
    return true;
}

bool profile_value_boolean(const char *text, bool *out) {
    static const struct {
        const char *text;
        bool value;
    } words[] = {{"on", true},     {"off", false}, {"true", true},
                 {"false", false}, {"yes", true},  {"no", false}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(words[i].text, text) == 0) {
            *out = words[i].value;
            return true;
        }
    }
    return false;
}

/* "5", "0.25": the whole part and millionths of the rest. */
static bool take_decimal(const char **at, uint64_t *whole, uint64_t *millionths) {
    uint64_t place = 100000;
    *millionths = 0;
    if (!take_integer(at, whole)) {
        return false;
    }
    if (**at != '.') {
        return true;
    }
    ++*at;
    if (!is_digit(**at)) {
        return false;
    }
    for (; is_digit(**at); ++*at) {
        if (place == 0) {
            return false;
        }
        *millionths += place * (uint64_t)(**at - '0');
        place /= 10;
    }
    return true;
}

bool profile_value_decimal(const char *text, double *out) {
    uint64_t whole;
    uint64_t millionths;
    if (!take_decimal(&text, &whole, &millionths) || *text != '\0') {
        return false;
    }
    *out = (double)whole + (double)millionths / 1e6;
    return true;
}

bool profile_parse_duration(const char *text, uint64_t *out_ns) {
    static const struct {
        const char *unit;
        uint64_t ns;
    } units[] = {{"us", UINT64_C(1000)},
                 {"ms", UINT64_C(1000000)},
                 {"s", UINT64_C(1000000000)},
                 {"m", UINT64_C(60000000000)},
                 {"h", UINT64_C(3600000000000)}};
    uint64_t whole;
    uint64_t millionths;
    uint64_t ns;
    if (!take_decimal(&text, &whole, &millionths)) {
        return false;
    }
    if (*text == '\0' && whole == 0 && millionths == 0) {
        *out_ns = 0;
        return true;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(units[i].unit, text) == 0) {
            if (__builtin_mul_overflow(whole, units[i].ns, &ns) ||
                __builtin_add_overflow(ns, units[i].ns / 1000 * millionths / 1000, &ns)) {
                return false;
            }
            *out_ns = ns;
            return true;
        }
    }
    return false;
}

bool profile_value_rate(const char *text, double *out_per_s) {
    uint64_t whole;
    uint64_t millionths;
    double count;
    if (!take_decimal(&text, &whole, &millionths)) {
        return false;
    }
    count = (double)whole + (double)millionths / 1e6;
    if (strcmp(text, "/s") == 0) {
        *out_per_s = count;
        return true;
    }
    if (strcmp(text, "/m") == 0) {
        *out_per_s = count / 60;
        return true;
    }
    if (strcmp(text, "/h") == 0) {
        *out_per_s = count / 3600;
        return true;
    }
    return false;
}

/* -1: none. */
static int hex_digit(char c) {
    if (is_digit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool profile_value_serial(const char *text, uint8_t out[PROFILE_SERIAL_MAX], uint32_t *out_length) {
    uint8_t octets[PROFILE_SERIAL_MAX];
    uint32_t length = 0;
    bool has_colons = strchr(text, ':') != NULL;
    for (const char *at = text; *at != '\0' || at == text; at += 2) {
        if (has_colons && at > text && *at++ != ':') {
            return false;
        }
        int high = hex_digit(at[0]);
        int low = high < 0 ? -1 : hex_digit(at[1]);
        if (low < 0) {
            return false;
        }
        uint8_t octet = (uint8_t)(high * 16 + low);
        if (length == 0 && octet == 0) {
            continue;
        }
        if (length == PROFILE_SERIAL_MAX) {
            return false;
        }
        octets[length++] = octet;
    }
    /* A first bit that is set costs an octet in front, or the number would be negative. */
    if (length == 0 || (length == PROFILE_SERIAL_MAX && octets[0] >= 0x80)) {
        return false;
    }
    memcpy(out, octets, length);
    *out_length = length;
    return true;
}

static bool is_dotted_oid(const char *text) {
    unsigned arcs = 0;
    uint64_t first = 0;
    for (;;) {
        uint64_t arc;
        bool has_leading_zero = text[0] == '0' && is_digit(text[1]);
        if (has_leading_zero || !take_integer(&text, &arc) || arc > UINT32_MAX || arcs == 16) {
            return false;
        }
        if ((arcs == 0 && arc > 2) || (arcs == 1 && first < 2 && arc >= 40)) {
            return false;
        }
        first = arcs == 0 ? arc : first;
        arcs++;
        if (*text == '\0') {
            return arcs >= 2;
        }
        if (*text++ != '.') {
            return false;
        }
    }
}

bool profile_value_is_usage(const char *text) {
    static const char *const names[] = {"serverAuth", "clientAuth",  "any",
                                        "sipDomain",  "codeSigning", "emailProtection"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], text) == 0) {
            return true;
        }
    }
    return is_dotted_oid(text);
}

bool profile_value_is_client_auth(const char *usage) {
    return strcmp(usage, "clientAuth") == 0 || strcmp(usage, "1.3.6.1.5.5.7.3.2") == 0;
}

bool profile_value_is_any_usage(const char *usage) {
    return strcmp(usage, "any") == 0 || strcmp(usage, "2.5.29.37.0") == 0;
}

bool profile_value_is_name(const char *text) {
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return text[length] == '\0' && length > 0 && length <= 63 && text[0] != '-';
}

bool profile_value_address(const char *text, uint8_t out[16]) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint8_t octets[16];
    memcpy(octets, mapped, sizeof mapped);
    if (inet_pton(AF_INET, text, octets + sizeof mapped) != 1 &&
        inet_pton(AF_INET6, text, octets) != 1) {
        return false;
    }
    if (out != NULL) {
        memcpy(out, octets, sizeof octets);
    }
    return true;
}

bool profile_value_is_source(const char *text) {
    char address[INET6_ADDRSTRLEN];
    const char *slash = strchr(text, '/');
    uint64_t prefix;
    size_t length;
    if (slash == NULL) {
        return profile_value_address(text, NULL);
    }
    length = (size_t)(slash - text);
    if (length >= sizeof address || !profile_value_integer(slash + 1, &prefix)) {
        return false;
    }
    memcpy(address, text, length);
    address[length] = '\0';
    return profile_value_address(address, NULL) &&
           prefix <= (strchr(address, ':') == NULL ? 32 : 128);
}

static bool is_host(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !is_digit(c) && strchr(".-_", c) == NULL) {
            return false;
        }
    }
    return length > 0 && length <= 253 && text[0] != '-' && text[0] != '.';
}

/* "[IPv6]": the text between the brackets. */
static bool take_bracketed(const char **at, struct profile_endpoint *out) {
    char address[INET6_ADDRSTRLEN];
    const char *close = strchr(*at, ']');
    size_t length = close == NULL ? 0 : (size_t)(close - *at - 1);
    if (length == 0 || length >= sizeof address) {
        return false;
    }
    memcpy(address, *at + 1, length);
    address[length] = '\0';
    out->host = *at + 1;
    out->host_length = length;
    *at = close + 1;
    return strchr(address, ':') != NULL && profile_value_address(address, NULL);
}

bool profile_value_endpoint(const char *text, struct profile_endpoint *out) {
    struct profile_endpoint found = {0};
    const char *at = text;
    uint64_t port;
    if (*at == '[') {
        if (!take_bracketed(&at, &found)) {
            return false;
        }
    } else {
        found.host = at;
        found.host_length = strcspn(at, ":");
        at += found.host_length;
        if (!is_host(found.host, found.host_length)) {
            return false;
        }
    }
    if (*at != '\0') {
        if (*at != ':' || !profile_value_integer(at + 1, &port) || port < 1 || port > 65535) {
            return false;
        }
        found.port = (uint32_t)port;
    }
    *out = found;
    return true;
}

char *profile_value_behind_mark(char *text) {
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(text, mark, sizeof mark - 1) == 0 ? text + sizeof mark - 1 : text;
}
