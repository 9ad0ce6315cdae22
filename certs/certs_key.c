/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_key.h"

#include <string.h>

#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/sha.h>

enum {
    PUBLIC_MAX = 600,    /* RSA 4096: 526 */
    PRIVATE_MAX = 2560,  /* RSA 4096: 2,349 */
    SIGNATURE_MAX = 512, /* RSA 4096 */
    FIELD_MAX = 48,      /* P-384 */
    DIGEST_INFO_MAX = 19 + WC_MAX_DIGEST_SIZE,
    RSA_EXPONENT = 65537,
};

enum key_family {
    FAMILY_RSA,
    FAMILY_ECDSA,
    FAMILY_ED25519,
};

struct certs_key_kind {
    const char *name;
    enum key_family family;
    int octets;                       /* of the modulus or of the field */
    int curve;                        /* ECDSA */
    enum wc_HashType hash;            /* Ed25519 does its own hashing */
    struct bytes key_algorithm;       /* AlgorithmIdentifier in SubjectPublicKeyInfo and PKCS#8 */
    struct bytes signature_algorithm; /* AlgorithmIdentifier in what it signs */
};

#define OCTETS(text)                                                                               \
    { .data = (const uint8_t *)(text), .length = sizeof(text) - 1 }
#define RSA_ENCRYPTION  OCTETS("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00")
#define RSA_WITH_SHA256 OCTETS("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00")
#define EC_P256                                                                                    \
    OCTETS("\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07")
#define EC_P384                                                                                    \
    OCTETS("\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"                                          \
           "\x06\x05\x2b\x81\x04\x00\x22")
#define ECDSA_WITH_SHA256 OCTETS("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02")
#define ECDSA_WITH_SHA384 OCTETS("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03")
#define ED25519_ALGORITHM OCTETS("\x30\x05\x06\x03\x2b\x65\x70")

static const struct certs_key_kind kinds[] = {
    {"rsa-2048", FAMILY_RSA, 256, 0, WC_HASH_TYPE_SHA256, RSA_ENCRYPTION, RSA_WITH_SHA256},
    {"rsa-3072", FAMILY_RSA, 384, 0, WC_HASH_TYPE_SHA256, RSA_ENCRYPTION, RSA_WITH_SHA256},
    {"rsa-4096", FAMILY_RSA, 512, 0, WC_HASH_TYPE_SHA256, RSA_ENCRYPTION, RSA_WITH_SHA256},
    {"ecdsa-p256", FAMILY_ECDSA, 32, ECC_SECP256R1, WC_HASH_TYPE_SHA256, EC_P256,
     ECDSA_WITH_SHA256},
    {"ecdsa-p384", FAMILY_ECDSA, 48, ECC_SECP384R1, WC_HASH_TYPE_SHA384, EC_P384,
     ECDSA_WITH_SHA384},
    {"ed25519", FAMILY_ED25519, 32, 0, WC_HASH_TYPE_NONE, ED25519_ALGORITHM, ED25519_ALGORITHM},
};

enum {
    KIND_COUNT = sizeof kinds / sizeof kinds[0],
};

const struct certs_key_kind *certs_key_kind_find(const char *name, struct base_error *error) {
    if (name == NULL) {
        return &kinds[0];
    }
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    base_error_set(error, BASE_ERROR_USAGE,
                   "unknown key \"%s\": expected rsa-2048, rsa-3072, rsa-4096, ecdsa-p256, "
                   "ecdsa-p384 or ed25519",
                   name);
    return NULL;
}

bool certs_key_kind_enciphers(const struct certs_key_kind *kind) {
    return kind->family == FAMILY_RSA;
}

struct bytes certs_key_kind_signature_algorithm(const struct certs_key_kind *kind) {
    return kind->signature_algorithm;
}

/* From here on the key has a kind, and finish knows what to release. */
static int key_begin(struct certs_key *key, const struct certs_key_kind *kind) {
    key->kind = kind;
    switch (kind->family) {
    case FAMILY_RSA:
        return wc_InitRsaKey(&key->as.rsa, NULL);
    case FAMILY_ECDSA:
        return wc_ecc_init(&key->as.ecc);
    case FAMILY_ED25519:
        return wc_ed25519_init(&key->as.ed25519);
    }
    return BAD_FUNC_ARG;
}

void certs_key_finish(struct certs_key *key) {
    if (key->kind == NULL) {
        return;
    }
    switch (key->kind->family) {
    case FAMILY_RSA:
        wc_FreeRsaKey(&key->as.rsa);
        break;
    case FAMILY_ECDSA:
        wc_ecc_free(&key->as.ecc);
        break;
    case FAMILY_ED25519:
        wc_ed25519_free(&key->as.ed25519);
        break;
    }
    explicit_bzero(key, sizeof *key);
}

