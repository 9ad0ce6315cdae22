/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every refusal is a usage error whose sentence names the culprit, and nothing is issued. */
#include "certs_sample.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_leaf_refused(struct certs_authority *authority,
                                const struct certs_leaf_spec *spec, const char *wanted) {
    struct base_error error = {0};
    struct certs_identity identity;
    cr_expect_not(certs_authority_issue(authority, spec, &identity, &error), "%s", wanted);
    cr_expect_eq(error.kind, BASE_ERROR_USAGE, "%s", wanted);
    cr_expect_not_null(strstr(error.text, wanted), "\"%s\" is not in: %s", wanted, error.text);
    cr_expect_null(identity.chain_pem);
    cr_expect_null(identity.key_pem);
    certs_identity_finish(&identity);
}

#define LABEL_63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123"

Test(certs_refusal, names_that_are_none) {
    static const char *const names[] = {"",
                                        "edge example",
                                        "edge..example",
                                        ".example",
                                        "example.",
                                        "127.0.0.256",
                                        "1.2.3",
                                        "2001:db8:::1",
                                        "edge:5061",
                                        "edge.example\n",
                                        "\xc3\xb8.example",
                                        "sip:",
                                        "sip:a b",
                                        "sip:\"a\"",
                                        "http://example.test",
                                        LABEL_63 "4.example",
                                        LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63 ".example"};
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        struct certs_leaf_spec spec = sample_leaf();
        spec.names = &names[i];
        spec.subject = "CN=edge";
        expect_leaf_refused(authority, &spec, names[i]);
        expect_leaf_refused(authority, &spec, "is n");
    }
    certs_authority_destroy(authority);
}

Test(certs_refusal, usages_that_are_none) {
    static const char *const names[] = {
        "serverauth", "",     "1",    "1.",     ".1",
        "1.2.",       "1..2", "3.1",  "1.40",   "1.02",
        "1.2.x",      "1.2 ", "01.2", "1.2.-3", "2.25.10889035741470030830827987437816582766592"};
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    struct certs_leaf_spec spec = sample_leaf();
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        spec.usages = (struct certs_usages){.names = &names[i], .count = 1, .present = true};
        expect_leaf_refused(authority, &spec, names[i]);
        expect_leaf_refused(authority, &spec,
                            "serverAuth, clientAuth, any, sipDomain, codeSigning, emailProtection");
    }
    spec.usages = (struct certs_usages){.present = true};
    expect_leaf_refused(authority, &spec, "cannot be empty");
    certs_authority_destroy(authority);
}

Test(certs_refusal, subjects_that_are_none) {
    static const struct {
        const char *subject;
        const char *wanted;
    } cases[] = {
        {"edge", "\"edge\""},
        {"X=edge", "\"X=edge\""},
        {"CN=edge,,O=b", "CN="},
        {"CN=edge,", "ends with a comma"},
        {"CN=edge, ", "ends with a comma"},
        {"CN=", "CN has 0 characters"},
        {"CN=  ", "CN has 0 characters"},
        {"CN=edge\\", "lone backslash"},
        {"C=NOR", "country code of two letters"},
        {"C=1x", "country code of two letters"},
        {"CN=\xff", "UTF-8"},
        {"CN=\xc0\xaf", "UTF-8"},
        {"CN=\xed\xa0\x80", "UTF-8"},
        {"CN=\xf4\x90\x80\x80", "UTF-8"},
        {"CN=\xe2\x82", "UTF-8"},
        {"CN=a\\00b", "UTF-8"},
        {"CN=a\nb", "UTF-8"},
        {"CN=" LABEL_63 "45", "CN has 65 characters"},
        {"ST=" LABEL_63 LABEL_63 LABEL_63 LABEL_63 LABEL_63 LABEL_63 LABEL_63 LABEL_63 LABEL_63,
         "512 octets"},
    };
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    struct certs_leaf_spec spec = sample_leaf();
    for (unsigned i = 0; i < COUNT_OF(cases); i++) {
        spec.subject = cases[i].subject;
        expect_leaf_refused(authority, &spec, cases[i].wanted);
    }
    spec.name_count = 0;
    spec.subject = NULL;
    expect_leaf_refused(authority, &spec, "needs a subject or at least one name");
    spec.subject = "";
    expect_leaf_refused(authority, &spec, "needs a subject or at least one name");
    certs_authority_destroy(authority);
}

