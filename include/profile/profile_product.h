/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_PRODUCT_H
#define PROFILE_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

/* Which certificate stores a product has. */
enum profile_product_stores {
    PROFILE_STORES_TWO, /* a server store and a client store */
    PROFILE_STORES_ONE, /* one certificate for both roles */
    PROFILE_STORES_NONE /* an endpoint: presents no certificate, and does not listen */
};

/* What differs between products and releases: a row each, and nowhere else. */
struct profile_product {
    const char *product;     /* the profile's key: "expressway-e" */
    const char *release;     /* "x15.5"; NULL: one row for every release */
    const char *title;       /* for people: "Cisco Expressway-E" */
    const char *log_process; /* the process that writes TLS errors into its event log */
    enum profile_product_stores stores;
    bool is_expressway;
    bool has_eku_switch;         /* xConfiguration ... ExtendedKeyUsage Checking Mode */
    bool has_server_eku_upload;  /* xConfiguration ... EnableServerEkuUpload works */
    bool demands_client_usage;   /* its one store refuses the upload of a certificate without
                                    clientAuth */
    unsigned tls_versions;       /* enum profile_tls_version bits; what it speaks by default */
    const char *const *services; /* of `listeners: default`: keys, NULL at the end */
    const char *unverified;      /* what of this row nobody has verified; NULL: nothing */
};

/* What the product says when a certificate that cannot be a client's is uploaded for one. */
#define PROFILE_STORE_UPLOAD_ERROR                                                                 \
    "Invalid certificate: The file provided does not have a client usage attribute. Services "     \
    "requiring mutual TLS may not work."

/* NULL when there is none. `release` NULL: the newest. */
const struct profile_product *profile_product_find(const char *product, const char *release);

/* The rows, newest release of a product first; NULL at the end of the table. For documentation and
 * error texts. */
const struct profile_product *profile_product_at(uint32_t index);

#endif
