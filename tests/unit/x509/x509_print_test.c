/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is printed of a certificate, beside openssl's own output. */
#include "x509_openssl.h"

#include "x509_distinguished.h"
#include "x509_forge.h"
#include "x509_signature.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static struct x509_certificate make(struct openssl_folder *folder, const char *key,
                                    const char *request) {
    struct x509_certificate certificate;
    openssl_run(folder, "genpkey -algorithm %s -out key.pem", key);
    openssl_run(folder, "req -x509 -utf8 -key key.pem -outform DER -out c.der %s", request);
    cr_assert(x509_certificate_parse(openssl_read(folder, "c.der"), &certificate));
    return certificate;
}

static void skip_without_openssl(void) {
    if (!openssl_is_installed()) {
        cr_skip_test("the openssl command is not installed");
    }
}

Test(x509_print, names_are_openssl_s) {
    static const char *const subjects[] = {
        "/C=IN/ST=KA/L=KA/O=Cisco/OU=TAc/CN=cluster.s.com",
        "/CN=a",
        "/CN=a, b\\+c; \"d\" <e>",
        "/CN=#a/O= b /OU=c=d",
        "/DC=test/DC=example/UID=7/CN=x+OU=y/emailAddress=a@b.test",
        "/serialNumber=1/street=s/postalCode=p/title=t/GN=g/SN=s/businessCategory=b/CN=c",
        "/jurisdictionC=US/organizationIdentifier=o/dnQualifier=d/CN=c",
        "/O=Universit\xc3\xa9/CN=\xe2\x82\xac",
        "/1.2.3.4=own/CN=c",
    };
    struct openssl_folder folder;
    skip_without_openssl();
    openssl_folder_create(&folder);
    for (size_t i = 0; i < COUNT_OF(subjects); i++) {
        char request[256];
        char printed[512];
        char text[512];
        snprintf(request, sizeof request, "-subj '%s'%s", subjects[i],
                 strchr(subjects[i], '+') != NULL ? " -multivalue-rdn" : "");
        struct x509_certificate certificate =
            make(&folder, "EC -pkeyopt ec_paramgen_curve:P-256", request);
        openssl_ask(&folder, printed, sizeof printed,
                    "x509 -in c.der -noout -subject -nameopt RFC2253,-esc_msb | cut -c9-");
        x509_distinguished_to_text(certificate.subject, text, sizeof text);
        cr_expect_str_eq(text, printed, "%s: %s", subjects[i], text);
    }
    openssl_folder_destroy(&folder);
}

Test(x509_print, signatures_and_serials_are_openssl_s) {
    static const struct {
        const char *key;
        const char *request;
    } rows[] = {
        {"RSA -pkeyopt rsa_keygen_bits:2048", "-sha256"},
        {"RSA -pkeyopt rsa_keygen_bits:2048", "-sha384"},
        {"RSA -pkeyopt rsa_keygen_bits:2048", "-sha512 -set_serial 0x46df76aa000000000029"},
        {"RSA -pkeyopt rsa_keygen_bits:2048", "-sha1 -set_serial 0x80"},
        {"RSA -pkeyopt rsa_keygen_bits:2048", "-sha256 -sigopt rsa_padding_mode:pss"},
        {"EC -pkeyopt ec_paramgen_curve:P-256", "-sha256 -set_serial 0x00ff"},
        {"EC -pkeyopt ec_paramgen_curve:P-384", "-sha384 -set_serial 1"},
        {"EC -pkeyopt ec_paramgen_curve:P-521", "-sha512"},
        {"ED25519", ""},
        {"ED448", ""},
    };
    struct openssl_folder folder;
    skip_without_openssl();
    openssl_folder_create(&folder);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char request[256];
        char printed[256];
        char text[128];
        snprintf(request, sizeof request, "-subj /CN=x %s", rows[i].request);
        struct x509_certificate certificate = make(&folder, rows[i].key, request);
        openssl_ask(&folder, printed, sizeof printed,
                    "x509 -in c.der -noout -text | sed -n 's/^ *Signature Algorithm: //p' | tail "
                    "-n 1");
        x509_signature_to_text(&certificate, text, sizeof text);
        cr_expect_str_eq(text, printed, "row %zu", i);
        openssl_ask(&folder, printed, sizeof printed, "x509 -in c.der -noout -serial | cut -c8-");
        x509_serial_to_text(&certificate, text, sizeof text);
        cr_expect_eq(strcasecmp(text, printed), 0, "row %zu: %s, not %s", i, text, printed);
    }
    openssl_folder_destroy(&folder);
}

Test(x509_print, an_algorithm_without_a_name_is_dotted) {
    struct forge forge;
    const struct forge_plan plan = {.subject = OCTETS("x"), .issuer = OCTETS("x")};
    struct bytes der = forge_certificate(&forge, &plan);
    struct x509_certificate certificate;
    char text[64];
    /* ecdsa-with-SHA256 becomes ecdsa-with-SHA2 dot 9 in both places. */
    for (size_t i = 0; i + 8 <= der.length; i++) {
        if (memcmp(forge.data + i, "\x2a\x86\x48\xce\x3d\x04\x03\x02", 8) == 0) {
            forge.data[i + 7] = 9;
        }
    }
    cr_assert(x509_certificate_parse(der, &certificate));
    x509_signature_to_text(&certificate, text, sizeof text);
    cr_expect_str_eq(text, "1.2.840.10045.4.3.9");
}

Test(x509_print, dates_of_any_year_have_a_text) {
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {INT64_C(1773532800), "2026-03-15T00:00:00Z"},
        {INT64_C(253402300799), "9999-12-31T23:59:59Z"},
        {INT64_C(-2208988800), "1900-01-01T00:00:00Z"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[X509_DATE_SIZE];
        x509_date_to_text(rows[i].seconds, text);
        cr_expect_str_eq(text, rows[i].text);
    }
}
