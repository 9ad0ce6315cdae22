/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the issued octets say, in the words of openssl. */
#include "certs_sample.h"

#include <criterion/criterion.h>
#include <string.h>

static struct sample_folder *folder;
static struct certs_authority *authority;

static void open_authority(void) {
    folder = sample_folder_create();
    authority = sample_authority("ecdsa-p256", 2);
}

static void close_authority(void) {
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

TestSuite(certs_text, .init = open_authority, .fini = close_authority);

/* What `openssl x509` prints about the leaf with these options. */
static const char *leaf_text(const struct certs_leaf_spec *spec, const char *options) {
    sample_write_leaf(folder, authority, spec, "leaf");
    cr_assert_eq(sample_folder_run(folder, "openssl x509 -in leaf.pem -noout %s", options), 0, "%s",
                 folder->output);
    return folder->output;
}

static void expect_says(const char *text, const char *wanted) {
    cr_expect_not_null(strstr(text, wanted), "\"%s\" is not in: %s", wanted, text);
}

Test(certs_text, serials_come_out_as_given) {
    static const struct {
        const char *octets;
        size_t length;
        const char *text;
    } cases[] = {
        {"\x46\xdf\x76\xaa\0\0\0\0\0\x29", 10, "serial=46DF76AA000000000029\n"},
        {"\x2f\0\0\0\x4c\x86\x9c\x77\xc8\x98\x1b\xec\xde\0\0\0\0\0\x4c", 19,
         "serial=2F0000004C869C77C8981BECDE00000000004C\n"},
        {"\x01", 1, "serial=01\n"},
        {"\x7f", 1, "serial=7F\n"},
        {"\x80", 1, "serial=80\n"},
        {"\0\0\0\x12\x34", 5, "serial=1234\n"},
        {"\xff\xee", 2, "serial=FFEE\n"},
        {"\0\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 21,
         "serial=7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\n"},
    };
    for (unsigned i = 0; i < COUNT_OF(cases); i++) {
        struct certs_leaf_spec spec = sample_leaf();
        spec.serial = base_bytes(cases[i].octets, cases[i].length);
        cr_expect_str_eq(leaf_text(&spec, "-serial"), cases[i].text);
    }
}

Test(certs_text, random_serials_have_16_octets_and_differ) {
    char first[64];
    struct certs_leaf_spec spec = sample_leaf();
    const char *text = leaf_text(&spec, "-serial");
    cr_assert_eq(strlen(text), strlen("serial=\n") + 32, "%s", text);
    strcpy(first, text);
    text = leaf_text(&spec, "-serial");
    cr_expect_eq(strlen(text), strlen("serial=\n") + 32, "%s", text);
    cr_expect_str_neq(text, first);
}

Test(certs_text, names_become_the_kind_they_look_like) {
    static const char *const names[] = {"edge.example.test", "sip:example.test", "127.0.0.31",
                                        "2001:db8::5",       "*.example.test",   "host",
                                        "SIPS:example.test", "a_b.example.test", "7.example.test"};
    struct certs_leaf_spec spec = sample_leaf();
    spec.names = names;
    spec.name_count = COUNT_OF(names);
    expect_says(leaf_text(&spec, "-ext subjectAltName"),
                "Subject Alternative Name: \n    DNS:edge.example.test, URI:sip:example.test, "
                "IP Address:127.0.0.31, IP Address:2001:DB8:0:0:0:0:0:5, DNS:*.example.test, "
                "DNS:host, URI:SIPS:example.test, DNS:a_b.example.test, DNS:7.example.test\n");
}

Test(certs_text, usages_keep_order_and_criticality) {
    static const char *const names[] = {
        "clientAuth",
        "sipDomain",
        "any",
        "1.2.3.4.5",
        "1.3.6.1.4.1.4294967295",
        "1.3.6.1.4.1.18446744073709551615.1",
        "0.0",
        "2.999.3",
        "1.39",
    };
    struct certs_leaf_spec spec = sample_leaf();
    spec.usages = (struct certs_usages){.names = names, .count = COUNT_OF(names), .present = true};
    expect_says(leaf_text(&spec, "-ext extendedKeyUsage"),
                "Extended Key Usage: \n    TLS Web Client Authentication, 1.3.6.1.5.5.7.3.20, "
                "Any Extended Key Usage, 1.2.3.4.5, 1.3.6.1.4.1.4294967295, "
                "1.3.6.1.4.1.18446744073709551615.1, 0.0, 2.999.3, 1.39\n");
    spec.usages.critical = true;
    expect_says(leaf_text(&spec, "-ext extendedKeyUsage"), "Extended Key Usage: critical\n");
    spec.usages.present = false;
    cr_expect_null(strstr(leaf_text(&spec, "-text -nameopt RFC2253"), "Extended Key Usage"));
}

Test(certs_text, an_arc_of_128_bits_is_written) {
    static const char *const names[] = {"2.25.340282366920938463463374607431768211455"};
    struct certs_leaf_spec spec = sample_leaf();
    spec.usages = (struct certs_usages){.names = names, .count = 1, .present = true};
    expect_says(leaf_text(&spec, "-ext extendedKeyUsage"), names[0]);
}

Test(certs_text, dates_are_to_the_second_in_every_century) {
    static const struct {
        int64_t not_before;
        int64_t not_after;
        const char *text;
    } cases[] = {
        {1767323045, 1784688000,
         "notBefore=Jan  2 03:04:05 2026 GMT\nnotAfter=Jul 22 02:40:00 2026 GMT\n"},
        {-631152000, 2524607999,
         "notBefore=Jan  1 00:00:00 1950 GMT\nnotAfter=Dec 31 23:59:59 2049 GMT\n"},
        {-631152001, 2524608000,
         "notBefore=Dec 31 23:59:59 1949 GMT\nnotAfter=Jan  1 00:00:00 2050 GMT\n"},
        {0, 253402300799,
         "notBefore=Jan  1 00:00:00 1970 GMT\nnotAfter=Dec 31 23:59:59 9999 GMT\n"},
    };
    for (unsigned i = 0; i < COUNT_OF(cases); i++) {
        struct certs_leaf_spec spec = sample_leaf();
        spec.not_before = cases[i].not_before;
        spec.not_after = cases[i].not_after;
        cr_expect_str_eq(leaf_text(&spec, "-dates"), cases[i].text);
    }
}

Test(certs_text, times_outside_the_reach_of_utc_time_are_generalized) {
    struct certs_leaf_spec spec = sample_leaf();
    spec.not_before = 2524607999;
    spec.not_after = 2524608000;
    sample_write_leaf(folder, authority, &spec, "leaf");
    cr_assert_eq(sample_folder_run(folder, "openssl asn1parse -in leaf.pem"), 0);
    expect_says(folder->output, "UTCTIME           :491231235959Z\n");
    expect_says(folder->output, "GENERALIZEDTIME   :20500101000000Z\n");
}

Test(certs_text, subjects_are_read_as_written) {
    static const struct {
        const char *subject;
        const char *text;
    } cases[] = {
        {NULL, "subject=CN=edge.example.test\n"},
        {"CN=edge.example.test,O=Example", "subject=CN=edge.example.test,O=Example\n"},
        {"C=NO, ST=Viken, L=Lysaker, O=Example\\, Inc, OU=a=b, CN=core",
         "subject=C=NO,ST=Viken,L=Lysaker,O=Example\\, Inc,OU=a=b,CN=core\n"},
        {"cn = \\20x\\ ,o=a\\\\b", "subject=CN=\\ x\\ ,O=a\\\\b\n"},
        {"CN=J\xc3\xb8rgen,O=\\C3\\B8", "subject=CN=J\xc3\xb8rgen,O=\xc3\xb8\n"},
        {"", "subject=\n"},
    };
    for (unsigned i = 0; i < COUNT_OF(cases); i++) {
        struct certs_leaf_spec spec = sample_leaf();
        spec.subject = cases[i].subject;
        /* RFC 2253 without the reversal and without hexadecimal for what is not ASCII. */
        cr_expect_str_eq(leaf_text(&spec, "-subject -nameopt RFC2253,-dn_rev,-esc_msb,utf8"),
                         cases[i].text);
    }
}

Test(certs_text, a_name_too_long_for_a_common_name_stands_among_the_names_alone) {
    static const char *const names[] = {
        "a-host-with-a-long-name.in-a-domain-with-a-long-name.example.test."
        "sip.example.test"};
    struct certs_leaf_spec spec = sample_leaf();
    spec.names = names;
    expect_says(leaf_text(&spec, "-subject -ext subjectAltName"),
                "subject=\nX509v3 Subject Alternative Name: critical\n    DNS:a-host-with");
}

Test(certs_text, leaves_are_leaves) {
    struct certs_leaf_spec spec = sample_leaf();
    const char *text = leaf_text(&spec, "-text -nameopt RFC2253");
    expect_says(text, "Version: 3 (0x2)");
    expect_says(text, "Issuer: CN=ca1 intermediate 2\n");
    expect_says(text, "Signature Algorithm: ecdsa-with-SHA256\n");
    expect_says(text, "X509v3 Basic Constraints: critical\n                CA:FALSE\n");
    expect_says(text, "X509v3 Key Usage: critical\n                Digital Signature\n");
    expect_says(text, "X509v3 Subject Key Identifier");
    expect_says(text, "X509v3 Authority Key Identifier");
    spec.key = "rsa-2048";
    expect_says(leaf_text(&spec, "-ext keyUsage"), "Digital Signature, Key Encipherment\n");
}

Test(certs_text, authorities_are_authorities) {
    sample_write_authority(folder, authority);
    cr_assert_eq(
        sample_folder_run(folder, "openssl x509 -in root.pem -noout -text -nameopt RFC2253"), 0);
    expect_says(folder->output, "Issuer: CN=ca1 root\n");
    expect_says(folder->output, "Subject: CN=ca1 root\n");
    expect_says(folder->output, "X509v3 Basic Constraints: critical\n                CA:TRUE\n");
    expect_says(folder->output,
                "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n");
    cr_assert_eq(sample_folder_run(folder, "openssl storeutl -certs -noout -text "
                                           "issuers.pem | grep -e Subject: -e CA:TRUE"),
                 0);
    cr_expect_str_eq(folder->output, "        Subject: CN=ca1 intermediate 1\n"
                                     "                CA:TRUE, pathlen:1\n"
                                     "        Subject: CN=ca1 intermediate 2\n"
                                     "                CA:TRUE, pathlen:0\n"
                                     "        Subject: CN=ca1 root\n"
                                     "                CA:TRUE\n");
}

Test(certs_text, signatures_name_the_hash_of_their_key) {
    static const struct {
        const char *key;
        const char *algorithm;
    } cases[] = {
        {"rsa-2048", "Signature Algorithm: sha256WithRSAEncryption\n"},
        {"ecdsa-p384", "Signature Algorithm: ecdsa-with-SHA384\n"},
        {"ed25519", "Signature Algorithm: ED25519\n"},
    };
    for (unsigned i = 0; i < COUNT_OF(cases); i++) {
        struct certs_leaf_spec spec = sample_leaf();
        certs_authority_destroy(authority);
        authority = sample_authority(cases[i].key, 0);
        expect_says(leaf_text(&spec, "-text -nameopt RFC2253"), cases[i].algorithm);
    }
}

Test(certs_text, chains_hold_the_leaf_and_then_its_issuers_but_not_the_root) {
    struct certs_leaf_spec spec = sample_leaf();
    sample_write_leaf(folder, authority, &spec, "leaf");
    cr_assert_eq(sample_folder_run(folder, "openssl storeutl -certs -noout -text leaf.pem | "
                                           "grep Subject:"),
                 0);
    cr_expect_str_eq(folder->output, "        Subject: CN=edge.example.test\n"
                                     "        Subject: CN=ca1 intermediate 2\n"
                                     "        Subject: CN=ca1 intermediate 1\n");
    spec.omit_chain = true;
    sample_write_leaf(folder, authority, &spec, "leaf");
    cr_assert_eq(sample_folder_run(folder, "grep -c BEGIN leaf.pem"), 0);
    cr_expect_str_eq(folder->output, "1\n");
}
