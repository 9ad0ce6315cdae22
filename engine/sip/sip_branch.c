/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_branch.h"

#include "base_hash.h"
#include "sip_header.h"

#define COOKIE_LENGTH (sizeof(SIP_BRANCH_COOKIE) - 1)
#define BRANCH_LENGTH (COOKIE_LENGTH + 2 * SIP_IDENTIFIER_DIGITS + 1)

/* Whoever forces two of its branches together harms only its own connection: the token tells
 * connections apart. */
static uint64_t hash_octets(uint64_t hash, struct bytes text) {
    static const uint8_t end[] = {0xff}; /* in no UTF-8: "ab" "c" is not "a" "bc" */
    return base_hash(base_hash(hash, text), base_bytes(end, sizeof(end)));
}

static bool has_cookie(struct bytes branch) {
    return branch.length > COOKIE_LENGTH &&
           memcmp(branch.data, SIP_BRANCH_COOKIE, COOKIE_LENGTH) == 0;
}

/* An older client's branch is not unique; To's tag is left out because an ACK has one. */
static uint64_t hash_of_old_client(const struct sip_message *request) {
    uint64_t hash = BASE_HASH_BEGIN;
    struct sip_header_reader reader = sip_header_read_again(request->headers);
    struct sip_header via;
    if (sip_header_find(&reader, SIP_HEADER_VIA, &via)) {
        hash = hash_octets(hash, via.value);
    }
    hash = hash_octets(hash, request->from_tag);
    hash = hash_octets(hash, request->call_id);
    hash = hash_octets(hash, base_bytes(&request->cseq, sizeof(request->cseq)));
    return hash_octets(hash, request->request_uri);
}

void sip_branch_put(struct sip_pen *pen, const struct sip_message *request, uint64_t token) {
    SIP_PEN_LITERAL(pen, SIP_BRANCH_COOKIE);
    sip_pen_identifier(pen, has_cookie(request->via_branch)
                                ? hash_octets(BASE_HASH_BEGIN, request->via_branch)
                                : hash_of_old_client(request));
    SIP_PEN_LITERAL(pen, ".");
    sip_pen_identifier(pen, token);
}

/* Lower case only, as sip_identifier_write() puts it. */
static bool read_identifier(const uint8_t *digits, uint64_t *out) {
    uint64_t identifier = 0;
    for (unsigned i = 0; i < SIP_IDENTIFIER_DIGITS; i++) {
        unsigned digit = digits[i];
        if (digit >= '0' && digit <= '9') {
            digit -= '0';
        } else if (digit >= 'a' && digit <= 'f') {
            digit -= 'a' - 10;
        } else {
            return false;
        }
        identifier = identifier << 4 | digit;
    }
    *out = identifier;
    return true;
}

bool sip_branch_read_token(struct bytes branch, uint64_t *token) {
    const size_t dot = COOKIE_LENGTH + SIP_IDENTIFIER_DIGITS;
    uint64_t hash;
    return branch.length == BRANCH_LENGTH && has_cookie(branch) && branch.data[dot] == '.' &&
           read_identifier(branch.data + COOKIE_LENGTH, &hash) &&
           read_identifier(branch.data + dot + 1, token);
}
