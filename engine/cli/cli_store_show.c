/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_store_show.h"

#include "cli_common.h"
#include "x509_certificate.h"

#include <stdio.h>

#define LABEL_WIDTH 13

struct place {
    const char *title;
    const char *role;
};

static struct place place_of(const struct profile_product *product, enum node_store_role role) {
    static const struct place only = {"certificate", "presented in both roles"};
    static const struct place both[NODE_STORE_ROLES] = {
        [NODE_STORE_SERVER] = {"server store", "presented where the node accepts: its listeners"},
        [NODE_STORE_CLIENT] = {"client store", "presented where the node initiates: its zones"},
    };
    return product->stores == PROFILE_STORES_TWO ? both[role] : only;
}

static void print_line(const char *label, const char *text) {
    printf("  %-*s %s\n", LABEL_WIDTH, label, text[0] == '\0' ? "none" : text);
}

static void print_certificate(const struct node_store_content *store) {
    char from[X509_DATE_SIZE];
    char until[X509_DATE_SIZE];
    x509_date_to_text(store->not_before, from);
    x509_date_to_text(store->not_after, until);
    print_line("subject", store->subject);
    print_line("names", store->names);
    print_line("serial", store->serial);
    print_line("usages", store->usages);
    printf("  %-*s %s to %s\n", LABEL_WIDTH, "valid", from, until);
    print_line("key", store->key);
    printf("  %-*s %u certificate%s%s\n", LABEL_WIDTH, "chain", store->chain_length,
           store->chain_length == 1 ? "" : "s",
           store->leads_to_trust ? ", leads to " NODE_STORE_TRUST : "");
}

static void warn(const char *text) {
    print_line("warning", text);
}

/* Roles in which the store's certificate is presented. */
static bool serves(const struct profile_product *product, enum node_store_role role,
                   enum node_store_role as) {
    return product->stores == PROFILE_STORES_ONE || role == as;
}

static void print_warnings(const struct node_store_view *view,
                           const struct profile_product *product, enum node_store_role role,
                           int64_t now) {
    const struct node_store_content *store = &view->stores[role];
    if (now > store->not_after) {
        warn("it has expired: every peer refuses it");
    }
    if (now < store->not_before) {
        warn("it is not yet valid: until then every peer refuses it");
    }
    if (serves(product, role, NODE_STORE_CLIENT) && !store->has_client_auth) {
        warn("it lacks clientAuth: a peer that checks refuses it where the node initiates");
    }
    if (serves(product, role, NODE_STORE_SERVER) && !store->has_server_auth) {
        warn("it lacks serverAuth: who connects here refuses it");
    }
    if (view->trust_trouble.kind == BASE_ERROR_NONE && !store->leads_to_trust) {
        warn("its chain leads to no authority of " NODE_STORE_TRUST
             ": upload that to the Trusted CA library");
    }
}

static void print_store(const struct node_store_view *view, const struct profile_product *product,
                        enum node_store_role role, int64_t now) {
    const struct node_store_content *store = &view->stores[role];
    struct place place = place_of(product, role);
    printf("\n%s: %s\n", place.title, place.role);
    if (!store->has_certificate) {
        print_line("certificate", store->has_key ? "none yet, but a private key" : "none");
    } else if (store->chain_length > 0) {
        print_certificate(store);
        print_warnings(view, product, role, now);
    }
    if (store->trouble.kind != BASE_ERROR_NONE) {
        print_line("unusable", store->trouble.text);
    }
}

static void print_stores(const struct node_store_view *view, const struct profile_product *product,
                         int64_t now) {
    print_store(view, product, NODE_STORE_SERVER, now);
    if (product->stores != PROFILE_STORES_TWO) {
        return;
    }
    print_store(view, product, NODE_STORE_CLIENT, now);
    if (view->stores[NODE_STORE_SERVER].chain_length > 0 &&
        view->stores[NODE_STORE_CLIENT].chain_length > 0) {
        printf("\nThe two stores hold %s.\n", view->same_certificate
                                                  ? "the same certificate, as after an upgrade"
                                                  : "different certificates");
    }
}

static void print_files(const struct node_store_view *view) {
    const char *name;
    printf("\nfiles:");
    for (unsigned i = 0; (name = node_store_product_file(i)) != NULL; i++) {
        if ((view->present & UINT32_C(1) << i) != 0) {
            printf(" %s", name);
        }
    }
    printf("%s\n", view->present == 0 ? " none of the product's" : "");
    if (view->interrupted) {
        printf(
            "An upload was interrupted here: the next one first puts the earlier files back, where "
            "key and certificate do not fit.\n");
    }
    if (view->trust_trouble.kind != BASE_ERROR_NONE) {
        printf("Trusted CA library: %s\n", view->trust_trouble.text);
    }
}

int cli_store_show(const char *folder, const struct profile_product *product, int64_t now) {
    struct node_store_view view;
    struct base_error error;
    if (!node_store_look(&view, folder, &error)) {
        return cli_complain(&error);
    }
    printf("%s: %s%s%s\n", folder, product->title, product->release == NULL ? "" : " ",
           product->release == NULL ? "" : product->release);
    print_stores(&view, product, now);
    print_files(&view);
    int status = CLI_PASS;
    unsigned roles = product->stores == PROFILE_STORES_TWO ? NODE_STORE_ROLES : 1;
    for (unsigned role = 0; role < roles; role++) {
        if (view.stores[role].trouble.kind != BASE_ERROR_NONE) {
            status = cli_complain(&view.stores[role].trouble);
        }
    }
    return status;
}
