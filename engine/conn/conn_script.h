/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_SCRIPT_H
#define CONN_SCRIPT_H

#include "conn_sip.h"
#include "sip_script.h"

/* A script that is played. A block of environment->scripts. */
struct conn_script {
    struct sip_script_state state;
    uint64_t begun_ns;
    uint32_t step; /* that is waited for, or comes next */
    uint32_t asks; /* the SEND step of the last request */
    char user[160];
    char local_ip[64]; /* IPv6 in brackets, as `remote_ip` */
    char remote_ip[64];
    char remote_port[8];
    char service[256];
};

static inline struct conn_script *conn_script_block(const struct conn *conn,
                                                    const struct conn_environment *environment) {
    return base_pool_block(&environment->scripts, conn->script);
}

/* conn_script_send.c */
/* What its messages say of the two ends, in its block. */
void conn_script_introduce(struct conn *conn, struct conn_environment *environment);
/* The step's message, into the open outbox. */
enum fault conn_script_send(struct conn *conn, struct conn_environment *environment,
                            const struct sip_script_step *step);
/* False: the last request answers no challenges. Else it went out again, or `fault` says why not.
 */
bool conn_script_take_challenge(struct conn *conn, struct conn_environment *environment,
                                const struct sip_message *response, bool may_answer,
                                enum fault *fault);
/* Counts why the script ends here; `missing`: what the message lacks. Returns `fault`. */
enum fault conn_script_refuse(const struct conn *conn, struct conn_environment *environment,
                              enum fault fault, const struct sip_message *message,
                              const char *missing);

#endif
