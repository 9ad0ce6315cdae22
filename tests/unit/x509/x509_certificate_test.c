/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_forge.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static bool parses(const struct forge_plan *plan) {
    struct forge forge;
    struct x509_certificate certificate;
    return x509_certificate_parse(forge_certificate(&forge, plan), &certificate);
}

Test(x509_certificate, fields_are_spans_of_the_der) {
    static struct forge forge;
    struct forge_plan plan = {.subject = OCTETS("leaf"),
                              .issuer = OCTETS("authority"),
                              .subject_key_id = OCTETS("\x01\x02"),
                              .authority_key_id = OCTETS("\x03\x04\x05"),
                              .alt_names = OCTETS("\x82\x01x"),
                              .raw_serial = OCTETS("\x02\x02\x11\x22")};
    struct x509_certificate certificate = forge_parsed(&forge, &plan);
    cr_expect(base_bytes_equal(certificate.der, base_bytes(forge.data, forge.length)));
    cr_expect(base_bytes_equal(certificate.serial, OCTETS("\x11\x22")));
    cr_expect(base_bytes_equal(certificate.subject_key_id, OCTETS("\x01\x02")));
    cr_expect(base_bytes_equal(certificate.authority_key_id, OCTETS("\x03\x04\x05")));
    cr_expect(base_bytes_equal(certificate.alt_names, OCTETS("\x82\x01x")));
    cr_expect(base_bytes_equal(certificate.public_key,
                               OCTETS("\x30\x0b\x30\x05\x06\x03\x2b\x65\x70\x03\x02\x00\x01")));
    struct forge name = {.length = 0};
    forge_name(&name, plan.subject);
    cr_expect(base_bytes_equal(certificate.subject, base_bytes(name.data, name.length)));
    cr_expect_eq(certificate.tbs.data, forge.data + 3);
    cr_expect_eq(certificate.tbs.data[0], 0x30);
    cr_expect_not(certificate.is_ca);
    cr_expect(certificate.has_basic_constraints);
    cr_expect_not(certificate.has_key_usage);
    cr_expect_not(certificate.eku.present);
    cr_expect_eq(certificate.path_length, -1);
}

Test(x509_certificate, absent_extensions_leave_absent_fields) {
    static struct forge forge;
    struct forge_plan plan = {.without_extensions = true};
    struct x509_certificate certificate = forge_parsed(&forge, &plan);
    cr_expect_eq(certificate.alt_names.length, 0);
    cr_expect_eq(certificate.eku_list.length, 0);
    cr_expect_eq(certificate.subject_key_id.length, 0);
    cr_expect_not(certificate.is_ca, "version 3 without basicConstraints is no authority");
    cr_expect_not(certificate.has_basic_constraints);
}

