/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_SIP_H
#define CONN_SIP_H

#include "conn_internal.h"
#include "sip_dialog.h"
#include "sip_digest.h"
#include "sip_message.h"
#include "sip_writer.h"

/* A call of ours that was answered. A block of environment->calls. */
struct conn_call {
    struct sip_dialog dialog;
    uint64_t invited_ns;
    uint64_t ends_ns;   /* of its hold time */
    bool invited_again; /* the last INVITE was one within the call */
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
/* The URI of our Contact. */
bool conn_request_contact(const struct conn *conn, const struct conn_environment *environment,
                          struct base_buffer *out);

/* conn_register.c: registrations and how long they live. */
/* What a REGISTER asks for now; 0: it takes back. */
uint32_t conn_register_expires_s(const struct conn *conn,
                                 const struct conn_environment *environment);
enum fault conn_register_take_back(struct conn *conn, struct conn_environment *environment);
enum fault conn_register_answered(struct conn *conn, struct conn_environment *environment,
                                  const struct sip_message *response, bool may_answer);
/* A 423 that is to be answered with a longer time. */
bool conn_register_was_too_brief(struct conn *conn, struct conn_environment *environment,
                                 const struct sip_message *response);

/* conn_call.c: INVITE, ACK, CANCEL, BYE. */
enum fault conn_call_begin(struct conn *conn, struct conn_environment *environment);
/* The 2xx: acknowledged, held, later ended by conn_uac_send_next(). */
enum fault conn_call_answered(struct conn *conn, struct conn_environment *environment,
                              const struct sip_message *response, bool may_answer);
enum fault conn_call_acknowledge_error(struct conn *conn, struct conn_environment *environment,
                                       const struct sip_message *response);
/* A 2xx that comes again. */
enum fault conn_call_acknowledge_again(struct conn *conn, struct conn_environment *environment);
/* What comes next in a call that is held: an INVITE within it, or its end. */
enum fault conn_call_go_on(struct conn *conn, struct conn_environment *environment);
/* It stays as it was, for the rest of its time. */
enum fault conn_call_hold(struct conn *conn, struct conn_environment *environment);
/* A provisional answer: whoever is to cancel then waits for that. */
void conn_call_rings(struct conn *conn, struct conn_environment *environment, unsigned status);
/* The timer: true when it was time to cancel, and not to despair. */
bool conn_call_give_up(struct conn *conn, struct conn_environment *environment);
/* The 487 that we asked for. */
enum fault conn_call_given_up(struct conn *conn, struct conn_environment *environment,
                              bool may_answer);
enum fault conn_call_ended(struct conn *conn, struct conn_environment *environment,
                           bool may_answer);

/* conn_script.c: a dialog that a user wrote. */
/* The next step, or the first one of another playing. */
enum fault conn_script_go_on(struct conn *conn, struct conn_environment *environment);
/* False: the message is none that the script is about. */
bool conn_script_take(struct conn *conn, struct conn_environment *environment,
                      const struct sip_message *message, bool may_answer, enum fault *fault);
void conn_script_abandon(struct conn *conn, struct conn_environment *environment);

/* conn_user.c: who a connection is. */
/* No two connections of a run have one number, whichever workers they are in. */
uint64_t conn_number(const struct conn *conn, const struct conn_environment *environment);
/* Before its first word: conn->user, where the zone has users. */
void conn_user_choose(struct conn *conn, struct conn_environment *environment);
/* Its row of them; NULL: there are none. */
const char *const *conn_user_fields(const struct conn *conn,
                                    const struct conn_environment *environment);
bool conn_user_has_name(const struct conn *conn, const struct conn_environment *environment);
/* The user part of its address. False when it does not fit. */
bool conn_user_print(const struct conn *conn, const struct conn_environment *environment, char *out,
                     size_t out_size);
/* What it answers challenges with; NULL, NULL: nothing. */
struct sip_credentials conn_user_credentials(const struct conn *conn,
                                             const struct conn_environment *environment);

/* What was asked of us: by whom the request is for and by a proxy on the way, one or both, in the
 * order in which they asked. A block of environment->challenges. */
struct conn_challenges {
    struct sip_challenge asked[2];
    uint8_t count;
    uint8_t met[2]; /* how often the pending request met each */
};

/* conn_auth.c: digest, on both sides. */
enum conn_auth { CONN_AUTH_ANSWER, CONN_AUTH_FAILED, CONN_AUTH_IGNORE };
/* What a 401 or 407 to our pending request means. ANSWER: the request is to be sent again. */
enum conn_auth conn_auth_take_challenge(struct conn *conn, struct conn_environment *environment,
                                        const struct sip_message *response);
/* Appends what the last challenge asks for; nothing when there was none. An ACK repeats what its
 * INVITE to `uri` said (RFC 3261 section 22.1). */
bool conn_auth_write(struct conn *conn, struct conn_environment *environment,
                     enum sip_method method, struct bytes uri, struct base_buffer *out);
/* The same for a request of any method. */
bool conn_auth_write_as(const struct conn *conn, struct conn_environment *environment,
                        const char *method, struct bytes uri, uint64_t cnonce,
                        struct base_buffer *out);
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
    CONN_ANSWER_IN_DIALOG, /* means nothing outside of one */
    CONN_ANSWER_NOT_ALLOWED,
    CONN_ANSWER_UNKNOWN /* RFC 3261 section 21.5.2 */
};
struct conn_method {
    const char *name;
    enum metrics_method counted;
    enum conn_answer answer;
    bool begins_dialog;
    bool is_a_users; /* a registrar wants to know whose */
};
const struct conn_method *conn_method_of(struct bytes name);

/* conn_alias.c: RFC 5923. Of a listener that wants it: takes a connection that its peer offers for
 * requests in the other direction, if the peer is who it says. */
void conn_alias_take(struct conn *conn, struct conn_environment *environment,
                     const struct sip_message *request);

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
