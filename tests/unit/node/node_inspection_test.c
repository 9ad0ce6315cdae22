/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_inspection.h"

#include <criterion/criterion.h>

#include "certs_authority.h"
#include "profile_product.h"
#include "tls_certificates.h"
#include "tls_context.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DAY          INT64_C(86400)

#define REFUSED_PURPOSE "unsupported certificate purpose (alert 43, unsupported_certificate)"

static struct base_error error;

static void start(void) {
    cr_assert(tls_library_start(&error), "%s", error.text);
}

TestSuite(node_inspection, .init = start, .fini = tls_library_stop);

/* One leaf of a fresh authority, and what a far end would need to know of it. */
struct material {
    struct certs_authority *authority;
    struct certs_identity issued;
    struct tls_certificates chain;
    struct tls_trust *trust;
};

struct usages_row {
    const char *names[3];
    unsigned count; /* 0: no extension */
};

static struct certs_usages usages_of(const struct usages_row *row) {
    return (struct certs_usages){
        .names = row->names, .count = row->count, .present = row->count > 0};
}

static struct certs_leaf_spec leaf_of(const struct usages_row *usages) {
    static const char *const names[] = {"core.example.test"};
    int64_t now = (int64_t)time(NULL);
    return (struct certs_leaf_spec){.key = "ecdsa-p256",
                                    .usages = usages_of(usages),
                                    .names = names,
                                    .name_count = 1,
                                    .not_before = now - DAY,
                                    .not_after = now + 90 * DAY};
}

static void read_chain(struct material *material, const char *pem) {
    cr_assert(tls_certificates_init(&material->chain,
                                    (struct tls_pem){base_bytes_of_text(pem), "chain"}, &error),
              "%s", error.text);
}

static void issue(struct material *material, const struct certs_leaf_spec *leaf,
                  const struct usages_row *intermediate) {
    const struct certs_authority_spec spec = {
        .name = "ca",
        .key = "ecdsa-p256",
        .intermediates = 1,
        .intermediate_usages = intermediate == NULL ? (struct certs_usages){.present = false}
                                                    : usages_of(intermediate)};
    cr_assert(certs_authority_create(&material->authority, &spec, &error), "%s", error.text);
    cr_assert(certs_authority_issue(material->authority, leaf, &material->issued, &error), "%s",
              error.text);
    read_chain(material, material->issued.chain_pem);
    char *root = certs_authority_root_pem(material->authority);
    char *lists = certs_authority_crl_pem(material->authority, &error);
    cr_assert(tls_trust_create(&material->trust, (struct tls_pem){base_bytes_of_text(root), "root"},
                               (struct tls_pem){base_bytes_of_text(lists), "lists"}, &error),
              "%s", error.text);
    free(lists);
    free(root);
}

static void release(struct material *material) {
    tls_trust_destroy(material->trust);
    tls_certificates_finish(&material->chain);
    certs_identity_finish(&material->issued);
    certs_authority_destroy(material->authority);
}

static struct x509_set chain_of(const struct material *material) {
    return (struct x509_set){material->chain.certificates, material->chain.count};
}

static const struct node_inspection_row *row_of(const struct node_inspection *inspection,
                                                const char *key) {
    for (unsigned i = 0; i < inspection->row_count; i++) {
        if (strcmp(inspection->rows[i].key, key) == 0) {
            return &inspection->rows[i];
        }
    }
    cr_assert_fail("there is no row %s", key);
    return NULL;
}

static const char *note_of(const struct node_inspection *inspection, const char *key) {
    for (unsigned i = 0; i < inspection->note_count; i++) {
        if (strcmp(inspection->notes[i].key, key) == 0) {
            return inspection->notes[i].sentence;
        }
    }
    return NULL;
}

static const char *const keys[] = {
    "upload_client_store",
    "upload_server_store",
    "upload_x15_4_e",
    "upload_x15_4_c",
    "initiator_on",
    "initiator_off",
    "initiator_off_any",
    "initiator_off_server_if_present",
    "initiator_pkix",
    "initiator_rfc5924",
    "tunnel",
    "acceptor",
};

