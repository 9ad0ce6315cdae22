/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "sip_digest.h"

/* A peer whose every nonce is stale must not keep us busy. */
#define CHALLENGES_MAX 4

static struct sip_credentials credentials_of(const struct node_credentials *credentials) {
    return (struct sip_credentials){.username = credentials->username,
                                    .password = credentials->password};
}

enum conn_auth conn_auth_take_challenge(struct conn *conn, struct conn_environment *environment,
                                        const struct sip_message *response) {
    const struct node_zone *zone = conn_zone(conn, environment);
    struct sip_challenge asked;
    if (zone->credentials.username == NULL) {
        return conn->method == SIP_OPTIONS ? CONN_AUTH_IGNORE : CONN_AUTH_FAILED;
    }
    if (!sip_digest_read_challenge(response, &asked) ||
        conn->challenges >= (asked.stale ? CHALLENGES_MAX : 1)) {
        return CONN_AUTH_FAILED;
    }
    if (conn->challenge == BASE_POOL_NONE) {
        conn->challenge = base_pool_borrow(&environment->challenges);
    }
    if (conn->challenge == BASE_POOL_NONE) {
        return CONN_AUTH_FAILED;
    }
    conn->challenges++;
    *(struct sip_challenge *)base_pool_block(&environment->challenges, conn->challenge) = asked;
    return CONN_AUTH_ANSWER;
}

bool conn_auth_write(struct conn *conn, struct conn_environment *environment, const char *method,
                     struct bytes uri, struct base_buffer *out) {
    if (conn->challenge == BASE_POOL_NONE) {
        return true;
    }
    const struct sip_credentials credentials =
        credentials_of(&conn_zone(conn, environment)->credentials);
    return sip_digest_write_authorization(
        out, base_pool_block(&environment->challenges, conn->challenge), &credentials, method, uri,
        base_random_next(&environment->random));
}

static void renew_nonce(struct conn *conn, struct conn_environment *environment) {
    conn->nonce = base_random_next(&environment->random) | 1; /* 0 says that there is none */
    conn->nonce_count = 0;
}

bool conn_auth_check(struct conn *conn, struct conn_environment *environment,
                     const struct sip_message *request, struct base_buffer *out) {
    const struct sip_credentials credentials =
        credentials_of(&environment->instance->listeners[conn->subject].credentials);
    const char *realm = conn_self(conn, environment)->name;
    if (conn->nonce == 0) {
        renew_nonce(conn, environment);
    }
    enum sip_digest_verdict verdict =
        sip_digest_check(request, realm, conn->nonce, &credentials, &conn->nonce_count);
    conn->distrusted = verdict == SIP_DIGEST_WRONG;
    if (verdict == SIP_DIGEST_GOOD) {
        conn_carrier_join(conn, environment);
        return true;
    }
    if (conn->distrusted) {
        conn_record_authentication_failed(conn, environment);
    }
    if (verdict == SIP_DIGEST_STALE) {
        renew_nonce(conn, environment);
    }
    sip_digest_write_challenge(out, realm, conn->nonce, verdict == SIP_DIGEST_STALE);
    return false;
}
