/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_script_internal.h"

#include "sip_start_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sip_script_complain(struct sip_script_mistake *mistake, uint32_t line, const char *format,
                         ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(mistake->text, sizeof(mistake->text), format, arguments);
    va_end(arguments);
    mistake->line = line;
    return false;
}

/* "200", "2xx", "NOTIFY" */
static bool read_expectation(struct sip_script_step *step, const char *text,
                             struct sip_script_mistake *mistake) {
    size_t length = strlen(text);
    uint32_t status;
    if (sip_text_decimal(base_bytes(text, length), 699, &status) && status >= 100) {
        step->status_min = status;
        step->status_max = status;
        return true;
    }
    if (length == 3 && text[0] >= '1' && text[0] <= '6' && strcmp(text + 1, "xx") == 0) {
        step->status_min = (uint32_t)(text[0] - '0') * 100;
        step->status_max = step->status_min + 99;
        return true;
    }
    for (const char *at = text; *at != '\0'; at++) {
        length = (*at >= 'A' && *at <= 'Z') ? length : 0;
    }
    if (length == 0 || length > SIP_METHOD_MAX) {
        return sip_script_complain(mistake, 0,
                                   "expected a status from 100 to 699, a class such "
                                   "as 2xx, or the method of a request in capitals");
    }
    snprintf(step->method, sizeof(step->method), "%s", text);
    return true;
}

static bool read_method(struct sip_script_step *step, const char *method,
                        struct sip_script_mistake *mistake) {
    if (method == NULL) {
        return true;
    }
    if (step->status_min == 0) {
        return sip_script_complain(mistake, 0,
                                   "method is for responses: a request is expected by "
                                   "its method alone");
    }
    snprintf(step->method, sizeof(step->method), "%s", method);
    return strlen(method) <= SIP_METHOD_MAX ||
           sip_script_complain(mistake, 0, "expected a method of at most %d letters",
                               SIP_METHOD_MAX);
}

static bool compile_match(struct sip_script_extract *extract, const char *match,
                          struct sip_script_mistake *mistake) {
    char reason[128];
    int result = regcomp(&extract->match, match, REG_EXTENDED);
    if (result != 0) {
        regerror(result, &extract->match, reason, sizeof(reason));
        return sip_script_complain(mistake, 0, "match is no regular expression: %s", reason);
    }
    extract->has_match = true;
    return true;
}

static bool read_extract(struct sip_script *script, struct sip_script_extract *extract,
                         const struct sip_script_draft_extract *draft,
                         struct sip_script_mistake *mistake) {
    if (!sip_script_is_variable_name(draft->variable)) {
        return sip_script_complain(mistake, 0,
                                   "expected a variable of at most 31 letters, digits, "
                                   "hyphens and underscores");
    }
    if (!sip_script_add_variable(script, draft->variable, &extract->variable)) {
        return sip_script_complain(mistake, 0, "expected at most %u variables",
                                   SIP_SCRIPT_VARIABLES_MAX);
    }
    if (draft->header == NULL && draft->match == NULL) {
        return sip_script_complain(mistake, 0, "expected a header, a match, or both to extract %s",
                                   draft->variable);
    }
    extract->has_header = draft->header != NULL;
    if (draft->header != NULL &&
        !sip_script_read_header_name(base_bytes_of_text(draft->header), &extract->header)) {
        return sip_script_complain(mistake, 0, "expected the name of a header to extract %s from",
                                   draft->variable);
    }
    return draft->match == NULL || compile_match(extract, draft->match, mistake);
}

static bool compile_expectation(struct sip_script *script, struct sip_script_step *step,
                                const struct sip_script_draft *draft,
                                struct sip_script_mistake *mistake) {
    if (!read_expectation(step, draft->expect, mistake) ||
        !read_method(step, draft->method, mistake)) {
        return false;
    }
    step->extracts = calloc((size_t)draft->extract_count + 1, sizeof(*step->extracts));
    if (step->extracts == NULL) {
        return sip_script_complain(mistake, 0, "out of memory");
    }
    for (; step->extract_count < draft->extract_count; step->extract_count++) {
        if (!read_extract(script, &step->extracts[step->extract_count],
                          &draft->extracts[step->extract_count], mistake)) {
            return false;
        }
    }
    return true;
}

