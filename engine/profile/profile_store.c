/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_identities.h"
#include "profile_list.h"
#include "profile_part.h"
#include "profile_value.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct usage_found {
    bool client_auth;
    bool any;
};

static struct usage_found find_usages(const struct profile_eku *eku) {
    struct usage_found found = {0};
    for (uint32_t i = 0; i < eku->usages.count; i++) {
        found.client_auth |= profile_value_is_client_auth(eku->usages.items[i]);
        found.any |= profile_value_is_any_usage(eku->usages.items[i]);
    }
    return found;
}

bool profile_store_read_serial(struct profile_reader *reader, struct profile_tree *value,
                               void *target) {
    struct profile_identity *identity = target;
    return (value->kind == PROFILE_TREE_SCALAR &&
            profile_value_serial(value->text, identity->serial, &identity->serial_length)) ||
           profile_reader_unexpected(reader, value,
                                     "a serial of 1 to 20 octets in hexadecimal such as "
                                     "46:df:76:aa:00:00:00:00:00:29");
}

static bool default_usages(struct profile_reader *reader, struct profile_identity *identity,
                           bool is_clients_too) {
    struct profile_texts *usages = &identity->eku.usages;
    identity->eku.present = true;
    usages->items = profile_reader_array(reader, 2, sizeof *usages->items);
    if (usages->items == NULL || !profile_reader_copy(reader, "serverAuth", &usages->items[0])) {
        return false;
    }
    usages->count = 1;
    if (!is_clients_too) {
        return true;
    }
    usages->count = 2;
    return profile_reader_copy(reader, "clientAuth", &usages->items[1]);
}

static bool default_names(struct profile_reader *reader, struct profile_identity *identity,
                          const struct profile_node *node) {
    identity->names.items = profile_reader_array(reader, 1, sizeof *identity->names.items);
    if (identity->names.items == NULL) {
        return false;
    }
    identity->names.count = 1;
    identity->names.items[0] =
        profile_arena_format(reader->document->arena, "%s.example.test", node->name);
    return identity->names.items[0] != NULL || profile_out_of_memory(reader->error);
}

/* Not without a key; and a public one stopped issuing what would allow client authentication. */
static bool may_issue(const struct profile_reader *reader, const struct profile_tree *at,
                      const struct profile_identity *identity) {
    const struct profile_authority *issuer = &reader->plan->authorities[identity->issuer];
    if (issuer->certificate_path != NULL && issuer->key_path == NULL) {
        return profile_complain(reader->document, at, reader->error,
                                "authority %s cannot issue: it has a cert without its key_file, so "
                                "it can only be trusted",
                                issuer->name);
    }
    struct usage_found found = find_usages(&identity->eku);
    bool allows_client = !identity->eku.present || found.client_auth || found.any;
    if (issuer->kind != PROFILE_AUTHORITY_PUBLIC || !allows_client ||
        (issuer->client_auth_until != 0 && identity->not_before < issuer->client_auth_until)) {
        return true;
    }
    return profile_complain(
        reader->document, at, reader->error,
        "authority %s is public and does not issue certificates that allow client authentication "
        "(%s): ask for serverAuth alone, take an internal authority, or set its client_auth_until "
        "later than not_before",
        issuer->name,
        !identity->eku.present ? "no extended key usage"
        : found.client_auth    ? "clientAuth"
                               : "any");
}

/* What the product asks of an upload; it reads the extension, and an absent one has no such
 * attribute. */
static bool may_upload(const struct profile_reader *reader, const struct profile_tree *at,
                       const struct profile_node *node, enum profile_store_role role,
                       const struct profile_identity *identity) {
    const struct profile_product *product = node->product;
    if (identity->unchecked || find_usages(&identity->eku).client_auth) {
        return true;
    }
    if (role == PROFILE_STORE_CLIENT) {
        return profile_complain(reader->document, at, reader->error, "%s",
                                PROFILE_STORE_UPLOAD_ERROR);
    }
    return !product->demands_client_usage || node->server_eku_upload ||
           profile_complain(reader->document, at, reader->error, "%s %s",
                            PROFILE_STORE_UPLOAD_ERROR,
                            product->has_server_eku_upload
                                ? "(To upload it all the same, set enable_server_eku_upload: on.)"
                                : "(This release takes no other one.)");
}

