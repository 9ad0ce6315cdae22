/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_eku.h"

#include "x509_der.h"
#include "x509_oid.h"

#include <string.h>

#define ID_KP       "\x2b\x06\x01\x05\x05\x07\x03" /* 1.3.6.1.5.5.7.3 */
#define OID(octets) (octets), sizeof(octets) - 1

static const struct usage_row {
    const char *oid;
    size_t oid_length;
    unsigned usage;
    const char *name;
} usage_rows[] = {
    {OID(ID_KP "\x01"), X509_USAGE_SERVER_AUTH, "serverAuth"},
    {OID(ID_KP "\x02"), X509_USAGE_CLIENT_AUTH, "clientAuth"},
    {OID("\x55\x1d\x25\x00"), X509_USAGE_ANY, "any"},
    {OID(ID_KP "\x14"), X509_USAGE_SIP_DOMAIN, "sipDomain"},
    {OID(ID_KP "\x03"), X509_USAGE_CODE_SIGNING, "codeSigning"},
    {OID(ID_KP "\x04"), X509_USAGE_EMAIL_PROTECTION, "emailProtection"},
    {OID(ID_KP "\x08"), X509_USAGE_TIME_STAMPING, "timeStamping"},
    {OID(ID_KP "\x09"), X509_USAGE_OCSP_SIGNING, "OCSPSigning"},
    {OID("\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03"), X509_USAGE_SGC, "msSGC"},
    {OID("\x60\x86\x48\x01\x86\xf8\x42\x04\x01"), X509_USAGE_SGC, "nsSGC"},
};

/* NULL for an OID that we have no name for. */
static const struct usage_row *row_of(struct bytes oid) {
    for (size_t i = 0; i < sizeof usage_rows / sizeof usage_rows[0]; i++) {
        const struct usage_row *row = &usage_rows[i];
        /* The last octet tells most of them apart. */
        if (row->oid_length == oid.length &&
            (uint8_t)row->oid[oid.length - 1] == oid.data[oid.length - 1] &&
            memcmp(row->oid, oid.data, oid.length) == 0) {
            return row;
        }
    }
    return NULL;
}

bool x509_eku_usages(struct bytes list, unsigned *usages) {
    *usages = 0;
    while (list.length > 0) {
        struct bytes oid;
        if (!x509_der_take(&list, X509_DER_OID, &oid) || oid.length == 0) {
            return false;
        }
        const struct usage_row *row = row_of(oid);
        if (row == NULL && !x509_der_oid_is_valid(oid)) {
            return false;
        }
        *usages |= row != NULL ? row->usage : X509_USAGE_OTHER;
    }
    return true;
}

void x509_eku_to_text(const struct x509_certificate *certificate, char *out, size_t out_size) {
    struct x509_text text = x509_text_start(out, out_size);
    struct bytes list = certificate->eku_list;
    struct bytes oid;
    if (!certificate->eku.present) {
        x509_text_put(&text, "none");
        return;
    }
    while (x509_der_take(&list, X509_DER_OID, &oid) && oid.length > 0) {
        size_t mark = text.length;
        const struct usage_row *row = row_of(oid);
        if (!x509_text_put(&text, mark > 0 ? ", " : "") ||
            !(row != NULL ? x509_text_put(&text, row->name) : x509_oid_put_dotted(&text, oid))) {
            x509_text_cut(&text, mark);
            return;
        }
    }
}
