/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_inspection_internal.h"

#include "node_store_rule.h"
#include "tls_judge.h"

#include <assert.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* An upload: judged by the rule that `ekuload store` goes by. */
static const struct upload_row {
    const char *key;
    const char *where;
    const char *product;
    const char *release;
    enum node_store_role role;
    const char *hint_when_usages_fail;
} upload_rows[] = {
    {.key = "upload_client_store",
     .where = "client store, upload",
     .product = "expressway-e",
     .release = "x15.5",
     .role = NODE_STORE_CLIENT,
     .hint_when_usages_fail =
         "a server store upload with \"Upload server certificate file as client "
         "certificate\" puts it there all the same"},
    {.key = "upload_server_store",
     .where = "server store, upload",
     .product = "expressway-e",
     .release = "x15.5",
     .role = NODE_STORE_SERVER},
    {.key = "upload_x15_4_e",
     .where = "x15.4 Expressway-E, upload",
     .product = "expressway-e",
     .release = "x15.4",
     .role = NODE_STORE_SERVER,
     .hint_when_usages_fail = "accepted after xConfiguration XCP TLS Certificate CVS "
                              "EnableServerEkuUpload: On"},
    {.key = "upload_x15_4_c",
     .where = "x15.4 Expressway-C, upload",
     .product = "expressway-c",
     .release = "x15.4",
     .role = NODE_STORE_SERVER,
     .hint_when_usages_fail = "only Expressway-E has the switch EnableServerEkuUpload"},
};

static const char wrong_purpose[] = "unsupported certificate purpose (alert 43, "
                                    "unsupported_certificate)";

static const char unverified[] = "how the product reads the extension with the mode Off is not "
                                 "verified";

/* A connection: judged by the one judge. */
static const struct link_row {
    const char *key;
    const char *where;
    struct tls_judge_rules rules;
    const char *sentence; /* instead of the fault's */
    const char *hint;
    bool hint_counts_always; /* else when it is refused */
} link_rows[] = {
    {.key = "initiator_on",
     .where = "initiator, EKU checking On",
     .rules = {TLS_ROLE_CLIENT, TLS_EKU_EXPRESSWAY, NULL}},
    {.key = "initiator_off",
     .where = "initiator, Off: server-or-client",
     .rules = {TLS_ROLE_CLIENT, TLS_EKU_SERVER_OR_CLIENT, NULL},
     .hint = unverified,
     .hint_counts_always = true},
    {.key = "initiator_off_any",
     .where = "initiator, Off: any",
     .rules = {TLS_ROLE_CLIENT, TLS_EKU_ANY, NULL},
     .hint = unverified,
     .hint_counts_always = true},
    {.key = "initiator_off_server_if_present",
     .where = "initiator, Off: server-if-present",
     .rules = {TLS_ROLE_CLIENT, TLS_EKU_SERVER_IF_PRESENT, NULL},
     .hint = unverified,
     .hint_counts_always = true},
    {.key = "initiator_pkix",
     .where = "initiator, policy pkix",
     .rules = {TLS_ROLE_CLIENT, TLS_EKU_PKIX, NULL}},
    {.key = "initiator_rfc5924",
     .where = "initiator, policy rfc5924",
     .rules = {TLS_ROLE_CLIENT, TLS_EKU_RFC5924, NULL}},
    {.key = "tunnel",
     .where = "SSH tunnel, port 2222",
     .rules = {TLS_ROLE_CLIENT, TLS_EKU_EXPRESSWAY, NULL},
     .sentence = "Permission denied",
     .hint = "clientAuth is demanded there whatever the mode"},
    {.key = "acceptor", .where = "acceptor", .rules = {TLS_ROLE_SERVER, TLS_EKU_EXPRESSWAY, NULL}},
};

_Static_assert(COUNT(upload_rows) + COUNT(link_rows) <= NODE_INSPECTION_ROWS_MAX,
               "a row more needs room");

static const char *sentence_of_untrusted(const struct x509_path *path) {
    const struct x509_certificate *last = path->certificates[path->length - 1];
    if (!base_bytes_equal(last->subject, last->issuer)) {
        return "unable to get issuer certificate (alert 48, unknown_ca)";
    }
    return path->length > 1 ? "self signed certificate in certificate chain (alert 48, unknown_ca)"
                            : "self signed certificate (alert 48, unknown_ca)";
}

