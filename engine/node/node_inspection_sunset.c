/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_inspection_internal.h"

#include "x509_distinguished.h"

#include <stdio.h>
#include <string.h>

/* Who stops issuing clientAuth when, by the organisation in the issuers' names. */
static const struct authority_row {
    const char *organisation; /* NULL: any other */
    int64_t date;
    const char *who;
} authority_rows[] = {
    {"Let's Encrypt", INT64_C(1783468800) /* 2026-07-08 */, "Let's Encrypt"},
    {"Sectigo", INT64_C(1802217600) /* 2027-02-10 */, "Sectigo"},
    {"DigiCert", INT64_C(1803859200) /* 2027-03-01 */, "DigiCert"},
    {NULL, INT64_C(1805068800) /* 2027-03-15 */,
     "if its issuer is a public authority: the Chrome Root Program (policy 1.8)"},
};
#define ANY_OTHER (&authority_rows[sizeof authority_rows / sizeof authority_rows[0] - 1])

static const struct authority_row *row_of_name(struct bytes name) {
    char organisation[128];
    if (!x509_distinguished_find(name, "O", organisation, sizeof organisation)) {
        return ANY_OTHER;
    }
    for (const struct authority_row *row = authority_rows; row != ANY_OTHER; row++) {
        if (strcasestr(organisation, row->organisation) != NULL) {
            return row;
        }
    }
    return ANY_OTHER;
}

/* The nearest issuer that is known by name. */
static const struct authority_row *row_of_path(const struct x509_path *path) {
    for (unsigned i = 0; i < path->length; i++) {
        const struct authority_row *row = row_of_name(path->certificates[i]->issuer);
        if (row != ANY_OTHER) {
            return row;
        }
    }
    return ANY_OTHER;
}

static void say_nothing_to_lose(struct node_inspection_sunset *out,
                                const struct x509_certificate *leaf) {
    snprintf(out->sentence, sizeof out->sentence, "%s",
             leaf->eku.present
                 ? "nothing more to lose: it has no clientAuth, as public certificates will have "
                   "none"
                 : "it has no extended key usage, which no public authority issues: the dates are "
                   "not this one's, unless a public certificate replaces it");
}

static void say_what_is_lost(struct node_inspection_sunset *out, const struct authority_row *row,
                             const struct x509_certificate *leaf, int64_t now_s) {
    char date[X509_DATE_SIZE];
    char not_after[X509_DATE_SIZE];
    bool has_server_auth = (leaf->eku.usages & X509_USAGE_SERVER_AUTH) != 0;
    bool over = now_s >= row->date;
    x509_date_to_text(row->date, date);
    x509_date_to_text(leaf->not_after, not_after);
    snprintf(out->sentence, sizeof out->sentence,
             "%s %s clientAuth on %.10s: %s %s. This certificate keeps it until it expires on "
             "%.10s%s. What a renewal without clientAuth breaks: uploads to a client store, links "
             "that the node opens to whoever checks the EKU (Expressway with the mode On), SSH "
             "tunnels (2222)",
             row->who, over ? "ended" : "ends", date,
             over ? "the next renewal" : "a renewal from then on",
             has_server_auth ? "has serverAuth alone" : "is not to be had as it is", not_after,
             !over && leaf->not_after < row->date
                 ? "; the renewal that is due by then may still have it, the one after it has not"
                 : "");
}

void node_inspection_fill_sunset(struct node_inspection *out,
                                 const struct node_inspection_case *subject) {
    const struct x509_certificate *leaf = &subject->chain.certificates[0];
    const struct authority_row *row = row_of_path(&out->path);
    struct node_inspection_sunset *sunset = &out->sunset;
    if (base_bytes_equal(leaf->subject, leaf->issuer)) {
        snprintf(sunset->sentence, sizeof sunset->sentence,
                 "it is self-signed: no public authority's date counts");
        return;
    }
    sunset->authority = row->organisation;
    sunset->date = row->date;
    sunset->only_if_public = row == ANY_OTHER;
    sunset->loses_client_auth =
        leaf->eku.present && (leaf->eku.usages & X509_USAGE_CLIENT_AUTH) != 0;
    if (sunset->loses_client_auth) {
        say_what_is_lost(sunset, row, leaf, subject->now_s);
    } else {
        say_nothing_to_lose(sunset, leaf);
    }
}