/* `accepted`: a letter per key, y or n. */
static const struct {
    struct usages_row leaf;
    struct usages_row intermediate;
    const char *accepted;
} matrix[] = {
    {{{NULL}, 0}, {{NULL}, 0}, "nynnyyyyyyyy"},
    {{{"serverAuth"}, 1}, {{NULL}, 0}, "nynnnyyynnny"},
    {{{"clientAuth"}, 1}, {{NULL}, 0}, "yyyyyyynynyn"},
    {{{"serverAuth", "clientAuth"}, 2}, {{NULL}, 0}, "yyyyyyyyynyy"},
    {{{"any"}, 1}, {{NULL}, 0}, "nynnnyynyynn"},
    {{{"sipDomain"}, 1}, {{NULL}, 0}, "nynnnnynnynn"},
    {{{"codeSigning"}, 1}, {{NULL}, 0}, "nynnnnynnnnn"},
    {{{"serverAuth", "clientAuth"}, 2}, {{"serverAuth"}, 1}, "yyyynyyyynny"},
    {{{"serverAuth", "clientAuth"}, 2}, {{"clientAuth"}, 1}, "yyyyyyyyynyn"},
};

Test(node_inspection, says_where_each_set_of_usages_is_accepted) {
    for (size_t i = 0; i < COUNT(matrix); i++) {
        struct material material;
        struct certs_leaf_spec leaf = leaf_of(&matrix[i].leaf);
        static struct node_inspection inspection;
        issue(&material, &leaf, &matrix[i].intermediate);
        for (unsigned with_trust = 0; with_trust < 2; with_trust++) {
            node_inspect(&inspection, chain_of(&material), with_trust ? material.trust : NULL,
                         (int64_t)time(NULL));
            cr_assert_eq(inspection.row_count, COUNT(keys));
            for (size_t j = 0; j < COUNT(keys); j++) {
                const struct node_inspection_row *row = &inspection.rows[j];
                cr_expect_str_eq(row->key, keys[j]);
                cr_expect_eq(row->accepted, matrix[i].accepted[j] == 'y', "row %zu, %s: %s", i,
                             keys[j], row->sentence);
                cr_expect_eq(row->purpose_accepted, row->accepted);
                cr_expect_eq(row->sentence[0] == '\0', row->accepted);
            }
        }
        release(&material);
    }
}

Test(node_inspection, speaks_as_the_product_does) {
    static const struct {
        const char *key;
        enum fault fault;
        const char *sentence;
    } sentences[] = {
        {"upload_client_store", FAULT_NONE,
         "Invalid certificate: The file provided does not have a client usage attribute. Services "
         "requiring mutual TLS may not work."},
        {"initiator_on", FAULT_TLS_PEER_EKU, REFUSED_PURPOSE},
        {"initiator_pkix", FAULT_TLS_PEER_EKU, REFUSED_PURPOSE},
        {"tunnel", FAULT_TLS_PEER_EKU, "Permission denied"},
        {"acceptor", FAULT_NONE, ""},
    };
    struct usages_row usages = {{"serverAuth"}, 1};
    struct certs_leaf_spec leaf = leaf_of(&usages);
    struct material material;
    static struct node_inspection inspection;
    issue(&material, &leaf, NULL);
    node_inspect(&inspection, chain_of(&material), material.trust, (int64_t)time(NULL));
    for (size_t i = 0; i < COUNT(sentences); i++) {
        const struct node_inspection_row *row = row_of(&inspection, sentences[i].key);
        cr_expect_str_eq(row->sentence, sentences[i].sentence);
        cr_expect_eq(row->fault, sentences[i].fault);
    }
    cr_expect_not_null(strstr(row_of(&inspection, "upload_x15_4_e")->hint,
                              "xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload: On"));
    cr_expect_eq(inspection.note_count, 0);
    release(&material);
}

/* What is wrong besides usages; every TLS row then gives this cause. */
struct chain_case {
    int64_t from_days;
    int64_t until_days;
    bool revoked;
    bool without_chain;
    bool another_trust;
    enum fault fault;
    const char *note;
    const char *sentence;
};

