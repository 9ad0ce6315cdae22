/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_certificates.h"
#include "x509_pem.h"

#include <stdlib.h>
#include <string.h>

static bool out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "no memory for certificates");
}

/* Upper bound of the blocks in a text: what the array is sized by. */
static unsigned count_blocks(struct bytes text) {
    static const char begin[] = "-----BEGIN ";
    unsigned count = 0;
    while (text.length >= sizeof begin - 1) {
        const uint8_t *found = memmem(text.data, text.length, begin, sizeof begin - 1);
        if (found == NULL) {
            break;
        }
        count++;
        text = base_bytes_after(text, (size_t)(found - text.data) + sizeof begin - 1);
    }
    return count;
}

static bool read_blocks(struct tls_certificates *out, struct tls_pem pem,
                        struct base_error *error) {
    struct bytes rest = pem.text;
    for (;;) {
        size_t start = out->der.length;
        enum x509_pem_result result = x509_pem_next(&rest, "CERTIFICATE", &out->der);
        if (result == X509_PEM_END) {
            return true;
        }
        if (result == X509_PEM_MALFORMED) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s: certificate %u is not well-formed PEM", pem.name,
                                  out->count + 1);
        }
        struct bytes der = base_bytes(out->der.data + start, out->der.length - start);
        if (!x509_certificate_parse(der, &out->certificates[out->count])) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s: certificate %u is not a well-formed X.509 certificate",
                                  pem.name, out->count + 1);
        }
        out->count++;
    }
}

bool tls_certificates_init(struct tls_certificates *out, struct tls_pem pem,
                           struct base_error *error) {
    *out = (struct tls_certificates){0};
    if (pem.text.length == 0) {
        return true;
    }
    /* A SEQUENCE where text should be. */
    if (pem.text.data[0] == 0x30) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s is DER; PEM was expected (openssl x509 -inform DER converts a "
                              "certificate, openssl pkcs12 -nodes a PKCS#12 file)",
                              pem.name);
    }
    out->der = (struct base_buffer){.data = malloc(pem.text.length), .capacity = pem.text.length};
    out->certificates = calloc(count_blocks(pem.text) + 1U, sizeof *out->certificates);
    if (out->der.data == NULL || out->certificates == NULL) {
        return out_of_memory(error);
    }
    if (!read_blocks(out, pem, error)) {
        return false;
    }
    if (out->count == 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s holds no certificate in PEM form",
                              pem.name);
    }
    return true;
}

void tls_certificates_finish(struct tls_certificates *certificates) {
    free(certificates->certificates);
    free(certificates->der.data);
    *certificates = (struct tls_certificates){0};
}
