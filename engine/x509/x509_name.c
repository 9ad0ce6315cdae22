/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_name.h"

#include "x509_der.h"
#include "x509_text.h"

#include <arpa/inet.h>
#include <string.h>

/* GeneralName (RFC 5280 section 4.2.1.6), the kinds that can name a SIP peer. */
enum {
    NAME_EMAIL = X509_DER_CONTEXT | 1,
    NAME_DNS = X509_DER_CONTEXT | 2,
    NAME_URI = X509_DER_CONTEXT | 6,
    NAME_IP = X509_DER_CONTEXT | 7,
};

#define COMMON_NAME_SIZE 256

static uint8_t lower(uint8_t octet) {
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

/* DNS names compare without case (RFC 4343); never through the locale. */
static bool equal_without_case(struct bytes a, struct bytes b) {
    if (a.length != b.length) {
        return false;
    }
    for (size_t i = 0; i < a.length; i++) {
        if (lower(a.data[i]) != lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

static bool is_port(struct bytes text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    return text.length > 0;
}

static struct bytes before_any_of(struct bytes text, const char *stops) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] != '\0' && strchr(stops, text.data[i]) != NULL) {
            return base_bytes(text.data, i);
        }
    }
    return text;
}

/*
 * The host of "sip:host[:port][;parameters][?headers]". False for other schemes, and for a URI with
 * a user part: that names a user, not a domain (RFC 5922 section 7.1).
 */
static bool sip_domain_of_uri(struct bytes uri, struct bytes *domain) {
    static const char scheme[] = "sip:";
    size_t scheme_length = sizeof scheme - 1;
    if (uri.length <= scheme_length ||
        !equal_without_case(base_bytes(uri.data, scheme_length), base_bytes_of_text(scheme))) {
        return false;
    }
    struct bytes rest = base_bytes_after(uri, scheme_length);
    if (memchr(rest.data, '@', rest.length) != NULL) {
        return false;
    }
    struct bytes host_port = before_any_of(rest, ";?");
    *domain = before_any_of(host_port, ":");
    if (domain->length < host_port.length &&
        !is_port(base_bytes_after(host_port, domain->length + 1))) {
        return false;
    }
    return domain->length > 0;
}

static bool has_ip(const struct x509_certificate *certificate, struct bytes address) {
    struct bytes names = certificate->alt_names;
    struct x509_der_value name;
    while (x509_der_next(&names, &name)) {
        if (name.tag == NAME_IP && base_bytes_equal(name.content, address)) {
            return true;
        }
    }
    return false;
}

/* What the alternative names say about one wanted domain. */
struct domain_search {
    bool has_uri;
    bool has_dns;
    bool has_sip_domain;
    bool matches_sip_domain;
    bool matches_dns;
};

static struct domain_search search_domain(struct bytes names, struct bytes wanted) {
    struct domain_search found = {0};
    struct x509_der_value name;
    while (x509_der_next(&names, &name)) {
        struct bytes domain;
        if (name.tag == NAME_URI) {
            found.has_uri = true;
            if (sip_domain_of_uri(name.content, &domain)) {
                found.has_sip_domain = true;
                found.matches_sip_domain |= equal_without_case(domain, wanted);
            }
        }
        if (name.tag == NAME_DNS) {
            found.has_dns = true;
            found.matches_dns |= equal_without_case(name.content, wanted);
        }
    }
    return found;
}

static bool common_name_matches(const struct x509_certificate *certificate, struct bytes wanted) {
    char common_name[COMMON_NAME_SIZE];
    return x509_certificate_common_name(certificate, common_name, sizeof common_name) &&
           equal_without_case(base_bytes_of_text(common_name), wanted);
}

bool x509_name_matches(const struct x509_certificate *certificate, const char *name) {
    struct bytes wanted = base_bytes_of_text(name);
    struct in_addr ipv4;
    struct in6_addr ipv6;
    if (inet_pton(AF_INET, name, &ipv4) == 1) {
        return has_ip(certificate, base_bytes(&ipv4, sizeof ipv4));
    }
    if (inet_pton(AF_INET6, name, &ipv6) == 1) {
        return has_ip(certificate, base_bytes(&ipv6, sizeof ipv6));
    }
    if (wanted.length == 0 || strchr(name, '*') != NULL) {
        return false;
    }
    struct domain_search found = search_domain(certificate->alt_names, wanted);
    if (found.has_sip_domain) {
        return found.matches_sip_domain;
    }
    if (found.has_uri || found.has_dns) {
        return found.matches_dns;
    }
    return common_name_matches(certificate, wanted);
}

static bool put_ip(struct x509_text *text, struct bytes address) {
    char printed[INET6_ADDRSTRLEN] = "malformed";
    if (address.length == sizeof(struct in_addr)) {
        inet_ntop(AF_INET, address.data, printed, sizeof printed);
    }
    if (address.length == sizeof(struct in6_addr)) {
        inet_ntop(AF_INET6, address.data, printed, sizeof printed);
    }
    return x509_text_put(text, "IP:") && x509_text_put(text, printed);
}

static bool put_name(struct x509_text *text, const struct x509_der_value *name) {
    switch (name->tag) {
    case NAME_EMAIL:
        return x509_text_put(text, "email:") && x509_text_put_escaped(text, name->content);
    case NAME_DNS:
        return x509_text_put(text, "DNS:") && x509_text_put_escaped(text, name->content);
    case NAME_URI:
        return x509_text_put(text, "URI:") && x509_text_put_escaped(text, name->content);
    case NAME_IP:
        return put_ip(text, name->content);
    default:
        return x509_text_put(text, "other");
    }
}

void x509_name_list(const struct x509_certificate *certificate, char *out, size_t out_size) {
    struct x509_text text = x509_text_start(out, out_size);
    struct bytes names = certificate->alt_names;
    struct x509_der_value name;
    while (x509_der_next(&names, &name)) {
        size_t mark = text.length;
        if (!x509_text_put(&text, mark > 0 ? ", " : "") || !put_name(&text, &name)) {
            x509_text_cut(&text, mark);
            return;
        }
    }
}
