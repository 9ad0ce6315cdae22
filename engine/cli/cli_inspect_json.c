/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_inspect.h"

#include "x509_distinguished.h"
#include "x509_key.h"
#include "x509_name.h"
#include "x509_signature.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_PER_DAY 86400
#define NAMES_SIZE      65536
#define TEXT_SIZE       4096

/* JSON takes UTF-8 alone; the name of a file may be anything. */
static json_t *text_of(const char *text) {
    if (text == NULL) {
        return json_null();
    }
    json_t *value = json_string(text);
    if (value != NULL) {
        return value;
    }
    char *copy = cli_inspect_text("%s", text);
    for (char *c = copy; *c != '\0'; c++) {
        *c = (unsigned char)*c > 0x7e ? '?' : *c;
    }
    value = json_string(copy);
    free(copy);
    return value;
}

static json_t *text_or_null(const char *text) {
    return text_of(text[0] == '\0' ? NULL : text);
}

static void set(json_t *object, const char *key, json_t *value) {
    json_object_set_new(object, key, value);
}

/* "a, b" as ["a", "b"]: no item has a comma and a blank inside. */
static json_t *list_of(const char *text) {
    json_t *list = json_array();
    while (*text != '\0') {
        const char *end = strstr(text, ", ");
        size_t length = end == NULL ? strlen(text) : (size_t)(end - text);
        char *item = cli_inspect_text("%.*s", (int)length, text);
        json_array_append_new(list, text_of(item));
        free(item);
        text += length + (end == NULL ? 0 : 2);
    }
    return list;
}

static json_t *name_of(struct bytes name) {
    char text[TEXT_SIZE];
    x509_distinguished_to_text(name, text, sizeof text);
    return text_of(text);
}

static json_t *date_of(int64_t seconds) {
    char text[X509_DATE_SIZE];
    x509_date_to_text(seconds, text);
    return text_of(text);
}

static json_t *usages_of(const struct x509_certificate *certificate) {
    char text[TEXT_SIZE];
    if (!certificate->eku.present) {
        return json_null();
    }
    x509_eku_to_text(certificate, text, sizeof text);
    return list_of(text);
}

static void describe(json_t *object, const struct x509_certificate *certificate, int64_t now_s) {
    char text[TEXT_SIZE];
    char *names = cli_inspect_grow(NULL, 1, NAMES_SIZE);
    set(object, "subject", name_of(certificate->subject));
    x509_name_list(certificate, names, NAMES_SIZE);
    set(object, "names", list_of(names));
    free(names);
    set(object, "issuer", name_of(certificate->issuer));
    x509_serial_to_text(certificate, text, sizeof text);
    set(object, "serial", text_of(text));
    set(object, "not_before", date_of(certificate->not_before));
    set(object, "not_after", date_of(certificate->not_after));
    set(object, "days_left", json_integer((certificate->not_after - now_s) / SECONDS_PER_DAY));
    x509_key_to_text(certificate, text, sizeof text);
    set(object, "key", text_of(text));
    x509_signature_to_text(certificate, text, sizeof text);
    set(object, "signature", text_of(text));
    set(object, "eku", usages_of(certificate));
    set(object, "eku_critical", json_boolean(certificate->eku.critical));
    set(object, "is_authority", json_boolean(certificate->is_ca));
}

static json_t *certificate_of(const struct x509_certificate *certificate, int64_t now_s) {
    json_t *object = json_object();
    describe(object, certificate, now_s);
    return object;
}

static json_t *row_of(const struct node_inspection_row *row) {
    json_t *object = json_object();
    set(object, "where", text_of(row->where));
    set(object, "accepted", json_boolean(row->accepted));
    set(object, "usages_accepted", json_boolean(row->purpose_accepted));
    set(object, "fault", text_of(base_fault_key(row->fault)));
    set(object, "sentence", text_or_null(row->sentence));
    set(object, "hint", text_of(row->hint));
    return object;
}

static json_t *sunset_of(const struct node_inspection_sunset *sunset) {
    json_t *object = json_object();
    set(object, "authority", text_of(sunset->authority));
    set(object, "date", sunset->date == 0 ? json_null() : date_of(sunset->date));
    set(object, "loses_client_auth", json_boolean(sunset->loses_client_auth));
    set(object, "only_if_public", json_boolean(sunset->only_if_public));
    set(object, "sentence", text_of(sunset->sentence));
    return object;
}

