/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_key.h"

#include "x509_openssl.h"

#include <criterion/criterion.h>
#include <string.h>

/* The key of the only certificate in the folder, as we print it. */
static struct x509_certificate certificate_of(struct openssl_folder *folder, const char *kind) {
    struct x509_certificate certificate;
    openssl_run(folder, "genpkey -algorithm %s -out key.pem", kind);
    openssl_run(folder, "req -x509 -key key.pem -subj /CN=x -outform DER -out c.der");
    cr_assert(x509_certificate_parse(openssl_read(folder, "c.der"), &certificate), "%s", kind);
    return certificate;
}

Test(x509_key, is_named_as_profiles_spell_it) {
    static const struct {
        const char *kind;
        const char *text;
    } rows[] = {
        {"RSA -pkeyopt rsa_keygen_bits:2048", "rsa-2048"},
        {"RSA -pkeyopt rsa_keygen_bits:1023", "rsa-1023"},
        {"RSA-PSS -pkeyopt rsa_keygen_bits:2048", "rsa-2048"},
        {"EC -pkeyopt ec_paramgen_curve:P-256", "ecdsa-p256"},
        {"EC -pkeyopt ec_paramgen_curve:P-384", "ecdsa-p384"},
        {"EC -pkeyopt ec_paramgen_curve:P-521", "ecdsa-p521"},
        {"EC -pkeyopt ec_paramgen_curve:secp256k1", "unknown"},
        {"ED25519", "ed25519"},
        {"ED448", "ed448"},
    };
    struct openssl_folder folder;
    if (!openssl_is_installed()) {
        cr_skip_test("the openssl command is not installed");
    }
    openssl_folder_create(&folder);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[32];
        struct x509_certificate certificate = certificate_of(&folder, rows[i].kind);
        x509_key_to_text(&certificate, text, sizeof text);
        cr_expect_str_eq(text, rows[i].text, "%s: %s", rows[i].kind, text);
    }
    openssl_folder_destroy(&folder);
}

Test(x509_key, that_cannot_be_read_is_unknown) {
    /* An RSA key whose modulus is empty, zero, or longer than what is there. */
    static const char *const keys[] = {
        "",
        "\x30\x00",
        "\x30\x16\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x05\x00\x30\x02"
        "\x02\x00",
        "\x30\x17\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x06\x00\x30\x03"
        "\x02\x01\x00",
        "\x30\x17\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x06\x00\x30\x03"
        "\x02\x09\x01",
    };
    static const size_t lengths[] = {0, 2, 24, 25, 25};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct x509_certificate certificate = {.public_key = base_bytes(keys[i], lengths[i])};
        char text[32];
        x509_key_to_text(&certificate, text, sizeof text);
        cr_expect_str_eq(text, "unknown", "row %zu: %s", i, text);
    }
}
