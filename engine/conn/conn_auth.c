/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "profile_plan.h"
#include "sip_digest.h"

/* A peer whose every nonce is stale must not keep us busy. */
#define CHALLENGES_MAX 4

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

bool conn_auth_write_as(const struct conn *conn, struct conn_environment *environment,
                        const char *method, struct bytes uri, uint64_t cnonce,
                        struct base_buffer *out) {
    if (conn->challenge == BASE_POOL_NONE) {
        return true;
    }
    struct conn_challenges *known = base_pool_block(&environment->challenges, conn->challenge);
    const struct sip_credentials credentials = conn_user_credentials(conn, environment);
    for (unsigned i = 0; i < known->count; i++) {
        if (!sip_digest_write_authorization(out, &known->asked[i], &credentials, method, uri,
                                            cnonce)) {
            return false;
        }
    }
    return true;
}

bool conn_auth_write(struct conn *conn, struct conn_environment *environment,
                     enum sip_method method, struct bytes uri, struct base_buffer *out) {
    if (conn->challenge == BASE_POOL_NONE) {
        return true;
    }
    struct conn_challenges *known = base_pool_block(&environment->challenges, conn->challenge);
    for (unsigned i = 0; i < known->count; i++) {
        known->asked[i].nonce_count -= method == SIP_ACK;
    }
    const char *name = sip_method_name(method == SIP_ACK ? SIP_INVITE : method);
    return conn_auth_write_as(conn, environment, name, uri, cnonce_of(conn), out);
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

/* Longer names are in no list, see the profile's users. */
#define USERNAME_SIZE 128

/* Against what the request is held; false when nobody knows its user. */
static bool find_credentials(const struct node_credentials *known,
                             const struct sip_message *request,
                             const struct sip_digest_demand *demand, char username[USERNAME_SIZE],
                             struct sip_credentials *out) {
    *out = (struct sip_credentials){.username = known->username, .password = known->password};
    if (known->users == NULL) {
        return true;
    }
    if (!sip_digest_read_username(request, demand, username, USERNAME_SIZE)) {
        return false;
    }
    out->username = username;
    out->password = profile_users_password(known->users, username);
    return out->password != NULL;
}

static void renew_nonce(struct conn *conn, struct conn_environment *environment) {
    conn->nonce = base_random_next(&environment->random) | 1; /* 0 says that there is none */
    conn->nonce_count = 0;
}

bool conn_auth_check(struct conn *conn, struct conn_environment *environment,
                     const struct sip_message *request, struct base_buffer *out) {
    char username[USERNAME_SIZE];
    struct sip_credentials credentials;
    if (conn->nonce == 0) {
        renew_nonce(conn, environment);
    }
    struct sip_digest_demand demand = demand_of(conn, environment);
    bool is_known = find_credentials(&environment->instance->listeners[conn->subject].credentials,
                                     request, &demand, username, &credentials);
    enum sip_digest_verdict verdict =
        sip_digest_check(request, &demand, is_known ? &credentials : NULL, &conn->nonce_count);
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
