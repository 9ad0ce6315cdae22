/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "profile_plan.h"
#include "sip_digest.h"

/* A peer whose every nonce is stale must not keep us busy. */
#define CHALLENGES_MAX 4

static struct sip_credentials credentials_of(const struct node_credentials *credentials) {
    return (struct sip_credentials){.username = credentials->username,
                                    .password = credentials->password};
}

/* NULL without memory. */
static struct conn_challenges *challenges_of(struct conn *conn,
                                             struct conn_environment *environment) {
    if (conn->challenge == BASE_POOL_NONE) {
        conn->challenge = base_pool_borrow(&environment->challenges);
        if (conn->challenge == BASE_POOL_NONE) {
            return NULL;
        }
        struct conn_challenges *fresh = base_pool_block(&environment->challenges, conn->challenge);
        *fresh = (struct conn_challenges){.count = 0};
    }
    return base_pool_block(&environment->challenges, conn->challenge);
}

/* False when the same one asked too often already. */
static bool keep(struct conn_challenges *known, const struct sip_challenge *asked) {
    unsigned at = 0;
    while (at < known->count && known->asked[at].by_proxy != asked->by_proxy) {
        at++;
    }
    if (at == known->count) {
        known->count++;
    }
    if (known->met[at] >= (asked->stale ? CHALLENGES_MAX : 1)) {
        return false;
    }
    known->met[at]++;
    known->asked[at] = *asked;
    return true;
}

enum conn_auth conn_auth_take_challenge(struct conn *conn, struct conn_environment *environment,
                                        const struct sip_message *response) {
    struct sip_challenge asked;
    if (conn_user_credentials(conn, environment).username == NULL) {
        return conn->method == SIP_OPTIONS ? CONN_AUTH_IGNORE : CONN_AUTH_FAILED;
    }
    if (!sip_digest_read_challenge(response, &asked)) {
        return CONN_AUTH_FAILED;
    }
    struct conn_challenges *known = challenges_of(conn, environment);
    if (known == NULL) {
        return CONN_AUTH_FAILED;
    }
    if (conn->challenges == 0) {
        known->met[0] = known->met[1] = 0; /* a request that was not challenged yet */
    }
    if (!keep(known, &asked)) {
        return CONN_AUTH_FAILED;
    }
    conn->challenges++;
    return CONN_AUTH_ANSWER;
}

/* Another one in each transaction, but an ACK has its INVITE's. */
static uint64_t cnonce_of(const struct conn *conn) {
    return conn->dialog ^ conn->cseq * UINT64_C(0x9e3779b97f4a7c15);
}

bool conn_auth_write(struct conn *conn, struct conn_environment *environment,
                     enum sip_method method, struct bytes uri, struct base_buffer *out) {
    if (conn->challenge == BASE_POOL_NONE) {
        return true;
    }
    struct conn_challenges *known = base_pool_block(&environment->challenges, conn->challenge);
    const struct sip_credentials credentials = conn_user_credentials(conn, environment);
    const char *name = sip_method_name(method == SIP_ACK ? SIP_INVITE : method);
    for (unsigned i = 0; i < known->count; i++) {
        struct sip_challenge *asked = &known->asked[i];
        asked->nonce_count -= method == SIP_ACK;
        if (!sip_digest_write_authorization(out, asked, &credentials, name, uri, cnonce_of(conn))) {
            return false;
        }
    }
    return true;
}

static struct sip_digest_demand demand_of(const struct conn *conn,
                                          const struct conn_environment *environment) {
    static const enum sip_digest_algorithm algorithms[] = {
        [PROFILE_DIGEST_MD5] = SIP_DIGEST_MD5,
        [PROFILE_DIGEST_SHA_256] = SIP_DIGEST_SHA_256,
        [PROFILE_DIGEST_SHA_512_256] = SIP_DIGEST_SHA_512_256,
    };
    const struct node_credentials *credentials =
        &environment->instance->listeners[conn->subject].credentials;
    struct sip_digest_demand demand = {.realm = conn_self(conn, environment)->name,
                                       .nonce = conn->nonce,
                                       .algorithm_count = credentials->algorithm_count};
    for (unsigned i = 0; i < credentials->algorithm_count; i++) {
        demand.algorithms[i] = (uint8_t)algorithms[credentials->algorithms[i]];
    }
    return demand;
}

static void renew_nonce(struct conn *conn, struct conn_environment *environment) {
    conn->nonce = base_random_next(&environment->random) | 1; /* 0 says that there is none */
    conn->nonce_count = 0;
}

bool conn_auth_check(struct conn *conn, struct conn_environment *environment,
                     const struct sip_message *request, struct base_buffer *out) {
    const struct sip_credentials credentials =
        credentials_of(&environment->instance->listeners[conn->subject].credentials);
    if (conn->nonce == 0) {
        renew_nonce(conn, environment);
    }
    struct sip_digest_demand demand = demand_of(conn, environment);
    enum sip_digest_verdict verdict =
        sip_digest_check(request, &demand, &credentials, &conn->nonce_count);
    conn->distrusted = verdict == SIP_DIGEST_WRONG;
    if (verdict == SIP_DIGEST_GOOD) {
        if (!environment->instance->listeners[conn->subject].needs_alias) {
            conn_carrier_join(conn, environment);
        }
        return true;
    }
    if (conn->distrusted) {
        conn_record_authentication_failed(conn, environment);
    }
    if (verdict == SIP_DIGEST_STALE) {
        renew_nonce(conn, environment);
        demand.nonce = conn->nonce;
    }
    sip_digest_write_challenge(out, &demand, verdict == SIP_DIGEST_STALE);
    return false;
}
