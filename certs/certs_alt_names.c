/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_alt_names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
    GENERAL_NAME_DNS = CERTS_DER_CONTEXT + 2,
    GENERAL_NAME_URI = CERTS_DER_CONTEXT + 6,
    GENERAL_NAME_IP = CERTS_DER_CONTEXT + 7,
    DNS_NAME_MAX = 253,
    DNS_LABEL_MAX = 63,
};

static bool is_sip_uri(const char *name) {
    return strncasecmp(name, "sip:", 4) == 0 || strncasecmp(name, "sips:", 5) == 0;
}

/* Something behind the scheme, and nothing that RFC 3986 has no place for. */
static bool uri_is_sound(const char *uri) {
    const char *rest = strchr(uri, ':') + 1;
    for (const char *at = rest; *at != '\0'; at++) {
        if (!isgraph((unsigned char)*at) || strchr("\"<>\\^`{|}", *at) != NULL) {
            return false;
        }
    }
    return *rest != '\0';
}

/* Labels of letters, digits, "-", "_" and "*"; a last label of digits is a mistyped address. */
static bool dns_name_is_sound(const char *name) {
    size_t label = 0;
    bool digits_only = true;
    if (strlen(name) > DNS_NAME_MAX) {
        return false;
    }
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '.') {
            if (label == 0) {
                return false;
            }
            label = 0;
            digits_only = true;
            continue;
        }
        if (!isalnum((unsigned char)*at) && strchr("-_*", *at) == NULL) {
            return false;
        }
        label++;
        digits_only = digits_only && isdigit((unsigned char)*at);
        if (label > DNS_LABEL_MAX) {
            return false;
        }
    }
    return label > 0 && !digits_only;
}

bool certs_alt_names_write(const char *name, struct certs_der *out, struct base_error *error) {
    struct in_addr address4;
    struct in6_addr address6;
    if (is_sip_uri(name)) {
        if (!uri_is_sound(name)) {
            return base_error_set(error, BASE_ERROR_USAGE, "\"%s\" is not a SIP URI", name);
        }
        certs_der_value(out, GENERAL_NAME_URI, base_bytes_of_text(name));
        return true;
    }
    if (inet_pton(AF_INET, name, &address4) == 1) {
        certs_der_value(out, GENERAL_NAME_IP, base_bytes(&address4, sizeof address4));
        return true;
    }
    if (inet_pton(AF_INET6, name, &address6) == 1) {
        certs_der_value(out, GENERAL_NAME_IP, base_bytes(&address6, sizeof address6));
        return true;
    }
    if (!dns_name_is_sound(name)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "\"%s\" is neither a DNS name nor a \"sip:\" URI nor an IP address",
                              name);
    }
    certs_der_value(out, GENERAL_NAME_DNS, base_bytes_of_text(name));
    return true;
}
