/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_DIGEST_H
#define SIP_DIGEST_H

#include "sip_message.h"

/* HTTP digest authentication as SIP uses it (RFC 3261 section 22, RFC 8760): MD5, SHA-256 and
 * SHA-512-256, with qop=auth or without qop. */
enum sip_digest_algorithm { SIP_DIGEST_MD5, SIP_DIGEST_SHA_256, SIP_DIGEST_SHA_512_256 };

/* NUL-terminated texts, borrowed. */
struct sip_credentials {
    const char *username;
    const char *password;
};

/* What was asked of us, kept from one request to the next. Plain data. */
struct sip_challenge {
    char realm[96];
    char nonce[128];
    char opaque[96];      /* "": none was given */
    uint32_t nonce_count; /* of the last request that used the nonce */
    uint8_t algorithm;    /* enum sip_digest_algorithm */
    bool has_qop;
    bool stale;    /* the credentials were good, the nonce was old: ask again */
    bool by_proxy; /* a 407 */
};

/*
 * Reads the first challenge that we can answer from a 401 or 407 (RFC 8760 section 2.4: in the
 * order of the header fields). False when there is none: unknown algorithms, -sess, qop without
 * auth, texts longer than ours or with control characters are passed over.
 */
bool sip_digest_read_challenge(const struct sip_message *response, struct sip_challenge *out);

/*
 * Appends the whole Authorization or Proxy-Authorization line, CRLF included, and counts
 * challenge->nonce_count up. False when it does not fit; nothing is appended then.
 */
bool sip_digest_write_authorization(struct base_buffer *out, struct sip_challenge *challenge,
                                    const struct sip_credentials *credentials, const char *method,
                                    struct bytes uri, uint64_t cnonce);

/* What a server demands of its clients. The texts are borrowed. */
#define SIP_DIGEST_ALGORITHMS 3
struct sip_digest_demand {
    const char *realm;
    uint64_t nonce;
    uint8_t algorithms[SIP_DIGEST_ALGORITHMS]; /* enum sip_digest_algorithm, the preferred first */
    uint8_t algorithm_count;                   /* 0: MD5 alone */
};

/*
 * Appends the WWW-Authenticate lines of a 401 (qop="auth"), one for each algorithm in the order of
 * preference (RFC 8760 section 2.3); `stale`: only the nonce was old. False when they do not fit;
 * nothing is appended then.
 */
bool sip_digest_write_challenge(struct base_buffer *out, const struct sip_digest_demand *demand,
                                bool stale);

enum sip_digest_verdict {
    SIP_DIGEST_ABSENT, /* no credentials for this realm: challenge */
    /* The password is right, but for another nonce or with a count that does not grow: challenge
     * as stale (RFC 7616 section 3.3). */
    SIP_DIGEST_STALE,
    SIP_DIGEST_WRONG,
    SIP_DIGEST_GOOD
};

/*
 * The user that the request's Authorization for this realm names, without quotes and escapes. False
 * when there is none, or a longer name than fits.
 */
bool sip_digest_read_username(const struct sip_message *request,
                              const struct sip_digest_demand *demand, char *out, size_t out_size);

/*
 * Judges the request's Authorization against what sip_digest_write_challenge() asked for: qop=auth,
 * the Request-URI as it is, and one of the demanded algorithms (any other would let a client choose
 * a weaker one). `nonce_count` is the highest one seen with this nonce and is raised by a good one;
 * of a request that was relayed it is not judged, because several users then share the connection
 * and each counts for itself. Compares in constant time. `credentials` NULL: nobody knows the user,
 * who is wrong then.
 */
enum sip_digest_verdict sip_digest_check(const struct sip_message *request,
                                         const struct sip_digest_demand *demand,
                                         const struct sip_credentials *credentials,
                                         uint32_t *nonce_count);

#endif