static bool compile_message(struct sip_script *script, struct sip_script_step *step,
                            const struct sip_script_draft *draft,
                            struct sip_script_mistake *mistake) {
    step->template = sip_script_template_create(script, draft->message, mistake);
    if (step->template == NULL) {
        return false;
    }
    struct bytes method = step->template->method;
    step->is_request = method.length > 0 && !base_bytes_equal(method, base_bytes_of_text("ACK"));
    if (step->authenticate &&
        !(step->is_request && step->template->has_cseq && step->template->has_branch)) {
        return sip_script_complain(mistake, 0,
                                   "authenticate sends a request again: expected a "
                                   "request with [cseq] and [branch] in it");
    }
    return true;
}

static bool compile_step(struct sip_script *script, const struct sip_script_draft *draft,
                         struct sip_script_mistake *mistake) {
    struct sip_script_step *step = &script->steps[script->step_count++];
    step->kind = draft->kind;
    step->authenticate = draft->authenticate;
    step->optional = draft->optional;
    step->timeout_ns = draft->timeout_ns;
    step->pause = draft->pause;
    switch (draft->kind) {
    case SIP_SCRIPT_SEND:
        return compile_message(script, step, draft, mistake);
    case SIP_SCRIPT_EXPECT:
        return compile_expectation(script, step, draft, mistake);
    case SIP_SCRIPT_PAUSE:
    default:
        return true;
    }
}

/* Nobody would notice that an optional message did not come, but for a message behind it. */
static bool check_order(const struct sip_script *script, struct sip_script_mistake *mistake) {
    bool has_expectation = false;
    for (uint32_t i = 0; i < script->step_count; i++) {
        const struct sip_script_step *step = &script->steps[i];
        bool is_followed = i + 1 < script->step_count && step[1].kind == SIP_SCRIPT_EXPECT;
        mistake->step = i;
        if (step->kind == SIP_SCRIPT_EXPECT && step->optional && !is_followed) {
            return sip_script_complain(mistake, 0,
                                       "expected another expect behind an optional "
                                       "one: which message ends the wait?");
        }
        has_expectation |= step->kind == SIP_SCRIPT_EXPECT;
    }
    mistake->step = script->step_count;
    return has_expectation || sip_script_complain(mistake, 0,
                                                  "expected at least one expect: "
                                                  "nothing else shows that the peer is there");
}

static bool compile(struct sip_script *script, const struct sip_script_draft *steps, uint32_t count,
                    struct sip_script_mistake *mistake) {
    mistake->step = count;
    if (count == 0 || count > SIP_SCRIPT_STEPS_MAX) {
        return sip_script_complain(mistake, 0, "expected 1 to %u steps", SIP_SCRIPT_STEPS_MAX);
    }
    script->steps = calloc(count, sizeof(*script->steps));
    if (script->steps == NULL) {
        return sip_script_complain(mistake, 0, "out of memory");
    }
    for (uint32_t i = 0; i < count; i++) {
        mistake->step = i;
        if (!compile_step(script, &steps[i], mistake)) {
            return false;
        }
    }
    return check_order(script, mistake);
}

struct sip_script *sip_script_create(const struct sip_script_draft *steps, uint32_t count,
                                     struct sip_script_mistake *mistake) {
    struct sip_script *script = calloc(1, sizeof(*script));
    if (script == NULL) {
        mistake->step = count;
        sip_script_complain(mistake, 0, "out of memory");
        return NULL;
    }
    if (!compile(script, steps, count, mistake)) {
        sip_script_destroy(script);
        return NULL;
    }
    return script;
}

void sip_script_destroy(struct sip_script *script) {
    for (uint32_t i = 0; script != NULL && i < script->step_count; i++) {
        struct sip_script_step *step = &script->steps[i];
        sip_script_template_destroy(step->template);
        /* The one that failed was not counted, and may hold an expression only if that was good. */
        for (uint32_t k = 0; k < step->extract_count; k++) {
            if (step->extracts[k].has_match) {
                regfree(&step->extracts[k].match);
            }
        }
        free(step->extracts);
    }
    if (script != NULL) {
        free(script->steps);
        free(script);
    }
}
