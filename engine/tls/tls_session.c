/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_session.h"
#include "tls_context_body.h"
#include "tls_fault.h"
#include "tls_hello.h"
#include "tls_keylog.h"
#include "tls_session_io.h"
#include "tls_verify.h"
#include "x509_name.h"

#include <wolfssl/error-ssl.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct tls_session {
    WOLFSSL *wolfssl;              /* NULL while a ClientHello is collected */
    struct base_buffer hello;      /* only where the server name chooses among identities */
    struct tls_exchange *exchange; /* of the call under way, else NULL */
    struct tls_verify verify;
    uint64_t peer; /* of an initiator that resumes */
    bool dials;    /* `peer` is known */
    bool offered;  /* a session that was kept of it */
    bool resumed;
    bool failed;
    bool open;
    bool peer_closed;
    bool output_full;
    struct tls_session *next_spare;
};

int tls_session_receive(WOLFSSL *wolfssl, char *out, int size, void *context) {
    (void)wolfssl;
    struct tls_session *session = context;
    if (session->exchange == NULL || session->exchange->input.length == 0 || size <= 0) {
        return WOLFSSL_CBIO_ERR_WANT_READ;
    }
    struct bytes *input = &session->exchange->input;
    size_t count = input->length < (size_t)size ? input->length : (size_t)size;
    memcpy(out, input->data, count);
    *input = base_bytes_after(*input, count);
    return (int)count;
}

int tls_session_send(WOLFSSL *wolfssl, char *data, int size, void *context) {
    (void)wolfssl;
    struct tls_session *session = context;
    if (session->exchange == NULL || size < 0 ||
        !base_buffer_append(session->exchange->output, base_bytes(data, (size_t)size))) {
        session->output_full = true;
        return WOLFSSL_CBIO_ERR_GENERAL;
    }
    return size;
}

static bool start_wolfssl(struct tls_session *session, WOLFSSL_CTX *settings) {
    session->wolfssl = wolfSSL_new(settings);
    if (session->wolfssl == NULL) {
        return false;
    }
    wolfSSL_SetIOReadCtx(session->wolfssl, session);
    wolfSSL_SetIOWriteCtx(session->wolfssl, session);
    wolfSSL_SetCertCbCtx(session->wolfssl, &session->verify);
    tls_resume_begin(session->verify.context, session->wolfssl);
    tls_keylog_attach(session->wolfssl);
    return true;
}

/* A zeroed session, from the context's ended ones if there are any. */
static struct tls_session *take_spare(struct tls_context *context) {
    struct tls_session *session = context->spare;
    if (session == NULL) {
        return calloc(1, sizeof *session);
    }
    context->spare = session->next_spare;
    session->next_spare = NULL;
    return session;
}

struct tls_session *tls_session_create(struct tls_context *context) {
    struct base_error error;
    if (context->wolfssl_count == 0 && !tls_context_make(context, &error)) {
        return NULL;
    }
    struct tls_session *session = take_spare(context);
    if (session == NULL) {
        return NULL;
    }
    session->verify.context = context;
    bool choose_by_name = context->role == TLS_ROLE_SERVER && context->wolfssl_count > 1;
    if (!choose_by_name && !start_wolfssl(session, context->wolfssl[0])) {
        tls_session_destroy(session);
        return NULL;
    }
    return session;
}

void tls_session_dial(struct tls_session *session, uint64_t peer, bool resume) {
    struct tls_context *context = session->verify.context;
    session->peer = peer;
    session->dials =
        context->role == TLS_ROLE_CLIENT && context->options.resumption != TLS_RESUMPTION_OFF;
    session->offered =
        session->dials && resume && tls_resume_offer(context, session->wolfssl, peer);
}

/*
 * Only what a full handshake brought is kept: after one that began with an offer, wolfSSL may hold
 * the old ticket beside the new secret.
 */
static void keep_or_forget(const struct tls_session *session) {
    struct tls_context *context = session->verify.context;
    if (session->offered && !session->resumed) {
        tls_resume_forget(context, session->peer);
    } else if (!session->offered && session->open && !session->failed) {
        tls_resume_keep(context, session->wolfssl, session->peer);
    }
}

