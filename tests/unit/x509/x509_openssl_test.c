/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_openssl.h"

#include "x509_certificate.h"
#include "x509_crl.h"
#include "x509_name.h"
#include "x509_path.h"
#include "x509_pem.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static const char *const key_kinds[] = {
    "EC -pkeyopt ec_paramgen_curve:P-256",
    "RSA -pkeyopt rsa_keygen_bits:2048",
    "ED25519",
};

/* As openssl says it in a request, as it prints it, as we print it. */
static const struct {
    const char *request;
    const char *printed;
    const char *text;
} usages[] = {
    {"serverAuth", "TLS Web Server Authentication", "serverAuth"},
    {"clientAuth", "TLS Web Client Authentication", "clientAuth"},
    {"serverAuth,clientAuth", "TLS Web Server Authentication, TLS Web Client Authentication",
     "serverAuth, clientAuth"},
    {"anyExtendedKeyUsage", "Any Extended Key Usage", "any"},
    {"1.3.6.1.5.5.7.3.20", "1.3.6.1.5.5.7.3.20", "sipDomain"},
    {"codeSigning,1.2.3.4.5", "Code Signing, 1.2.3.4.5", "codeSigning, 1.2.3.4.5"},
    {"msSGC,nsSGC", "Microsoft Server Gated Crypto, Netscape Server Gated Crypto", "msSGC, nsSGC"},
    {"emailProtection,timeStamping,OCSPSigning", "E-mail Protection, Time Stamping, OCSP Signing",
     "emailProtection, timeStamping, OCSPSigning"},
};

static void skip_without_openssl(void) {
    if (!openssl_is_installed()) {
        cr_skip_test("the openssl command is not installed");
    }
}

static void make_key(const struct openssl_folder *folder, const char *kind) {
    openssl_run(folder, "genpkey -algorithm %s -out key.pem", kind);
}

static struct x509_certificate read_certificate(struct openssl_folder *folder, const char *name) {
    struct x509_certificate certificate;
    cr_assert(x509_certificate_parse(openssl_read(folder, name), &certificate), "%s", name);
    return certificate;
}

/* "notAfter=Jan  2 03:04:05 2026 GMT" */
static int64_t printed_date(const struct openssl_folder *folder, const char *which) {
    char text[128];
    struct tm date = {0};
    openssl_ask(folder, text, sizeof text, "x509 -in c.der -noout -%s", which);
    const char *value = strchr(text, '=');
    cr_assert_not_null(value);
    cr_assert_not_null(strptime(value + 1, "%b %d %H:%M:%S %Y GMT", &date), "%s", text);
    return (int64_t)timegm(&date);
}

static void expect_same_reading(const struct openssl_folder *folder,
                                const struct x509_certificate *certificate) {
    char printed[1024];
    char hex[128];
    openssl_ask(folder, printed, sizeof printed, "x509 -in c.der -noout -serial");
    base_bytes_to_hex(certificate->serial, hex, sizeof hex);
    const char *expected = strchr(printed, '=');
    cr_assert_not_null(expected);
    /* openssl drops the octet that keeps the number positive. */
    const char *ours = strncmp(hex, "00", 2) == 0 ? hex + 2 : hex;
    cr_expect_eq(strcasecmp(ours, expected + 1), 0, "%s %s", ours, printed);
    cr_expect_eq(certificate->not_before, printed_date(folder, "startdate"));
    cr_expect_eq(certificate->not_after, printed_date(folder, "enddate"));
    openssl_ask(folder, printed, sizeof printed,
                "x509 -in c.der -noout -ext subjectKeyIdentifier | tail -n 1 | tr -d ' :'");
    base_bytes_to_hex(certificate->subject_key_id, hex, sizeof hex);
    cr_expect_eq(strcasecmp(hex, printed), 0, "%s %s", hex, printed);
}

static void expect_usage(const struct openssl_folder *folder,
                         const struct x509_certificate *certificate, size_t usage, bool critical) {
    char printed[512];
    char ours[512];
    openssl_ask(folder, printed, sizeof printed,
                "x509 -in c.der -noout -ext extendedKeyUsage | tail -n 1 | sed 's/^ *//'");
    cr_expect_str_eq(printed, usages[usage].printed);
    x509_eku_to_text(certificate, ours, sizeof ours);
    cr_expect_str_eq(ours, usages[usage].text);
    cr_expect_eq(certificate->eku.critical, critical);
}

Test(x509_openssl, reads_what_openssl_reads) {
    struct openssl_folder folder;
    skip_without_openssl();
    openssl_folder_create(&folder);
    for (size_t i = 0; i < COUNT_OF(usages); i++) {
        char ours[512];
        bool critical = i % 2 == 1;
        make_key(&folder, key_kinds[i % COUNT_OF(key_kinds)]);
        openssl_run(&folder,
                    "req -x509 -key key.pem -subj '/C=XX/O=Test/CN=edge.example.test' -days %zu"
                    " -addext extendedKeyUsage=%s%s -addext subjectAltName=DNS:edge.example.test,"
                    "URI:sip:example.test,IP:127.0.0.1,IP:2001:db8::1"
                    " -addext keyUsage=digitalSignature,keyAgreement -outform DER -out c.der",
                    i * 4000 + 1, critical ? "critical," : "", usages[i].request);
        struct x509_certificate certificate = read_certificate(&folder, "c.der");
        expect_same_reading(&folder, &certificate);
        expect_usage(&folder, &certificate, i, critical);
        cr_expect_eq(certificate.key_usage,
                     X509_KEY_USAGE_DIGITAL_SIGNATURE | X509_KEY_USAGE_KEY_AGREEMENT);
        x509_name_list(&certificate, ours, sizeof ours);
        cr_expect_str_eq(ours, "DNS:edge.example.test, URI:sip:example.test, IP:127.0.0.1, "
                               "IP:2001:db8::1");
        cr_expect(x509_certificate_common_name(&certificate, ours, sizeof ours));
        cr_expect_str_eq(ours, "edge.example.test");
    }
    openssl_folder_destroy(&folder);
}

