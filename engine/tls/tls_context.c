/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_context.h"
#include "tls_context_body.h"
#include "tls_identity.h"
#include "tls_session_io.h"
#include "tls_suite.h"
#include "tls_verify.h"
#include "x509_name.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static bool out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "no memory for a TLS context");
}

static bool refused_by_wolfssl(const char *what, struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "wolfSSL refused %s", what);
}

static WOLFSSL_METHOD *method_for(enum tls_role role, unsigned versions) {
    bool client = role == TLS_ROLE_CLIENT;
    if (versions == TLS_VERSION_1_2) {
        return client ? wolfTLSv1_2_client_method() : wolfTLSv1_2_server_method();
    }
    if (versions == TLS_VERSION_1_3) {
        return client ? wolfTLSv1_3_client_method() : wolfTLSv1_3_server_method();
    }
    return client ? wolfSSLv23_client_method() : wolfSSLv23_server_method();
}

static WOLFSSL_CTX *new_wolfssl(enum tls_role role, unsigned versions) {
    WOLFSSL_CTX *wolfssl = wolfSSL_CTX_new(method_for(role, versions));
    if (wolfssl != NULL && (versions & TLS_VERSION_1_2) != 0 &&
        wolfSSL_CTX_SetMinVersion(wolfssl, WOLFSSL_TLSV1_2) != WOLFSSL_SUCCESS) {
        wolfSSL_CTX_free(wolfssl);
        return NULL;
    }
    return wolfssl;
}

static bool load_trust(WOLFSSL_CTX *wolfssl, const struct tls_trust *trust,
                       struct base_error *error) {
    struct x509_set trusted = tls_trust_certificates(trust);
    for (unsigned i = 0; i < trusted.count; i++) {
        struct bytes der = trusted.certificates[i].der;
        /* An expired authority is refused per path, when it is used; it must not stop the others.
         */
        if (wolfSSL_CTX_load_verify_buffer_ex(wolfssl, der.data, (long)der.length,
                                              WOLFSSL_FILETYPE_ASN1, 0,
                                              WOLFSSL_LOAD_FLAG_DATE_ERR_OKAY) != WOLFSSL_SUCCESS) {
            return refused_by_wolfssl("a trusted authority", error);
        }
    }
    return true;
}

static bool load_identity(WOLFSSL_CTX *wolfssl, const struct tls_identity *identity,
                          struct base_error *error) {
    struct bytes chain = tls_identity_chain_pem(identity);
    struct bytes key = tls_identity_key_pem(identity);
    if (wolfSSL_CTX_use_certificate_chain_buffer(wolfssl, chain.data, (long)chain.length) !=
            WOLFSSL_SUCCESS ||
        wolfSSL_CTX_use_PrivateKey_buffer(wolfssl, key.data, (long)key.length,
                                          WOLFSSL_FILETYPE_PEM) != WOLFSSL_SUCCESS) {
        return refused_by_wolfssl("a certificate and its key", error);
    }
    return true;
}

static bool set_groups(WOLFSSL_CTX *wolfssl, struct tls_group_list *groups, unsigned versions) {
    if ((versions & TLS_VERSION_1_3) != 0) {
        return wolfSSL_CTX_set_groups(wolfssl, groups->numbers, (int)groups->count) ==
               WOLFSSL_SUCCESS;
    }
    bool set = true;
    for (unsigned i = 0; i < groups->count; i++) {
        set &=
            wolfSSL_CTX_UseSupportedCurve(wolfssl, (word16)groups->numbers[i]) == WOLFSSL_SUCCESS;
    }
    return set;
}

static bool set_suites_and_groups(WOLFSSL_CTX *wolfssl, const struct tls_context_options *options,
                                  struct base_error *error) {
    struct tls_suite_list suites;
    struct tls_group_list groups;
    if (!tls_suite_list_fill(&suites, options->suites, options->suite_count, error) ||
        !tls_group_list_fill(&groups, options->groups, options->group_count, error)) {
        return false;
    }
    if (wolfSSL_CTX_set_cipher_list(wolfssl, suites.names) != WOLFSSL_SUCCESS) {
        return refused_by_wolfssl("the list of cipher suites", error);
    }
    return set_groups(wolfssl, &groups, options->versions) ||
           refused_by_wolfssl("the list of groups", error);
}

static int verify_mode(const struct tls_context_options *options) {
    if (options->role == TLS_ROLE_CLIENT) {
        return WOLFSSL_VERIFY_PEER;
    }
    switch (options->client_certificate) {
    case TLS_CLIENT_CERTIFICATE_NONE:
        return WOLFSSL_VERIFY_NONE;
    case TLS_CLIENT_CERTIFICATE_REQUEST:
        return WOLFSSL_VERIFY_PEER;
    case TLS_CLIENT_CERTIFICATE_REQUIRE:
        break;
    }
    return WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT;
}

/* RFC 6066 section 3: literal addresses are not permitted in it. */
static bool is_host_name(const char *name) {
    unsigned char address[sizeof(struct in6_addr)];
    return name[0] != '\0' && inet_pton(AF_INET, name, address) != 1 &&
           inet_pton(AF_INET6, name, address) != 1;
}

static bool set_server_name(WOLFSSL_CTX *wolfssl, const struct tls_context_options *options,
                            struct base_error *error) {
    const char *name = options->server_name;
    if (options->role != TLS_ROLE_CLIENT || name == NULL || !is_host_name(name)) {
        return true;
    }
    if (strlen(name) > 255 || wolfSSL_CTX_UseSNI(wolfssl, WOLFSSL_SNI_HOST_NAME, name,
                                                 (word16)strlen(name)) != WOLFSSL_SUCCESS) {
        return base_error_set(error, BASE_ERROR_USAGE, "\"%.60s\" cannot be sent as server name",
                              name);
    }
    return true;
}