void tls_session_destroy(struct tls_session *session) {
    if (session == NULL) {
        return;
    }
    struct tls_context *context = session->verify.context;
    if (session->dials) {
        keep_or_forget(session);
    }
    wolfSSL_free(session->wolfssl);
    free(session->hello.data);
    free(session->verify.leaf);
    *session = (struct tls_session){.next_spare = context->spare};
    context->spare = session;
}

void tls_session_free_spare(struct tls_context *context) {
    while (context->spare != NULL) {
        struct tls_session *session = context->spare;
        context->spare = session->next_spare;
        free(session);
    }
}

/* FAULT_NONE: the peer sent no alert. */
static enum fault fault_of_alert(const struct tls_session *session) {
    WOLFSSL_ALERT_HISTORY history;
    if (wolfSSL_get_alert_history(session->wolfssl, &history) != WOLFSSL_SUCCESS ||
        history.last_rx.code < 0) {
        return FAULT_NONE;
    }
    return base_fault_from_alert((unsigned)history.last_rx.code);
}

/*
 * RFC 8446 section 6: in TLS 1.3 an alert ends the connection whatever level it claims, but for
 * these two. wolfSSL goes by the level.
 */
static enum fault fault_of_ignored_alert(const struct tls_session *session) {
    enum fault fault = fault_of_alert(session);
    bool harmless = fault == FAULT_TLS_ALERT_CLOSE_NOTIFY || fault == FAULT_TLS_ALERT_USER_CANCELED;
    bool ends = !harmless && wolfSSL_GetVersion(session->wolfssl) == WOLFSSL_TLSV1_3;
    return ends ? fault : FAULT_NONE;
}

static enum fault fault_of_result(const struct tls_session *session, int result) {
    int error = wolfSSL_get_error(session->wolfssl, result);
    if (error == WOLFSSL_ERROR_WANT_READ) {
        return fault_of_ignored_alert(session);
    }
    if (session->output_full) {
        return FAULT_LOCAL_ERROR;
    }
    if (session->verify.outcome == TLS_VERIFY_REFUSED) {
        return session->verify.fault;
    }
    if (error == FATAL_ERROR || error == WOLFSSL_ERROR_ZERO_RETURN) {
        enum fault fault = fault_of_alert(session);
        return fault != FAULT_NONE ? fault : FAULT_TLS_PROTOCOL_ERROR;
    }
    return tls_fault_from_wolfssl(error);
}

static enum fault shake_hands(struct tls_session *session) {
    int result = session->verify.context->role == TLS_ROLE_CLIENT
                     ? wolfSSL_connect(session->wolfssl)
                     : wolfSSL_accept(session->wolfssl);
    if (result != WOLFSSL_SUCCESS) {
        return fault_of_result(session, result);
    }
    tls_keylog_conclude(session->wolfssl);
    bool judged = session->verify.outcome != TLS_VERIFY_PENDING;
    session->resumed = !judged && tls_resume_is_sound(session->verify.context, session->wolfssl);
    enum fault fault = tls_verify_conclude(&session->verify, session->resumed);
    session->open = fault == FAULT_NONE;
    return fault;
}

static enum fault decrypt(struct tls_session *session) {
    struct base_buffer *plaintext = session->exchange->plaintext;
    while (!session->peer_closed) {
        size_t room = plaintext->capacity - plaintext->length;
        if (room == 0) {
            bool more =
                session->exchange->input.length > 0 || wolfSSL_pending(session->wolfssl) > 0;
            return more ? FAULT_LOCAL_ERROR : FAULT_NONE;
        }
        int result = wolfSSL_read(session->wolfssl, plaintext->data + plaintext->length,
                                  room < INT_MAX ? (int)room : INT_MAX);
        if (result > 0) {
            plaintext->length += (size_t)result;
            continue;
        }
        if (wolfSSL_get_error(session->wolfssl, result) == WOLFSSL_ERROR_ZERO_RETURN) {
            session->peer_closed = true;
            return FAULT_NONE;
        }
        return fault_of_result(session, result);
    }
    return FAULT_NONE;
}

static enum fault advance(struct tls_session *session) {
    enum fault fault = session->open ? FAULT_NONE : shake_hands(session);
    if (fault == FAULT_NONE && session->open) {
        fault = decrypt(session);
    }
    return fault;
}

