/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_resume.h"
#include "tls_context_body.h"
#include "tls_ticket.h"

/* What a session consists of has no public accessor in this configuration. */
#include <wolfssl/internal.h>

#include <stdlib.h>
#include <string.h>

/* How long a session may be resumed: OpenSSL's default, too. */
#define LIFETIME_S 7200

static bool is_server(const struct tls_context *context) {
    return context->role == TLS_ROLE_SERVER;
}

/* A resumed session brings no certificate, and so escapes the judge. */
static bool forbid_tickets(WOLFSSL_CTX *wolfssl, const struct tls_context *context) {
    bool forbidden = wolfSSL_CTX_NoTicketTLSv12(wolfssl) == WOLFSSL_SUCCESS;
    if (is_server(context)) {
        /* With it, wolfSSL would end the handshake of whoever offers another server's long ticket.
         */
        forbidden &= wolfSSL_CTX_set_TicketEncCb(wolfssl, NULL) == WOLFSSL_SUCCESS;
    }
    if (is_server(context) && (context->options.versions & TLS_VERSION_1_3) != 0) {
        forbidden &= wolfSSL_CTX_no_ticket_TLSv13(wolfssl) == 0;
    }
    return forbidden;
}

static bool forbid_cache(WOLFSSL_CTX *wolfssl) {
    return wolfSSL_CTX_set_session_cache_mode(wolfssl, WOLFSSL_SESS_CACHE_OFF) == WOLFSSL_SUCCESS;
}

static bool grant_tickets(WOLFSSL_CTX *wolfssl, const struct tls_context *context) {
    return wolfSSL_CTX_set_TicketEncCb(wolfssl, tls_ticket_crypt) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_set_TicketEncCtx(wolfssl, (void *)(uintptr_t)context) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_set_TicketHint(wolfssl, LIFETIME_S) == WOLFSSL_SUCCESS;
}

static bool set_up(WOLFSSL_CTX *wolfssl, const struct tls_context *context) {
    switch (context->options.resumption) {
    case TLS_RESUMPTION_TICKETS:
        /* An acceptor looks up no session ID; an initiator's cache is what it may offer from. */
        return is_server(context) ? forbid_cache(wolfssl) && grant_tickets(wolfssl, context)
                                  : wolfSSL_CTX_UseSessionTicket(wolfssl) == WOLFSSL_SUCCESS;
    case TLS_RESUMPTION_SESSION_ID:
        return forbid_tickets(wolfssl, context);
    case TLS_RESUMPTION_OFF:
    default:
        return forbid_cache(wolfssl) && forbid_tickets(wolfssl, context);
    }
}

bool tls_resume_set_up(WOLFSSL_CTX *wolfssl, const struct tls_context *context,
                       struct base_error *error) {
    bool good = set_up(wolfssl, context) &&
                (context->options.resumption == TLS_RESUMPTION_OFF ||
                 wolfSSL_CTX_set_timeout(wolfssl, LIFETIME_S) == WOLFSSL_SUCCESS);
    return good ||
           base_error_set(error, BASE_ERROR_MACHINE, "wolfSSL refused %s",
                          context->options.resumption == TLS_RESUMPTION_OFF ? "to forbid resumption"
                                                                            : "to resume sessions");
}

/*
 * wolfSSL looks session IDs up in one cache of the process, whoever granted them. An initiator's
 * name for its peer is not used by an acceptor, and goes into that cache with the session.
 */
void tls_resume_begin(const struct tls_context *context, WOLFSSL *wolfssl) {
    if (is_server(context) && context->options.resumption == TLS_RESUMPTION_SESSION_ID) {
        memcpy(wolfssl->session->serverID, &context->options.resumption_scope,
               sizeof context->options.resumption_scope);
        wolfssl->session->idLen = sizeof context->options.resumption_scope;
    }
}

bool tls_resume_is_sound(const struct tls_context *context, WOLFSSL *wolfssl) {
    uint32_t scope;
    if (context->options.resumption == TLS_RESUMPTION_OFF || wolfSSL_session_reused(wolfssl) == 0) {
        return false;
    }
    if (!is_server(context) || context->options.resumption == TLS_RESUMPTION_TICKETS) {
        return true;
    }
    memcpy(&scope, wolfssl->session->serverID, sizeof scope);
    return scope == context->options.resumption_scope;
}