static const struct chain_case chain_cases[] = {
    {-1, 90, false, false, false, FAULT_NONE, NULL, ""},
    {-9, -1, false, false, false, FAULT_TLS_PEER_EXPIRED, "expired",
     "certificate has expired (alert 45, certificate_expired)"},
    {1, 90, false, false, false, FAULT_TLS_PEER_NOT_YET_VALID, "not_yet_valid",
     "certificate is not yet valid (alert 42, bad_certificate)"},
    {-1, 90, true, false, false, FAULT_TLS_PEER_REVOKED, "revoked",
     "certificate revoked (alert 44, certificate_revoked)"},
    {-1, 90, false, true, false, FAULT_TLS_PEER_CHAIN_INCOMPLETE, "chain_incomplete",
     "unable to get local issuer certificate (alert 48, unknown_ca)"},
    {-1, 90, false, false, true, FAULT_TLS_PEER_UNTRUSTED, "chain_incomplete",
     "unable to get issuer certificate (alert 48, unknown_ca)"},
    {-1, 9, false, false, false, FAULT_NONE, "expires_soon", ""},
    {-1, 299, false, false, false, FAULT_NONE, "long_validity", ""},
};

Test(node_inspection, tells_what_is_wrong_with_chain_and_dates) {
    static const struct usages_row both = {{"serverAuth", "clientAuth"}, 2};
    int64_t now = (int64_t)time(NULL);
    for (size_t i = 0; i < COUNT(chain_cases); i++) {
        const struct chain_case *row = &chain_cases[i];
        struct certs_leaf_spec leaf = leaf_of(&both);
        struct material material;
        struct material other;
        static struct node_inspection inspection;
        leaf.not_before = now + row->from_days * DAY;
        leaf.not_after = now + row->until_days * DAY;
        leaf.revoked = row->revoked;
        leaf.omit_chain = row->without_chain;
        issue(&material, &leaf, NULL);
        issue(&other, &leaf, NULL);
        node_inspect(&inspection, chain_of(&material),
                     row->another_trust ? other.trust : material.trust, now);
        static const char *const links[] = {"initiator_on", "initiator_off_any", "acceptor"};
        for (size_t j = 0; j < COUNT(links); j++) {
            const struct node_inspection_row *link = row_of(&inspection, links[j]);
            cr_expect_eq(link->fault, row->fault, "row %zu, %s: %s", i, links[j],
                         base_fault_key(link->fault));
            cr_expect_str_eq(link->sentence, row->sentence, "row %zu", i);
            cr_expect(link->purpose_accepted, "row %zu, %s", i, links[j]);
        }
        cr_expect_eq(row_of(&inspection, "upload_client_store")->accepted, row->until_days > 0);
        cr_expect_eq(inspection.note_count, row->note != NULL, "row %zu", i);
        cr_expect(row->note == NULL || note_of(&inspection, row->note) != NULL, "row %zu: %s", i,
                  inspection.notes[0].key);
        release(&other);
        release(&material);
    }
}