/* The judge refused an authority of a path that is complete. */
static const char *sentence_of_authority(const struct x509_path *path) {
    return node_inspection_finds_no_authority(path) != 0
               ? "invalid CA certificate (alert 48, unknown_ca)"
               : "path length constraint exceeded (alert 48, unknown_ca)";
}

/* As products on OpenSSL log it, with the alert that they send. */
static const char *sentence_of(enum fault fault, const struct node_inspection *inspection) {
    const struct x509_path *path = &inspection->path;
    switch (fault) {
    case FAULT_TLS_PEER_EKU:
        return wrong_purpose;
    case FAULT_TLS_PEER_KEY_USAGE:
        return node_inspection_finds_no_authority(path) != 0 ? sentence_of_authority(path)
                                                             : wrong_purpose;
    case FAULT_TLS_PEER_EXPIRED:
        return "certificate has expired (alert 45, certificate_expired)";
    case FAULT_TLS_PEER_NOT_YET_VALID:
        return "certificate is not yet valid (alert 42, bad_certificate)";
    case FAULT_TLS_PEER_REVOKED:
        return "certificate revoked (alert 44, certificate_revoked)";
    case FAULT_TLS_PEER_CHAIN_INCOMPLETE:
        return "unable to get local issuer certificate (alert 48, unknown_ca)";
    case FAULT_TLS_PEER_UNTRUSTED:
        return inspection->chain_fault == FAULT_TLS_PEER_UNTRUSTED ? sentence_of_untrusted(path)
                                                                   : sentence_of_authority(path);
    case FAULT_TLS_PEER_BAD_CERTIFICATE:
        return "certificate signature failure (alert 51, decrypt_error)";
    default:
        return base_fault_text(fault);
    }
}

/* What cannot be checked here is not held against it. */
static enum fault fault_of_link(const struct node_inspection *inspection,
                                const struct tls_judge_rules *rules,
                                const struct tls_trust *trust) {
    bool leaf_checked;
    bool chain_is_good =
        inspection->chain_fault == FAULT_NONE || inspection->chain_fault == FAULT_LOCAL_ERROR;
    return chain_is_good ? tls_judge_path(rules, &inspection->path, trust, &leaf_checked)
                         : inspection->chain_fault;
}

static void fill_link(struct node_inspection_row *out, const struct link_row *row,
                      const struct node_inspection *inspection, const struct tls_trust *trust) {
    bool leaf_checked;
    out->key = row->key;
    out->where = row->where;
    out->fault = fault_of_link(inspection, &row->rules, trust);
    out->accepted = out->fault == FAULT_NONE;
    out->hint = row->hint_counts_always || !out->accepted ? row->hint : NULL;
    out->purpose_accepted =
        tls_judge_path(&row->rules, &inspection->path, NULL, &leaf_checked) == FAULT_NONE;
    if (!out->accepted) {
        snprintf(out->sentence, sizeof out->sentence, "%s",
                 row->sentence != NULL ? row->sentence : sentence_of(out->fault, inspection));
    }
}

static void fill_upload(struct node_inspection_row *out, const struct upload_row *row,
                        const struct node_inspection_case *subject) {
    const struct x509_certificate *leaf = &subject->chain.certificates[0];
    struct node_store_upload upload = {
        .product = profile_product_find(row->product, row->release),
        .role = row->role,
        .certificate_path = "the certificate",
        .now = leaf->not_after,
    };
    struct base_error error;
    assert(upload.product != NULL);
    out->key = row->key;
    out->where = row->where;
    out->purpose_accepted = node_store_rule_check_leaf(&upload, leaf, &error);
    upload.now = subject->now_s;
    out->accepted = node_store_rule_check_leaf(&upload, leaf, &error);
    if (!out->accepted) {
        snprintf(out->sentence, sizeof out->sentence, "%.255s", error.text);
        out->hint = out->purpose_accepted ? NULL : row->hint_when_usages_fail;
    }
}

void node_inspection_fill_rows(struct node_inspection *out,
                               const struct node_inspection_case *subject) {
    for (size_t i = 0; i < COUNT(upload_rows); i++) {
        fill_upload(&out->rows[out->row_count++], &upload_rows[i], subject);
    }
    for (size_t i = 0; i < COUNT(link_rows); i++) {
        fill_link(&out->rows[out->row_count++], &link_rows[i], out, subject->trust);
    }
}
