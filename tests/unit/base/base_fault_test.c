/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_fault.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

Test(base_fault, keys_are_unique_and_lead_back) {
    for (unsigned i = FAULT_NONE + 1; i < FAULT_COUNT; i++) {
        const char *key = base_fault_key((enum fault)i);
        cr_expect_eq(base_fault_from_key(key), (enum fault)i, "%s", key);
        for (unsigned j = 0; j < i; j++) {
            cr_expect_str_neq(key, base_fault_key((enum fault)j));
        }
    }
}

Test(base_fault, keys_fit_json_and_prometheus_and_texts_are_there) {
    for (unsigned i = 0; i < FAULT_COUNT; i++) {
        const char *key = base_fault_key((enum fault)i);
        cr_assert_not_null(key);
        cr_expect_gt(strlen(key), 0);
        cr_expect_eq(strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(key), "%s", key);
        cr_assert_not_null(base_fault_text((enum fault)i));
        cr_expect_gt(strlen(base_fault_text((enum fault)i)), 0, "%s", key);
    }
}

Test(base_fault, no_key_is_no_fault) {
    static const char *const keys[] = {
        "", "none", "tls", "tls_peer_ek", "tls_peer_ekus", "TLS_PEER_EKU"};
    cr_expect_str_eq(base_fault_key(FAULT_NONE), "none");
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        cr_expect_eq(base_fault_from_key(keys[i]), FAULT_NONE, "%s", keys[i]);
    }
}

/* Results and dashboards of users depend on these. */
Test(base_fault, published_keys_stay) {
    static const char *const keys[] = {
        "tcp_refused",
        "tcp_reset",
        "tcp_timeout",
        "tcp_unreachable",
        "local_fd_limit",
        "local_port_exhausted",
        "tls_timeout",
        "tls_closed",
        "tls_peer_untrusted",
        "tls_peer_expired",
        "tls_peer_not_yet_valid",
        "tls_peer_revoked",
        "tls_peer_eku",
        "tls_peer_key_usage",
        "tls_peer_name",
        "tls_peer_no_certificate",
        "tls_peer_chain_incomplete",
        "tls_protocol_error",
        "sip_timeout",
        "sip_closed",
        "sip_malformed",
        "sip_rejected",
        "sip_auth_failed",
        "http_rejected",
        "tunnel_permission_denied",
        "tunnel_timeout",
    };
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        cr_expect_neq(base_fault_from_key(keys[i]), FAULT_NONE, "%s", keys[i]);
    }
}

/* RFC 8446 section 6, and no_renegotiation from RFC 5246 section 7.2. */
static const char *const alert_names[256] = {
    [0] = "close_notify",
    [10] = "unexpected_message",
    [20] = "bad_record_mac",
    [22] = "record_overflow",
    [40] = "handshake_failure",
    [42] = "bad_certificate",
    [43] = "unsupported_certificate",
    [44] = "certificate_revoked",
    [45] = "certificate_expired",
    [46] = "certificate_unknown",
    [47] = "illegal_parameter",
    [48] = "unknown_ca",
    [49] = "access_denied",
    [50] = "decode_error",
    [51] = "decrypt_error",
    [70] = "protocol_version",
    [71] = "insufficient_security",
    [80] = "internal_error",
    [86] = "inappropriate_fallback",
    [90] = "user_canceled",
    [100] = "no_renegotiation",
    [109] = "missing_extension",
    [110] = "unsupported_extension",
    [112] = "unrecognized_name",
    [113] = "bad_certificate_status_response",
    [115] = "unknown_psk_identity",
    [116] = "certificate_required",
    [120] = "no_application_protocol",
};

Test(base_fault, every_alert_has_the_name_of_its_rfc) {
    for (unsigned description = 0; description < 300; description++) {
        const char *name = description < 256 ? alert_names[description] : NULL;
        char key[64];
        snprintf(key, sizeof key, "tls_alert_%s", name == NULL ? "unknown" : name);
        cr_expect_str_eq(base_fault_key(base_fault_from_alert(description)), key, "alert %u",
                         description);
    }
}