/* `identity` may be NULL. */
static WOLFSSL_CTX *create_wolfssl(const struct tls_context *context,
                                   const struct tls_identity *identity, struct base_error *error) {
    const struct tls_context_options *options = &context->options;
    WOLFSSL_CTX *wolfssl = new_wolfssl(options->role, options->versions);
    if (wolfssl == NULL) {
        (void)out_of_memory(error);
        return NULL;
    }
    if (!load_trust(wolfssl, options->trust, error) ||
        (identity != NULL && !load_identity(wolfssl, identity, error)) ||
        !set_suites_and_groups(wolfssl, options, error) ||
        !tls_resume_set_up(wolfssl, context, error) || !set_server_name(wolfssl, options, error)) {
        wolfSSL_CTX_free(wolfssl);
        return NULL;
    }
    wolfSSL_CTX_set_verify(wolfssl, verify_mode(options), tls_verify_peer);
    wolfSSL_CTX_SetIORecv(wolfssl, tls_session_receive);
    wolfSSL_CTX_SetIOSend(wolfssl, tls_session_send);
    return wolfssl;
}

static bool check_options(const struct tls_context_options *options, struct base_error *error) {
    const unsigned known = TLS_VERSION_1_2 | TLS_VERSION_1_3;
    if (options->versions == 0 || (options->versions & ~known) != 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "no known TLS version is enabled");
    }
    if (options->role == TLS_ROLE_SERVER && options->identity_count == 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "a listener needs a certificate");
    }
    if (options->role == TLS_ROLE_SERVER && options->resumption == TLS_RESUMPTION_TICKETS &&
        options->ticket_key == NULL) {
        return base_error_set(error, BASE_ERROR_USAGE, "tickets need a key");
    }
    return true;
}

bool tls_context_make(struct tls_context *context, struct base_error *error) {
    const struct tls_context_options *options = &context->options;
    unsigned count = options->identity_count > 0 ? options->identity_count : 1;
    WOLFSSL_CTX **made = calloc(count, sizeof *made);
    if (made == NULL) {
        return out_of_memory(error);
    }
    for (unsigned i = 0; i < count; i++) {
        const struct tls_identity *identity =
            options->identity_count > 0 ? options->identities[i] : NULL;
        made[i] = create_wolfssl(context, identity, error);
        if (made[i] == NULL) {
            while (i > 0) {
                wolfSSL_CTX_free(made[--i]);
            }
            free(made);
            return false;
        }
    }
    context->wolfssl = made;
    context->wolfssl_count = count;
    return true;
}

static void set_options(struct tls_context *context, const struct tls_context_options *options) {
    bool server = options->role == TLS_ROLE_SERVER;
    context->options = *options;
    if (!server && options->identity_count > 0) {
        context->own = options->identities[0];
        context->options.identities = &context->own;
    }
    context->role = options->role;
    context->client_certificate = options->client_certificate;
    context->trust = options->trust;
    context->peer_chain = options->peer_chain;
    context->eku_policy = server ? options->eku_policy : NULL;
    context->check_delay_ns = options->check_delay_ns;
    context->rules = (struct tls_judge_rules){
        .peer_role = server ? TLS_ROLE_CLIENT : TLS_ROLE_SERVER,
        .eku_policy = TLS_EKU_EXPRESSWAY,
        .verify_name = options->verify_name,
    };
}

bool tls_context_create(struct tls_context **out, const struct tls_context_options *options,
                        struct base_error *error) {
    *out = NULL;
    if (!check_options(options, error)) {
        return false;
    }
    struct tls_context *context = calloc(1, sizeof *context);
    if (context == NULL) {
        return out_of_memory(error);
    }
    set_options(context, options);
    bool is_later = options->role == TLS_ROLE_CLIENT && options->on_first_use;
    bool good =
        tls_leaves_init(&context->expected, options->expected_leaves, options->expected_count) ||
        out_of_memory(error);
    if (!good || (!is_later && !tls_context_make(context, error))) {
        tls_context_destroy(context);
        return false;
    }
    *out = context;
    return true;
}

void tls_context_destroy(struct tls_context *context) {
    if (context == NULL) {
        return;
    }
    for (unsigned i = 0; i < context->wolfssl_count; i++) {
        wolfSSL_CTX_free(context->wolfssl[i]);
    }
    free(context->wolfssl);
    tls_leaves_finish(&context->expected);
    tls_chain_finish(&context->chain);
    tls_resume_finish(&context->resume);
    tls_session_free_spare(context);
    free(context);
}

bool tls_context_expect_like(struct tls_context *context, const struct tls_context *other) {
    struct tls_leaves expected;
    if (!tls_leaves_init(&expected, other->expected.leaves, other->expected.count)) {
        return false;
    }
    tls_leaves_finish(&context->expected);
    context->expected = expected;
    return true;
}

WOLFSSL_CTX *tls_context_wolfssl_for(const struct tls_context *context, const char *server_name) {
    for (unsigned i = 0; i < context->wolfssl_count; i++) {
        if (x509_name_matches(tls_identity_leaf(context->options.identities[i]), server_name)) {
            return context->wolfssl[i];
        }
    }
    return context->wolfssl[0];
}
