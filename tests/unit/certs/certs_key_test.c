/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_sample.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

struct key_case {
    char key[16];
    char algorithm[24]; /* as `openssl x509 -text` names the public key's */
    char size[32];      /* as `openssl pkey -text` says it */
};

ParameterizedTestParameters(certs_key, belongs_to_the_certificate_and_is_of_the_kind_asked_for) {
    static struct key_case cases[] = {
        {"rsa-2048", "rsaEncryption", "2048 bit"}, {"rsa-3072", "rsaEncryption", "3072 bit"},
        {"rsa-4096", "rsaEncryption", "4096 bit"}, {"ecdsa-p256", "id-ecPublicKey", "P-256"},
        {"ecdsa-p384", "id-ecPublicKey", "P-384"}, {"ed25519", "ED25519", "ED25519"},
    };
    return cr_make_param_array(struct key_case, cases, COUNT_OF(cases));
}

ParameterizedTest(struct key_case *row, certs_key,
                  belongs_to_the_certificate_and_is_of_the_kind_asked_for) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    struct certs_leaf_spec spec = sample_leaf();
    spec.key = row->key;
    sample_write_leaf(folder, authority, &spec, "leaf");
    cr_expect_eq(sample_folder_run(folder,
                                   "openssl pkey -in leaf.key -check -noout && "
                                   "openssl pkey -in leaf.key -pubout >a && "
                                   "openssl x509 -in leaf.pem -noout -pubkey >b && cmp a b"),
                 0, "%s", folder->output);
    cr_expect_eq(sample_folder_run(folder, "head -n 1 leaf.key"), 0);
    cr_expect_str_eq(folder->output, "-----BEGIN PRIVATE KEY-----\n");
    cr_expect_eq(sample_folder_run(folder, "openssl pkey -in leaf.key -noout -text"), 0);
    cr_expect_not_null(strstr(folder->output, row->size), "%s", folder->output);
    cr_expect_eq(sample_folder_run(folder, "openssl x509 -in leaf.pem -noout -text"), 0);
    cr_expect_not_null(strstr(folder->output, row->algorithm), "%s", folder->output);
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

Test(certs_key, every_leaf_has_its_own) {
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    struct certs_leaf_spec spec = sample_leaf();
    struct certs_identity first = sample_issue(authority, &spec);
    struct certs_identity second = sample_issue(authority, &spec);
    cr_expect_str_neq(first.key_pem, second.key_pem);
    cr_expect_str_neq(first.chain_pem, second.chain_pem);
    certs_identity_finish(&first);
    certs_identity_finish(&second);
    cr_expect_null(first.key_pem);
    cr_expect_null(first.chain_pem);
    certs_authority_destroy(authority);
}

Test(certs_key, is_rsa_2048_unless_said) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    struct certs_leaf_spec spec = sample_leaf();
    spec.key = NULL;
    sample_write_leaf(folder, authority, &spec, "leaf");
    cr_expect_eq(sample_folder_run(folder, "openssl pkey -in leaf.key -noout -text"), 0);
    cr_expect_not_null(strstr(folder->output, "2048 bit"), "%s", folder->output);
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}
