/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_usages.h"

#include <string.h>

#define CLIENT_AUTH "1.3.6.1.5.5.7.3.2"
#define ANY         "2.5.29.37.0"

static const struct {
    const char *name;
    const char *oid;
} known[] = {
    {"serverAuth", "1.3.6.1.5.5.7.3.1"},
    {"clientAuth", CLIENT_AUTH},
    {"any", ANY},
    {"sipDomain", "1.3.6.1.5.5.7.3.20"},
    {"codeSigning", "1.3.6.1.5.5.7.3.3"},
    {"emailProtection", "1.3.6.1.5.5.7.3.4"},
    {"timeStamping", "1.3.6.1.5.5.7.3.8"},
    {"OCSPSigning", "1.3.6.1.5.5.7.3.9"},
};

/* The dotted text of a known name; anything else is taken to be one already. */
static const char *usage_oid(const char *name) {
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, name) == 0) {
            return known[i].oid;
        }
    }
    return name;
}

bool certs_usages_write(const struct certs_usages *usages, struct certs_der *out,
                        struct base_error *error) {
    if (!usages->present) {
        return true;
    }
    if (usages->count == 0) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "an extended key usage extension cannot be empty: name a usage, or "
                              "leave the extension out (none)");
    }
    for (unsigned i = 0; i < usages->count; i++) {
        if (!certs_der_oid(out, usage_oid(usages->names[i]))) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "unknown extended key usage \"%s\": expected serverAuth, "
                                  "clientAuth, any, sipDomain, codeSigning, emailProtection, "
                                  "timeStamping, OCSPSigning or a dotted OID such as 1.3.6.1.4.1.1",
                                  usages->names[i]);
        }
    }
    return certs_der_is_whole(out, error);
}

const char *certs_usages_client_auth(const struct certs_usages *usages) {
    for (unsigned i = 0; i < usages->count; i++) {
        const char *oid = usage_oid(usages->names[i]);
        if (strcmp(oid, CLIENT_AUTH) == 0 || strcmp(oid, ANY) == 0) {
            return usages->names[i];
        }
    }
    return NULL;
}
