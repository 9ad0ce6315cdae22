/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LAB_BUFFER (256 * 1024)

static struct kept {
    void *thing;
    void (*release)(void *);
} * kept;
static size_t kept_count;

void lab_start(void) {
    struct base_error error = {.kind = BASE_ERROR_NONE};
    cr_assert(tls_library_start(&error), "%s", error.text);
}

void lab_stop(void) {
    while (kept_count > 0) {
        kept_count--;
        if (kept[kept_count].release != NULL) {
            kept[kept_count].release(kept[kept_count].thing);
        }
    }
    free(kept);
    kept = NULL;
    tls_library_stop();
}

void *lab_keep(void *thing, void (*release)(void *)) {
    cr_assert_not_null(thing);
    kept = realloc(kept, (kept_count + 1) * sizeof *kept);
    cr_assert_not_null(kept);
    kept[kept_count++] = (struct kept){thing, release};
    return thing;
}

void lab_drop(const void *thing) {
    for (size_t i = kept_count; i > 0; i--) {
        if (kept[i - 1].thing == thing) {
            kept[i - 1].release(kept[i - 1].thing);
            kept[i - 1] = (struct kept){NULL, NULL};
            kept_count -= i == kept_count ? 1 : 0;
            return;
        }
    }
}

static void release_authority(void *authority) {
    certs_authority_destroy(authority);
}

static void release_identity(void *identity) {
    tls_identity_destroy(identity);
}

static void release_trust(void *trust) {
    tls_trust_destroy(trust);
}

static void release_context(void *context) {
    tls_context_destroy(context);
}

static void release_session(void *session) {
    tls_session_destroy(session);
}

struct certs_authority *lab_authority_of(const struct certs_authority_spec *spec) {
    struct certs_authority *authority = NULL;
    struct base_error error = {.kind = BASE_ERROR_NONE};
    cr_assert(certs_authority_create(&authority, spec, &error), "%s", error.text);
    return lab_keep(authority, release_authority);
}

struct certs_authority *lab_authority(const char *name, unsigned intermediates) {
    struct certs_authority_spec spec = {
        .name = name, .key = "ecdsa-p256", .intermediates = intermediates};
    return lab_authority_of(&spec);
}

struct certs_usages lab_usages(const char *text) {
    struct certs_usages usages = {.present = text != NULL};
    if (text == NULL) {
        return usages;
    }
    char *words = lab_keep(strdup(text), free);
    const char **names = lab_keep(calloc(strlen(text) + 1, sizeof *names), free);
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
        names[usages.count++] = word;
    }
    usages.names = names;
    return usages;
}

struct certs_leaf_spec lab_leaf(const char *usages) {
    static const char *const names[] = {"core.example.test", "sip:example.test", "127.0.0.1"};
    int64_t now = (int64_t)time(NULL);
    return (struct certs_leaf_spec){
        .key = "ecdsa-p256",
        .usages = lab_usages(usages),
        .names = names,
        .name_count = 3,
        .not_before = now - LAB_DAY,
        .not_after = now + 30 * LAB_DAY,
    };
}

char *lab_root_pem(const struct certs_authority *authority) {
    return lab_keep(certs_authority_root_pem(authority), free);
}

char *lab_intermediates_pem(const struct certs_authority *authority) {
    return lab_keep(certs_authority_intermediates_pem(authority), free);
}

char *lab_crl_pem(struct certs_authority *authority) {
    struct base_error error = {.kind = BASE_ERROR_NONE};
    return lab_keep(certs_authority_crl_pem(authority, &error), free);
}

struct certs_identity lab_issue(struct certs_authority *authority,
                                const struct certs_leaf_spec *spec) {
    struct certs_identity issued = {NULL, NULL};
    struct base_error error = {.kind = BASE_ERROR_NONE};
    cr_assert(certs_authority_issue(authority, spec, &issued, &error), "%s", error.text);
    lab_keep(issued.chain_pem, free);
    lab_keep(issued.key_pem, free);
    return issued;
}

struct tls_identity *lab_identity_of_pem(const char *chain, const char *key) {
    struct tls_identity *identity = NULL;
    struct base_error error = {.kind = BASE_ERROR_NONE};
    bool created =
        tls_identity_create(&identity, (struct tls_pem){base_bytes_of_text(chain), "chain.pem"},
                            (struct tls_pem){base_bytes_of_text(key), "key.pem"}, &error);
    cr_assert(created, "%s", error.text);
    return lab_keep(identity, release_identity);
}

