/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_SCRIPT_H
#define SIP_SCRIPT_H

#include "sip_dialog.h"

/*
 * A dialog that a user wrote: messages with [variables] to send, messages to expect, pauses. It is
 * compiled once; what it says about itself (struct sip_script) is read-only from then on and may be
 * read by any thread. What one playing of it remembers is a struct sip_script_state.
 */
#define SIP_SCRIPT_STEPS_MAX     64u
#define SIP_SCRIPT_VARIABLES_MAX 16u /* that its steps extract */
#define SIP_SCRIPT_FIELDS_MAX    64u /* [field0] and so on */
#define SIP_SCRIPT_QUOTED_MAX    16u /* header names in [last_NAME:] */

enum sip_script_kind { SIP_SCRIPT_SEND, SIP_SCRIPT_EXPECT, SIP_SCRIPT_PAUSE };
enum sip_script_spread {
    SIP_SCRIPT_FIXED,      /* ns */
    SIP_SCRIPT_UNIFORM,    /* from ns to most_ns */
    SIP_SCRIPT_EXPONENTIAL /* of mean ns */
};
struct sip_script_pause {
    enum sip_script_spread spread;
    uint64_t ns;
    uint64_t most_ns;
};

/* A text to take from a message that came, for [$variable]. */
struct sip_script_draft_extract {
    const char *variable;
    const char *header; /* whose value; NULL: everything behind the start line */
    const char *match;  /* POSIX extended: its first group, or all of it; NULL: the whole value */
};

/* A step as a user wrote it. Borrowed for the call that compiles it. */
struct sip_script_draft {
    enum sip_script_kind kind;
    const char *message;           /* SEND: lines end with LF or CRLF */
    bool authenticate;             /* SEND: answers a challenge to it */
    const char *expect;            /* EXPECT: "200", "2xx", or the method of a request */
    const char *method;            /* EXPECT: of the request that is answered; NULL: any */
    bool optional;                 /* EXPECT */
    uint64_t timeout_ns;           /* EXPECT; 0: the zone's */
    struct sip_script_pause pause; /* PAUSE */
    const struct sip_script_draft_extract *extracts; /* EXPECT */
    uint32_t extract_count;
};

/* What is wrong with a draft: one clause. */
struct sip_script_mistake {
    uint32_t step; /* index of the step; the number of steps: all of them together */
    uint32_t line; /* of its message, from 1; 0: none in particular */
    char text[320];
};

/* Private to this room. */
struct sip_script_template;
struct sip_script_extract;

struct sip_script_step {
    enum sip_script_kind kind;
    bool is_request; /* SEND: neither a response nor an ACK, so that something answers it */
    bool authenticate;
    bool optional;
    uint32_t status_min; /* EXPECT; 0: a request */
    uint32_t status_max;
    char method[68]; /* EXPECT: of the request, or of the one that is answered; "": any */
    uint64_t timeout_ns;
    struct sip_script_pause pause;
    struct sip_script_template *template;
    struct sip_script_extract *extracts;
    uint32_t extract_count;
};

/* A header that [last_NAME:] quotes. */
struct sip_script_quoted {
    int name;      /* enum sip_header_name */
    char text[64]; /* as written */
};

struct sip_script {
    struct sip_script_step *steps;
    uint32_t step_count;
    uint32_t field_count; /* columns that its users must have */
    uint32_t variable_count;
    char variables[SIP_SCRIPT_VARIABLES_MAX][32];
    uint32_t quoted_count;
    struct sip_script_quoted quoted[SIP_SCRIPT_QUOTED_MAX];
};

/* NULL, with what is wrong, when it cannot be played. Balance with sip_script_destroy(), which
 * takes NULL, too. */
struct sip_script *sip_script_create(const struct sip_script_draft *steps, uint32_t count,
                                     struct sip_script_mistake *mistake);
void sip_script_destroy(struct sip_script *script);

/* What one playing remembers. Plain data; sip_script_begin() makes it. */
struct sip_script_state {
    uint64_t call; /* random: Call-ID and From tag */
    uint64_t branch;
    uint64_t invite_branch;
    uint32_t cseq; /* of the newest request */
    uint32_t written_cseq;
    uint32_t invite_cseq;
    uint32_t concluded_cseq; /* highest that was finally answered */
    bool invite_failed;
    uint64_t call_id_hash; /* of the last request that was written */
    struct sip_dialog dialog;
    uint16_t variable_at[SIP_SCRIPT_VARIABLES_MAX];
    uint16_t variable_length[SIP_SCRIPT_VARIABLES_MAX];
    uint16_t text_length;
    uint16_t quoted_length;
    char text[1024];   /* extracted */
    char quoted[3072]; /* header lines of the last message, CRLF included */
};
void sip_script_begin(struct sip_script_state *state, uint64_t call);

/* Who plays it, and to whom. NUL-terminated texts, borrowed; IPv6 addresses in brackets. */
struct sip_script_speaker {
    const char *local_ip;
    const char *local_port;
    const char *local_host;
    const char *remote_ip;
    const char *remote_port;
    const char *remote_host;
    const char *user;
    const char *target;  /* a URI */
    const char *service; /* its user part */
    uint64_t number;     /* of the connection: no two have one */
    uint64_t process;
    const char *const *fields; /* script->field_count texts */
};

/* The identifiers of the next message: a new transaction, but for an ACK and a CANCEL. */
void sip_script_prepare(struct sip_script_state *state, const struct sip_script_step *step,
                        uint64_t random);

/*
 * Appends the message of a SEND step, as often as wanted the same one; `written` is what it reads
 * as. False, and nothing appended, when it does not fit or the values make no SIP of it.
 */
bool sip_script_write(struct base_buffer *out, const struct sip_script *script,
                      const struct sip_script_step *step, struct sip_script_state *state,
                      const struct sip_script_speaker *speaker, struct sip_message *written);

/* Appends the ACK of an INVITE that was answered with an error (RFC 3261 section 17.1.1.3). */
bool sip_script_write_ack(struct base_buffer *out, const struct sip_message *invite,
                          const struct sip_message *response);

/* A response to a request of this playing. */
bool sip_script_owns(const struct sip_script_state *state, const struct sip_message *response);
/* It comes again, or too late. */
bool sip_script_is_late(const struct sip_script_state *state, const struct sip_message *response);

/* True when the EXPECT step waits for such a message. */
bool sip_script_expects(const struct sip_script_step *step, const struct sip_message *message);

/* Remembers what later steps say of the message. False when something is missing in it: `missing`
 * is the variable. */
bool sip_script_take(struct sip_script_state *state, const struct sip_script *script,
                     const struct sip_script_step *step, const struct sip_message *message,
                     const char **missing);

#endif
