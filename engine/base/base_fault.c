/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_fault.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *key;
    const char *text;
} fault_rows[FAULT_COUNT] = {[FAULT_NONE] = {"none", "no fault"},
#define FAULT_ROW(symbol, fault_key, fault_text) [FAULT_##symbol] = {fault_key, fault_text},
                             BASE_FAULT_LIST(FAULT_ROW)
#undef FAULT_ROW
};

const char *base_fault_key(enum fault fault) {
    return fault_rows[fault].key;
}

const char *base_fault_text(enum fault fault) {
    return fault_rows[fault].text;
}

enum fault base_fault_from_key(const char *key) {
    for (unsigned i = FAULT_NONE + 1; i < FAULT_COUNT; i++) {
        if (strcmp(fault_rows[i].key, key) == 0) {
            return (enum fault)i;
        }
    }
    return FAULT_NONE;
}

enum fault base_fault_from_alert(unsigned description) {
    static const struct {
        unsigned description;
        enum fault fault;
    } alerts[] = {
        {0, FAULT_TLS_ALERT_CLOSE_NOTIFY},
        {10, FAULT_TLS_ALERT_UNEXPECTED_MESSAGE},
        {20, FAULT_TLS_ALERT_BAD_RECORD_MAC},
        {22, FAULT_TLS_ALERT_RECORD_OVERFLOW},
        {40, FAULT_TLS_ALERT_HANDSHAKE_FAILURE},
        {42, FAULT_TLS_ALERT_BAD_CERTIFICATE},
        {43, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE},
        {44, FAULT_TLS_ALERT_CERTIFICATE_REVOKED},
        {45, FAULT_TLS_ALERT_CERTIFICATE_EXPIRED},
        {46, FAULT_TLS_ALERT_CERTIFICATE_UNKNOWN},
        {47, FAULT_TLS_ALERT_ILLEGAL_PARAMETER},
        {48, FAULT_TLS_ALERT_UNKNOWN_CA},
        {49, FAULT_TLS_ALERT_ACCESS_DENIED},
        {50, FAULT_TLS_ALERT_DECODE_ERROR},
        {51, FAULT_TLS_ALERT_DECRYPT_ERROR},
        {70, FAULT_TLS_ALERT_PROTOCOL_VERSION},
        {71, FAULT_TLS_ALERT_INSUFFICIENT_SECURITY},
        {80, FAULT_TLS_ALERT_INTERNAL_ERROR},
        {86, FAULT_TLS_ALERT_INAPPROPRIATE_FALLBACK},
        {90, FAULT_TLS_ALERT_USER_CANCELED},
        {100, FAULT_TLS_ALERT_NO_RENEGOTIATION},
        {109, FAULT_TLS_ALERT_MISSING_EXTENSION},
        {110, FAULT_TLS_ALERT_UNSUPPORTED_EXTENSION},
        {112, FAULT_TLS_ALERT_UNRECOGNIZED_NAME},
        {113, FAULT_TLS_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE},
        {115, FAULT_TLS_ALERT_UNKNOWN_PSK_IDENTITY},
        {116, FAULT_TLS_ALERT_CERTIFICATE_REQUIRED},
        {120, FAULT_TLS_ALERT_NO_APPLICATION_PROTOCOL},
    };
    for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++) {
        if (alerts[i].description == description) {
            return alerts[i].fault;
        }
    }
    return FAULT_TLS_ALERT_UNKNOWN;
}