Test(x509_certificate, only_a_self_issued_version_1_is_an_authority_without_saying_so) {
    static struct forge forge;
    static const struct {
        const char *version;
        size_t version_length;
        const char *issuer;
        bool is_ca;
    } rows[] = {
        {"", 0, "root", true},
        {"", 0, "other", false},
        {"\xa0\x03\x02\x01\x01", 5, "root", false},
        {"\xa0\x03\x02\x01\x02", 5, "root", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct forge_plan plan = {.subject = OCTETS("root"),
                                  .issuer = base_bytes_of_text(rows[i].issuer),
                                  .without_extensions = true};
        struct bytes der = forge_certificate(&forge, &plan);
        struct x509_certificate certificate;
        if (rows[i].version_length == 0) {
            /* The forge cannot leave the version out: cut it, both lengths are one octet each. */
            size_t tbs = 2 + (size_t)(forge.data[1] == 0x81);
            size_t version = tbs + 2 + (size_t)(forge.data[tbs + 1] == 0x81);
            memmove(forge.data + version, forge.data + version + 5, der.length - version - 5);
            forge.data[tbs - 1] = (uint8_t)(forge.data[tbs - 1] - 5);
            forge.data[version - 1] = (uint8_t)(forge.data[version - 1] - 5);
            der.length -= 5;
        } else {
            plan.raw_version = base_bytes(rows[i].version, rows[i].version_length);
            der = forge_certificate(&forge, &plan);
        }
        cr_assert(x509_certificate_parse(der, &certificate), "row %zu", i);
        cr_expect_eq(certificate.is_ca, rows[i].is_ca, "row %zu", i);
    }
}

Test(x509_certificate, dates_are_seconds_since_1970) {
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {
        {"700101000000Z", 0},
        {"491231235959Z", INT64_C(2524607999)}, /* UTCTime ends in 2049 ... */
        {"500101000000Z", -INT64_C(631152000)}, /* ... and begins in 1950 */
        {"000229120000Z", INT64_C(951825600)},
        {"260712235959Z", INT64_C(1783900799)},
        {"20500101000000Z", INT64_C(2524608000)},
        {"20000229000000Z", INT64_C(951782400)},
        {"24000229000000Z", INT64_C(13574563200)},
        {"19700101000001Z", 1},
        {"99991231235959Z", INT64_C(253402300799)},
        {"00000101000000Z", -INT64_C(62167219200)},
    };
    static struct forge forge;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct forge validity = {.length = 0};
        struct bytes text = base_bytes_of_text(rows[i].text);
        forge_value(&validity, 0x17, OCTETS("250607080910Z"));
        forge_value(&validity, text.length == 13 ? 0x17 : 0x18, text);
        struct forge_plan plan = {.raw_validity = base_bytes(validity.data, validity.length)};
        struct x509_certificate certificate = forge_parsed(&forge, &plan);
        cr_expect_eq(certificate.not_before, INT64_C(1749283750));
        cr_expect_eq(certificate.not_after, rows[i].seconds, "%s: %lld", rows[i].text,
                     (long long)certificate.not_after);
    }
}

Test(x509_certificate, refuses_unreadable_dates) {
    static const struct {
        const char *text;
        uint8_t tag;
    } rows[] = {
        {"260101000000", 0x17},
        {"2601010000Z", 0x17},
        {"260101000000+0000", 0x17},
        {"260001000000Z", 0x17},
        {"261301000000Z", 0x17},
        {"260100000000Z", 0x17},
        {"260132000000Z", 0x17},
        {"260230000000Z", 0x17},
        {"250229000000Z", 0x17},
        {"260101240000Z", 0x17},
        {"260101006000Z", 0x17},
        {"260101000060Z", 0x17},
        {"26010100000 Z", 0x17},
        {"26-101000000Z", 0x17},
        {"21000229000000Z", 0x18},
        {"25000229000000Z", 0x18},
        {"20260101000000.5Z", 0x18},
        {"20260101000000", 0x18},
        {"260101000000Z", 0x18},
        {"20260101000000Z", 0x17},
        {"260101000000z", 0x17},
        {"260101000000Z", 0x16},
        {"", 0x17},
        {"20260101000000+0100", 0x18},
        {"/60101000000Z", 0x17},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct forge validity = {.length = 0};
        forge_value(&validity, 0x17, OCTETS("250607080910Z"));
        forge_value(&validity, rows[i].tag, base_bytes_of_text(rows[i].text));
        struct forge_plan plan = {.raw_validity = base_bytes(validity.data, validity.length)};
        cr_expect_not(parses(&plan), "%s", rows[i].text);
    }
}

