/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_ticket.h"
#include "tls_context_body.h"

#include <wolfssl/wolfcrypt/aes.h>

#include <stdlib.h>
#include <string.h>

#define TAG_SIZE 16

static const uint8_t name_of_ours[WOLFSSL_TICKET_NAME_SZ] = "ekuload ticket";

static bool crypt_with(Aes *aes, const struct tls_context *context, const uint8_t *iv, uint8_t *mac,
                       bool seal, uint8_t *ticket, word32 length) {
    uint8_t bound[sizeof name_of_ours + sizeof context->options.resumption_scope];
    memcpy(bound, name_of_ours, sizeof name_of_ours);
    memcpy(bound + sizeof name_of_ours, &context->options.resumption_scope,
           sizeof context->options.resumption_scope);
    return (seal ? wc_AesGcmEncrypt(aes, ticket, ticket, length, iv, GCM_NONCE_MID_SZ, mac,
                                    TAG_SIZE, bound, sizeof bound)
                 : wc_AesGcmDecrypt(aes, ticket, ticket, length, iv, GCM_NONCE_MID_SZ, mac,
                                    TAG_SIZE, bound, sizeof bound)) == 0;
}

int tls_ticket_crypt(WOLFSSL *wolfssl, unsigned char *key_name, unsigned char *iv,
                     unsigned char *mac, int seal, unsigned char *ticket, int length,
                     int *out_length, void *context) {
    const struct tls_context *granting = context;
    Aes aes;
    (void)wolfssl;
    if (length < 0 || (seal == 0 && memcmp(key_name, name_of_ours, sizeof name_of_ours) != 0) ||
        wc_AesInit(&aes, NULL, INVALID_DEVID) != 0) {
        return WOLFSSL_TICKET_RET_REJECT;
    }
    if (seal != 0) {
        memcpy(key_name, name_of_ours, sizeof name_of_ours);
        arc4random_buf(iv, WOLFSSL_TICKET_IV_SZ);
        memset(mac, 0, WOLFSSL_TICKET_MAC_SZ);
    }
    bool done = wc_AesGcmSetKey(&aes, granting->options.ticket_key, TLS_TICKET_KEY_SIZE) == 0 &&
                crypt_with(&aes, granting, iv, mac, seal != 0, ticket, (word32)length);
    wc_AesFree(&aes);
    explicit_bzero(&aes, sizeof aes);
    *out_length = length;
    return done ? WOLFSSL_TICKET_RET_OK : WOLFSSL_TICKET_RET_REJECT;
}
