/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_inspect.h"

#include "x509_pem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define DER_SEQUENCE   0x30
#define BEGIN          "-----BEGIN CERTIFICATE-----"

void cli_inspect_wipe(struct base_buffer *text) {
    if (text->data != NULL) {
        /* A certificate's file may hold its private key, too. */
        explicit_bzero(text->data, text->length);
    }
    free(text->data);
    *text = (struct base_buffer){.length = 0};
}

/* Until the end, or one octet past what is allowed. */
static bool fill(struct base_buffer *out, int descriptor) {
    while (out->length < out->capacity) {
        ssize_t count = read(descriptor, out->data + out->length, out->capacity - out->length);
        if (count == 0) {
            return true;
        }
        if (count < 0 && errno != EINTR) {
            return false;
        }
        out->length += count > 0 ? (size_t)count : 0;
    }
    return true;
}

bool cli_inspect_read_file(struct base_buffer *out, const char *path, struct base_error *error) {
    bool is_input = strcmp(path, "-") == 0;
    int descriptor = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    *out = (struct base_buffer){.capacity = FILE_BYTES_MAX + 1};
    out->data = cli_inspect_grow(NULL, 1, out->capacity);
    bool good = descriptor >= 0 && fill(out, descriptor);
    int cause = errno;
    if (descriptor >= 0 && !is_input) {
        close(descriptor);
    }
    if (!good) {
        cli_inspect_wipe(out);
        return base_error_set(error, BASE_ERROR_USAGE, "cannot read %s: %s", path, strerror(cause));
    }
    if (out->length > FILE_BYTES_MAX) {
        cli_inspect_wipe(out);
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s is larger than 4 MiB: no file of certificates", path);
    }
    return true;
}

/* What people give instead of a certificate. The first row that is found counts. */
static const struct material_row {
    const char *marker;
    const char *sentence;
} material_rows[] = {
    {"-----BEGIN CERTIFICATE REQUEST-----", "holds a certificate request, not a certificate"},
    {"-----BEGIN NEW CERTIFICATE REQUEST-----", "holds a certificate request, not a certificate"},
    {"PRIVATE KEY-----", "holds a private key, not a certificate"},
    {"-----BEGIN PUBLIC KEY-----", "holds a public key, not a certificate"},
    {"-----BEGIN X509 CRL-----", "holds a revocation list, not a certificate"},
    {"-----BEGIN PKCS7-----", "holds PKCS#7: `openssl pkcs7 -print_certs` converts it"},
    {"-----BEGIN TRUSTED CERTIFICATE-----",
     "holds OpenSSL's trusted form: `openssl x509` converts it"},
};

static bool holds(struct bytes text, const char *marker) {
    return text.length > 0 && memmem(text.data, text.length, marker, strlen(marker)) != NULL;
}

static const struct material_row *find_material(struct bytes text) {
    for (size_t i = 0; i < sizeof material_rows / sizeof *material_rows; i++) {
        if (holds(text, material_rows[i].marker)) {
            return &material_rows[i];
        }
    }
    return NULL;
}

static bool is_der_certificate(struct bytes text) {
    struct x509_certificate certificate;
    return x509_certificate_parse(text, &certificate);
}

enum cli_inspect_text_kind cli_inspect_tell(struct bytes text) {
    if (holds(text, BEGIN) || is_der_certificate(text)) {
        return CLI_INSPECT_CERTIFICATES;
    }
    return find_material(text) != NULL ? CLI_INSPECT_OTHER_MATERIAL : CLI_INSPECT_NOTHING;
}

static bool refuse(const char *name, struct bytes text, struct base_error *error) {
    const struct material_row *material = find_material(text);
    if (text.length == 0) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s is empty: a certificate in PEM or DER form was expected", name);
    }
    if (material != NULL) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s %s", name, material->sentence);
    }
    if (text.data[0] == DER_SEQUENCE) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s is binary, but no certificate in DER form (a PKCS#12 file, a key "
                              "or a request?)",
                              name);
    }
    return base_error_set(error, BASE_ERROR_USAGE,
                          "%s holds no certificate, neither in PEM nor in DER form", name);
}

static void convert(struct cli_inspect_chain *chain, struct base_buffer *der) {
    struct base_buffer pem = {.capacity = der->length * 2 + 256};
    pem.data = cli_inspect_grow(NULL, 1, pem.capacity);
    chain->was_der = x509_pem_write(&pem, "CERTIFICATE", base_buffer_bytes(der));
    cli_inspect_wipe(der);
    chain->text = pem;
}

/* Text before the first block may look like anything, DER included. */
static struct bytes from_first_block(struct bytes text) {
    const uint8_t *found = memmem(text.data, text.length, BEGIN, sizeof BEGIN - 1);
    return found == NULL ? text : base_bytes_after(text, (size_t)(found - text.data));
}

bool cli_inspect_parse(struct cli_inspect_chain *chain, struct base_buffer *text,
                       struct base_error *error) {
    struct bytes octets = base_buffer_bytes(text);
    if (cli_inspect_tell(octets) != CLI_INSPECT_CERTIFICATES) {
        bool good = refuse(chain->name, octets, error);
        cli_inspect_wipe(text);
        return good;
    }
    if (is_der_certificate(octets)) {
        convert(chain, text);
    } else {
        chain->text = *text;
    }
    const struct tls_pem pem = {.text = from_first_block(base_buffer_bytes(&chain->text)),
                                .name = chain->name};
    return tls_certificates_init(&chain->certificates, pem, error);
}

bool cli_inspect_read(struct cli_inspect_chain *chain, const char *path, struct base_error *error) {
    struct base_buffer text;
    return cli_inspect_read_file(&text, path, error) && cli_inspect_parse(chain, &text, error);
}
