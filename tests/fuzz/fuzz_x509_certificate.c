/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that the room does with octets from anyone: certificate, names, path, CRL, PEM. */
#include "x509_certificate.h"
#include "x509_crl.h"
#include "x509_name.h"
#include "x509_path.h"
#include "x509_pem.h"

#include <stdlib.h>
#include <string.h>

#define DECODED_MAX 16384

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds) {
        abort();
    }
}

static bool lies_in(struct bytes span, struct bytes area) {
    return span.length == 0 || (span.data >= area.data && span.length <= area.length &&
                                span.data - area.data <= (ptrdiff_t)(area.length - span.length));
}

static void use_certificate(struct bytes der) {
    struct x509_certificate certificate;
    struct x509_path path;
    char text[256];
    if (!x509_certificate_parse(der, &certificate)) {
        return;
    }
    require(lies_in(certificate.tbs, der) && lies_in(certificate.serial, certificate.tbs) &&
            lies_in(certificate.public_key, certificate.tbs) &&
            lies_in(certificate.alt_names, certificate.tbs) &&
            lies_in(certificate.eku_list, certificate.tbs));
    require(certificate.serial.length > 0);
    x509_eku_to_text(&certificate, text, sizeof text);
    x509_name_list(&certificate, text, sizeof text);
    require(strlen(text) < sizeof text);
    require(!x509_name_matches(&certificate, "") && !x509_name_matches(&certificate, "*.test"));
    x509_name_matches(&certificate, "edge.test");
    x509_name_matches(&certificate, "127.0.0.1");
    x509_name_matches(&certificate, "::1");
    if (x509_certificate_common_name(&certificate, text, sizeof text)) {
        require(strlen(text) < sizeof text);
    }
    struct x509_set itself = {&certificate, 1};
    bool found = x509_path_build(&certificate, itself, itself, &path);
    require(found == base_bytes_equal(certificate.subject, certificate.issuer));
    require(!found || (path.length == 1 && path.certificates[0] == &certificate));
}

static void use_crl(struct bytes der) {
    struct x509_crl crl;
    struct bytes serial;
    if (!x509_crl_parse(der, &crl)) {
        return;
    }
    require(lies_in(crl.tbs, der) && lies_in(crl.revoked, crl.tbs));
    struct bytes rest = crl.revoked;
    while (x509_crl_next(&rest, &serial)) {
        require(serial.length > 0 && lies_in(serial, crl.revoked));
    }
    require(rest.length == 0);
}

/* What was decoded is read too, and comes back the same after being written. */
static void use_pem(struct bytes text, const char *label, void (*use)(struct bytes)) {
    static uint8_t decoded[DECODED_MAX];
    static uint8_t written[2 * DECODED_MAX];
    static uint8_t decoded_again[DECODED_MAX];
    for (;;) {
        struct base_buffer out = {.data = decoded, .capacity = sizeof decoded};
        struct base_buffer pem = {.data = written, .capacity = sizeof written};
        struct base_buffer again = {.data = decoded_again, .capacity = sizeof decoded_again};
        enum x509_pem_result result = x509_pem_next(&text, label, &out);
        if (result == X509_PEM_END) {
            return;
        }
        if (result == X509_PEM_MALFORMED) {
            require(out.length == 0);
            continue;
        }
        use(base_buffer_bytes(&out));
        require(x509_pem_write(&pem, label, base_buffer_bytes(&out)));
        struct bytes rest = base_buffer_bytes(&pem);
        require(x509_pem_next(&rest, label, &again) == X509_PEM_BLOCK);
        require(base_bytes_equal(base_buffer_bytes(&out), base_buffer_bytes(&again)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bytes input = base_bytes(data, size);
    use_certificate(input);
    use_crl(input);
    use_pem(input, "CERTIFICATE", use_certificate);
    use_pem(input, "X509 CRL", use_crl);
    return 0;
}