Test(x509_certificate, key_usage_bits_count_from_the_highest) {
    static const struct {
        struct bytes value;
        unsigned usage;
    } rows[] = {
        {{(const uint8_t *)"\x03\x02\x07\x80", 4}, X509_KEY_USAGE_DIGITAL_SIGNATURE},
        {{(const uint8_t *)"\x03\x02\x05\xa0", 4},
         X509_KEY_USAGE_DIGITAL_SIGNATURE | X509_KEY_USAGE_KEY_ENCIPHERMENT},
        {{(const uint8_t *)"\x03\x02\x01\x06", 4},
         X509_KEY_USAGE_CERT_SIGN | X509_KEY_USAGE_CRL_SIGN},
        {{(const uint8_t *)"\x03\x02\x03\x08", 4}, X509_KEY_USAGE_KEY_AGREEMENT},
        {{(const uint8_t *)"\x03\x03\x07\x00\x80", 5}, 1U << 8},
        {{(const uint8_t *)"\x03\x01\x00", 3}, 0},
    };
    static struct forge forge;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct forge extension = {.length = 0};
        forge_extension(&extension, 15, rows[i].value);
        struct forge_plan plan = {.extensions = base_bytes(extension.data, extension.length)};
        struct x509_certificate certificate = forge_parsed(&forge, &plan);
        cr_expect(certificate.has_key_usage);
        cr_expect_eq(certificate.key_usage, rows[i].usage, "row %zu", i);
    }
}

Test(x509_certificate, basic_constraints_give_authority_and_path_length) {
    static const struct {
        struct bytes value;
        bool is_ca;
        int path_length;
    } rows[] = {
        {{(const uint8_t *)"\x30\x00", 2}, false, -1},
        {{(const uint8_t *)"\x30\x03\x01\x01\x00", 5}, false, -1},
        {{(const uint8_t *)"\x30\x03\x01\x01\xff", 5}, true, -1},
        {{(const uint8_t *)"\x30\x06\x01\x01\xff\x02\x01\x00", 8}, true, 0},
        {{(const uint8_t *)"\x30\x07\x01\x01\xff\x02\x02\x01\x02", 9}, true, 258},
    };
    static struct forge forge;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct forge list = {.length = 0};
        size_t sequence = forge_open(&list, 0x30);
        forge_extension(&list, 19, rows[i].value);
        forge_close(&list, sequence);
        struct forge tail = {.length = 0};
        forge_value(&tail, 0xa3, base_bytes(list.data, list.length));
        struct forge_plan plan = {.without_extensions = true,
                                  .after_extensions = base_bytes(tail.data, tail.length)};
        struct x509_certificate certificate = forge_parsed(&forge, &plan);
        cr_expect_eq(certificate.is_ca, rows[i].is_ca, "row %zu", i);
        cr_expect_eq(certificate.path_length, rows[i].path_length, "row %zu", i);
    }
}

#define ROW(why, id, literal)                                                                      \
    {                                                                                              \
        why, id, {                                                                                 \
            (const uint8_t *)(literal), sizeof(literal) - 1                                        \
        }                                                                                          \
    }

