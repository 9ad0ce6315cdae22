/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_sample.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

static void write_crls(const struct sample_folder *folder, struct certs_authority *authority) {
    struct base_error error = {0};
    char *text = certs_authority_crl_pem(authority, &error);
    cr_assert_not_null(text, "%s", error.text);
    sample_folder_write(folder, "crls.pem", text);
    free(text);
}

static int verify(struct sample_folder *folder, const char *name) {
    return sample_folder_run(folder,
                             "openssl verify -crl_check_all -CRLfile crls.pem -CAfile root.pem "
                             "-untrusted issuers.pem %s.pem",
                             name);
}

struct crl_case {
    char key[16];
    unsigned intermediates;
};

ParameterizedTestParameters(certs_revocation, the_list_refuses_the_revoked_leaf_alone) {
    static struct crl_case cases[] = {
        {"rsa-2048", 1}, {"ecdsa-p256", 2}, {"ecdsa-p384", 0}, {"ed25519", 1}};
    return cr_make_param_array(struct crl_case, cases, COUNT_OF(cases));
}

ParameterizedTest(struct crl_case *row, certs_revocation, the_list_refuses_the_revoked_leaf_alone) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = sample_authority(row->key, row->intermediates);
    struct certs_leaf_spec spec = sample_leaf();
    sample_write_authority(folder, authority);
    sample_write_leaf(folder, authority, &spec, "good");
    /* A list without entries is one too. */
    write_crls(folder, authority);
    cr_expect_eq(verify(folder, "good"), 0, "%s", folder->output);
    spec.revoked = true;
    sample_write_leaf(folder, authority, &spec, "revoked");
    write_crls(folder, authority);
    cr_expect_eq(verify(folder, "good"), 0, "%s", folder->output);
    cr_expect_neq(verify(folder, "revoked"), 0);
    cr_expect_not_null(strstr(folder->output, "error 23 at 0 depth lookup: certificate revoked"),
                       "%s", folder->output);
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

Test(certs_revocation, each_certificate_of_the_authority_has_its_list) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = sample_authority("ecdsa-p256", 2);
    write_crls(folder, authority);
    cr_assert_eq(sample_folder_run(folder, "openssl storeutl -crls -noout -text crls.pem | "
                                           "grep Issuer:"),
                 0, "%s", folder->output);
    cr_expect_str_eq(folder->output, "        Issuer: CN=ca1 root\n"
                                     "        Issuer: CN=ca1 intermediate 1\n"
                                     "        Issuer: CN=ca1 intermediate 2\n");
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

Test(certs_revocation, the_list_says_what_was_revoked_and_until_when_it_counts) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    struct certs_leaf_spec spec = sample_leaf();
    spec.revoked = true;
    spec.serial = base_bytes("\x46\xdf\x76\xaa\0\0\0\0\0\x29", 10);
    sample_write_leaf(folder, authority, &spec, "one");
    spec.serial = base_bytes("\xff\xee", 2);
    sample_write_leaf(folder, authority, &spec, "two");
    write_crls(folder, authority);
    cr_assert_eq(sample_folder_run(folder, "openssl crl -in crls.pem -noout -text"), 0);
    cr_expect_not_null(strstr(folder->output, "Version 2 (0x1)"), "%s", folder->output);
    cr_expect_not_null(strstr(folder->output, "Serial Number: 46DF76AA000000000029\n"), "%s",
                       folder->output);
    cr_expect_not_null(strstr(folder->output, "Serial Number: FFEE\n"), "%s", folder->output);
    cr_expect_not_null(strstr(folder->output, "X509v3 CRL Number"), "%s", folder->output);
    cr_expect_not_null(strstr(folder->output, "X509v3 Authority Key Identifier"), "%s",
                       folder->output);
    cr_expect_eq(sample_folder_run(folder,
                                   "next=$(date +%%s -d \"$(openssl crl -in crls.pem -noout "
                                   "-nextupdate | cut -d= -f2)\"); "
                                   "echo $(( (next - $(date +%%s) + 43200) / 86400 ))"),
                 0);
    cr_expect_str_eq(folder->output, "30\n");
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

static unsigned long list_number(struct sample_folder *folder) {
    cr_assert_eq(sample_folder_run(folder, "openssl crl -in crls.pem -noout -crlnumber | "
                                           "cut -d= -f2"),
                 0);
    return strtoul(folder->output, NULL, 16);
}

Test(certs_revocation, the_number_grows_with_every_list) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = sample_authority("ecdsa-p256", 0);
    unsigned long first;
    unsigned long second;
    write_crls(folder, authority);
    first = list_number(folder);
    write_crls(folder, authority);
    second = list_number(folder);
    cr_expect_gt(first, 0);
    cr_expect_gt(second, first);
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}
