/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_pem.h"

#include "x509_forge.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define BEGIN           "-----BEGIN CERTIFICATE-----\n"
#define END             "-----END CERTIFICATE-----\n"

static struct base_buffer buffer_of(uint8_t *data, size_t capacity) {
    return (struct base_buffer){.data = data, .capacity = capacity};
}

Test(x509_pem, reads_back_what_it_wrote) {
    uint8_t octets[300];
    for (size_t i = 0; i < sizeof octets; i++) {
        octets[i] = (uint8_t)(i * 37 + 11);
    }
    for (size_t length = 1; length <= sizeof octets; length++) {
        uint8_t text[1024];
        uint8_t decoded[sizeof octets];
        struct base_buffer out = buffer_of(text, sizeof text);
        struct base_buffer back = buffer_of(decoded, length);
        cr_assert(x509_pem_write(&out, "CERTIFICATE", base_bytes(octets, length)));
        struct bytes rest = base_buffer_bytes(&out);
        cr_assert_eq(x509_pem_next(&rest, "CERTIFICATE", &back), X509_PEM_BLOCK);
        cr_assert(base_bytes_equal(base_buffer_bytes(&back), base_bytes(octets, length)));
        cr_assert_eq(rest.length, 0);
        cr_assert_eq(x509_pem_next(&rest, "CERTIFICATE", &back), X509_PEM_END);
    }
}

Test(x509_pem, lines_have_64_characters) {
    uint8_t text[256];
    uint8_t octets[49] = {0};
    struct base_buffer out = buffer_of(text, sizeof text);
    cr_assert(x509_pem_write(&out, "X509 CRL", base_bytes(octets, sizeof octets)));
    text[out.length] = '\0';
    cr_expect_str_eq((char *)text,
                     "-----BEGIN X509 CRL-----\n"
                     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                     "AA==\n"
                     "-----END X509 CRL-----\n");
}

Test(x509_pem, writing_what_does_not_fit_changes_nothing) {
    uint8_t text[256] = "before";
    struct base_buffer whole = buffer_of(text, sizeof text);
    cr_assert(x509_pem_write(&whole, "CERTIFICATE", OCTETS("octets")));
    for (size_t capacity = 0; capacity < whole.length; capacity++) {
        struct base_buffer out = {.data = text, .length = 0, .capacity = capacity};
        cr_expect_not(x509_pem_write(&out, "CERTIFICATE", OCTETS("octets")));
        cr_expect_eq(out.length, 0);
    }
}

Test(x509_pem, takes_its_blocks_and_skips_the_rest) {
    struct bytes rest =
        OCTETS("subject=CN = leaf\n"
               "-----BEGIN PRIVATE KEY-----\n!not base64!\n-----END PRIVATE KEY-----\n"
               "  -----BEGIN CERTIFICATE-----\r\n  YWJj\r\n\r\n\tZA==  \r\n"
               "-----END CERTIFICATE-----\r\n"
               "-----BEGIN TRUSTED CERTIFICATE-----\nYWJj\n"
               "-----END TRUSTED CERTIFICATE-----\n"
               "x " BEGIN "nothing\n" /* not at the start of a line */
               BEGIN "eHl6\n"
               "-----END CERTIFICATE-----");
    uint8_t data[16];
    struct base_buffer out = buffer_of(data, sizeof data);
    cr_expect_eq(x509_pem_next(&rest, "CERTIFICATE", &out), X509_PEM_BLOCK);
    cr_expect(base_bytes_equal(base_buffer_bytes(&out), OCTETS("abcd")));
    cr_expect_eq(x509_pem_next(&rest, "CERTIFICATE", &out), X509_PEM_BLOCK);
    cr_expect(base_bytes_equal(base_buffer_bytes(&out), OCTETS("abcdxyz")), "appended");
    cr_expect_eq(x509_pem_next(&rest, "CERTIFICATE", &out), X509_PEM_END);
}

Test(x509_pem, refuses_broken_blocks_and_keeps_what_was_there) {
    static const char *const rows[] = {
        BEGIN "YWJj\n",                         /* no END */
        BEGIN "YWJj\n-----END X509 CRL-----\n", /* another END */
        BEGIN "YWJj\n" BEGIN "YWJj\n" END,      /* BEGIN inside */
        BEGIN END,                              /* nothing inside */
        BEGIN "YWJ\n" END,                      /* cut */
        BEGIN "YWJjZ\n" END,
        BEGIN "YW=j\n" END,
        BEGIN "YW=A\n" END,
        BEGIN "Y==A\n" END, /* padding inside */
        BEGIN "YQ==YQ==\n" END,
        BEGIN "YQ==\nYWJj\n" END, /* data after padding */
        BEGIN "Y===\n" END,
        BEGIN "====\n" END,
        BEGIN "YR==\n" END,
        BEGIN "YWK=\n" END, /* bits in the padding */
        BEGIN "YW-_\n" END,
        BEGIN "YW Jj\n" END,
        BEGIN "Proc-Type: 4\n" END,
        BEGIN "YWJj\n"
              "-----END CERTIFICATE----\n",
        BEGIN "YWJjYWJjYWJj\n" END, /* does not fit */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t data[8] = "kept";
        struct base_buffer out = {.data = data, .length = 4, .capacity = sizeof data};
        struct bytes rest = base_bytes_of_text(rows[i]);
        size_t before = rest.length;
        cr_expect_eq(x509_pem_next(&rest, "CERTIFICATE", &out), X509_PEM_MALFORMED, "%s", rows[i]);
        cr_expect_eq(out.length, 4, "%s", rows[i]);
        cr_expect_lt(rest.length, before, "%s: a caller who goes on must come to an end", rows[i]);
    }
}

Test(x509_pem, empty_text_has_no_block) {
    uint8_t data[4];
    struct base_buffer out = buffer_of(data, sizeof data);
    struct bytes rest = base_bytes(NULL, 0);
    cr_expect_eq(x509_pem_next(&rest, "CERTIFICATE", &out), X509_PEM_END);
}
