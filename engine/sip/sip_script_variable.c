/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_script_internal.h"

#include "base_nearest.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_LENGTH 63

static const char *const names[SIP_SCRIPT_NAMED] = {
    [SIP_SCRIPT_CALL_ID] = "call_id",
    [SIP_SCRIPT_CALL_NUMBER] = "call_number",
    [SIP_SCRIPT_CSEQ] = "cseq",
    [SIP_SCRIPT_BRANCH] = "branch",
    [SIP_SCRIPT_FROM_TAG] = "from_tag",
    [SIP_SCRIPT_LEN] = "len",
    [SIP_SCRIPT_LOCAL_HOST] = "local_host",
    [SIP_SCRIPT_LOCAL_IP] = "local_ip",
    [SIP_SCRIPT_LOCAL_IP_TYPE] = "local_ip_type",
    [SIP_SCRIPT_LOCAL_PORT] = "local_port",
    [SIP_SCRIPT_MEDIA_IP] = "media_ip",
    [SIP_SCRIPT_MEDIA_IP_TYPE] = "media_ip_type",
    [SIP_SCRIPT_MEDIA_PORT] = "media_port",
    [SIP_SCRIPT_NEXT_URL] = "next_url",
    [SIP_SCRIPT_PEER_TAG_PARAM] = "peer_tag_param",
    [SIP_SCRIPT_PID] = "pid",
    [SIP_SCRIPT_REMOTE_HOST] = "remote_host",
    [SIP_SCRIPT_REMOTE_IP] = "remote_ip",
    [SIP_SCRIPT_REMOTE_PORT] = "remote_port",
    [SIP_SCRIPT_SERVICE] = "service",
    [SIP_SCRIPT_TARGET] = "target",
    [SIP_SCRIPT_TRANSPORT] = "transport",
    [SIP_SCRIPT_USER] = "user",
    [SIP_SCRIPT_ROUTES] = "routes",
};

bool sip_script_is_variable_name(const char *name) {
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t length = strspn(name, allowed);
    return length > 0 && name[length] == '\0' &&
           length < sizeof(((struct sip_script *)NULL)->variables[0]);
}

