/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_verify.h"
#include "base_clock.h"
#include "tls_context_body.h"
#include "tls_fault.h"
#include "tls_name.h"
#include "x509_path.h"
#include "x509_pem.h"

#include <stdlib.h>
#include <string.h>

#define SENT_MAX 10

static struct bytes sent_der(const WOLFSSL_X509_STORE_CTX *store, int index) {
    return base_bytes(store->certs[index].buffer, store->certs[index].length);
}

/* False when the list is too long or one of its certificates cannot be read. */
static bool parse_sent(const WOLFSSL_X509_STORE_CTX *store, struct x509_certificate *parsed,
                       struct x509_set *sent) {
    if (store->totalCerts < 1 || store->totalCerts > SENT_MAX) {
        return false;
    }
    for (int i = 0; i < store->totalCerts; i++) {
        if (!x509_certificate_parse(sent_der(store, i), &parsed[i])) {
            return false;
        }
    }
    *sent = (struct x509_set){.certificates = parsed, .count = (unsigned)store->totalCerts};
    return true;
}

static void describe_leaf(struct tls_judgement *judgement, const struct tls_leaves *expected,
                          struct bytes der) {
    struct x509_certificate leaf;
    if (expected->slots != NULL) {
        judgement->presented_expected = tls_leaves_contain(expected, der);
        judgement->presented_unexpected = !judgement->presented_expected;
    }
    if (x509_certificate_parse(der, &leaf)) {
        size_t length = leaf.serial.length < TLS_SERIAL_MAX ? leaf.serial.length : TLS_SERIAL_MAX;
        memcpy(judgement->serial, leaf.serial.data, length);
        judgement->serial_length = (uint8_t)length;
    }
}

static bool names_issuer_of(struct x509_set set, const struct x509_certificate *certificate) {
    for (unsigned i = 0; i < set.count; i++) {
        if (base_bytes_equal(set.certificates[i].subject, certificate->issuer)) {
            return true;
        }
    }
    return false;
}

/*
 * wolfSSL found no issuer for the leaf. When neither side holds a certificate of the issuer's name,
 * the peer left it out. When there is one, either wolfSSL would not have it as an authority, and
 * our judge knows why, or the chain leads to an authority that we do not trust.
 */
static enum fault tell_why_untrusted(const struct tls_context *context, struct x509_set sent) {
    const struct x509_certificate *leaf = &sent.certificates[0];
    if (!names_issuer_of(sent, leaf) &&
        !names_issuer_of(tls_trust_certificates(context->trust), leaf)) {
        return FAULT_TLS_PEER_CHAIN_INCOMPLETE;
    }
    bool chain_is_good = false;
    enum fault fault = tls_judge(&context->rules, sent, context->trust, &chain_is_good);
    return chain_is_good || fault == FAULT_TLS_PEER_CHAIN_INCOMPLETE ? FAULT_TLS_PEER_UNTRUSTED
                                                                     : fault;
}

static enum fault fault_of_failure(const struct tls_context *context,
                                   const WOLFSSL_X509_STORE_CTX *store) {
    struct x509_certificate parsed[SENT_MAX];
    struct x509_set sent;
    enum fault fault = tls_fault_from_wolfssl(store->error);
    if (fault == FAULT_TLS_PEER_UNTRUSTED && parse_sent(store, parsed, &sent)) {
        return tell_why_untrusted(context, sent);
    }
    return fault;
}

static enum fault check_chain(struct tls_context *context, struct x509_set sent) {
    struct x509_path path = {.length = 0};
    if (!x509_path_build(&sent.certificates[0], sent, tls_trust_certificates(context->trust),
                         &path)) {
        return FAULT_TLS_PEER_CHAIN_INCOMPLETE;
    }
    return tls_chain_check(&context->chain, &path, base_clock_wall_ns() / (int64_t)BASE_NS_PER_S);
}

/* Slow equipment computes for that long: whoever waits for this core waits with it. */
static void be_busy_until(uint64_t end_ns) {
    while (base_clock_now_ns() < end_ns) {
    }
}

/* wolfSSL is content with the chain. */
static enum fault judge(struct tls_context *context, const WOLFSSL_X509_STORE_CTX *store,
                        struct tls_judgement *judgement) {
    struct x509_certificate parsed[SENT_MAX];
    struct x509_set sent;
    if (!parse_sent(store, parsed, &sent)) {
        return FAULT_TLS_PEER_BAD_CERTIFICATE;
    }
    enum fault fault = check_chain(context, sent);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct tls_judge_rules rules = context->rules;
    if (context->eku_policy != NULL) {
        rules.eku_policy =
            (enum tls_eku_policy)atomic_load_explicit(context->eku_policy, memory_order_relaxed);
    }
    judgement->policy = rules.eku_policy;
    uint64_t start_ns = base_clock_now_ns();
    fault = tls_judge(&rules, sent, context->trust, &judgement->leaf_checked);
    if (context->check_delay_ns > 0 && rules.eku_policy <= TLS_EKU_RFC5924) {
        be_busy_until(start_ns + context->check_delay_ns);
    }
    judgement->judge_ns = (uint32_t)(base_clock_now_ns() - start_ns);
    if (fault == FAULT_TLS_PEER_NAME) {
        tls_name_describe(rules.verify_name, &sent.certificates[0], context->name_mismatch);
        judgement->name_mismatch = context->name_mismatch;
    }
    return fault;
}