Test(x509_certificate, refuses_malformed_extension_values) {
    static const struct {
        const char *why;
        uint8_t id;
        struct bytes value;
    } rows[] = {
        ROW("key usage is no BIT STRING", 15, "\x04\x02\x07\x80"),
        ROW("more than 7 unused bits", 15, "\x03\x02\x08\x00"),
        ROW("an unused bit is set", 15, "\x03\x02\x07\xc0"),
        ROW("a BIT STRING without its first octet", 15, "\x03\x00"),
        ROW("unused bits of nothing", 15, "\x03\x01\x03"),
        ROW("octets after key usage", 15, "\x03\x02\x07\x80\x00"),
        ROW("key identifier is no OCTET STRING", 14, "\x03\x01\x00"),
        ROW("octets after the key identifier", 14, "\x04\x01\x00\x00"),
        ROW("authority key identifier is no SEQUENCE", 35, "\x04\x01\x00"),
        ROW("unknown field in it", 35, "\x30\x03\x83\x01\x00"),
        ROW("its fields out of order", 35, "\x30\x06\x82\x01\x01\x80\x01\x01"),
        ROW("no name", 17, "\x30\x00"),
        ROW("a name leaves the list", 17, "\x30\x03\x82\x02x"),
        ROW("a name with a tag of two octets", 17, "\x30\x04\x9f\x22\x01x"),
        ROW("octets after the names", 17, "\x30\x03\x82\x01x\x00"),
        ROW("EKU holds no OID", 37, "\x30\x03\x02\x01\x01"),
        ROW("an OID without octets", 37, "\x30\x02\x06\x00"),
        ROW("an OID that does not end", 37, "\x30\x04\x06\x02\x2b\x86"),
        ROW("an OID with a padded arc", 37, "\x30\x05\x06\x03\x2b\x80\x01"),
        ROW("octets after the EKU", 37, "\x30\x04\x06\x02\x2b\x06\x00"),
        ROW("a length that is longer than needed", 37, "\x30\x81\x04\x06\x02\x2b\x06"),
        ROW("an indefinite length", 37, "\x30\x80\x06\x02\x2b\x06\x00\x00"),
        ROW("a length of five octets", 37, "\x30\x85\x00\x00\x00\x00\x04\x06\x02\x2b\x06"),
        ROW("a length beyond everything", 37, "\x30\x84\xff\xff\xff\xff\x06\x02\x2b\x06"),
        ROW("a length cut off", 37, "\x30\x82\x01"),
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct forge extension = {.length = 0};
        forge_extension(&extension, rows[i].id, rows[i].value);
        struct forge_plan plan = {.extensions = base_bytes(extension.data, extension.length)};
        cr_expect_not(parses(&plan), "%s", rows[i].why);
    }
}

