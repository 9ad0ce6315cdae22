/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_digest.h"

#include "sip_auth.h"
#include "sip_hash.h"
#include "sip_header.h"
#include "sip_list.h"
#include "sip_pen.h"

/* True when "auth" is among the values of `qop`, which is a comma-separated list. */
static bool offers_auth(struct bytes field) {
    char text[64];
    if (!sip_auth_copy(field, text, sizeof(text))) {
        return false;
    }
    struct bytes rest = base_bytes_of_text(text);
    struct bytes value;
    while (sip_list_next(&rest, &value) == SIP_READ_OK) {
        if (sip_text_equals_lower(value, "auth", 4)) {
            return true;
        }
    }
    return false;
}

static bool take_challenge(const struct sip_auth *auth, struct sip_challenge *out) {
    enum sip_digest_algorithm algorithm = SIP_DIGEST_MD5;
    const struct bytes *fields = auth->fields;
    if (!auth->is_digest || !auth->is_sound || !auth->has[SIP_AUTH_REALM] ||
        !auth->has[SIP_AUTH_NONCE]) {
        return false;
    }
    if (auth->has[SIP_AUTH_ALGORITHM] && !sip_hash_find(fields[SIP_AUTH_ALGORITHM], &algorithm)) {
        return false;
    }
    if (auth->has[SIP_AUTH_QOP] && !offers_auth(fields[SIP_AUTH_QOP])) {
        return false;
    }
    *out = (struct sip_challenge){
        .algorithm = (uint8_t)algorithm,
        .has_qop = auth->has[SIP_AUTH_QOP],
        .stale = sip_text_equals_lower(fields[SIP_AUTH_STALE], "true", 4),
    };
    return sip_auth_copy(fields[SIP_AUTH_REALM], out->realm, sizeof(out->realm)) &&
           sip_auth_copy(fields[SIP_AUTH_NONCE], out->nonce, sizeof(out->nonce)) &&
           sip_auth_copy(fields[SIP_AUTH_OPAQUE], out->opaque, sizeof(out->opaque));
}

bool sip_digest_read_challenge(const struct sip_message *response, struct sip_challenge *out) {
    bool by_proxy = response->status == 407;
    if (response->status != 401 && !by_proxy) {
        return false;
    }
    struct sip_header_reader reader = sip_header_read_again(response->headers);
    struct sip_header header;
    while (sip_header_find(
        &reader, by_proxy ? SIP_HEADER_PROXY_AUTHENTICATE : SIP_HEADER_WWW_AUTHENTICATE, &header)) {
        struct sip_auth auth;
        while (sip_auth_next(&header.value, &auth)) {
            if (take_challenge(&auth, out)) {
                out->by_proxy = by_proxy;
                return true;
            }
        }
    }
    return false;
}

static void put_quoted(struct sip_pen *pen, const char *prefix, struct bytes value) {
    sip_pen_text(pen, prefix);
    sip_pen_quoted(pen, value);
}

bool sip_digest_write_authorization(struct base_buffer *out, struct sip_challenge *challenge,
                                    const struct sip_credentials *credentials, const char *method,
                                    struct bytes uri, uint64_t cnonce) {
    uint8_t client_nonce[SIP_IDENTIFIER_DIGITS];
    uint8_t digits[SIP_HASH_DIGITS_MAX];
    uint8_t count[8];
    sip_identifier_write(cnonce, client_nonce);
    sip_hash_write_count(challenge->nonce_count + 1, count);
    const struct sip_hash_input input = {
        .algorithm = (enum sip_digest_algorithm)challenge->algorithm,
        .username = base_bytes_of_text(credentials->username),
        .realm = base_bytes_of_text(challenge->realm),
        .password = base_bytes_of_text(credentials->password),
        .nonce = base_bytes_of_text(challenge->nonce),
        .method = base_bytes_of_text(method),
        .uri = uri,
        .has_qop = challenge->has_qop,
        .nonce_count = challenge->nonce_count + 1,
        .cnonce = base_bytes(client_nonce, sizeof(client_nonce)),
    };
    size_t length = sip_hash_response(&input, digits);
    struct sip_pen pen = sip_pen_take_up(out);
    sip_pen_text(&pen, challenge->by_proxy ? "Proxy-Authorization" : "Authorization");
    put_quoted(&pen, ": Digest username=", input.username);
    put_quoted(&pen, ", realm=", input.realm);
    put_quoted(&pen, ", nonce=", input.nonce);
    put_quoted(&pen, ", uri=", uri);
    put_quoted(&pen, ", response=", base_bytes(digits, length));
    SIP_PEN_LITERAL(&pen, ", algorithm=");
    sip_pen_text(&pen, sip_hash_name(input.algorithm));
    if (challenge->has_qop) {
        put_quoted(&pen, ", cnonce=", input.cnonce);
        SIP_PEN_LITERAL(&pen, ", qop=auth, nc=");
        sip_pen_put(&pen, count, sizeof(count));
    }
    if (challenge->opaque[0] != '\0') {
        put_quoted(&pen, ", opaque=", base_bytes_of_text(challenge->opaque));
    }
    SIP_PEN_LITERAL(&pen, "\r\n");
    if (!sip_pen_put_down(&pen, out)) {
        return false;
    }
    challenge->nonce_count++;
    return true;
}
