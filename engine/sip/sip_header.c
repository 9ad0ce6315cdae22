/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_header.h"

#include "sip_line.h"

static enum sip_header_name name_of_letter(uint8_t letter) {
    switch (letter | 0x20) {
    case 'v':
        return SIP_HEADER_VIA;
    case 'f':
        return SIP_HEADER_FROM;
    case 't':
        return SIP_HEADER_TO;
    case 'i':
        return SIP_HEADER_CALL_ID;
    case 'l':
        return SIP_HEADER_CONTENT_LENGTH;
    case 'm':
        return SIP_HEADER_CONTACT;
    default:
        return SIP_HEADER_OTHER;
    }
}

static enum sip_header_name name_if(struct bytes text, const char *lower,
                                    enum sip_header_name name) {
    return sip_text_equals_lower(text, lower, text.length) ? name : SIP_HEADER_OTHER;
}

/* Each length has few candidates, told apart by one letter, so a name is compared once. */
static enum sip_header_name name_of(struct bytes text) {
    switch (text.length) {
    case 1:
        return name_of_letter(text.data[0]);
    case 2:
        return name_if(text, "to", SIP_HEADER_TO);
    case 3:
        return name_if(text, "via", SIP_HEADER_VIA);
    case 4:
        if ((text.data[0] | 0x20) == 'f') {
            return name_if(text, "from", SIP_HEADER_FROM);
        }
        return name_if(text, "cseq", SIP_HEADER_CSEQ);
    case 5:
        return name_if(text, "route", SIP_HEADER_ROUTE);
    case 7:
        if ((text.data[0] | 0x20) == 'e') {
            return name_if(text, "expires", SIP_HEADER_EXPIRES);
        }
        if ((text.data[1] | 0x20) == 'o') {
            return name_if(text, "contact", SIP_HEADER_CONTACT);
        }
        return name_if(text, "call-id", SIP_HEADER_CALL_ID);
    case 11:
        return name_if(text, "min-expires", SIP_HEADER_MIN_EXPIRES);
    case 12:
        if ((text.data[0] | 0x20) == 'r') {
            return name_if(text, "record-route", SIP_HEADER_RECORD_ROUTE);
        }
        return name_if(text, "max-forwards", SIP_HEADER_MAX_FORWARDS);
    case 13:
        return name_if(text, "authorization", SIP_HEADER_AUTHORIZATION);
    case 14:
        return name_if(text, "content-length", SIP_HEADER_CONTENT_LENGTH);
    case 16:
        return name_if(text, "www-authenticate", SIP_HEADER_WWW_AUTHENTICATE);
    case 18:
        return name_if(text, "proxy-authenticate", SIP_HEADER_PROXY_AUTHENTICATE);
    default:
        return SIP_HEADER_OTHER;
    }
}

static enum sip_read read_empty_line(struct sip_header_reader *reader) {
    if (reader->end - reader->at < 2) {
        return SIP_READ_INCOMPLETE;
    }
    if (reader->at[1] != '\n') {
        return SIP_READ_MALFORMED;
    }
    reader->at += 2;
    return SIP_READ_END;
}

/* token *( SP / HTAB ) ":": the value begins at `value`. */
static enum sip_read read_name(const struct sip_header_reader *reader, enum sip_header_name *name,
                               const uint8_t **value) {
    const uint8_t *at = sip_text_skip(reader->at, reader->end, SIP_TEXT_TOKEN);
    struct bytes text = sip_text_span(reader->at, at);
    while (at < reader->end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    if (text.length == 0) {
        return SIP_READ_MALFORMED;
    }
    if (at == reader->end) {
        return SIP_READ_INCOMPLETE;
    }
    if (*at != ':') {
        return SIP_READ_MALFORMED;
    }
    *name = name_of(text);
    *value = at + 1;
    return SIP_READ_OK;
}

/* Past the header's lines: those that begin with white space continue it. */
static enum sip_read read_lines(const struct sip_header_reader *reader, const uint8_t *value,
                                const uint8_t **after) {
    const uint8_t *at = value;
    do {
        enum sip_read read = sip_line_end(at, reader->end, &at);
        if (read != SIP_READ_OK) {
            return read;
        }
        if (at == reader->end) {
            *after = at;
            return reader->ends_here ? SIP_READ_OK : SIP_READ_INCOMPLETE;
        }
    } while (*at == ' ' || *at == '\t');
    *after = at;
    return SIP_READ_OK;
}

enum sip_read sip_header_next(struct sip_header_reader *reader, struct sip_header *out) {
    if (reader->at == reader->end) {
        return reader->ends_here ? SIP_READ_END : SIP_READ_INCOMPLETE;
    }
    if (*reader->at == '\r') {
        return read_empty_line(reader);
    }
    const uint8_t *value;
    enum sip_read read = read_name(reader, &out->name, &value);
    if (read != SIP_READ_OK) {
        return read;
    }
    const uint8_t *after;
    read = read_lines(reader, value, &after);
    if (read != SIP_READ_OK) {
        return read;
    }
    out->value = sip_text_trim(sip_text_span(value, after));
    out->line = sip_text_span(reader->at, after);
    reader->at = after;
    return SIP_READ_OK;
}

bool sip_header_find(struct sip_header_reader *reader, enum sip_header_name name,
                     struct sip_header *out) {
    while (sip_header_next(reader, out) == SIP_READ_OK) {
        if (out->name == name) {
            return true;
        }
    }
    return false;
}