struct tls_identity *lab_identity(struct certs_authority *authority,
                                  const struct certs_leaf_spec *spec) {
    struct certs_identity issued = lab_issue(authority, spec);
    return lab_identity_of_pem(issued.chain_pem, issued.key_pem);
}

struct tls_trust *lab_trust(const char *authorities, const char *crls) {
    struct tls_trust *trust = NULL;
    struct base_error error = {.kind = BASE_ERROR_NONE};
    struct bytes crl_text = crls != NULL ? base_bytes_of_text(crls) : base_bytes(NULL, 0);
    bool created =
        tls_trust_create(&trust, (struct tls_pem){base_bytes_of_text(authorities), "ca.pem"},
                         (struct tls_pem){crl_text, "crl.pem"}, &error);
    cr_assert(created, "%s", error.text);
    return lab_keep(trust, release_trust);
}

struct tls_trust *lab_trust_in(const struct certs_authority *authority) {
    return lab_trust(lab_root_pem(authority), NULL);
}

struct tls_context_options lab_options(enum tls_role role,
                                       const struct tls_identity *const *identity,
                                       const struct tls_trust *trust, unsigned versions) {
    return (struct tls_context_options){
        .role = role,
        .identities = identity,
        .identity_count = identity != NULL ? 1 : 0,
        .trust = trust,
        .eku_policy = lab_policy(TLS_EKU_EXPRESSWAY),
        .versions = versions,
    };
}

struct tls_context *lab_context(const struct tls_context_options *options) {
    struct tls_context *context = NULL;
    struct base_error error = {.kind = BASE_ERROR_NONE};
    cr_assert(tls_context_create(&context, options, &error), "%s", error.text);
    return lab_keep(context, release_context);
}

static struct base_buffer lab_buffer(void) {
    return (struct base_buffer){.data = lab_keep(malloc(LAB_BUFFER), free), .capacity = LAB_BUFFER};
}

void lab_end_init(struct lab_end *end, struct tls_context *context) {
    *end = (struct lab_end){.session = lab_keep(tls_session_create(context), release_session)};
    end->output = lab_buffer();
    end->plaintext = lab_buffer();
}

void lab_end_finish(struct lab_end *end) {
    lab_drop(end->plaintext.data);
    lab_drop(end->output.data);
    lab_drop(end->session);
    end->session = NULL;
    end->output.data = NULL;
    end->plaintext.data = NULL;
}

void lab_feed(struct lab_end *end, struct bytes input) {
    end->exchange.input = input;
    end->exchange.output = &end->output;
    end->exchange.plaintext = &end->plaintext;
    enum fault fault = tls_session_feed(end->session, &end->exchange);
    if (end->exchange.judgement.made) {
        cr_assert_not(end->judgement.made, "a certificate was judged twice");
        end->judgement = end->exchange.judgement;
    }
    end->fault = fault;
}

bool lab_carry(struct lab_end *from, struct lab_end *to) {
    if (from->output.length == 0) {
        return false;
    }
    if (to->fault == FAULT_NONE) {
        lab_feed(to, base_buffer_bytes(&from->output));
    }
    from->output.length = 0;
    return true;
}

void lab_pair_init(struct lab_pair *pair, struct tls_context *client, struct tls_context *server) {
    lab_end_init(&pair->client, client);
    lab_end_init(&pair->server, server);
}

void lab_pair_finish(struct lab_pair *pair) {
    lab_end_finish(&pair->client);
    lab_end_finish(&pair->server);
}

void lab_shake(struct lab_pair *pair) {
    lab_feed(&pair->client, base_bytes(NULL, 0));
    bool moved = true;
    while (moved) {
        moved = lab_carry(&pair->client, &pair->server);
        moved |= lab_carry(&pair->server, &pair->client);
    }
}

struct lab_pair lab_connect(struct tls_context *client, struct tls_context *server) {
    struct lab_pair pair;
    lab_pair_init(&pair, client, server);
    lab_shake(&pair);
    lab_pair_finish(&pair);
    return pair;
}

bool lab_both_open(const struct lab_pair *pair) {
    return pair->client.fault == FAULT_NONE && pair->server.fault == FAULT_NONE &&
           tls_session_is_open(pair->client.session) && tls_session_is_open(pair->server.session);
}

const _Atomic(unsigned) *lab_policy(enum tls_eku_policy policy) {
    static const _Atomic(unsigned) policies[] = {0, 1, 2, 3, 4, 5};
    return &policies[policy];
}