static int key_make(struct certs_key *key, WC_RNG *rng) {
    const struct certs_key_kind *kind = key->kind;
    switch (kind->family) {
    case FAMILY_RSA:
        return wc_MakeRsaKey(&key->as.rsa, kind->octets * 8, RSA_EXPONENT, rng);
    case FAMILY_ECDSA:
        return wc_ecc_make_key_ex(rng, kind->octets, &key->as.ecc, kind->curve);
    case FAMILY_ED25519:
        return wc_ed25519_make_key(rng, kind->octets, &key->as.ed25519);
    }
    return BAD_FUNC_ARG;
}

bool certs_key_generate(struct certs_key *key, const struct certs_key_kind *kind, WC_RNG *rng,
                        struct base_error *error) {
    int result = key_begin(key, kind);
    if (result == 0) {
        result = key_make(key, rng);
    }
    if (result != 0) {
        certs_key_finish(key);
        return base_error_set(error, BASE_ERROR_MACHINE, "cannot generate a key of kind %s: %s",
                              kind->name, wc_GetErrorString(result));
    }
    return true;
}

static int key_read_ed25519(ed25519_key *key, struct bytes der) {
    uint8_t public_key[ED25519_PUB_KEY_SIZE];
    word32 offset = 0;
    int result = wc_Ed25519PrivateKeyDecode(der.data, &offset, key, (word32)der.length);
    if (result == 0) {
        result = wc_ed25519_make_public(key, public_key, sizeof public_key);
    }
    if (result == 0) {
        result = wc_ed25519_import_public(public_key, sizeof public_key, key);
    }
    return result;
}

/* A damaged file may still decode: what the private half signs must verify with the public one. */
static int rsa_halves_match(RsaKey *key, WC_RNG *rng) {
    static const uint8_t probe[32] = "the halves belong to each other";
    uint8_t signature[SIGNATURE_MAX];
    uint8_t recovered[SIGNATURE_MAX];
    int length = wc_RsaSSL_Sign(probe, sizeof probe, signature, sizeof signature, key, rng);
    if (length > 0) {
        length = wc_RsaSSL_Verify(signature, (word32)length, recovered, sizeof recovered, key);
    }
    if (length != (int)sizeof probe || memcmp(recovered, probe, sizeof probe) != 0) {
        return ASN_RSA_KEY_E;
    }
    return 0;
}

/* Zero only when the octets hold a key of exactly this kind. */
static int key_read(struct certs_key *key, struct bytes der, WC_RNG *rng) {
    word32 offset = 0;
    int result;
    switch (key->kind->family) {
    case FAMILY_RSA:
        result = wc_RsaPrivateKeyDecode(der.data, &offset, &key->as.rsa, (word32)der.length);
        if (result == 0 && wc_RsaEncryptSize(&key->as.rsa) != key->kind->octets) {
            result = ASN_RSA_KEY_E;
        }
        return result == 0 ? rsa_halves_match(&key->as.rsa, rng) : result;
    case FAMILY_ECDSA:
        result = wc_EccPrivateKeyDecode(der.data, &offset, &key->as.ecc, (word32)der.length);
        if (result == 0 && wc_ecc_get_curve_id(key->as.ecc.idx) != key->kind->curve) {
            result = ECC_CURVE_OID_E;
        }
        /* The public half in the file may be missing or another's. */
        return result == 0 ? wc_ecc_make_pub_ex(&key->as.ecc, NULL, rng) : result;
    case FAMILY_ED25519:
        return key_read_ed25519(&key->as.ed25519, der);
    }
    return BAD_FUNC_ARG;
}

bool certs_key_decode(struct certs_key *key, struct bytes der, WC_RNG *rng) {
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        if (key_begin(key, &kinds[i]) == 0 && key_read(key, der, rng) == 0) {
            return true;
        }
        certs_key_finish(key);
    }
    return false;
}

/* The content of the BIT STRING in SubjectPublicKeyInfo; its length, or wolfCrypt's error. */
static int public_octets(struct certs_key *key, uint8_t out[PUBLIC_MAX]) {
    word32 length = PUBLIC_MAX;
    int result = BAD_FUNC_ARG;
    switch (key->kind->family) {
    case FAMILY_RSA:
        return wc_RsaKeyToPublicDer_ex(&key->as.rsa, out, PUBLIC_MAX, 0);
    case FAMILY_ECDSA:
        result = wc_ecc_export_x963(&key->as.ecc, out, &length);
        break;
    case FAMILY_ED25519:
        result = wc_ed25519_export_public(&key->as.ed25519, out, &length);
        break;
    }
    return result == 0 ? (int)length : result;
}

bool certs_key_write_public(struct certs_key *key, struct certs_der *out,
                            uint8_t key_id[CERTS_KEY_ID_SIZE]) {
    uint8_t octets[PUBLIC_MAX];
    int length = public_octets(key, octets);
    size_t start;
    if (length <= 0 || wc_ShaHash(octets, (word32)length, key_id) != 0) {
        return false;
    }
    start = certs_der_open(out, CERTS_DER_SEQUENCE);
    certs_der_raw(out, key->kind->key_algorithm);
    certs_der_bit_string(out, base_bytes(octets, (size_t)length));
    certs_der_close(out, start);
    return !out->failed;
}