static void judge(json_t *object, const struct node_inspection *inspection, int64_t now_s) {
    json_t *path = json_array();
    json_t *uses = json_object();
    json_t *notes = json_array();
    for (unsigned i = 1; i < inspection->path.length; i++) {
        json_array_append_new(path, certificate_of(inspection->path.certificates[i], now_s));
    }
    for (unsigned i = 0; i < inspection->row_count; i++) {
        set(uses, inspection->rows[i].key, row_of(&inspection->rows[i]));
    }
    for (unsigned i = 0; i < inspection->note_count; i++) {
        json_t *note = json_object();
        set(note, "key", text_of(inspection->notes[i].key));
        set(note, "sentence", text_of(inspection->notes[i].sentence));
        json_array_append_new(notes, note);
    }
    set(object, "chain", path);
    set(object, "trusted",
        inspection->trust_given ? json_boolean(inspection->trusted) : json_null());
    set(object, "chain_fault", text_of(base_fault_key(inspection->chain_fault)));
    set(object, "uses", uses);
    set(object, "sunset", sunset_of(&inspection->sunset));
    set(object, "notes", notes);
}

static const char *store_key(enum node_store_role store) {
    return store == NODE_STORE_SERVER ? "server" : store == NODE_STORE_CLIENT ? "client" : NULL;
}

static json_t *key_of(const struct cli_inspect_chain *chain) {
    if (chain->key_name == NULL) {
        return json_null();
    }
    json_t *object = json_object();
    bool belongs = chain->key_trouble.kind == BASE_ERROR_NONE;
    set(object, "file", text_of(chain->key_name));
    set(object, "belongs", json_boolean(belongs));
    set(object, "sentence", belongs ? json_null() : text_of(chain->key_trouble.text));
    return object;
}

static json_t *chain_of(const struct cli_inspect_chain *chain, unsigned index, int64_t now_s) {
    json_t *object = json_object();
    set(object, "file", text_of(chain->name));
    set(object, "form", text_of(chain->was_der ? "der" : "pem"));
    set(object, "store", text_of(store_key(chain->store)));
    set(object, "private_key", key_of(chain));
    describe(object, &chain->certificates.certificates[index], now_s);
    if (chain->inspection != NULL) {
        judge(object, chain->inspection, now_s);
    }
    return object;
}

static json_t *target_of(const struct cli_inspect_target *target, int64_t now_s) {
    json_t *object = json_object();
    json_t *certificates = json_array();
    json_t *errors = json_array();
    bool has_two_stores;
    bool same = cli_inspect_same_certificate(target, &has_two_stores);
    for (unsigned i = 0; i < target->chain_count; i++) {
        const struct cli_inspect_chain *chain = &target->chains[i];
        for (unsigned j = 0; j < (chain->is_list ? chain->certificates.count : 1); j++) {
            json_array_append_new(certificates, chain_of(chain, j, now_s));
        }
    }
    for (unsigned i = 0; i < target->complaint_count; i++) {
        json_array_append_new(errors, text_of(target->complaints[i]));
    }
    set(object, "name", text_of(target->name));
    set(object, "kind", text_of(target->kind));
    set(object, "trust", text_of(target->trust_name));
    set(object, "same_certificate", has_two_stores ? json_boolean(same) : json_null());
    set(object, "certificates", certificates);
    set(object, "errors", errors);
    return object;
}

bool cli_inspect_print_json(const struct cli_inspect_list *list, int64_t now_s, FILE *out) {
    json_t *document = json_object();
    json_t *targets = json_array();
    for (unsigned i = 0; i < list->count; i++) {
        json_array_append_new(targets, target_of(&list->targets[i], now_s));
    }
    set(document, "schema", text_of("ekuload/inspect/1"));
    set(document, "at", date_of(now_s));
    set(document, "targets", targets);
    bool good = json_dumpf(document, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0 &&
                fputc('\n', out) != EOF;
    json_decref(document);
    return good;
}
