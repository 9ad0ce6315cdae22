/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_name.h"

#include "x509_forge.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

enum { EMAIL = 0x81, DNS = 0x82, URI = 0x86, IP = 0x87 };

struct name {
    uint8_t tag;
    struct bytes value;
};

static struct x509_certificate with_names(struct forge *forge, const struct name *names,
                                          size_t count, const char *common_name) {
    struct forge list = {.length = 0};
    for (size_t i = 0; i < count && names[i].tag != 0; i++) {
        forge_value(&list, names[i].tag, names[i].value);
    }
    struct forge_plan plan = {.subject = base_bytes_of_text(common_name),
                              .alt_names = base_bytes(list.data, list.length)};
    return forge_parsed(forge, &plan);
}

Test(x509_name, follows_rfc_5922) {
    const struct {
        const char *why;
        struct name names[3];
        const char *common_name;
        const char *wanted;
        bool matches;
    } rows[] = {
        {"DNS", {{DNS, OCTETS("edge.test")}}, "", "edge.test", true},
        {"DNS, any case", {{DNS, OCTETS("Edge.TEST")}}, "", "eDGE.test", true},
        {"another DNS", {{DNS, OCTETS("edge.test")}}, "", "core.test", false},
        {"the second DNS", {{DNS, OCTETS("a.test")}, {DNS, OCTETS("b.test")}}, "", "b.test", true},
        {"no suffix", {{DNS, OCTETS("test")}}, "", "edge.test", false},
        {"no prefix", {{DNS, OCTETS("edge.test.evil")}}, "", "edge.test", false},
        {"wildcard", {{DNS, OCTETS("*.test")}}, "", "edge.test", false},
        {"wildcard wanted", {{DNS, OCTETS("*.test")}}, "", "*.test", false},
        {"NUL inside", {{DNS, OCTETS("edge.test\0.evil")}}, "", "edge.test", false},
        {"NUL at the end", {{DNS, OCTETS("edge.test\0")}}, "", "edge.test", false},
        {"nothing wanted", {{DNS, OCTETS("")}}, "", "", false},
        {"case is ASCII only", {{DNS, OCTETS("[dge.test")}}, "", "{dge.test", false},

        {"URI", {{URI, OCTETS("sip:example.test")}}, "", "example.test", true},
        {"URI, any case", {{URI, OCTETS("SIP:Example.Test")}}, "", "example.test", true},
        {"URI with a port", {{URI, OCTETS("sip:example.test:5061")}}, "", "example.test", true},
        {"URI with parameters",
         {{URI, OCTETS("sip:example.test;transport=tls")}},
         "",
         "example.test",
         true},
        {"URI with port and parameters",
         {{URI, OCTETS("sip:example.test:5061;lr")}},
         "",
         "example.test",
         true},
        {"URI with headers", {{URI, OCTETS("sip:example.test?a=b")}}, "", "example.test", true},
        {"a bad port", {{URI, OCTETS("sip:example.test:x")}}, "", "example.test", false},
        {"no port after the colon",
         {{URI, OCTETS("sip:example.test:")}},
         "",
         "example.test",
         false},
        {"URI of a user", {{URI, OCTETS("sip:bob@example.test")}}, "", "example.test", false},
        {"domain as the user", {{URI, OCTETS("sip:example.test@evil")}}, "", "example.test", false},
        {"a user with a parameter",
         {{URI, OCTETS("sip:example.test;x@evil")}},
         "",
         "example.test",
         false},
        {"a user with a question",
         {{URI, OCTETS("sip:example.test?x@evil")}},
         "",
         "example.test",
         false},
        {"another scheme", {{URI, OCTETS("https://example.test")}}, "", "example.test", false},
        {"sips is not sip", {{URI, OCTETS("sips:example.test")}}, "", "example.test", false},
        {"scheme only", {{URI, OCTETS("sip:")}}, "", "example.test", false},
        {"NUL in the URI", {{URI, OCTETS("sip:example.test\0")}}, "", "example.test", false},
        {"NUL before a parameter",
         {{URI, OCTETS("sip:example.test\0;x")}},
         "",
         "example.test",
         false},
        {"wildcard URI", {{URI, OCTETS("sip:*.test")}}, "", "a.test", false},

        {"a SIP domain sets DNS aside",
         {{URI, OCTETS("sip:example.test")}, {DNS, OCTETS("edge.test")}},
         "",
         "edge.test",
         false},
        {"the order in the list is no matter",
         {{DNS, OCTETS("edge.test")}, {URI, OCTETS("sip:example.test")}},
         "",
         "example.test",
         true},
        {"a user's URI does not",
         {{URI, OCTETS("sip:bob@example.test")}, {DNS, OCTETS("edge.test")}},
         "",
         "edge.test",
         true},

        {"CN alone", {{0}}, "edge.test", "EDGE.test", true},
        {"another CN", {{0}}, "core.test", "edge.test", false},
        {"wildcard CN", {{0}}, "*.test", "edge.test", false},
        {"CN beside DNS", {{DNS, OCTETS("a.test")}}, "edge.test", "edge.test", false},
        {"CN beside a URI", {{URI, OCTETS("https://a.test")}}, "edge.test", "edge.test", false},
        {"CN beside other kinds",
         {{IP, OCTETS("\x7f\0\0\1")}, {EMAIL, OCTETS("a@b")}},
         "edge.test",
         "edge.test",
         true},

        {"IPv4", {{IP, OCTETS("\x7f\0\0\x1f")}}, "", "127.0.0.31", true},
        {"another IPv4", {{IP, OCTETS("\x7f\0\0\x1f")}}, "", "127.0.0.30", false},
        {"IPv6",
         {{IP, OCTETS("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1")}},
         "",
         "2001:db8::1",
         true},
        {"IPv4 is not IPv6",
         {{IP, OCTETS("\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1")}},
         "",
         "127.0.0.1",
         false},
        {"an address as DNS", {{DNS, OCTETS("127.0.0.1")}}, "", "127.0.0.1", false},
        {"an address as CN", {{0}}, "127.0.0.1", "127.0.0.1", false},
        {"an address of five octets", {{IP, OCTETS("\x7f\0\0\1\0")}}, "", "127.0.0.1", false},
    };
    static struct forge forge;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct x509_certificate certificate =
            with_names(&forge, rows[i].names, COUNT_OF(rows[i].names), rows[i].common_name);
        cr_expect_eq(x509_name_matches(&certificate, rows[i].wanted), rows[i].matches, "%s",
                     rows[i].why);
    }
}