/* RSAPrivateKey of RFC 8017. */
static bool write_private_rsa(struct certs_key *key, struct certs_der *out) {
    uint8_t octets[PRIVATE_MAX];
    int length = wc_RsaKeyToDer(&key->as.rsa, octets, sizeof octets);
    if (length > 0) {
        certs_der_raw(out, base_bytes(octets, (size_t)length));
    }
    explicit_bzero(octets, sizeof octets);
    return length > 0;
}

/* ECPrivateKey of RFC 5915; its curve stands in the AlgorithmIdentifier. */
static bool write_private_ecdsa(struct certs_key *key, struct certs_der *out) {
    uint8_t scalar[FIELD_MAX];
    uint8_t point[PUBLIC_MAX];
    word32 scalar_length = (word32)key->kind->octets;
    int point_length = public_octets(key, point);
    int result = wc_ecc_export_private_only(&key->as.ecc, scalar, &scalar_length);
    if (result == 0 && point_length > 0) {
        size_t start = certs_der_open(out, CERTS_DER_SEQUENCE);
        size_t public_start;
        certs_der_number(out, 1);
        certs_der_value(out, CERTS_DER_OCTET_STRING, base_bytes(scalar, scalar_length));
        public_start = certs_der_open(out, CERTS_DER_CONTEXT_CONSTRUCTED + 1);
        certs_der_bit_string(out, base_bytes(point, (size_t)point_length));
        certs_der_close(out, public_start);
        certs_der_close(out, start);
    }
    explicit_bzero(scalar, sizeof scalar);
    return result == 0 && point_length > 0;
}

/* CurvePrivateKey of RFC 8410. */
static bool write_private_ed25519(struct certs_key *key, struct certs_der *out) {
    uint8_t seed[ED25519_KEY_SIZE];
    word32 length = sizeof seed;
    int result = wc_ed25519_export_private_only(&key->as.ed25519, seed, &length);
    if (result == 0) {
        certs_der_value(out, CERTS_DER_OCTET_STRING, base_bytes(seed, length));
    }
    explicit_bzero(seed, sizeof seed);
    return result == 0;
}

bool certs_key_write_private(struct certs_key *key, struct certs_der *out) {
    static bool (*const writers[])(struct certs_key *, struct certs_der *) = {
        [FAMILY_RSA] = write_private_rsa,
        [FAMILY_ECDSA] = write_private_ecdsa,
        [FAMILY_ED25519] = write_private_ed25519,
    };
    size_t start = certs_der_open(out, CERTS_DER_SEQUENCE);
    size_t octets_start;
    bool written;
    certs_der_number(out, 0);
    certs_der_raw(out, key->kind->key_algorithm);
    octets_start = certs_der_open(out, CERTS_DER_OCTET_STRING);
    written = writers[key->kind->family](key, out);
    certs_der_close(out, octets_start);
    certs_der_close(out, start);
    return written && !out->failed;
}

static int sign_rsa(struct certs_key *key, WC_RNG *rng, struct bytes digest,
                    uint8_t signature[SIGNATURE_MAX]) {
    uint8_t encoded[DIGEST_INFO_MAX];
    word32 length = wc_EncodeSignature(encoded, digest.data, (word32)digest.length,
                                       wc_HashGetOID(key->kind->hash));
    return wc_RsaSSL_Sign(encoded, length, signature, SIGNATURE_MAX, &key->as.rsa, rng);
}

/* The signature's length, or wolfCrypt's error. */
static int signature_octets(struct certs_key *key, WC_RNG *rng, struct bytes message,
                            uint8_t signature[SIGNATURE_MAX]) {
    uint8_t digest[WC_MAX_DIGEST_SIZE];
    word32 length = SIGNATURE_MAX;
    int size;
    int result;
    if (key->kind->family == FAMILY_ED25519) {
        result = wc_ed25519_sign_msg(message.data, (word32)message.length, signature, &length,
                                     &key->as.ed25519);
        return result == 0 ? (int)length : result;
    }
    size = wc_HashGetDigestSize(key->kind->hash);
    result = wc_Hash(key->kind->hash, message.data, (word32)message.length, digest, (word32)size);
    if (result != 0) {
        return result;
    }
    if (key->kind->family == FAMILY_RSA) {
        return sign_rsa(key, rng, base_bytes(digest, (size_t)size), signature);
    }
    result = wc_ecc_sign_hash(digest, (word32)size, signature, &length, rng, &key->as.ecc);
    return result == 0 ? (int)length : result;
}

bool certs_key_sign(struct certs_key *key, WC_RNG *rng, struct bytes message,
                    struct certs_der *out) {
    uint8_t signature[SIGNATURE_MAX];
    int length = signature_octets(key, rng, message, signature);
    if (length <= 0) {
        return false;
    }
    certs_der_bit_string(out, base_bytes(signature, (size_t)length));
    return !out->failed;
}
