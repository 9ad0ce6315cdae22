/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_HASH_H
#define SIP_HASH_H

#include "sip_digest.h"

#define SIP_HASH_DIGITS_MAX 64

/* What a digest response is made of (RFC 7616 section 3.4.1). */
struct sip_hash_input {
    enum sip_digest_algorithm algorithm;
    struct bytes username;
    struct bytes realm;
    struct bytes password;
    struct bytes nonce;
    struct bytes method;
    struct bytes uri;
    bool has_qop; /* qop=auth: the two below count too */
    uint32_t nonce_count;
    struct bytes cnonce;
};

/* Writes lower-case hexadecimal digits and returns their number. */
size_t sip_hash_response(const struct sip_hash_input *input, uint8_t out[SIP_HASH_DIGITS_MAX]);

/* nc-value: eight hexadecimal digits. */
void sip_hash_write_count(uint32_t nonce_count, uint8_t out[8]);

/* The name as it stands in `algorithm`. */
const char *sip_hash_name(enum sip_digest_algorithm algorithm);

/* By its name, whose letters have no case. False for what we do not compute. */
bool sip_hash_find(struct bytes name, enum sip_digest_algorithm *out);

/* In a time that depends on the lengths only. */
bool sip_hash_equal(struct bytes a, struct bytes b);

#endif