Test(node_inspection, names_the_authority_that_restricts_the_leaf) {
    static const struct usages_row both = {{"serverAuth", "clientAuth"}, 2};
    static const struct {
        struct usages_row intermediate;
        const char *who;
    } rows[] = {{{{"serverAuth"}, 1}, "every initiator under it"},
                {{{"clientAuth"}, 1}, "every acceptor under it"},
                {{{"any"}, 1}, "every node under it"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct certs_leaf_spec leaf = leaf_of(&both);
        struct material material;
        static struct node_inspection inspection;
        issue(&material, &leaf, &rows[i].intermediate);
        node_inspect(&inspection, chain_of(&material), material.trust, (int64_t)time(NULL));
        const char *note = note_of(&inspection, "restricted_authority");
        cr_assert_not_null(note);
        cr_expect_not_null(strstr(note, rows[i].who), "%s", note);
        cr_expect_not_null(strstr(note, "error 26"), "%s", note);
        cr_expect_not_null(strstr(note, "depth 1"), "%s", note);
        release(&material);
    }
}

Test(node_inspection, warns_of_names_that_no_zone_matches) {
    static const struct usages_row both = {{"serverAuth", "clientAuth"}, 2};
    static const struct {
        const char *name;    /* NULL: none */
        const char *subject; /* NULL: the authority's choice */
        const char *note;    /* NULL: none */
    } rows[] = {
        {"edge.example.test", "CN=*.example.test", NULL},
        {"*.example.test", NULL, "wildcard_name"},
        {NULL, "CN=edge.example.test", "common_name_only"},
        {NULL, "O=Example", "no_name"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct certs_leaf_spec leaf = leaf_of(&both);
        struct material material;
        static struct node_inspection inspection;
        leaf.names = &rows[i].name;
        leaf.name_count = rows[i].name != NULL;
        leaf.subject = rows[i].subject;
        issue(&material, &leaf, NULL);
        node_inspect(&inspection, chain_of(&material), material.trust, (int64_t)time(NULL));
        cr_expect_eq(inspection.note_count, rows[i].note != NULL, "row %zu", i);
        cr_expect(rows[i].note == NULL || note_of(&inspection, rows[i].note) != NULL, "row %zu", i);
        release(&material);
    }
}

Test(node_inspection, sees_what_else_lies_in_the_file) {
    static const struct usages_row both = {{"serverAuth", "clientAuth"}, 2};
    struct certs_leaf_spec leaf = leaf_of(&both);
    struct material material;
    static struct node_inspection inspection;
    struct x509_certificate swapped[3];
    issue(&material, &leaf, NULL);
    swapped[0] = material.chain.certificates[1];
    swapped[1] = material.chain.certificates[0];
    node_inspect(&inspection, (struct x509_set){swapped, 2}, material.trust, (int64_t)time(NULL));
    cr_expect_not_null(note_of(&inspection, "leaf_not_first"));
    cr_expect_not_null(note_of(&inspection, "unused_certificates"));
    node_inspect(&inspection, (struct x509_set){swapped, 1}, material.trust, (int64_t)time(NULL));
    cr_expect_not_null(note_of(&inspection, "authority_certificate"));
    cr_expect_null(note_of(&inspection, "leaf_not_first"));
    release(&material);
}

Test(node_inspection, a_key_of_8192_bits_is_too_large) {
    static const struct usages_row both = {{"serverAuth", "clientAuth"}, 2};
    static const struct {
        size_t octets;
        bool too_large;
    } rows[] = {{512, false}, {1024, true}};
    struct certs_leaf_spec leaf = leaf_of(&both);
    struct material material;
    static struct node_inspection inspection;
    issue(&material, &leaf, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        /* SubjectPublicKeyInfo: rsaEncryption, and a modulus of so many octets. */
        static uint8_t info[1100];
        size_t n = rows[i].octets;
        const uint8_t head[] = {0x30,
                                0x82,
                                (uint8_t)((n + 31) >> 8),
                                (uint8_t)(n + 31),
                                0x30,
                                0x0d,
                                0x06,
                                0x09,
                                0x2a,
                                0x86,
                                0x48,
                                0x86,
                                0xf7,
                                0x0d,
                                0x01,
                                0x01,
                                0x01,
                                0x05,
                                0x00,
                                0x03,
                                0x82,
                                (uint8_t)((n + 12) >> 8),
                                (uint8_t)(n + 12),
                                0x00,
                                0x30,
                                0x82,
                                (uint8_t)((n + 7) >> 8),
                                (uint8_t)(n + 7),
                                0x02,
                                0x82,
                                (uint8_t)(n >> 8),
                                (uint8_t)n};
        memcpy(info, head, sizeof head);
        memset(info + sizeof head, 0x7f, n);
        info[sizeof head] = 0x40;
        memcpy(info + sizeof head + n, "\x02\x01\x03", 3);
        struct x509_certificate large = material.chain.certificates[0];
        large.public_key = base_bytes(info, sizeof head + n + 3);
        node_inspect(&inspection, (struct x509_set){&large, 1}, NULL, (int64_t)time(NULL));
        cr_expect_eq(note_of(&inspection, "rsa_too_large") != NULL, rows[i].too_large);
    }
    release(&material);
}

/* Name with one O, a UTF8String. */
static struct bytes organisation(const char *text) {
    static uint8_t name[128];
    size_t length = strlen(text);
    const uint8_t head[] = {0x30,           (uint8_t)(length + 11),
                            0x31,           (uint8_t)(length + 9),
                            0x30,           (uint8_t)(length + 7),
                            0x06,           0x03,
                            0x55,           0x04,
                            0x0a,           0x0c,
                            (uint8_t)length};
    memcpy(name, head, sizeof head);
    memcpy(name + sizeof head, text, length);
    return base_bytes(name, sizeof head + length);
}

Test(node_inspection, knows_whose_renewals_lose_clientauth_when) {
    static const struct {
        const char *issuer;
        struct usages_row usages;
        int64_t now; /* after 1970 */
        const char *authority;
        bool loses;
        bool only_if_public;
        const char *said[3];
    } rows[] = {
        {"Let's Encrypt",
         {{"serverAuth", "clientAuth"}, 2},
         1790000000,
         "Let's Encrypt",
         true,
         false,
         {"Let's Encrypt ended clientAuth on 2026-07-08", "the next renewal", "tunnels"}},
        {"Let's Encrypt",
         {{"serverAuth", "clientAuth"}, 2},
         1783468799,
         "Let's Encrypt",
         true,
         false,
         {"Let's Encrypt ends clientAuth on 2026-07-08", "a renewal from then on", ""}},
        {"DigiCert Inc",
         {{"serverAuth", "clientAuth"}, 2},
         1790000000,
         "DigiCert",
         true,
         false,
         {"DigiCert ends clientAuth on 2027-03-01", "serverAuth alone", "client store"}},
        {"DigiCert, Inc.",
         {{"clientAuth"}, 1},
         1790000000,
         "DigiCert",
         true,
         false,
         {"2027-03-01", "is not to be had as it is", ""}},
        {"Sectigo Limited",
         {{"serverAuth", "clientAuth"}, 2},
         1790000000,
         "Sectigo",
         true,
         false,
         {"Sectigo ends clientAuth on 2027-02-10", "", ""}},
        {"Example Trust",
         {{"serverAuth", "clientAuth"}, 2},
         1790000000,
         NULL,
         true,
         true,
         {"if its issuer is a public authority", "Chrome Root Program (policy 1.8)", "2027-03-15"}},
        {"DigiCert Inc",
         {{"serverAuth"}, 1},
         1790000000,
         "DigiCert",
         false,
         false,
         {"nothing more to lose", "", ""}},
        {"Example Trust",
         {{NULL}, 0},
         1790000000,
         NULL,
         false,
         true,
         {"no extended key usage", "", ""}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct certs_leaf_spec leaf = leaf_of(&rows[i].usages);
        struct material material;
        static struct node_inspection inspection;
        issue(&material, &leaf, NULL);
        struct x509_certificate renamed = material.chain.certificates[0];
        renamed.issuer = organisation(rows[i].issuer);
        node_inspect(&inspection, (struct x509_set){&renamed, 1}, NULL, rows[i].now);
        const struct node_inspection_sunset *sunset = &inspection.sunset;
        cr_expect_eq(sunset->loses_client_auth, rows[i].loses, "row %zu", i);
        cr_expect_eq(sunset->only_if_public, rows[i].only_if_public, "row %zu", i);
        cr_expect(rows[i].authority == NULL ? sunset->authority == NULL
                                            : sunset->authority != NULL &&
                                                  strcmp(sunset->authority, rows[i].authority) == 0,
                  "row %zu", i);
        for (size_t j = 0; j < COUNT(rows[i].said); j++) {
            cr_expect_not_null(strstr(sunset->sentence, rows[i].said[j]), "row %zu: %s", i,
                               sunset->sentence);
        }
        release(&material);
    }
}

Test(node_inspection, a_renewal_due_before_the_date_may_still_have_it) {
    static const struct usages_row both = {{"serverAuth", "clientAuth"}, 2};
    int64_t digicert = INT64_C(1803859200);
    for (int after = 0; after < 2; after++) {
        struct certs_leaf_spec leaf = leaf_of(&both);
        struct material material;
        static struct node_inspection inspection;
        leaf.not_before = digicert - 100 * DAY;
        leaf.not_after = digicert + (after ? DAY : -DAY);
        issue(&material, &leaf, NULL);
        struct x509_certificate renamed = material.chain.certificates[0];
        renamed.issuer = organisation("DigiCert Inc");
        node_inspect(&inspection, (struct x509_set){&renamed, 1}, NULL, digicert - 10 * DAY);
        cr_expect_eq(strstr(inspection.sunset.sentence, "may still have it") == NULL, after, "%s",
                     inspection.sunset.sentence);
        release(&material);
    }
}

Test(node_inspection, a_self_signed_certificate_has_no_date) {
    static const struct usages_row both = {{"serverAuth", "clientAuth"}, 2};
    struct certs_leaf_spec leaf = leaf_of(&both);
    struct material material;
    static struct node_inspection inspection;
    issue(&material, &leaf, NULL);
    struct x509_certificate own = material.chain.certificates[0];
    own.issuer = own.subject;
    node_inspect(&inspection, (struct x509_set){&own, 1}, material.trust, (int64_t)time(NULL));
    cr_expect_eq(inspection.sunset.date, 0);
    cr_expect_not(inspection.sunset.loses_client_auth);
    cr_expect_not_null(note_of(&inspection, "untrusted"));
    cr_expect_str_eq(row_of(&inspection, "acceptor")->sentence,
                     "self signed certificate (alert 48, unknown_ca)");
    release(&material);
}

Test(node_inspection, an_issuer_that_may_not_issue_is_named) {
    static const struct usages_row both = {{"serverAuth", "clientAuth"}, 2};
    static const struct {
        bool is_ca;
        unsigned key_usage;
        int path_length; /* of the root */
        bool noted;
        const char *sentence;
    } rows[] = {
        {true, X509_KEY_USAGE_CERT_SIGN, -1, false, ""},
        {false, X509_KEY_USAGE_CERT_SIGN, -1, true,
         "invalid CA certificate (alert 48, unknown_ca)"},
        {true, X509_KEY_USAGE_CRL_SIGN, -1, true, "invalid CA certificate (alert 48, unknown_ca)"},
        {true, X509_KEY_USAGE_CERT_SIGN, 0, false,
         "path length constraint exceeded (alert 48, unknown_ca)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct certs_leaf_spec leaf = leaf_of(&both);
        struct material material;
        static struct node_inspection inspection;
        issue(&material, &leaf, NULL);
        struct x509_certificate chain[3];
        chain[0] = material.chain.certificates[0];
        chain[1] = material.chain.certificates[1];
        chain[2] = tls_trust_certificates(material.trust).certificates[0];
        chain[1].is_ca = rows[i].is_ca;
        chain[1].has_key_usage = true;
        chain[1].key_usage = rows[i].key_usage;
        chain[2].path_length = rows[i].path_length;
        node_inspect(&inspection, (struct x509_set){chain, 3}, NULL, (int64_t)time(NULL));
        cr_expect_str_eq(row_of(&inspection, "initiator_on")->sentence, rows[i].sentence, "row %zu",
                         i);
        cr_expect_str_eq(row_of(&inspection, "acceptor")->sentence, rows[i].sentence, "row %zu", i);
        cr_expect_eq(note_of(&inspection, "invalid_authority") != NULL, rows[i].noted);
        release(&material);
    }
}

/* 64 bits of nanoseconds end in 1677 and in 2262; the dates of certificates do not. */
Test(node_inspection, an_upload_names_the_day_of_expiry_however_long_ago) {
    static const struct usages_row both = {{"serverAuth", "clientAuth"}, 2};
    const struct certs_leaf_spec leaf = leaf_of(&both);
    struct material material = {.authority = NULL};
    struct node_inspection inspection;
    issue(&material, &leaf, NULL);
    material.chain.certificates[0].not_after = INT64_C(-14830974000); /* 1500-01-10 */
    node_inspect(&inspection, chain_of(&material), material.trust, (int64_t)time(NULL));
    const char *sentence = row_of(&inspection, "upload_client_store")->sentence;
    cr_assert_str_eq(sentence, "the certificate expired on 1500-01-10");
    release(&material);
}
