/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_digest.h"

#include "sip_auth.h"
#include "sip_hash.h"
#include "sip_header.h"
#include "sip_list.h"
#include "sip_pen.h"

static enum sip_digest_algorithm algorithm_at(const struct sip_digest_demand *demand, unsigned at) {
    return at < demand->algorithm_count ? (enum sip_digest_algorithm)demand->algorithms[at]
                                        : SIP_DIGEST_MD5;
}

static unsigned algorithm_count(const struct sip_digest_demand *demand) {
    return demand->algorithm_count == 0 ? 1 : demand->algorithm_count;
}

static bool demands(const struct sip_digest_demand *demand, enum sip_digest_algorithm algorithm) {
    for (unsigned i = 0; i < algorithm_count(demand); i++) {
        if (algorithm_at(demand, i) == algorithm) {
            return true;
        }
    }
    return false;
}

bool sip_digest_write_challenge(struct base_buffer *out, const struct sip_digest_demand *demand,
                                bool stale) {
    struct sip_pen pen = sip_pen_take_up(out);
    for (unsigned i = 0; i < algorithm_count(demand); i++) {
        SIP_PEN_LITERAL(&pen, "WWW-Authenticate: Digest realm=");
        sip_pen_quoted(&pen, base_bytes_of_text(demand->realm));
        SIP_PEN_LITERAL(&pen, ", nonce=\"");
        sip_pen_identifier(&pen, demand->nonce);
        SIP_PEN_LITERAL(&pen, "\", algorithm=");
        sip_pen_text(&pen, sip_hash_name(algorithm_at(demand, i)));
        SIP_PEN_LITERAL(&pen, ", qop=\"auth\"");
        if (stale) {
            SIP_PEN_LITERAL(&pen, ", stale=true");
        }
        SIP_PEN_LITERAL(&pen, "\r\n");
    }
    return sip_pen_put_down(&pen, out);
}

/* nc-value: exactly eight hexadecimal digits. */
static bool read_count(struct bytes field, uint32_t *out) {
    uint32_t count = 0;
    for (size_t i = 0; i < field.length; i++) {
        uint8_t octet = field.data[i];
        uint8_t letter = octet | 0x20;
        if (octet >= '0' && octet <= '9') {
            count = count << 4 | (uint32_t)(octet - '0');
        } else if (letter >= 'a' && letter <= 'f') {
            count = count << 4 | (uint32_t)(letter - 'a' + 10);
        } else {
            return false;
        }
    }
    *out = count;
    return field.length == 8;
}

/* Whether these credentials are of one who knows the password, whatever nonce they are made for. */
static bool proves_password(const struct sip_message *request, const struct sip_auth *auth,
                            const struct sip_digest_demand *demand,
                            const struct sip_credentials *credentials, uint32_t *count) {
    const struct bytes *fields = auth->fields;
    char nonce[256];
    char cnonce[256];
    uint8_t digits[SIP_HASH_DIGITS_MAX];
    struct sip_hash_input input = {
        .algorithm = SIP_DIGEST_MD5,
        .username = base_bytes_of_text(credentials->username),
        .realm = base_bytes_of_text(demand->realm),
        .password = base_bytes_of_text(credentials->password),
        .method = request->method,
        .uri = request->request_uri,
        .has_qop = true,
    };
    if (!auth->is_sound || !auth->has[SIP_AUTH_NONCE] || !auth->has[SIP_AUTH_CNONCE] ||
        !sip_text_equals_lower(fields[SIP_AUTH_QOP], "auth", 4) ||
        !read_count(fields[SIP_AUTH_NC], count) ||
        (auth->has[SIP_AUTH_ALGORITHM] &&
         !sip_hash_find(fields[SIP_AUTH_ALGORITHM], &input.algorithm)) ||
        !demands(demand, input.algorithm) ||
        !sip_auth_equals(fields[SIP_AUTH_URI], request->request_uri) ||
        !sip_auth_copy(fields[SIP_AUTH_NONCE], nonce, sizeof(nonce)) ||
        !sip_auth_copy(fields[SIP_AUTH_CNONCE], cnonce, sizeof(cnonce))) {
        return false;
    }
    input.nonce = base_bytes_of_text(nonce);
    input.cnonce = base_bytes_of_text(cnonce);
    input.nonce_count = *count;
    size_t length = sip_hash_response(&input, digits);
    bool is_user = sip_auth_equals(fields[SIP_AUTH_USERNAME], input.username);
    bool is_response = sip_hash_equal(fields[SIP_AUTH_RESPONSE], base_bytes(digits, length));
    return is_user && is_response;
}

/* More than one Via: a proxy sent it on. */
static bool is_relayed(const struct sip_message *request) {
    struct sip_header_reader reader = sip_header_read_again(request->headers);
    struct sip_header header;
    struct bytes value;
    unsigned count = 0;
    while (sip_header_find(&reader, SIP_HEADER_VIA, &header)) {
        while (sip_list_next(&header.value, &value) == SIP_READ_OK) {
            count++;
        }
    }
    return count > 1;
}

/* RFC 7616 section 3.3: only who knows the password is told that merely the nonce is old. */
static enum sip_digest_verdict judge(const struct sip_message *request, const struct sip_auth *auth,
                                     const struct sip_digest_demand *demand,
                                     const struct sip_credentials *credentials,
                                     uint32_t *nonce_count) {
    uint8_t asked[SIP_IDENTIFIER_DIGITS];
    uint32_t count = 0;
    sip_identifier_write(demand->nonce, asked);
    if (credentials == NULL || !proves_password(request, auth, demand, credentials, &count)) {
        return SIP_DIGEST_WRONG;
    }
    if (!sip_auth_equals(auth->fields[SIP_AUTH_NONCE], base_bytes(asked, sizeof(asked)))) {
        return SIP_DIGEST_STALE;
    }
    if (is_relayed(request)) {
        return SIP_DIGEST_GOOD;
    }
    if (count <= *nonce_count) {
        return SIP_DIGEST_STALE;
    }
    *nonce_count = count;
    return SIP_DIGEST_GOOD;
}

/* The credentials of the request that are for our realm. */
static bool find_own(const struct sip_message *request, const struct sip_digest_demand *demand,
                     struct sip_auth *auth) {
    struct bytes own_realm = base_bytes_of_text(demand->realm);
    struct sip_header_reader reader = sip_header_read_again(request->headers);
    struct sip_header header;
    while (sip_header_find(&reader, SIP_HEADER_AUTHORIZATION, &header)) {
        while (sip_auth_next(&header.value, auth)) {
            if (auth->is_digest && auth->has[SIP_AUTH_REALM] &&
                sip_auth_equals(auth->fields[SIP_AUTH_REALM], own_realm)) {
                return true;
            }
        }
    }
    return false;
}

bool sip_digest_read_username(const struct sip_message *request,
                              const struct sip_digest_demand *demand, char *out, size_t out_size) {
    struct sip_auth auth;
    return find_own(request, demand, &auth) && auth.has[SIP_AUTH_USERNAME] &&
           sip_auth_copy(auth.fields[SIP_AUTH_USERNAME], out, out_size);
}

enum sip_digest_verdict sip_digest_check(const struct sip_message *request,
                                         const struct sip_digest_demand *demand,
                                         const struct sip_credentials *credentials,
                                         uint32_t *nonce_count) {
    struct sip_auth auth;
    return find_own(request, demand, &auth)
               ? judge(request, &auth, demand, credentials, nonce_count)
               : SIP_DIGEST_ABSENT;
}