static bool finish_issued(struct profile_reader *reader, struct profile_tree *value,
                          const struct profile_node *node, enum profile_store_role role,
                          struct profile_identity *identity) {
    const struct profile_tree *eku = profile_tree_find(value, "eku");
    const struct profile_tree *at = eku == NULL ? value : eku;
    bool is_clients_too =
        role == PROFILE_STORE_CLIENT || node->product->stores == PROFILE_STORES_ONE;
    if (identity->issuer == PROFILE_NONE) {
        return profile_complain(
            reader->document, value, reader->error,
            "the key \"issuer\" is missing; or name files by cert and key_file");
    }
    if (identity->key_path != NULL) {
        return profile_complain(reader->document, value, reader->error,
                                "key_file needs its certificate: the key \"cert\" is missing");
    }
    if (identity->serial_length > 0 && identity->count > 1) {
        return profile_complain(reader->document, profile_tree_find(value, "serial"), reader->error,
                                "%u certificates cannot share one serial", identity->count);
    }
    if (identity->not_after <= identity->not_before) {
        return profile_complain(reader->document, value, reader->error,
                                "not_after must be later than not_before");
    }
    if ((eku == NULL && !default_usages(reader, identity, is_clients_too)) ||
        (profile_tree_find(value, "names") == NULL && !default_names(reader, identity, node))) {
        return false;
    }
    return may_issue(reader, at, identity) && may_upload(reader, at, node, role, identity);
}

static const char *const issued_keys[] = {"issuer",    "eku",     "critical", "key",
                                          "names",     "subject", "serial",   "not_before",
                                          "not_after", "revoked", "count",    NULL};

static bool finish_loaded(const struct profile_reader *reader, const struct profile_tree *value,
                          const struct profile_identity *identity) {
    if (identity->key_path == NULL) {
        return profile_complain(reader->document, value, reader->error,
                                "cert needs its private key: the key \"key_file\" is missing");
    }
    return profile_reader_refuse(reader, value, issued_keys,
                                 "says how to issue a certificate, and cert names one that exists");
}

/* As `ekuload certs` names the certificate of this number in a store. */
static bool name_files(const struct profile_reader *reader, const char *folder,
                       enum profile_store_role role, uint32_t index,
                       struct profile_identity *identity) {
    struct profile_arena *arena = reader->document->arena;
    bool is_client = role == PROFILE_STORE_CLIENT;
    char number[16] = "";
    if (index > 0) {
        snprintf(number, sizeof number, "-%u", index);
    }
    identity->certificate_path =
        profile_arena_format(arena, "%s/%s%s.pem", folder, is_client ? "client" : "server", number);
    identity->key_path = profile_arena_format(arena, "%s/%s%s.pem", folder,
                                              is_client ? "clientprivkey" : "privkey", number);
    return (identity->certificate_path != NULL && identity->key_path != NULL) ||
           profile_out_of_memory(reader->error);
}

/* Whatever lies in a node's folder was uploaded once, or copied there by the checkbox: only a
 * server store that is never a client's needs no such pass. */
