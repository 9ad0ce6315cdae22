/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_INSPECTION_H
#define NODE_INSPECTION_H

#include "base_fault.h"
#include "tls_trust.h"
#include "x509_path.h"

#include <stdbool.h>
#include <stdint.h>

#define NODE_INSPECTION_TEXT_SIZE 640

/* A place where a certificate is put to use, and what becomes of it there. */
struct node_inspection_row {
    const char *key;   /* stable: "upload_client_store", "initiator_on", "acceptor" ... */
    const char *where; /* for people */
    bool accepted;
    bool purpose_accepted; /* the same, if chain and dates were good: usages alone */
    enum fault fault;      /* why a TLS peer refuses it; NONE when accepted, and for uploads */
    char sentence[256];    /* what the product shows; "" when accepted */
    const char *hint;      /* what else to know of this row; NULL: nothing */
};
#define NODE_INSPECTION_ROWS_MAX 12

/* Something to know about the certificate, or to mend. */
struct node_inspection_note {
    const char *key; /* stable: "expired", "restricted_authority" ... */
    char sentence[NODE_INSPECTION_TEXT_SIZE];
};
#define NODE_INSPECTION_NOTES_MAX 24

/* What the end of clientAuth in public certificates does to the renewal of this one. */
struct node_inspection_sunset {
    const char *authority;  /* "DigiCert" ...; NULL: none that is known by name */
    int64_t date;           /* seconds since 1970: issued from then on it lacks clientAuth */
    bool loses_client_auth; /* it has clientAuth, and a renewal after that date has not */
    bool only_if_public;    /* nobody can tell from the certificate whether its issuer is */
    char sentence[NODE_INSPECTION_TEXT_SIZE];
};

struct node_inspection {
    struct x509_path path;  /* leaf first, as far as it leads; borrowed from chain and trust */
    bool trust_given;       /* false: as if far ends trusted the last certificate of the path */
    bool trusted;           /* the path ends in the trust */
    enum fault chain_fault; /* what is wrong with path, dates or signatures */
    struct node_inspection_row rows[NODE_INSPECTION_ROWS_MAX];
    unsigned row_count;
    struct node_inspection_note notes[NODE_INSPECTION_NOTES_MAX];
    unsigned note_count;
    struct node_inspection_sunset sunset;
};

/*
 * What a node can do with this certificate: each row is decided by the rule that decides about
 * uploads and by the judge that decides about connections. `chain`: the certificate first, then
 * what is sent along, at least one. `trust`: of the far end; NULL: unknown. Both outlive `out`.
 */
void node_inspect(struct node_inspection *out, struct x509_set chain, const struct tls_trust *trust,
                  int64_t now_s);

#endif