Test(x509_certificate, refuses_an_extension_twice) {
    /* 19 is there already, the others are repeated; 1.2.3 and 1.2.4 lie outside id-ce. */
    struct forge known = {.length = 0};
    forge_extension(&known, 19, OCTETS("\x30\x00"));
    struct forge unknown = {.length = 0};
    forge_extension(&unknown, 99, OCTETS(""));
    struct bytes one = base_bytes(unknown.data, unknown.length);
    struct bytes foreign = OCTETS("\x30\x06\x06\x02\x2a\x03\x04\x00");
    struct bytes foreign_too = OCTETS("\x30\x06\x06\x02\x2a\x04\x04\x00");
    struct {
        struct bytes first;
        struct bytes second;
        bool good;
    } rows[] = {
        {base_bytes(known.data, known.length), {0}, false},
        {one, {0}, true},
        {one, one, false},
        {foreign, foreign_too, true},
        {foreign, foreign, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct forge both = {.length = 0};
        forge_raw(&both, rows[i].first);
        forge_raw(&both, rows[i].second);
        struct forge_plan plan = {.extensions = base_bytes(both.data, both.length)};
        cr_expect_eq(parses(&plan), rows[i].good, "row %zu", i);
    }
}

Test(x509_certificate, refuses_more_foreign_extensions_than_anyone_needs) {
    struct forge list = {.length = 0};
    for (uint8_t i = 0; i < 32; i++) {
        uint8_t extension[] = {0x30, 0x06, 0x06, 0x02, 0x2a, i, 0x04, 0x00};
        forge_raw(&list, base_bytes(extension, sizeof extension));
    }
    struct forge_plan plan = {.extensions = base_bytes(list.data, list.length)};
    cr_expect(parses(&plan));
    forge_raw(&list, OCTETS("\x30\x06\x06\x02\x2a\x70\x04\x00"));
    plan.extensions = base_bytes(list.data, list.length);
    cr_expect_not(parses(&plan));
}

Test(x509_certificate, refuses_what_is_wrong_outside_the_extensions) {
    const struct {
        const char *why;
        struct forge_plan plan;
    } rows[] = {
        {"version 4", {.raw_version = OCTETS("\xa0\x03\x02\x01\x03")}},
        {"a version of two octets", {.raw_version = OCTETS("\xa0\x04\x02\x02\x00\x02")}},
        {"octets after the version", {.raw_version = OCTETS("\xa0\x05\x02\x01\x02\x05\x00")}},
        {"extensions in version 2", {.raw_version = OCTETS("\xa0\x03\x02\x01\x01")}},
        {"a serial without octets", {.raw_serial = OCTETS("\x02\x00")}},
        {"a padded serial", {.raw_serial = OCTETS("\x02\x02\x00\x7f")}},
        {"a padded negative serial", {.raw_serial = OCTETS("\x02\x02\xff\x80")}},
        {"the serial is no INTEGER", {.raw_serial = OCTETS("\x04\x01\x01")}},
        {"two signature algorithms", {.inner_algorithm = OCTETS("\x30\x05\x06\x03\x2b\x65\x70")}},
        {"the key is no BIT STRING",
         {.raw_public_key = OCTETS("\x30\x07\x30\x02\x06\x00\x04\x01\x00")}},
        {"octets after the extensions", {.after_extensions = OCTETS("\x05\x00")}},
        {"unique identifiers after the extensions",
         {.after_extensions = OCTETS("\x81\x02\x00\x01")}},
        {"a critical flag that is neither true nor false",
         {.extensions = OCTETS("\x30\x09\x06\x02\x2a\x03\x01\x01\x01\x04\x00")}},
        {"an extension without a value", {.extensions = OCTETS("\x30\x04\x06\x02\x2a\x03")}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect_not(parses(&rows[i].plan), "%s", rows[i].why);
    }
}

Test(x509_certificate, refuses_octets_after_the_certificate) {
    static struct forge forge;
    struct forge_plan plan = {.subject = OCTETS("leaf")};
    struct x509_certificate certificate;
    forge_certificate(&forge, &plan);
    forge_raw(&forge, OCTETS("\x00"));
    cr_expect_not(x509_certificate_parse(base_bytes(forge.data, forge.length), &certificate));
    cr_expect_not(x509_certificate_parse(base_bytes(NULL, 0), &certificate));
}

Test(x509_certificate, common_name_is_text_or_nothing) {
    const struct {
        struct bytes octets;
        const char *text; /* NULL: refused */
    } rows[] = {
        {OCTETS("edge.example.test"), "edge.example.test"},
        {OCTETS("B\xc3\xbcro \xe2\x82\xac \xf0\x9f\x93\x9e"),
         "B\xc3\xbcro \xe2\x82\xac \xf0\x9f\x93\x9e"},
        {OCTETS("good.test\0.evil.test"), NULL},
        {OCTETS("clear\x1b[2J"), NULL},
        {OCTETS("c1 \xc2\x9b"
                "2J"),
         NULL},
        {OCTETS("overlong \xc0\xaf"), NULL},
        {OCTETS("cut \xe2\x82"), NULL},
        {OCTETS("surrogate \xed\xa0\x80"), NULL},
        {OCTETS("beyond \xf4\x90\x80\x80"), NULL},
        {OCTETS("latin \xfc"), NULL},
    };
    static struct forge forge;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[64];
        struct forge_plan plan = {.subject = rows[i].octets};
        struct x509_certificate certificate = forge_parsed(&forge, &plan);
        bool found = x509_certificate_common_name(&certificate, text, sizeof text);
        cr_expect_eq(found, rows[i].text != NULL, "row %zu", i);
        cr_expect_str_eq(text, rows[i].text == NULL ? "" : rows[i].text, "row %zu", i);
    }
}

Test(x509_certificate, common_name_that_does_not_fit_is_refused) {
    static struct forge forge;
    struct forge_plan plan = {.subject = OCTETS("12345678")};
    struct x509_certificate certificate = forge_parsed(&forge, &plan);
    char text[9];
    cr_expect(x509_certificate_common_name(&certificate, text, 9));
    cr_expect_str_eq(text, "12345678");
    cr_expect_not(x509_certificate_common_name(&certificate, text, 8));
    cr_expect_str_eq(text, "");
    cr_expect_not(x509_certificate_common_name(&certificate, text, 0));
}
