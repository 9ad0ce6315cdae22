/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_SIP_H
#define CONN_SIP_H

#include "conn_internal.h"
#include "sip_dialog.h"
#include "sip_message.h"
#include "sip_writer.h"

/* A call of ours that was answered. A block of environment->calls. */
struct conn_call {
    struct sip_dialog dialog;
    uint64_t invited_ns;
};

/* conn_uac.c: requests of our own, and what is answered to them. */
/* A new transaction of the present dialog, into the open outbox. */
enum fault conn_uac_send(struct conn *conn, struct conn_environment *environment,
                         enum sip_method method);
/* What the zone's dialog sends next. */
enum fault conn_uac_send_next(struct conn *conn, struct conn_environment *environment);
/* False: it answers nothing of ours. */
bool conn_uac_take_response(struct conn *conn, struct conn_environment *environment,
                            const struct sip_message *response, bool may_answer, enum fault *fault);

/* conn_request.c: one request of ours as octets. */
/* `response`: what an ACK acknowledges when it is an error, else NULL. False: it does not fit. */
bool conn_request_write(struct conn *conn, struct conn_environment *environment,
                        enum sip_method method, const struct sip_message *response,
                        struct base_buffer *out);

/* conn_call.c: INVITE, ACK, CANCEL, BYE. */
enum fault conn_call_begin(struct conn *conn, struct conn_environment *environment);
/* The 2xx: acknowledged, held, later ended by conn_uac_send_next(). */
enum fault conn_call_answered(struct conn *conn, struct conn_environment *environment,
                              const struct sip_message *response, bool may_answer);
enum fault conn_call_acknowledge_error(struct conn *conn, struct conn_environment *environment,
                                       const struct sip_message *response);
/* A 2xx that comes again. */
enum fault conn_call_acknowledge_again(struct conn *conn, struct conn_environment *environment);
/* An INVITE that rings is given up. */
void conn_call_cancel(struct conn *conn, struct conn_environment *environment);
enum fault conn_call_ended(struct conn *conn, struct conn_environment *environment,
                           bool may_answer);

/* conn_auth.c: digest, on both sides. */
enum conn_auth { CONN_AUTH_ANSWER, CONN_AUTH_FAILED, CONN_AUTH_IGNORE };
/* What a 401 or 407 to our pending request means. ANSWER: the request is to be sent again. */
enum conn_auth conn_auth_take_challenge(struct conn *conn, struct conn_environment *environment,
                                        const struct sip_message *response);
/* Appends what the last challenge asks for; nothing when there was none. */
bool conn_auth_write(struct conn *conn, struct conn_environment *environment, const char *method,
                     struct bytes uri, struct base_buffer *out);
/* True when the request of a peer that must authenticate is good; else `out` holds our challenge.
 */
bool conn_auth_check(struct conn *conn, struct conn_environment *environment,
                     const struct sip_message *request, struct base_buffer *out);

/* conn_method.c */
enum conn_answer {
    CONN_ANSWER_OK,
    CONN_ANSWER_BINDINGS,
    CONN_ANSWER_CALL,
    CONN_ANSWER_NOTHING,
    CONN_ANSWER_NOT_ALLOWED
};
struct conn_method {
    const char *name;
    enum metrics_method counted;
    enum conn_answer answer;
    bool begins_dialog;
};
const struct conn_method *conn_method_of(struct bytes name);

/* conn_uas.c: requests that are for us. */
enum fault conn_uas_take_request(struct conn *conn, struct conn_environment *environment,
                                 const struct sip_message *request);
/* The To tag of our answers: the same for a 180 and its 200. */
uint64_t conn_uas_tag(const struct sip_message *request);
enum fault conn_uas_reply(struct conn *conn, struct conn_environment *environment,
                          const struct sip_message *request, struct sip_reply reply);

/* conn_proxy.c: messages for others. */
/* True when the request is for us, false when it was dealt with. */
bool conn_proxy_take_request(struct conn *conn, struct conn_environment *environment,
                             const struct sip_message *request, const struct conn_method *method,
                             enum fault *fault);
void conn_proxy_take_response(const struct conn *conn, struct conn_environment *environment,
                              const struct sip_message *response);

#endif
