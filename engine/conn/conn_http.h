/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_HTTP_H
#define CONN_HTTP_H

#include "conn_internal.h"
#include "http_message.h"

/* conn_exchange.c: who waits for an answer to what was sent over a connection, oldest first. */
/* A block that is linked to no connection yet; BASE_POOL_NONE: there is none. */
uint32_t conn_exchange_borrow(struct conn_environment *environment, uint64_t asker,
                              uint64_t channel);
void conn_exchange_give_back(struct conn_environment *environment, uint32_t exchange);
void conn_exchange_link(struct conn *carrier, struct conn_environment *environment,
                        uint32_t exchange);
/* Copies of the oldest one, and of the oldest one of this asker. False: there is none. */
bool conn_exchange_find_oldest(const struct conn *carrier,
                               const struct conn_environment *environment,
                               struct conn_exchange *out);
bool conn_exchange_find(const struct conn *carrier, const struct conn_environment *environment,
                        uint64_t asker, struct conn_exchange *out);
/* The oldest one of this asker, which must exist, is over. */
void conn_exchange_forget(struct conn *carrier, struct conn_environment *environment,
                          uint64_t asker);

/* conn_http_framing.c */
struct conn_frame conn_http_cut(struct bytes stream, bool awaits_pong);

/* conn_http_request.c: a request that came over an acceptor, or out of a tunnel: answered, or sent
 * on. */
enum fault conn_http_take_request(struct conn *conn, struct conn_environment *environment,
                                  const struct http_message *request);

/* conn_http_page.c */
/* The answer of a node that a request is for, into the open outbox. */
enum fault conn_http_answer_page(struct conn *conn, struct conn_environment *environment,
                                 const struct http_message *request);
/* Any answer of our own; back into the tunnel when the request came out of one. */
enum fault conn_http_answer(struct conn *conn, struct conn_environment *environment,
                            const struct http_message *request, unsigned status, const char *reason,
                            const char *content_type, struct bytes body);

/* conn_http_carry.c: requests for others, on their way. */
bool conn_http_is_tunnel(const struct conn_environment *environment, struct node_hop hop);
/* Why it was not carried. */
void conn_http_explain(const struct conn_environment *environment, struct node_hop hop,
                       enum conn_carried carried, char *out, size_t out_size);
/* Sends a request over one of this worker's carriers of asked->hop, and notes whose answer comes
 * back there: asked->token, asked->channel. */
enum conn_carried conn_http_carry(struct conn_environment *environment,
                                  const struct conn_letter *asked, struct bytes message);

/* conn_http_return.c: back to where the request came from. */
/* `response` came over `carrier` as the answer to `exchange`. */
void conn_http_hand_back(const struct conn *carrier, struct conn_environment *environment,
                         const struct conn_exchange *exchange, const struct http_message *response);

#endif
