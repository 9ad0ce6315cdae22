/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What openssl lets a certificate do agrees with what was asked for. */
#include "certs_sample.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

struct usage_case {
    const char *names[4]; /* up to NULL */
    bool is_absent;
    bool is_client; /* openssl's sslclient purpose; anyExtendedKeyUsage does not count for it */
    bool is_server;
};

static const struct usage_case usage_cases[] = {
    {.is_absent = true, .is_client = true, .is_server = true},
    {.names = {"serverAuth"}, .is_server = true},
    {.names = {"clientAuth"}, .is_client = true},
    {.names = {"serverAuth", "clientAuth"}, .is_client = true, .is_server = true},
    {.names = {"clientAuth", "serverAuth"}, .is_client = true, .is_server = true},
    {.names = {"any"}},
    {.names = {"any", "clientAuth"}, .is_client = true},
    {.names = {"sipDomain"}},
    {.names = {"sipDomain", "serverAuth"}, .is_server = true},
    {.names = {"sipDomain", "clientAuth", "1.2.3.4.5"}, .is_client = true},
    {.names = {"codeSigning"}},
    {.names = {"emailProtection"}},
    {.names = {"codeSigning", "emailProtection", "serverAuth"}, .is_server = true},
    {.names = {"timeStamping"}},
    {.names = {"OCSPSigning", "clientAuth"}, .is_client = true},
    {.names = {"1.3.6.1.5.5.7.3.2"}, .is_client = true},
    {.names = {"1.3.6.1.5.5.7.3.1", "2.25.340282366920938463463374607431768211455"},
     .is_server = true},
};

static struct certs_usages usages_of(const struct usage_case *usage, bool critical) {
    struct certs_usages usages = {
        .names = usage->names, .present = !usage->is_absent, .critical = critical};
    while (usages.count < COUNT_OF(usage->names) && usage->names[usages.count] != NULL) {
        usages.count++;
    }
    return usages;
}

static void expect_purpose(struct sample_folder *folder, const char *purpose, bool allowed) {
    int status = sample_folder_run(folder,
                                   "openssl verify -x509_strict -purpose %s -CAfile root.pem "
                                   "-untrusted issuers.pem leaf.pem",
                                   purpose);
    cr_expect_eq(status == 0, allowed, "%s: %s", purpose, folder->output);
    if (!allowed) {
        cr_expect_not_null(strstr(folder->output, "error 26 at 0 depth"), "%s", folder->output);
    }
}

static void expect_case(struct sample_folder *folder, struct certs_authority *authority,
                        const char *key, const struct usage_case *usage, bool critical) {
    struct certs_leaf_spec spec = sample_leaf();
    spec.key = key;
    spec.usages = usages_of(usage, critical);
    sample_write_leaf(folder, authority, &spec, "leaf");
    expect_purpose(folder, "sslclient", usage->is_client);
    expect_purpose(folder, "sslserver", usage->is_server);
}

Test(certs_purpose, every_usage_set_is_judged_as_asked) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = sample_authority("ecdsa-p256", 1);
    sample_write_authority(folder, authority);
    for (unsigned i = 0; i < COUNT_OF(usage_cases); i++) {
        expect_case(folder, authority, "ecdsa-p256", &usage_cases[i], false);
        expect_case(folder, authority, "ecdsa-p256", &usage_cases[i], true);
    }
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

struct key_case {
    char authority_key[16];
    char leaf_key[16];
    unsigned intermediates;
};

ParameterizedTestParameters(certs_purpose, every_key_issues_and_is_issued) {
    static struct key_case cases[] = {
        {"rsa-2048", "rsa-2048", 1},   {"rsa-3072", "ecdsa-p256", 0},
        {"rsa-4096", "ecdsa-p256", 0}, {"ecdsa-p256", "rsa-3072", 2},
        {"ecdsa-p256", "rsa-4096", 1}, {"ecdsa-p384", "ecdsa-p384", 1},
        {"ed25519", "ed25519", 3},     {"ecdsa-p384", "ed25519", 0},
        {"ed25519", "ecdsa-p256", 0},  {"ecdsa-p256", "ecdsa-p384", 8},
    };
    return cr_make_param_array(struct key_case, cases, COUNT_OF(cases));
}

ParameterizedTest(struct key_case *keys, certs_purpose, every_key_issues_and_is_issued) {
    /* Absent, serverAuth, clientAuth, both. */
    const unsigned plain_cases = 4;
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = sample_authority(keys->authority_key, keys->intermediates);
    sample_write_authority(folder, authority);
    for (unsigned i = 0; i < plain_cases; i++) {
        expect_case(folder, authority, keys->leaf_key, &usage_cases[i], false);
    }
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

struct issuer_case {
    const char *root[2];
    const char *intermediate[2];
    bool is_client;
    bool is_server;
    int depth; /* of the certificate that openssl refuses */
};

static const struct issuer_case issuer_cases[] = {
    {{NULL}, {"serverAuth"}, false, true, 1},
    {{"serverAuth"}, {NULL}, false, true, 2},
    {{NULL}, {"serverAuth", "clientAuth"}, true, true, 0},
    {{"clientAuth"}, {NULL}, true, false, 2},
};

static struct certs_usages usages_of_two(const char *const names[2]) {
    unsigned count = names[0] == NULL ? 0 : names[1] == NULL ? 1 : 2;
    return (struct certs_usages){.names = names, .count = count, .present = count > 0};
}

Test(certs_purpose, usages_of_issuers_restrict_their_leaves) {
    struct sample_folder *folder = sample_folder_create();
    for (unsigned i = 0; i < COUNT_OF(issuer_cases); i++) {
        const struct issuer_case *row = &issuer_cases[i];
        struct certs_authority *authority = NULL;
        struct base_error error = {0};
        struct certs_leaf_spec leaf = sample_leaf();
        const struct certs_authority_spec spec = {
            .name = "ca1",
            .key = "ecdsa-p256",
            .intermediates = 1,
            .root_usages = usages_of_two(row->root),
            .intermediate_usages = usages_of_two(row->intermediate),
        };
        const struct {
            const char *purpose;
            bool allowed;
        } purposes[] = {{"sslclient", row->is_client}, {"sslserver", row->is_server}};
        cr_assert(certs_authority_create(&authority, &spec, &error), "%s", error.text);
        sample_write_authority(folder, authority);
        sample_write_leaf(folder, authority, &leaf, "leaf");
        for (unsigned j = 0; j < COUNT_OF(purposes); j++) {
            char refusal[64];
            int status = sample_folder_run(folder,
                                           "openssl verify -purpose %s -CAfile root.pem -untrusted "
                                           "issuers.pem leaf.pem",
                                           purposes[j].purpose);
            snprintf(refusal, sizeof refusal, "error 26 at %d depth", row->depth);
            cr_expect_eq(status == 0, purposes[j].allowed, "case %u, %s: %s", i,
                         purposes[j].purpose, folder->output);
            cr_expect_eq(strstr(folder->output, refusal) == NULL, purposes[j].allowed,
                         "case %u, %s: %s", i, purposes[j].purpose, folder->output);
        }
        certs_authority_destroy(authority);
    }
    sample_folder_destroy(folder);
}
