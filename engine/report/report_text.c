/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *report_text_count(uint64_t count, char out[REPORT_NUMBER_SIZE]) {
    char digits[REPORT_NUMBER_SIZE];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    char *to = out;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            *to++ = ',';
        }
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}

struct scale {
    double size; /* in the unit of the value */
    const char *unit;
};

/* Of the first scale whose number stays below 1000 when printed; of the last one otherwise. */
static const char *scaled(double value, const struct scale *scales, size_t count,
                          char out[REPORT_NUMBER_SIZE]) {
    const struct scale *scale = scales;
    while (scale + 1 < scales + count && value / scale->size >= 999.5) {
        scale++;
    }
    double number = value / scale->size;
    int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
    /* The smallest unit is whole. */
    snprintf(out, REPORT_NUMBER_SIZE, "%.*f %s", scale == scales ? 0 : decimals, number,
             scale->unit);
    return out;
}

const char *report_text_us(uint64_t us, char out[REPORT_NUMBER_SIZE]) {
    static const struct scale scales[] = {{1, "us"}, {1e3, "ms"}, {1e6, "s"}};
    return scaled((double)us, scales, sizeof scales / sizeof *scales, out);
}

const char *report_text_ns(uint64_t ns, char out[REPORT_NUMBER_SIZE]) {
    static const struct scale scales[] = {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}};
    return scaled((double)ns, scales, sizeof scales / sizeof *scales, out);
}

const char *report_text_kib(uint64_t kib, char out[REPORT_NUMBER_SIZE]) {
    static const struct scale scales[] = {{1, "KiB"}, {1024, "MiB"}, {1024.0 * 1024, "GiB"}};
    return scaled((double)kib, scales, sizeof scales / sizeof *scales, out);
}

const char *report_text_suite(const struct report_facts *facts, unsigned number,
                              char out[REPORT_SUITE_SIZE]) {
    const char *name = facts->suite_name == NULL || number == METRICS_SUITE_OTHER
                           ? NULL
                           : facts->suite_name(number);
    if (number == METRICS_SUITE_OTHER) {
        name = "other";
    }
    if (name == NULL) {
        snprintf(out, REPORT_SUITE_SIZE, "0x%04x", number);
        return out;
    }
    snprintf(out, REPORT_SUITE_SIZE, "%s", name);
    return out;
}

static void write_peer(const struct profile_plan *plan, const struct profile_peer *peer, char *out,
                       size_t out_size) {
    char port[16] = "";
    if (peer->listener != PROFILE_NONE) {
        snprintf(out, out_size, "%s", plan->listeners[peer->listener].full_name);
        return;
    }
    if (peer->port != 0) {
        snprintf(port, sizeof port, ":%u", peer->port);
    }
    bool is_ipv6 = strchr(peer->host, ':') != NULL;
    snprintf(out, out_size, "%s%.255s%s%s", is_ipv6 ? "[" : "", peer->host, is_ipv6 ? "]" : "",
             port);
}

const char *report_text_peer(const struct profile_plan *plan, const struct profile_zone *zone,
                             char out[REPORT_PEER_SIZE]) {
    size_t length = 0;
    for (uint32_t i = 0; i < profile_zone_peer_count(zone); i++) {
        const struct profile_peer peer = profile_zone_peer(zone, i);
        char text[REPORT_PEER_SIZE];
        write_peer(plan, &peer, text, sizeof text);
        if (length + strlen(text) + sizeof ", ..." > REPORT_PEER_SIZE && i > 0) {
            snprintf(out + length, REPORT_PEER_SIZE - length, ", ...");
            return out;
        }
        length += (size_t)snprintf(out + length, REPORT_PEER_SIZE - length, "%s%s",
                                   i == 0 ? "" : ", ", text);
    }
    return out;
}

const char *report_text_reason(const char *reason, char out[REPORT_REASON_SIZE]) {
    size_t length = 0;
    for (size_t i = 0; i < METRICS_REASON_TEXT_SIZE - 1 && reason[i] != '\0'; i++) {
        unsigned char octet = (unsigned char)reason[i];
        bool plain = octet >= ' ' && octet < 0x7f && octet != '\\';
        length += (size_t)snprintf(out + length, REPORT_REASON_SIZE - length,
                                   plain ? "%c" : "\\x%02x", octet);
    }
    out[length] = '\0';
    return out;
}

const char *report_text_policy(unsigned policy) {
    enum { OFF_FROM = PROFILE_POLICY_RFC5924 + 1, END = OFF_FROM + PROFILE_OFF_SERVER_IF_PRESENT };
    if (policy > END) {
        return NULL;
    }
    return policy < OFF_FROM ? profile_eku_policy_key((enum profile_eku_policy)policy)
                             : profile_off_policy_key((enum profile_off_policy)(policy - OFF_FROM));
}
