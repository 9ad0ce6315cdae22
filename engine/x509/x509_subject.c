/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_certificate.h"
#include "x509_distinguished.h"

bool x509_certificate_common_name(const struct x509_certificate *certificate, char *out,
                                  size_t out_size) {
    return x509_distinguished_find(certificate->subject, "CN", out, out_size);
}

void x509_serial_to_text(const struct x509_certificate *certificate, char *out, size_t out_size) {
    struct bytes serial = certificate->serial;
    if (serial.length > 1 && serial.data[0] == 0) {
        serial = base_bytes_after(serial, 1);
    }
    base_bytes_to_hex(serial, out, out_size);
}