static bool find_extracted(const struct sip_script *script, const char *name, uint32_t *out) {
    for (uint32_t i = 0; i < script->variable_count; i++) {
        if (strcmp(script->variables[i], name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool sip_script_add_variable(struct sip_script *script, const char *name, uint32_t *out) {
    if (find_extracted(script, name, out)) {
        return true;
    }
    if (script->variable_count == SIP_SCRIPT_VARIABLES_MAX) {
        return false;
    }
    *out = script->variable_count++;
    snprintf(script->variables[*out], sizeof(script->variables[0]), "%s", name);
    return true;
}

/* What a header reads as when a message has it. */
bool sip_script_read_header_name(struct bytes name, struct sip_script_quoted *out) {
    char line[sizeof(out->text) + 4];
    struct sip_header header;
    const uint8_t *end = name.data + name.length;
    if (name.length == 0 || name.length >= sizeof(out->text) ||
        sip_text_skip(name.data, end, SIP_TEXT_TOKEN) != end) {
        return false;
    }
    int length =
        snprintf(line, sizeof(line), "%.*s:\r\n", (int)name.length, (const char *)name.data);
    struct sip_header_reader reader = sip_header_read_again(base_bytes(line, (size_t)length));
    if (sip_header_next(&reader, &header) != SIP_READ_OK) {
        return false;
    }
    out->name = (int)header.name;
    snprintf(out->text, sizeof(out->text), "%.*s", (int)name.length, (const char *)name.data);
    return true;
}

bool sip_script_is_header(const struct sip_script_quoted *wanted, const struct sip_header *header) {
    if (wanted->name != SIP_HEADER_OTHER || header->name != SIP_HEADER_OTHER) {
        return wanted->name == (int)header->name;
    }
    const uint8_t *end = header->line.data + header->line.length;
    const uint8_t *colon = sip_text_skip(header->line.data, end, SIP_TEXT_TOKEN);
    return sip_text_equals_caseless(sip_text_span(header->line.data, colon),
                                    base_bytes_of_text(wanted->text));
}

/* "last_Via:" */
static bool find_quoted(struct sip_script *script, struct bytes header,
                        struct sip_script_part *part, uint32_t line,
                        struct sip_script_mistake *mistake) {
    struct sip_script_quoted quoted;
    if (!sip_script_read_header_name(header, &quoted)) {
        return sip_script_complain(mistake, line, "[last_NAME:] needs the name of a header");
    }
    if (quoted.name == SIP_HEADER_CONTENT_LENGTH) {
        return sip_script_complain(mistake, line, "Content-Length is computed, not quoted");
    }
    part->variable = SIP_SCRIPT_LAST;
    for (part->argument = 0; part->argument < script->quoted_count; part->argument++) {
        if (strcmp(script->quoted[part->argument].text, quoted.text) == 0) {
            return true;
        }
    }
    if (script->quoted_count == SIP_SCRIPT_QUOTED_MAX) {
        return sip_script_complain(mistake, line,
                                   "at most %u headers can be quoted by [last_NAME:]",
                                   SIP_SCRIPT_QUOTED_MAX);
    }
    script->quoted[script->quoted_count++] = quoted;
    return true;
}

/* "field3" */
static bool find_field(struct sip_script *script, struct bytes digits, struct sip_script_part *part,
                       uint32_t line, struct sip_script_mistake *mistake) {
    if (!sip_text_decimal(digits, SIP_SCRIPT_FIELDS_MAX - 1, &part->argument)) {
        return sip_script_complain(mistake, line, "fields are [field0] to [field%u]",
                                   SIP_SCRIPT_FIELDS_MAX - 1);
    }
    part->variable = SIP_SCRIPT_FIELD;
    if (part->argument >= script->field_count) {
        script->field_count = part->argument + 1;
    }
    return true;
}

static bool unknown(const char *name, uint32_t line, struct sip_script_mistake *mistake) {
    struct base_nearest nearest = base_nearest_begin(name);
    char hint[BASE_NEAREST_SIZE];
    for (unsigned i = SIP_SCRIPT_LITERAL + 1; i < SIP_SCRIPT_NAMED; i++) {
        base_nearest_offer(&nearest, names[i]);
    }
    return sip_script_complain(mistake, line, "[%s] is no variable%s", name,
                               nearest.best != NULL
                                   ? base_nearest_hint(&nearest, hint)
                                   : "; a bracket that is meant as such is written \\[");
}

bool sip_script_find_variable(struct sip_script *script, struct bytes name,
                              struct sip_script_part *part, uint32_t line,
                              struct sip_script_mistake *mistake) {
    char text[NAME_MAX_LENGTH + 1];
    if (name.length == 0 || name.length > NAME_MAX_LENGTH) {
        return sip_script_complain(
            mistake, line,
            "expected a variable of 1 to %d characters "
            "between [ and ]; a bracket that is meant as such is written \\[",
            NAME_MAX_LENGTH);
    }
    snprintf(text, sizeof(text), "%.*s", (int)name.length, (const char *)name.data);
    for (unsigned i = SIP_SCRIPT_LITERAL + 1; i < SIP_SCRIPT_NAMED; i++) {
        if (strcmp(names[i], text) == 0) {
            part->variable = (enum sip_script_variable)i;
            return true;
        }
    }
    if (text[0] == '$') {
        part->variable = SIP_SCRIPT_EXTRACTED;
        return find_extracted(script, text + 1, &part->argument) ||
               sip_script_complain(mistake, line, "no earlier step extracts %s", text + 1);
    }
    if (strncmp(text, "last_", 5) == 0 && text[name.length - 1] == ':') {
        return find_quoted(script, base_bytes(name.data + 5, name.length - 6), part, line, mistake);
    }
    if (strncmp(text, "field", 5) == 0 && text[5] >= '0' && text[5] <= '9') {
        return find_field(script, base_bytes_after(name, 5), part, line, mistake);
    }
    return unknown(text, line, mistake);
}
