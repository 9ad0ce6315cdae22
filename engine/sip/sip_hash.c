/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_hash.h"

#include "sip_text.h"

#include <nettle/md5.h>
#include <nettle/memops.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha2.h>

#define OCTETS_MAX (SIP_HASH_DIGITS_MAX / 2)

union context {
    struct md5_ctx md5;
    struct sha256_ctx sha256;
    struct sha512_ctx sha512;
};

static const struct {
    const char *name;
    const struct nettle_hash *hash;
} algorithms[] = {
    [SIP_DIGEST_MD5] = {"MD5", &nettle_md5},
    [SIP_DIGEST_SHA_256] = {"SHA-256", &nettle_sha256},
    [SIP_DIGEST_SHA_512_256] = {"SHA-512-256", &nettle_sha512_256},
};
#define ALGORITHMS (sizeof(algorithms) / sizeof(algorithms[0]))

const char *sip_hash_name(enum sip_digest_algorithm algorithm) {
    return algorithms[algorithm].name;
}

bool sip_hash_find(struct bytes name, enum sip_digest_algorithm *out) {
    for (size_t i = 0; i < ALGORITHMS; i++) {
        if (sip_text_equals_caseless(name, base_bytes_of_text(algorithms[i].name))) {
            *out = (enum sip_digest_algorithm)i;
            return true;
        }
    }
    return false;
}

bool sip_hash_equal(struct bytes a, struct bytes b) {
    return a.length == b.length && memeql_sec(a.data, b.data, a.length);
}

static void write_hex(uint64_t number, unsigned digits, uint8_t *out) {
    while (digits-- > 0) {
        out[digits] = (uint8_t) "0123456789abcdef"[number & 15];
        number >>= 4;
    }
}

void sip_hash_write_count(uint32_t nonce_count, uint8_t out[8]) {
    write_hex(nonce_count, 8, out);
}

/* H(a ":" b ":" ...) in hexadecimal digits. */
static struct bytes hash_joined(const struct nettle_hash *hash, const struct bytes *parts,
                                size_t count, uint8_t out[SIP_HASH_DIGITS_MAX]) {
    union context context;
    uint8_t octets[OCTETS_MAX];
    hash->init(&context);
    for (size_t i = 0; i < count; i++) {
        if (i != 0) {
            hash->update(&context, 1, (const uint8_t *)":");
        }
        if (parts[i].length != 0) {
            hash->update(&context, parts[i].length, parts[i].data);
        }
    }
    hash->digest(&context, hash->digest_size, octets);
    for (size_t i = 0; i < hash->digest_size; i++) {
        write_hex(octets[i], 2, out + 2 * i);
    }
    return base_bytes(out, 2 * (size_t)hash->digest_size);
}

size_t sip_hash_response(const struct sip_hash_input *input, uint8_t out[SIP_HASH_DIGITS_MAX]) {
    const struct nettle_hash *hash = algorithms[input->algorithm].hash;
    uint8_t first[SIP_HASH_DIGITS_MAX];
    uint8_t second[SIP_HASH_DIGITS_MAX];
    uint8_t count[8];
    const struct bytes who[] = {input->username, input->realm, input->password};
    const struct bytes what[] = {input->method, input->uri};
    struct bytes a1 = hash_joined(hash, who, 3, first);
    struct bytes a2 = hash_joined(hash, what, 2, second);
    if (!input->has_qop) {
        const struct bytes parts[] = {a1, input->nonce, a2};
        return hash_joined(hash, parts, 3, out).length;
    }
    sip_hash_write_count(input->nonce_count, count);
    const struct bytes parts[] = {a1,
                                  input->nonce,
                                  base_bytes(count, sizeof(count)),
                                  input->cnonce,
                                  base_bytes_of_text("auth"),
                                  a2};
    return hash_joined(hash, parts, 6, out).length;
}
