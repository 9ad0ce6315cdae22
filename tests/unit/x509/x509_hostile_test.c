/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a peer may send instead of a certificate. A sanitizer build is what makes this test bite. */
#include "x509_crl.h"
#include "x509_distinguished.h"
#include "x509_forge.h"
#include "x509_name.h"
#include "x509_path.h"
#include "x509_signature.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define KP "\x06\x08\x2b\x06\x01\x05\x05\x07\x03"

static struct bytes full_certificate(struct forge *forge) {
    struct forge further = {.length = 0};
    forge_extension(&further, 15, OCTETS("\x03\x02\x05\xa0"));
    forge_raw(&further, OCTETS("\x30\x06\x06\x02\x2a\x03\x04\x00"));
    struct forge_plan plan = {
        .subject = OCTETS("root"),
        .issuer = OCTETS("root"),
        .subject_key_id = OCTETS("key"),
        .authority_key_id = OCTETS("key"),
        .alt_names = OCTETS("\x82\x09"
                            "edge.test"
                            "\x86\x0c"
                            "sip:sip.test"
                            "\x87\x04\x7f\0\0\1"),
        .eku_list = OCTETS(KP "\x01" KP "\x02\x06\x04\x2a\x03\x87\x67"),
        .has_eku = true,
        .extensions = base_bytes(further.data, further.length),
    };
    return forge_certificate(forge, &plan);
}

/* Everything that looks into a parsed certificate. */
static bool use(struct bytes der) {
    struct x509_certificate certificate;
    struct x509_path path;
    char text[64];
    if (!x509_certificate_parse(der, &certificate)) {
        return false;
    }
    x509_eku_to_text(&certificate, text, sizeof text);
    x509_name_list(&certificate, text, sizeof text);
    x509_certificate_common_name(&certificate, text, sizeof text);
    x509_distinguished_to_text(certificate.subject, text, sizeof text);
    x509_signature_to_text(&certificate, text, sizeof text);
    x509_serial_to_text(&certificate, text, sizeof text);
    x509_name_matches(&certificate, "sip.test");
    x509_name_matches(&certificate, "127.0.0.1");
    struct x509_set itself = {&certificate, 1};
    x509_path_build(&certificate, itself, itself, &path);
    x509_path_follow(&certificate, itself, &path);
    return true;
}

static uint8_t *copy_of(struct bytes octets, size_t length) {
    uint8_t *copy = malloc(length + (size_t)(length == 0));
    cr_assert_not_null(copy);
    memcpy(copy, octets.data, length);
    return copy;
}

Test(x509_hostile, a_truncated_certificate_never_parses) {
    static struct forge forge;
    struct bytes der = full_certificate(&forge);
    cr_assert(use(der));
    for (size_t length = 0; length < der.length; length++) {
        uint8_t *copy = copy_of(der, length);
        cr_expect_not(use(base_bytes(copy, length)), "%zu octets", length);
        free(copy);
    }
}

Test(x509_hostile, a_flipped_bit_does_no_harm) {
    static struct forge forge;
    struct bytes der = full_certificate(&forge);
    size_t refused = 0;
    for (size_t bit = 0; bit < der.length * 8; bit++) {
        uint8_t *copy = copy_of(der, der.length);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        refused += use(base_bytes(copy, der.length)) ? 0 : 1;
        free(copy);
    }
    /* Flips in names, numbers and keys are readable; those in tags and lengths are not. */
    cr_expect_gt(refused, der.length * 8 / 3, "%zu of %zu", refused, der.length * 8);
}

Test(x509_hostile, an_octet_of_any_value_does_no_harm) {
    static struct forge forge;
    struct bytes der = full_certificate(&forge);
    for (size_t at = 0; at < der.length; at++) {
        uint8_t *copy = copy_of(der, der.length);
        for (unsigned value = 0; value < 256; value++) {
            struct x509_crl crl;
            copy[at] = (uint8_t)value;
            use(base_bytes(copy, der.length));
            cr_expect_not(x509_crl_parse(base_bytes(copy, der.length), &crl));
        }
        free(copy);
    }
}