Test(x509_openssl, writes_the_pem_that_openssl_writes) {
    struct openssl_folder folder;
    uint8_t text[8192];
    uint8_t back[4096];
    skip_without_openssl();
    openssl_folder_create(&folder);
    make_key(&folder, key_kinds[0]);
    openssl_run(&folder, "req -x509 -key key.pem -subj /CN=x -outform DER -out c.der");
    openssl_run(&folder, "x509 -in c.der -out c.pem");
    struct bytes der = openssl_read(&folder, "c.der");
    struct bytes pem = openssl_read(&folder, "c.pem");
    struct base_buffer out = {.data = text, .capacity = sizeof text};
    struct base_buffer decoded = {.data = back, .capacity = sizeof back};
    cr_assert(x509_pem_write(&out, "CERTIFICATE", der));
    cr_expect(base_bytes_equal(base_buffer_bytes(&out), pem));
    cr_expect_eq(x509_pem_next(&pem, "CERTIFICATE", &decoded), X509_PEM_BLOCK);
    cr_expect(base_bytes_equal(base_buffer_bytes(&decoded), der));
    openssl_folder_destroy(&folder);
}

static void issue(const struct openssl_folder *folder, const char *name, const char *issuer,
                  const char *extensions) {
    openssl_write(folder, "extensions", extensions);
    openssl_run(folder,
                "req -new -newkey EC -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key -subj "
                "/CN=%s -out %s.csr",
                name, name, name);
    if (strcmp(name, issuer) == 0) {
        openssl_run(folder, "x509 -req -in %s.csr -signkey %s.key -extfile extensions -out %s.pem",
                    name, name, name);
    } else {
        openssl_run(folder,
                    "x509 -req -in %s.csr -CA %s.pem -CAkey %s.key -CAcreateserial -extfile "
                    "extensions -out %s.pem",
                    name, issuer, issuer, name);
    }
    openssl_run(folder, "x509 -in %s.pem -outform DER -out %s.der", name, name);
}

#define IDENTIFIERS "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
#define AUTHORITY   "basicConstraints=critical,CA:TRUE,pathlen:3\nkeyUsage=keyCertSign,cRLSign\n"

Test(x509_openssl, finds_the_path_of_a_real_chain) {
    struct openssl_folder folder;
    skip_without_openssl();
    openssl_folder_create(&folder);
    issue(&folder, "root", "root", AUTHORITY "subjectKeyIdentifier=hash\n");
    issue(&folder, "middle", "root", AUTHORITY IDENTIFIERS);
    issue(&folder, "leaf", "middle", IDENTIFIERS);
    struct x509_certificate leaf = read_certificate(&folder, "leaf.der");
    struct x509_certificate middle = read_certificate(&folder, "middle.der");
    struct x509_certificate root = read_certificate(&folder, "root.der");
    struct x509_path path;
    struct x509_set trust = {&root, 1};
    cr_expect_not(x509_path_build(&leaf, (struct x509_set){&leaf, 1}, trust, &path));
    cr_assert(x509_path_build(&leaf, (struct x509_set){&middle, 1}, trust, &path));
    cr_expect_eq(path.length, 3);
    cr_expect_eq(path.certificates[1], &middle);
    cr_expect_eq(path.certificates[2], &root);
    cr_expect(middle.is_ca);
    cr_expect_eq(middle.path_length, 3);
    cr_expect_eq(middle.key_usage, X509_KEY_USAGE_CERT_SIGN | X509_KEY_USAGE_CRL_SIGN);
    openssl_folder_destroy(&folder);
}

Test(x509_openssl, reads_a_revocation_list) {
    struct openssl_folder folder;
    struct x509_crl crl;
    skip_without_openssl();
    openssl_folder_create(&folder);
    issue(&folder, "root", "root", AUTHORITY "subjectKeyIdentifier=hash\n");
    openssl_write(&folder, "config",
                  "[ca]\ndefault_ca=d\n[d]\ndatabase=index\ndefault_md=sha256\ncrlnumber=number\n"
                  "crl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n");
    openssl_write(&folder, "number", "01\n");
    openssl_write(&folder, "index",
                  "R\t301231235959Z\t200101000000Z\t1122\tunknown\t/CN=a\n"
                  "R\t301231235959Z\t200101000000Z,keyCompromise\t46DF76AA000000000029\tunknown\t"
                  "/CN=b\n"
                  "V\t301231235959Z\t\t33\tunknown\t/CN=c\n");
    openssl_run(&folder, "ca -gencrl -config config -cert root.pem -keyfile root.key -crldays 7 "
                         "-out list.pem");
    openssl_run(&folder, "crl -in list.pem -outform DER -out list.der");
    cr_assert(x509_crl_parse(openssl_read(&folder, "list.der"), &crl));
    static const char *const expected[] = {"1122", "46df76aa000000000029"};
    struct bytes rest = crl.revoked;
    struct bytes serial;
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        char hex[64];
        cr_assert(x509_crl_next(&rest, &serial));
        base_bytes_to_hex(serial, hex, sizeof hex);
        cr_expect_str_eq(hex, expected[i]);
    }
    cr_expect_not(x509_crl_next(&rest, &serial));
    cr_expect_eq(crl.next_update - crl.this_update, 7 * 86400);
    struct x509_certificate root = read_certificate(&folder, "root.der");
    cr_expect(base_bytes_equal(crl.issuer, root.subject));
    openssl_folder_destroy(&folder);
}
