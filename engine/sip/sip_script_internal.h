/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_SCRIPT_INTERNAL_H
#define SIP_SCRIPT_INTERNAL_H

#include "sip_header.h"
#include "sip_script.h"

#include <regex.h>

/* What stands in brackets. */
enum sip_script_variable {
    SIP_SCRIPT_LITERAL, /* nothing: text as it is */
    SIP_SCRIPT_CALL_ID,
    SIP_SCRIPT_CALL_NUMBER,
    SIP_SCRIPT_CSEQ,
    SIP_SCRIPT_BRANCH,
    SIP_SCRIPT_FROM_TAG,
    SIP_SCRIPT_LEN,
    SIP_SCRIPT_LOCAL_HOST,
    SIP_SCRIPT_LOCAL_IP,
    SIP_SCRIPT_LOCAL_IP_TYPE,
    SIP_SCRIPT_LOCAL_PORT,
    SIP_SCRIPT_MEDIA_IP,
    SIP_SCRIPT_MEDIA_IP_TYPE,
    SIP_SCRIPT_MEDIA_PORT,
    SIP_SCRIPT_NEXT_URL,
    SIP_SCRIPT_PEER_TAG_PARAM,
    SIP_SCRIPT_PID,
    SIP_SCRIPT_REMOTE_HOST,
    SIP_SCRIPT_REMOTE_IP,
    SIP_SCRIPT_REMOTE_PORT,
    SIP_SCRIPT_SERVICE,
    SIP_SCRIPT_TARGET,
    SIP_SCRIPT_TRANSPORT,
    SIP_SCRIPT_USER,
    SIP_SCRIPT_ROUTES, /* whole lines, as are those of LAST */
    SIP_SCRIPT_NAMED,  /* how many have a name of their own */
    SIP_SCRIPT_LAST = SIP_SCRIPT_NAMED,
    SIP_SCRIPT_FIELD,
    SIP_SCRIPT_EXTRACTED,
};

struct sip_script_part {
    enum sip_script_variable variable;
    uint32_t argument; /* FIELD: its column; EXTRACTED, LAST: index in the script */
    struct bytes text; /* LITERAL */
};

struct sip_script_template {
    uint8_t *octets; /* what the literals lie in */
    struct sip_script_part *parts;
    uint32_t part_count;
    uint32_t body_first; /* part_count: there is no body */
    struct bytes method; /* empty: a response */
    bool has_cseq;       /* so that a request can be sent again as another one */
    bool has_branch;
};

struct sip_script_extract {
    uint32_t variable;
    bool has_header;
    struct sip_script_quoted header;
    bool has_match;
    regex_t match;
};

/* Always false, so that a caller can return it. */
bool sip_script_complain(struct sip_script_mistake *mistake, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* sip_script_variable.c: what `name`, without its brackets, stands for. */
bool sip_script_find_variable(struct sip_script *script, struct bytes name,
                              struct sip_script_part *part, uint32_t line,
                              struct sip_script_mistake *mistake);
/* A variable that a step extracts; it may be known already. False when there is no room. */
bool sip_script_add_variable(struct sip_script *script, const char *name, uint32_t *out);
/* Letters, digits, hyphens and underscores. */
bool sip_script_is_variable_name(const char *name);
/* A header's name as the messages that come are searched for it. */
bool sip_script_read_header_name(struct bytes name, struct sip_script_quoted *out);
bool sip_script_is_header(const struct sip_script_quoted *wanted, const struct sip_header *header);

/* sip_script_template.c */
struct sip_script_template *sip_script_template_create(struct sip_script *script, const char *text,
                                                       struct sip_script_mistake *mistake);
void sip_script_template_destroy(struct sip_script_template *template);

/* sip_script_trial.c: can what a template becomes be read as SIP? */
bool sip_script_trial(const struct sip_script *script, const struct sip_script_template *template,
                      struct sip_script_mistake *mistake);

/* sip_script_write.c: without a look at what comes out. */
bool sip_script_put(struct base_buffer *out, const struct sip_script *script,
                    const struct sip_script_template *template,
                    const struct sip_script_state *state, const struct sip_script_speaker *speaker);

#endif
