/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_sample.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool load(const struct sample_folder *folder, const char *certificate, const char *key,
                 struct certs_authority **out, struct base_error *error) {
    char certificate_path[96];
    char key_path[96];
    const struct certs_authority_spec spec = {.name = "corporate"};
    snprintf(certificate_path, sizeof certificate_path, "%s/%s", folder->path, certificate);
    snprintf(key_path, sizeof key_path, "%s/%s", folder->path, key);
    return certs_authority_load(out, &spec, certificate_path, key_path, error);
}

struct form_case {
    char generate[128]; /* writes ca.key */
};

ParameterizedTestParameters(certs_load, issues_with_a_key_in_any_usual_form) {
    static struct form_case cases[] = {
        {"openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out ca.key"},
        {"openssl genrsa -traditional -out ca.key 2048"},
        {"openssl genrsa -out ca.key 3072"},
        {"openssl ecparam -genkey -name prime256v1 -out ca.key"},
        {"openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-384 -out ca.key"},
        {"openssl genpkey -algorithm ed25519 -out ca.key"},
        {"openssl ecparam -genkey -name prime256v1 | openssl ec -no_public -out ca.key"},
    };
    return cr_make_param_array(struct form_case, cases, COUNT_OF(cases));
}

ParameterizedTest(struct form_case *row, certs_load, issues_with_a_key_in_any_usual_form) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = NULL;
    struct base_error error = {0};
    struct certs_leaf_spec spec = sample_leaf();
    cr_assert_eq(sample_folder_run(folder, "%s", row->generate), 0, "%s", folder->output);
    cr_assert_eq(sample_folder_run(folder, "openssl req -x509 -new -key ca.key -days 30 -subj "
                                           "'/C=NO/O=Example/CN=Corporate' -out ca.pem"),
                 0, "%s", folder->output);
    cr_assert(load(folder, "ca.pem", "ca.key", &authority, &error), "%s", error.text);
    sample_write_authority(folder, authority);
    cr_expect_eq(sample_folder_run(folder, "cmp ca.pem root.pem && cmp ca.pem issuers.pem"), 0,
                 "%s", folder->output);
    sample_write_leaf(folder, authority, &spec, "leaf");
    cr_expect_eq(sample_folder_run(folder, "openssl verify -CAfile ca.pem leaf.pem"), 0, "%s",
                 folder->output);
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

/* root.pem, middle.pem (by root), issuing.pem (by middle), each with its .key, and other.key. */
static void write_openssl_chain(struct sample_folder *folder) {
    static const char script[] =
        "set -e\n"
        "make() { openssl ecparam -genkey -name prime256v1 -out $1.key; }\n"
        "make root; make middle; make issuing; make other; make leaf\n"
        "openssl req -x509 -new -key root.key -days 30 -subj /CN=root -out root.pem\n"
        "printf 'basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,keyCertSign\\n"
        "subjectKeyIdentifier=hash\\nauthorityKeyIdentifier=keyid\\n' >ca.ext\n"
        "sign() { openssl req -new -key $1.key -subj /CN=$1 | openssl x509 -req -CA $2.pem "
        "-CAkey $2.key -days 30 -extfile $3 -out $1.pem; }\n"
        "sign middle root ca.ext\nsign issuing middle ca.ext\n"
        "echo basicConstraints=CA:FALSE >leaf.ext; sign leaf issuing leaf.ext\n"
        "cat issuing.pem middle.pem root.pem >chain.pem\n"
        "cat issuing.pem middle.pem >rootless.pem\n"
        "cat issuing.pem root.pem >gap.pem\n"
        "cat root.pem middle.pem issuing.pem >upside-down.pem\n"
        "cat leaf.pem issuing.pem middle.pem root.pem >leaf-first.pem\n"
        "for i in 1 2 3 4 5; do cat issuing.pem middle.pem; done >long.pem\n"
        "head -n 4 root.pem >cut.pem\n"
        "openssl ec -in issuing.key -aes128 -passout pass:x -out encrypted.key\n"
        "openssl pkcs8 -topk8 -in issuing.key -passout pass:x -out encrypted8.key\n"
        "openssl ecparam -genkey -name secp521r1 -out p521.key\n"
        "openssl genrsa -out rsa1024.key 1024\n"
        "openssl pkey -in issuing.key -pubout -out public.key\n"
        "openssl genrsa -out rsa.key 2048\n"
        "openssl req -x509 -new -key rsa.key -days 30 -subj /CN=rsa -out rsa.pem\n"
        /* In the exponent modulo p, which signing uses. */
        "awk 'NR == 20 { $0 = substr($0, 2, 63) substr($0, 1, 1) } { print }' rsa.key "
        ">damaged.key\n"
        /* The scalar of one key, the point of another. */
        "{ openssl pkey -in issuing.key -outform der | head -c -65; "
        "openssl pkey -in root.key -outform der | tail -c 65; } >crossed.der\n"
        "openssl base64 -in crossed.der | "
        "sed '1i-----BEGIN PRIVATE KEY-----\n$a-----END PRIVATE KEY-----' >crossed.key\n"
        ": >empty.pem\n";
    sample_folder_write(folder, "make.sh", script);
    cr_assert_eq(sample_folder_run(folder, "sh ./make.sh"), 0, "%s", folder->output);
}