Test(certs_refusal, serials_keys_and_dates_that_cannot_be) {
    static const uint8_t ones[21] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    struct certs_leaf_spec spec = sample_leaf();
    spec.serial = base_bytes("\0\0", 2);
    expect_leaf_refused(authority, &spec, "zero");
    spec.serial = base_bytes(ones, 21);
    expect_leaf_refused(authority, &spec, "21 octets");
    spec.serial = base_bytes(ones, 20);
    expect_leaf_refused(authority, &spec, "20 octets");
    spec = sample_leaf();
    spec.key = "rsa-1024";
    expect_leaf_refused(authority, &spec, "unknown key \"rsa-1024\"");
    spec = sample_leaf();
    spec.not_after = spec.not_before - 1;
    expect_leaf_refused(authority, &spec, "not_after");
    spec.not_after = INT64_MAX;
    expect_leaf_refused(authority, &spec, "years");
    spec.not_after = INT64_C(253402300800);
    expect_leaf_refused(authority, &spec, "years");
    spec.not_before = INT64_MIN;
    expect_leaf_refused(authority, &spec, "years");
    certs_authority_destroy(authority);
}

Test(certs_refusal, authorities_that_cannot_be) {
    static const char *const unknown[] = {"serverauth"};
    const struct certs_usages usages = {.names = unknown, .count = 1, .present = true};
    const struct {
        struct certs_authority_spec spec;
        const char *wanted;
    } cases[] = {
        {{.name = NULL, .key = "ecdsa-p256"}, "name"},
        {{.name = "", .key = "ecdsa-p256"}, "name"},
        {{.name = LABEL_63, .key = "ecdsa-p256"}, "CN has 68 characters"},
        {{.name = LABEL_63 LABEL_63 LABEL_63 LABEL_63 LABEL_63, .key = "ecdsa-p256"}, "too long"},
        {{.name = "ca1", .key = "dsa"}, "unknown key \"dsa\""},
        {{.name = "ca1", .key = "ecdsa-p256", .intermediates = 9}, "9 intermediates"},
        {{.name = "ca1", .key = "ecdsa-p256", .root_usages = usages}, "\"serverauth\""},
        {{.name = "ca1", .key = "ecdsa-p256", .intermediate_usages = usages}, "\"serverauth\""},
    };
    for (unsigned i = 0; i < COUNT_OF(cases); i++) {
        struct base_error error = {0};
        struct certs_authority *authority = NULL;
        cr_expect_not(certs_authority_create(&authority, &cases[i].spec, &error), "case %u", i);
        cr_expect_null(authority);
        cr_expect_eq(error.kind, BASE_ERROR_USAGE, "case %u", i);
        cr_expect_not_null(strstr(error.text, cases[i].wanted), "case %u: %s", i, error.text);
    }
}

struct public_case {
    const char *names[3];
    unsigned count; /* 0: no extension */
    bool is_client_auth;
};

static const struct public_case public_cases[] = {
    {{NULL}, 0, true},
    {{"serverAuth"}, 1, false},
    {{"clientAuth"}, 1, true},
    {{"serverAuth", "clientAuth"}, 2, true},
    {{"serverAuth", "any"}, 2, true},
    {{"1.3.6.1.5.5.7.3.2"}, 1, true},
    {{"2.5.29.37.0"}, 1, true},
    {{"serverAuth", "sipDomain", "1.2.3"}, 3, false},
    {{"codeSigning"}, 1, false},
};

static void expect_public(int64_t until, int64_t not_before, bool refuses_client_auth) {
    struct base_error error = {0};
    struct certs_authority *authority = NULL;
    const struct certs_authority_spec spec = {
        .name = "ca2", .is_public = true, .client_auth_until = until, .key = "ecdsa-p256"};
    cr_assert(certs_authority_create(&authority, &spec, &error), "%s", error.text);
    for (unsigned i = 0; i < COUNT_OF(public_cases); i++) {
        const struct public_case *row = &public_cases[i];
        struct certs_leaf_spec leaf = sample_leaf();
        struct certs_identity identity;
        leaf.not_before = not_before;
        leaf.usages = (struct certs_usages){
            .names = row->names, .count = row->count, .present = row->count > 0};
        if (refuses_client_auth && row->is_client_auth) {
            expect_leaf_refused(authority, &leaf, "authority ca2 is public");
            continue;
        }
        cr_expect(certs_authority_issue(authority, &leaf, &identity, &error), "case %u: %s", i,
                  error.text);
        certs_identity_finish(&identity);
    }
    certs_authority_destroy(authority);
}

Test(certs_refusal, public_authorities_never_issue_client_authentication) {
    expect_public(0, 1767323045, true);
    expect_public(0, -1, true);
}

Test(certs_refusal, public_authorities_issued_client_authentication_until_a_date) {
    expect_public(1767323045, 1767323044, false);
    expect_public(1767323045, 1767323045, true);
    expect_public(1767323045, 1767323046, true);
}
