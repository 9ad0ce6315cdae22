/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_LAB_H
#define TLS_LAB_H

#include "certs_authority.h"
#include "tls_session.h"

#define LAB_DAY INT64_C(86400)

/*
 * A test's PKI and two ends of one connection, joined in memory. Whatever fails ends the test;
 * whatever is made here, or kept with lab_keep(), lives until lab_stop(), the last first.
 */
void lab_start(void);
void lab_stop(void);
void *lab_keep(void *thing, void (*release)(void *));

/* Releases what was kept before its time. */
void lab_drop(const void *thing);

struct certs_authority *lab_authority(const char *name, unsigned intermediates);
struct certs_authority *lab_authority_of(const struct certs_authority_spec *spec);

/* "serverAuth clientAuth", "" for an empty extension is not possible: NULL means no extension. */
struct certs_usages lab_usages(const char *text);

/* A leaf valid now, for the names core.example.test, sip:example.test and 127.0.0.1. */
struct certs_leaf_spec lab_leaf(const char *usages);

/* PEM texts of an authority. */
char *lab_root_pem(const struct certs_authority *authority);
char *lab_intermediates_pem(const struct certs_authority *authority);
char *lab_crl_pem(struct certs_authority *authority);

struct certs_identity lab_issue(struct certs_authority *authority,
                                const struct certs_leaf_spec *spec);
struct tls_identity *lab_identity(struct certs_authority *authority,
                                  const struct certs_leaf_spec *spec);
struct tls_identity *lab_identity_of_pem(const char *chain, const char *key);
struct tls_trust *lab_trust(const char *authorities, const char *crls);

/* The root of `authority`, alone. */
struct tls_trust *lab_trust_in(const struct certs_authority *authority);

struct lab_end {
    struct tls_session *session;
    struct tls_exchange exchange;
    struct base_buffer output;
    struct base_buffer plaintext;
    struct tls_judgement judgement; /* the one that was made, whenever that was */
    enum fault fault;               /* the first one */
};

struct lab_pair {
    struct lab_end client;
    struct lab_end server;
};

/* What both contexts start from; tests change single fields. */
struct tls_context_options lab_options(enum tls_role role,
                                       const struct tls_identity *const *identity,
                                       const struct tls_trust *trust, unsigned versions);
struct tls_context *lab_context(const struct tls_context_options *options);

void lab_end_init(struct lab_end *end, struct tls_context *context);
void lab_end_finish(struct lab_end *end);

/* Feeds octets, keeps judgement, fault and output. */
void lab_feed(struct lab_end *end, struct bytes input);

/* Moves what one end has put out to the other; false when there was nothing. */
bool lab_carry(struct lab_end *from, struct lab_end *to);

void lab_pair_init(struct lab_pair *pair, struct tls_context *client, struct tls_context *server);
void lab_pair_finish(struct lab_pair *pair);

/* Until nobody has anything to say. */
void lab_shake(struct lab_pair *pair);

/* A whole connection between two contexts; the ends are finished again, their findings stay. */
struct lab_pair lab_connect(struct tls_context *client, struct tls_context *server);

bool lab_both_open(const struct lab_pair *pair);

/* An acceptor's policy that lives as long as the process. */
const _Atomic(unsigned) *lab_policy(enum tls_eku_policy policy);

#endif