Test(certs_load, takes_a_chain_and_sends_its_intermediates) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = NULL;
    struct base_error error = {0};
    struct certs_leaf_spec spec = sample_leaf();
    write_openssl_chain(folder);
    cr_assert(load(folder, "chain.pem", "issuing.key", &authority, &error), "%s", error.text);
    sample_write_leaf(folder, authority, &spec, "new");
    cr_expect_eq(sample_folder_run(folder, "openssl storeutl -certs -noout -text new.pem | "
                                           "grep Subject:"),
                 0);
    cr_expect_str_eq(folder->output, "        Subject: CN=edge.example.test\n"
                                     "        Subject: CN=issuing\n"
                                     "        Subject: CN=middle\n");
    cr_expect_eq(
        sample_folder_run(folder, "openssl verify -CAfile root.pem -untrusted new.pem new.pem"), 0,
        "%s", folder->output);
    /* Its key usage says keyCertSign alone. */
    cr_expect_null(certs_authority_crl_pem(authority, &error));
    cr_expect_eq(error.kind, BASE_ERROR_USAGE);
    cr_expect_not_null(strstr(error.text, "cRLSign"), "%s", error.text);
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

Test(certs_load, revokes_with_the_key_it_has) {
    struct sample_folder *folder = sample_folder_create();
    struct certs_authority *authority = NULL;
    struct base_error error = {0};
    struct certs_leaf_spec spec = sample_leaf();
    char *crl;
    write_openssl_chain(folder);
    cr_assert(load(folder, "root.pem", "root.key", &authority, &error), "%s", error.text);
    spec.revoked = true;
    sample_write_leaf(folder, authority, &spec, "revoked");
    crl = certs_authority_crl_pem(authority, &error);
    cr_assert_not_null(crl, "%s", error.text);
    sample_folder_write(folder, "crl.pem", crl);
    cr_expect_neq(sample_folder_run(folder, "openssl verify -crl_check -CRLfile crl.pem -CAfile "
                                            "root.pem revoked.pem"),
                  0);
    cr_expect_not_null(strstr(folder->output, "error 23 at 0"), "%s", folder->output);
    free(crl);
    certs_authority_destroy(authority);
    sample_folder_destroy(folder);
}

Test(certs_load, refuses_what_cannot_issue) {
    static const struct {
        const char *certificate;
        const char *key;
        const char *wanted[2];
    } cases[] = {
        {"missing.pem", "root.key", {"missing.pem", "No such file"}},
        {"root.pem", "missing.key", {"missing.key", "No such file"}},
        {".", "root.key", {"Is a directory", ""}},
        {"empty.pem", "root.key", {"empty.pem", "certificate 1 is missing"}},
        {"root.key", "root.key", {"root.key", "certificate 1 is missing"}},
        {"cut.pem", "root.key", {"cut.pem", "malformed"}},
        {"/dev/zero", "root.key", {"File too large", ""}},
        {"long.pem", "issuing.key", {"long.pem", "more than 9"}},
        {"root.pem", "other.key", {"other.key is not the key", "root.pem"}},
        {"rootless.pem", "issuing.key", {"ends with middle", "self-signed"}},
        {"gap.pem", "issuing.key", {"issuing is not followed by its issuer", ""}},
        {"upside-down.pem", "issuing.key", {"root is not followed by its issuer", ""}},
        {"leaf-first.pem", "leaf.key", {"leaf may not issue", ""}},
        {"root.pem", "root.pem", {"root.pem: expected an undamaged, unencrypted", ""}},
        {"root.pem", "encrypted.key", {"encrypted.key: expected an undamaged, unencrypted", ""}},
        {"root.pem", "encrypted8.key", {"encrypted8.key: expected an undamaged, unencrypted", ""}},
        {"root.pem", "p521.key", {"p521.key", "P-384"}},
        {"root.pem", "rsa1024.key", {"rsa1024.key", "2048"}},
        {"rsa.pem", "damaged.key", {"damaged.key: expected an undamaged", ""}},
        {"root.pem", "crossed.key", {"crossed.key is not the key", ""}},
        {"root.pem", "public.key", {"public.key", "private key"}},
    };
    struct sample_folder *folder = sample_folder_create();
    write_openssl_chain(folder);
    cr_assert_eq(sample_folder_run(folder, "ln -s / dev-root"), 0);
    for (unsigned i = 0; i < COUNT_OF(cases); i++) {
        struct certs_authority *authority = NULL;
        struct base_error error = {0};
        char relative[96];
        bool is_device = cases[i].certificate[0] == '/';
        snprintf(relative, sizeof relative, "%s%s", is_device ? "dev-root" : "",
                 cases[i].certificate);
        cr_expect_not(load(folder, relative, cases[i].key, &authority, &error), "case %u", i);
        cr_expect_null(authority);
        cr_expect_eq(error.kind, BASE_ERROR_USAGE, "case %u", i);
        cr_expect_not_null(strstr(error.text, cases[i].wanted[0]), "case %u: %s", i, error.text);
        cr_expect_not_null(strstr(error.text, cases[i].wanted[1]), "case %u: %s", i, error.text);
    }
    sample_folder_destroy(folder);
}