static bool read_folder(const struct profile_reader *reader, const struct profile_tree *value,
                        const struct profile_node *node, enum profile_store_role role,
                        const struct profile_store_head *head, struct profile_identities *out) {
    static const char *const file_keys[] = {"cert", "key_file", "csv", NULL};
    struct profile_identity identity = head->identity;
    bool goes_on = true;
    if (!profile_reader_refuse(reader, value, file_keys,
                               "folder is given, too, and has names of its own") ||
        !profile_reader_refuse(reader, value, issued_keys,
                               "says how to issue a certificate, and folder has one")) {
        return false;
    }
    identity.unchecked |=
        role == PROFILE_STORE_CLIENT || node->product->stores == PROFILE_STORES_ONE;
    for (uint32_t i = 0; goes_on; i++) {
        if (!name_files(reader, head->folder, role, i, &identity)) {
            return false;
        }
        goes_on = i == 0 || access(identity.certificate_path, F_OK) == 0;
        if (goes_on && !profile_identities_add(out, reader, value, &identity)) {
            return false;
        }
    }
    return true;
}

static bool read_csv(const struct profile_reader *reader, const struct profile_tree *value,
                     const struct profile_store_head *head, struct profile_identities *out) {
    static const char *const file_keys[] = {"cert", "key_file", NULL};
    return profile_reader_refuse(reader, value, file_keys, "csv is given, too, and names files") &&
           profile_reader_refuse(reader, value, issued_keys,
                                 "says how to issue a certificate, and csv names some") &&
           profile_identities_read_csv(out, reader, profile_tree_find(value, "csv"), head->csv,
                                       &head->identity);
}

static bool read_identity(struct profile_reader *reader, struct profile_tree *value,
                          const struct profile_node *node, enum profile_store_role role,
                          struct profile_identities *out) {
    struct profile_store_head head = {.identity.issuer = PROFILE_NONE};
    if (!profile_section_read(reader, &profile_section_store, value, &head)) {
        return false;
    }
    if (head.folder != NULL) {
        return read_folder(reader, value, node, role, &head, out);
    }
    if (head.csv != NULL) {
        return read_csv(reader, value, &head, out);
    }
    bool good = head.identity.certificate_path != NULL
                    ? finish_loaded(reader, value, &head.identity)
                    : finish_issued(reader, value, node, role, &head.identity);
    return good && profile_identities_add(out, reader, value, &head.identity);
}

static bool read_word(struct profile_reader *reader, struct profile_tree *value,
                      const struct profile_node *node, enum profile_store_role role,
                      struct profile_store *out) {
    if (strcmp(value->text, "none") == 0) {
        out->kind = PROFILE_STORE_NONE;
        return true;
    }
    if (role == PROFILE_STORE_SERVER) {
        return profile_reader_unexpected(reader, value,
                                         "an identity, a list of identities or none");
    }
    if (strcmp(value->text, "copy-of-server") != 0) {
        return profile_reader_unexpected(
            reader, value, "an identity, a list of identities, copy-of-server or none");
    }
    if (node->server_store.kind != PROFILE_STORE_IDENTITIES) {
        return profile_complain(reader->document, value, reader->error,
                                "the server store holds nothing to copy");
    }
    out->kind = PROFILE_STORE_COPY_OF_SERVER;
    return true;
}

bool profile_store_read(struct profile_reader *reader, struct profile_tree *value,
                        const struct profile_node *node, enum profile_store_role role,
                        struct profile_store *out) {
    bool is_list = value->kind == PROFILE_TREE_LIST;
    uint32_t count = is_list ? value->count : 1;
    struct profile_tree *item = is_list ? value->first : value;
    if (value->kind == PROFILE_TREE_SCALAR) {
        return read_word(reader, value, node, role, out);
    }
    if (count < 1 || count > PROFILE_LIST_MAX) {
        return profile_complain(reader->document, value, reader->error,
                                "expected 1 to %d identities, or none", PROFILE_LIST_MAX);
    }
    struct profile_identities identities = {.items = NULL};
    for (uint32_t i = 0; i < count; i++, item = item->next) {
        if (!read_identity(reader, item, node, role, &identities)) {
            return false;
        }
    }
    out->identities = identities.items;
    out->identity_count = identities.count;
    out->kind = PROFILE_STORE_IDENTITIES;
    return true;
}