/* Collects the ClientHello; once it is whole, starts the session with the identity it names. */
static enum fault choose_identity(struct tls_session *session) {
    struct tls_exchange *exchange = session->exchange;
    const struct tls_context *context = session->verify.context;
    char name[TLS_SERVER_NAME_MAX];
    size_t wanted = session->hello.length + exchange->input.length;
    if (wanted > session->hello.capacity) {
        uint8_t *grown = realloc(session->hello.data, wanted);
        if (grown == NULL) {
            return FAULT_LOCAL_ERROR;
        }
        session->hello.data = grown;
        session->hello.capacity = wanted;
    }
    (void)base_buffer_append(&session->hello, exchange->input);
    exchange->input = base_buffer_bytes(&session->hello);
    enum tls_hello_result result = tls_hello_read(exchange->input, name);
    if (result == TLS_HELLO_INCOMPLETE) {
        return FAULT_NONE;
    }
    WOLFSSL_CTX *settings =
        result == TLS_HELLO_NAMED ? tls_context_wolfssl_for(context, name) : context->wolfssl[0];
    return start_wolfssl(session, settings) ? FAULT_NONE : FAULT_LOCAL_ERROR;
}

enum fault tls_session_feed(struct tls_session *session, struct tls_exchange *exchange) {
    enum fault fault = FAULT_NONE;
    exchange->judgement = (struct tls_judgement){.made = false};
    session->exchange = exchange;
    session->verify.judgement = &exchange->judgement;
    bool collected = session->wolfssl == NULL;
    if (collected) {
        fault = choose_identity(session);
    }
    if (fault == FAULT_NONE && session->wolfssl != NULL) {
        fault = advance(session);
    }
    if (collected && session->wolfssl != NULL) {
        free(session->hello.data);
        session->hello = (struct base_buffer){.data = NULL};
    }
    session->failed |= fault != FAULT_NONE;
    exchange->input = base_bytes(NULL, 0);
    session->verify.judgement = NULL;
    session->exchange = NULL;
    return fault;
}

enum fault tls_session_write(struct tls_session *session, struct bytes plaintext,
                             struct tls_exchange *exchange) {
    if (!session->open) {
        return FAULT_LOCAL_ERROR;
    }
    if (session->peer_closed) {
        return FAULT_TLS_ALERT_CLOSE_NOTIFY;
    }
    enum fault fault = FAULT_NONE;
    session->exchange = exchange;
    while (plaintext.length > 0 && fault == FAULT_NONE) {
        int size = plaintext.length < INT_MAX ? (int)plaintext.length : INT_MAX;
        int result = wolfSSL_write(session->wolfssl, plaintext.data, size);
        if (result > 0) {
            plaintext = base_bytes_after(plaintext, (size_t)result);
        } else {
            fault = session->output_full
                        ? FAULT_LOCAL_ERROR
                        : tls_fault_from_wolfssl(wolfSSL_get_error(session->wolfssl, result));
        }
    }
    session->exchange = NULL;
    return fault;
}

void tls_session_close(struct tls_session *session, struct tls_exchange *exchange) {
    if (!session->open) {
        return;
    }
    session->exchange = exchange;
    /* Only its first call sends; what it says about the peer's side is learnt by feeding. */
    (void)wolfSSL_shutdown(session->wolfssl);
    session->exchange = NULL;
}

bool tls_session_is_open(const struct tls_session *session) {
    return session->open;
}

bool tls_session_peer_closed(const struct tls_session *session) {
    return session->peer_closed;
}

bool tls_session_peer_is(const struct tls_session *session, const char *name) {
    struct x509_certificate leaf;
    return session->verify.leaf != NULL &&
           x509_certificate_parse(base_bytes(session->verify.leaf, session->verify.leaf_length),
                                  &leaf) &&
           x509_name_matches(&leaf, name);
}

bool tls_session_is_resumed(const struct tls_session *session) {
    return session->resumed;
}

enum tls_version tls_session_version(const struct tls_session *session) {
    return wolfSSL_GetVersion(session->wolfssl) == WOLFSSL_TLSV1_3 ? TLS_VERSION_1_3
                                                                   : TLS_VERSION_1_2;
}

unsigned tls_session_suite(const struct tls_session *session) {
    return (unsigned)wolfSSL_get_current_cipher_suite(session->wolfssl);
}