/* NULL: there is none. */
static struct tls_kept *find(const struct tls_resume *resume, uint64_t peer) {
    for (uint32_t i = 0; resume->kept != NULL && i < TLS_KEPT_MAX; i++) {
        if (resume->kept[i].session != NULL && resume->kept[i].peer == peer) {
            return &resume->kept[i];
        }
    }
    return NULL;
}

/*
 * RFC 5077 section 3.4: an acceptor that takes the ticket echoes the session ID that came with it.
 * wolfSSL sends none, believes that every ticket is taken, and fails with an acceptor that turns
 * one down.
 */
static void offer_with_session_id(WOLFSSL *wolfssl) {
    WOLFSSL_SESSION *session = wolfssl->session;
    SessionTicket *ticket =
        TLSX_SessionTicket_Create(0, session->ticket, session->ticketLen, wolfssl->heap);
    session->ticketLen = 0;
    arc4random_buf(session->sessionID, sizeof session->sessionID);
    session->sessionIDSz = sizeof session->sessionID;
    if (ticket != NULL &&
        TLSX_UseSessionTicket(&wolfssl->extensions, ticket, wolfssl->heap) != WOLFSSL_SUCCESS) {
        TLSX_SessionTicket_Free(ticket, wolfssl->heap);
    }
}

bool tls_resume_offer(struct tls_context *context, WOLFSSL *wolfssl, uint64_t peer) {
    const struct tls_kept *kept = find(&context->resume, peer);
    if (kept == NULL) {
        return false;
    }
    /* One that became too old is not offered, but leaves its traces in `wolfssl`. */
    if (wolfSSL_set_session(wolfssl, kept->session) == WOLFSSL_SUCCESS &&
        kept->session->version.minor == TLSv1_2_MINOR && kept->session->ticketLen > 0) {
        offer_with_session_id(wolfssl);
    }
    return true;
}

static bool may_offer(const struct tls_context *context, const WOLFSSL_SESSION *session) {
    return context->options.resumption == TLS_RESUMPTION_TICKETS
               ? session->ticketLen > 0
               : session->version.minor == TLSv1_2_MINOR && session->sessionIDSz > 0;
}

static struct tls_kept *find_place(struct tls_resume *resume, uint64_t peer) {
    struct tls_kept *place = find(resume, peer);
    if (resume->kept == NULL) {
        resume->kept = calloc(TLS_KEPT_MAX, sizeof *resume->kept);
    }
    if (resume->kept == NULL || place != NULL) {
        return place;
    }
    for (uint32_t i = 0; i < TLS_KEPT_MAX; i++) {
        if (resume->kept[i].session == NULL) {
            return &resume->kept[i];
        }
    }
    return &resume->kept[resume->oldest++ % TLS_KEPT_MAX];
}

void tls_resume_keep(struct tls_context *context, WOLFSSL *wolfssl, uint64_t peer) {
    struct tls_kept *place =
        may_offer(context, wolfssl->session) ? find_place(&context->resume, peer) : NULL;
    WOLFSSL_SESSION *session = place == NULL ? NULL : wolfSSL_get1_session(wolfssl);
    if (session != NULL) {
        wolfSSL_SESSION_free(place->session);
        *place = (struct tls_kept){.peer = peer, .session = session};
    }
}

void tls_resume_forget(struct tls_context *context, uint64_t peer) {
    struct tls_kept *kept = find(&context->resume, peer);
    if (kept != NULL) {
        wolfSSL_SESSION_free(kept->session);
        kept->session = NULL;
    }
}

void tls_resume_finish(struct tls_resume *resume) {
    for (uint32_t i = 0; resume->kept != NULL && i < TLS_KEPT_MAX; i++) {
        wolfSSL_SESSION_free(resume->kept[i].session);
    }
    free(resume->kept);
    *resume = (struct tls_resume){.kept = NULL};
}
