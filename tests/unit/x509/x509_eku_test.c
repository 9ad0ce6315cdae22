/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_forge.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define KP              "\x06\x08\x2b\x06\x01\x05\x05\x07\x03"
#define SERVER          KP "\x01"
#define CLIENT          KP "\x02"

Test(x509_eku, bits_and_text_follow_the_list) {
    const struct {
        struct bytes list;
        unsigned usages;
        const char *text;
    } rows[] = {
        {OCTETS(SERVER), X509_USAGE_SERVER_AUTH, "serverAuth"},
        {OCTETS(CLIENT), X509_USAGE_CLIENT_AUTH, "clientAuth"},
        {OCTETS(SERVER CLIENT), X509_USAGE_SERVER_AUTH | X509_USAGE_CLIENT_AUTH,
         "serverAuth, clientAuth"},
        {OCTETS(CLIENT SERVER), X509_USAGE_SERVER_AUTH | X509_USAGE_CLIENT_AUTH,
         "clientAuth, serverAuth"},
        {OCTETS(KP "\x03"), X509_USAGE_CODE_SIGNING, "codeSigning"},
        {OCTETS(KP "\x04"), X509_USAGE_EMAIL_PROTECTION, "emailProtection"},
        {OCTETS(KP "\x08"), X509_USAGE_TIME_STAMPING, "timeStamping"},
        {OCTETS(KP "\x09"), X509_USAGE_OCSP_SIGNING, "OCSPSigning"},
        {OCTETS(KP "\x14"), X509_USAGE_SIP_DOMAIN, "sipDomain"},
        {OCTETS("\x06\x04\x55\x1d\x25\x00"), X509_USAGE_ANY, "any"},
        {OCTETS("\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03"), X509_USAGE_SGC, "msSGC"},
        {OCTETS("\x06\x09\x60\x86\x48\x01\x86\xf8\x42\x04\x01"), X509_USAGE_SGC, "nsSGC"},
        {OCTETS(KP "\x05"), X509_USAGE_OTHER, "1.3.6.1.5.5.7.3.5"},
        {OCTETS("\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x04"), X509_USAGE_OTHER,
         "1.3.6.1.4.1.311.10.3.4"},
        {OCTETS("\x06\x02\x88\x37"), X509_USAGE_OTHER, "2.999"},
        {OCTETS("\x06\x01\x00"), X509_USAGE_OTHER, "0.0"},
        {OCTETS("\x06\x01\x4f"), X509_USAGE_OTHER, "1.39"},
        {OCTETS("\x06\x01\x50"), X509_USAGE_OTHER, "2.0"},
        {OCTETS("\x06\x0b\x2a\x81\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), X509_USAGE_OTHER,
         "1.2.18446744073709551615"},
        {OCTETS("\x06\x0b\x2a\x82\x80\x80\x80\x80\x80\x80\x80\x80\x00"), X509_USAGE_OTHER,
         "oid-out-of-range"},
        /* Grants nothing, and is not the same as an absent extension. */
        {OCTETS(""), 0, ""},
    };
    static struct forge forge;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[128];
        struct forge_plan plan = {.has_eku = true, .eku_list = rows[i].list};
        struct x509_certificate certificate = forge_parsed(&forge, &plan);
        cr_expect(certificate.eku.present);
        cr_expect_not(certificate.eku.critical);
        cr_expect_eq(certificate.eku.usages, rows[i].usages, "row %zu", i);
        x509_eku_to_text(&certificate, text, sizeof text);
        cr_expect_str_eq(text, rows[i].text);
    }
}

Test(x509_eku, absent_is_none) {
    static struct forge forge;
    struct forge_plan plan = {.subject = OCTETS("leaf")};
    struct x509_certificate certificate = forge_parsed(&forge, &plan);
    char text[8];
    cr_expect_not(certificate.eku.present);
    x509_eku_to_text(&certificate, text, sizeof text);
    cr_expect_str_eq(text, "none");
}

Test(x509_eku, critical_is_seen) {
    static struct forge forge;
    struct forge_plan plan = {
        .extensions = OCTETS("\x30\x16\x06\x03\x55\x1d\x25\x01\x01\xff\x04\x0c\x30\x0a" CLIENT)};
    struct x509_certificate certificate = forge_parsed(&forge, &plan);
    cr_expect(certificate.eku.critical);
    cr_expect_eq(certificate.eku.usages, X509_USAGE_CLIENT_AUTH);
}

Test(x509_eku, text_that_does_not_fit_ends_with_a_whole_usage) {
    static struct forge forge;
    struct forge_plan plan = {.has_eku = true, .eku_list = OCTETS(SERVER CLIENT)};
    struct x509_certificate certificate = forge_parsed(&forge, &plan);
    for (size_t size = 1; size <= sizeof "serverAuth, clientAuth"; size++) {
        char text[64];
        memset(text, '#', sizeof text);
        x509_eku_to_text(&certificate, text, size);
        const char *expected = size > strlen("serverAuth, clientAuth") ? "serverAuth, clientAuth"
                               : size > strlen("serverAuth")           ? "serverAuth"
                                                                       : "";
        cr_expect_str_eq(text, expected, "size %zu: %s", size, text);
        cr_expect_eq(text[size], '#', "size %zu: wrote past the end", size);
    }
    x509_eku_to_text(&certificate, NULL, 0);
}