static void refuse(struct tls_verify *verify, enum fault fault) {
    verify->outcome = TLS_VERIFY_REFUSED;
    verify->fault = fault;
}

/* Without memory nothing is kept: then it is nobody's. */
static void keep_leaf(struct tls_verify *verify, struct bytes der) {
    uint8_t *copy = malloc(der.length);
    if (copy != NULL) {
        memcpy(copy, der.data, der.length);
        free(verify->leaf);
        verify->leaf = copy;
        verify->leaf_length = der.length;
    }
}

static int verify_leaf(struct tls_verify *verify, WOLFSSL_X509_STORE_CTX *store) {
    struct tls_judgement *judgement = verify->judgement;
    judgement->made = true;
    describe_leaf(judgement, &verify->context->expected, sent_der(store, 0));
    judgement->fault = judge(verify->context, store, judgement);
    if (judgement->fault != FAULT_NONE) {
        refuse(verify, judgement->fault);
        store->error = tls_fault_to_wolfssl(judgement->fault);
        return 0;
    }
    verify->outcome = TLS_VERIFY_ACCEPTED;
    if (verify->context->options.keeps_leaf) {
        keep_leaf(verify, sent_der(store, 0));
    }
    return 1;
}

static int verify_absence(struct tls_verify *verify, WOLFSSL_X509_STORE_CTX *store) {
    if (verify->context->client_certificate == TLS_CLIENT_CERTIFICATE_REQUEST &&
        verify->context->role == TLS_ROLE_SERVER) {
        verify->outcome = TLS_VERIFY_ABSENT;
        return 1;
    }
    refuse(verify, FAULT_TLS_PEER_NO_CERTIFICATE);
    store->error = tls_fault_to_wolfssl(FAULT_TLS_PEER_NO_CERTIFICATE);
    return 0;
}

static int verify_failure(struct tls_verify *verify, const WOLFSSL_X509_STORE_CTX *store) {
    /* Authorities come first, the leaf last, and what follows a failure is often caused by it. */
    if (verify->outcome == TLS_VERIFY_REFUSED) {
        return 0;
    }
    struct tls_judgement *judgement = verify->judgement;
    enum fault fault = fault_of_failure(verify->context, store);
    if (store->totalCerts > 0) {
        judgement->made = true;
        describe_leaf(judgement, &verify->context->expected, sent_der(store, 0));
        judgement->fault = fault;
    }
    refuse(verify, fault);
    return 0;
}

static bool certificate_is_wanted(const struct tls_context *context) {
    return context->role == TLS_ROLE_CLIENT ||
           context->client_certificate != TLS_CLIENT_CERTIFICATE_NONE;
}

static void collect_chain(struct tls_context *context, const WOLFSSL_X509_STORE_CTX *store) {
    struct base_buffer *chain = context->peer_chain;
    if (chain == NULL || store->totalCerts == 0) {
        return;
    }
    context->peer_chain = NULL;
    for (int i = 0; i < store->totalCerts; i++) {
        (void)x509_pem_write(chain, "CERTIFICATE", sent_der(store, i));
    }
}

int tls_verify_peer(int ok, WOLFSSL_X509_STORE_CTX *store) {
    struct tls_verify *verify = store->userCtx;
    if (verify == NULL || verify->judgement == NULL) {
        return 0;
    }
    collect_chain(verify->context, store);
    if (!ok) {
        return verify_failure(verify, store);
    }
    /* Where none was asked for, wolfSSL calls a chain good without having verified it. */
    if (!certificate_is_wanted(verify->context)) {
        refuse(verify, FAULT_TLS_PROTOCOL_ERROR);
        return 0;
    }
    /* A second leaf in one connection would be a renegotiation under another name. */
    if (verify->outcome != TLS_VERIFY_PENDING) {
        store->error = tls_fault_to_wolfssl(FAULT_TLS_PEER_BAD_CERTIFICATE);
        refuse(verify,
               verify->outcome == TLS_VERIFY_REFUSED ? verify->fault : FAULT_TLS_PROTOCOL_ERROR);
        return 0;
    }
    if (store->error_depth != 0) {
        return 1;
    }
    return store->totalCerts == 0 ? verify_absence(verify, store) : verify_leaf(verify, store);
}

enum fault tls_verify_conclude(const struct tls_verify *verify, bool is_resumed) {
    const struct tls_context *context = verify->context;
    bool required = context->role == TLS_ROLE_CLIENT ||
                    context->client_certificate == TLS_CLIENT_CERTIFICATE_REQUIRE;
    switch (verify->outcome) {
    case TLS_VERIFY_ACCEPTED:
        return FAULT_NONE;
    case TLS_VERIFY_ABSENT:
        return required ? FAULT_TLS_PEER_NO_CERTIFICATE : FAULT_NONE;
    case TLS_VERIFY_REFUSED:
        return verify->fault;
    case TLS_VERIFY_PENDING:
        break;
    }
    return certificate_is_wanted(context) && !is_resumed ? FAULT_TLS_PEER_NO_CERTIFICATE
                                                         : FAULT_NONE;
}
