/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_distinguished.h"

#include "x509_forge.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

enum { UTF8 = 0x0c, PRINTABLE = 0x13, TELETEX = 0x14, IA5 = 0x16, BMP = 0x1e };

#define CN OCTETS("\x55\x04\x03")
#define O  OCTETS("\x55\x04\x0a")
#define OU OCTETS("\x55\x04\x0b")
#define C  OCTETS("\x55\x04\x06")

struct attribute {
    struct bytes type;
    uint8_t tag;
    struct bytes value;
    bool joins; /* the RDN before it */
};

static struct bytes name_of(struct forge *forge, const struct attribute *attributes, size_t count) {
    forge->length = 0;
    size_t name = forge_open(forge, 0x30);
    for (size_t i = 0; i < count && attributes[i].type.length > 0;) {
        size_t rdn = forge_open(forge, 0x31);
        do {
            size_t attribute = forge_open(forge, 0x30);
            forge_value(forge, 0x06, attributes[i].type);
            forge_value(forge, attributes[i].tag, attributes[i].value);
            forge_close(forge, attribute);
            i++;
        } while (i < count && attributes[i].joins);
        forge_close(forge, rdn);
    }
    forge_close(forge, name);
    return base_bytes(forge->data, forge->length);
}

Test(x509_distinguished, is_one_line_that_misleads_nobody) {
    const struct {
        struct attribute attributes[4];
        const char *text;
    } rows[] = {
        {{{C, PRINTABLE, OCTETS("IN"), false},
          {O, UTF8, OCTETS("Cisco"), false},
          {OU, UTF8, OCTETS("TAc"), false},
          {CN, UTF8, OCTETS("cluster.s.com"), false}},
         "CN=cluster.s.com,OU=TAc,O=Cisco,C=IN"},
        {{{{NULL, 0}, 0, {NULL, 0}, false}}, ""},
        {{{CN, UTF8, OCTETS(""), false}}, "CN="},
        {{{O, UTF8, OCTETS("a"), false}, {CN, UTF8, OCTETS("b"), true}, {C, UTF8, OCTETS("c"), 0}},
         "C=c,CN=b+O=a"},
        {{{CN, UTF8, OCTETS("a,O=b+c\"d\\e<f>g;h"), false}},
         "CN=a\\,O=b\\+c\\\"d\\\\e\\<f\\>g\\;h"},
        {{{CN, UTF8, OCTETS("  a "), false}}, "CN=\\  a\\ "},
        {{{CN, UTF8, OCTETS("#1#"), false}}, "CN=\\#1#"},
        {{{CN, UTF8, OCTETS("a\nb\x1b[2J\x7f\0z"), false}}, "CN=a\\0Ab\\1B[2J\\7F\\00z"},
        {{{CN, UTF8, OCTETS("\xc3\xa9\xc2\x9b\xe2\x80\xae\xef\xbb\xbf"), false}},
         "CN=\xc3\xa9\\C2\\9B\\E2\\80\\AE\\EF\\BB\\BF"},
        {{{CN, TELETEX, OCTETS("M\xfcller"), false}}, "CN=M\xc3\xbcller"},
        {{{CN, BMP, OCTETS("\0A\x20\xac"), false}}, "CN=A\xe2\x82\xac"},
        {{{CN, BMP, OCTETS("\xd8\0\xdc\0"), false}}, "CN=#1E04D800DC00"},
        {{{CN, UTF8, OCTETS("\xc0\x80"), false}}, "CN=#0C02C080"},
        {{{CN, IA5, OCTETS("\x80"), false}}, "CN=#160180"},
        {{{CN, 0x04, OCTETS("x"), false}}, "CN=#040178"},
        {{{OCTETS("\x2a\x03\x04"), UTF8, OCTETS("a"), false}}, "1.2.3.4=#0C0161"},
    };
    static struct forge forge;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[256];
        struct bytes name = name_of(&forge, rows[i].attributes, COUNT_OF(rows[i].attributes));
        x509_distinguished_to_text(name, text, sizeof text);
        cr_expect_str_eq(text, rows[i].text, "row %zu: %s", i, text);
    }
}

Test(x509_distinguished, says_what_it_leaves_out) {
    static struct forge forge;
    const struct attribute attributes[] = {{O, UTF8, OCTETS("one"), false},
                                           {CN, UTF8, OCTETS("two"), false}};
    static const char all[] = "CN=two,O=one";
    struct bytes name = name_of(&forge, attributes, COUNT_OF(attributes));
    for (size_t size = 1; size <= sizeof all + 3; size++) {
        char text[64];
        memset(text, '#', sizeof text);
        x509_distinguished_to_text(name, text, size);
        const char *expected = size < 4                     ? ""
                               : size < sizeof "CN=two" + 3 ? "..."
                               : size < sizeof all + 3      ? "CN=two..."
                                                            : all;
        cr_expect_str_eq(text, expected, "size %zu: %s", size, text);
        cr_expect_eq(text[size], '#', "size %zu: wrote past the end", size);
    }
    x509_distinguished_to_text(name, NULL, 0);
}

Test(x509_distinguished, reads_no_further_than_it_can) {
    static struct forge forge;
    struct attribute many[40];
    char text[512];
    for (size_t i = 0; i < COUNT_OF(many); i++) {
        many[i] = (struct attribute){CN, UTF8, OCTETS("x"), i % 3 == 1};
    }
    x509_distinguished_to_text(name_of(&forge, many, COUNT_OF(many)), text, sizeof text);
    cr_expect_eq(strncmp(text, "...,CN=x", 8), 0, "%s", text);
    const struct bytes broken[] = {OCTETS(""), OCTETS("\x31\x00"), OCTETS("\x30\x02\x31"),
                                   OCTETS("\x30\x02\x30\x00"), OCTETS("\x30\x04\x31\x02\x30\x00")};
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        uint8_t *exact = malloc(broken[i].length + 1);
        memcpy(exact, broken[i].data, broken[i].length);
        x509_distinguished_to_text(base_bytes(exact, broken[i].length), text, sizeof text);
        cr_expect_str_eq(text, "...", "row %zu", i);
        free(exact);
    }
}

Test(x509_distinguished, finds_the_first_value_of_a_type) {
    static struct forge forge;
    const struct attribute attributes[] = {{O, UTF8, OCTETS("one"), false},
                                           {CN, UTF8, OCTETS("two"), true},
                                           {O, UTF8, OCTETS("three"), false},
                                           {OU, UTF8, OCTETS("a\nb"), false}};
    static const struct {
        const char *type;
        const char *value;
        bool found;
    } rows[] = {{"O", "one", true},
                {"CN", "two", true},
                {"OU", "", false},
                {"C", "", false},
                {"2.5.4.10", "", false}};
    struct bytes name = name_of(&forge, attributes, COUNT_OF(attributes));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[8] = "before";
        cr_expect_eq(x509_distinguished_find(name, rows[i].type, text, sizeof text), rows[i].found,
                     "%s", rows[i].type);
        cr_expect_str_eq(text, rows[i].value, "%s", rows[i].type);
    }
    char small[3] = "";
    cr_expect_not(x509_distinguished_find(name, "O", small, sizeof small));
    cr_expect_str_eq(small, "");
    cr_expect_not(x509_distinguished_find(name, "O", NULL, 0));
}