Test(x509_name, list_is_one_line_that_cannot_be_forged) {
    static struct forge forge;
    const struct name names[] = {
        {DNS, OCTETS("edge.test")}, {URI, OCTETS("sip:example.test")},
        {IP, OCTETS("\x7f\0\0\1")}, {IP, OCTETS("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1")},
        {IP, OCTETS("\x7f")},       {EMAIL, OCTETS("a@b.test")},
        {0x88, OCTETS("\x2a\x03")}, {DNS, OCTETS("x, DNS:y\0\x1b\\")},
    };
    struct x509_certificate certificate = with_names(&forge, names, COUNT_OF(names), "");
    char text[256];
    x509_name_list(&certificate, text, sizeof text);
    cr_expect_str_eq(text, "DNS:edge.test, URI:sip:example.test, IP:127.0.0.1, IP:2001:db8::1, "
                           "IP:malformed, email:a@b.test, other, "
                           "DNS:x\\x2c\\x20DNS:y\\x00\\x1b\\x5c");
}

Test(x509_name, list_that_does_not_fit_ends_with_a_whole_name) {
    static struct forge forge;
    const struct name names[] = {{DNS, OCTETS("a.test")}, {DNS, OCTETS("b,test")}};
    struct x509_certificate certificate = with_names(&forge, names, COUNT_OF(names), "");
    static const char all[] = "DNS:a.test, DNS:b\\x2ctest";
    for (size_t size = 1; size <= sizeof all; size++) {
        char text[64];
        memset(text, '#', sizeof text);
        x509_name_list(&certificate, text, size);
        const char *expected = size == sizeof all            ? all
                               : size > strlen("DNS:a.test") ? "DNS:a.test"
                                                             : "";
        cr_expect_str_eq(text, expected, "size %zu: %s", size, text);
        cr_expect_eq(text[size], '#', "size %zu: wrote past the end", size);
    }
    x509_name_list(&certificate, NULL, 0);
}

Test(x509_name, list_without_names_is_empty) {
    static struct forge forge;
    struct x509_certificate certificate = with_names(&forge, NULL, 0, "edge.test");
    char text[16] = "before";
    x509_name_list(&certificate, text, sizeof text);
    cr_expect_str_eq(text, "");
}
