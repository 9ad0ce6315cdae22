/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_subject.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
    VALUE_MAX = 512, /* 128 characters of four octets */
};

/* The attributes a certificate of this field has, with their bounds (RFC 5280 appendix A). */
struct attribute {
    const char *name;
    uint8_t oid[3]; /* content of the OBJECT IDENTIFIER: 2.5.4.n */
    unsigned characters_max;
    unsigned tag;
};

static const struct attribute attributes[] = {
    {"CN", {0x55, 4, 3}, CERTS_COMMON_NAME_MAX, CERTS_DER_UTF8_STRING},
    {"O", {0x55, 4, 10}, 64, CERTS_DER_UTF8_STRING},
    {"OU", {0x55, 4, 11}, 64, CERTS_DER_UTF8_STRING},
    {"C", {0x55, 4, 6}, 2, CERTS_DER_PRINTABLE_STRING},
    {"ST", {0x55, 4, 8}, 128, CERTS_DER_UTF8_STRING},
    {"L", {0x55, 4, 7}, 128, CERTS_DER_UTF8_STRING},
};

/* Octets of the UTF-8 character in front (RFC 3629); 0: it is none, or a control character. */
static size_t utf8_character(const uint8_t *text, size_t length) {
    uint32_t code = text[0];
    size_t size = code < 0x80 ? 1 : code < 0xe0 ? 2 : code < 0xf0 ? 3 : 4;
    static const uint32_t smallest[] = {0, 0x20, 0x80, 0x800, 0x10000};
    if (size > length || (code >= 0x80 && code < 0xc0) || code >= 0xf8) {
        return 0;
    }
    code &= size == 1 ? 0x7fu : 0xffu >> (size + 1);
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (text[i] & 0x3f);
    }
    if (code < smallest[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ||
        (code >= 0x7f && code <= 0x9f)) {
        return 0;
    }
    return size;
}

/* The number of UTF-8 characters; false when it is not text. */
static bool count_characters(struct bytes value, unsigned *characters) {
    *characters = 0;
    while (value.length > 0) {
        size_t size = utf8_character(value.data, value.length);
        if (size == 0) {
            return false;
        }
        value = base_bytes_after(value, size);
        *characters += 1;
    }
    return true;
}

/* What ISO 3166 looks like; which codes exist is not ours to know. */
static bool is_country_code(struct bytes value) {
    return value.length == 2 && isalpha(value.data[0]) && isalpha(value.data[1]);
}

static bool value_is_sound(const struct attribute *attribute, struct bytes value,
                           struct base_error *error) {
    const char *text = (const char *)value.data;
    int length = (int)value.length;
    unsigned characters;
    if (!count_characters(value, &characters)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "the subject's %s is not printable UTF-8 text: \"%.*s\"",
                              attribute->name, length, text);
    }
    if (attribute->tag == CERTS_DER_PRINTABLE_STRING) {
        return is_country_code(value) ||
               base_error_set(error, BASE_ERROR_USAGE,
                              "the subject's %s is not a country code of two letters: \"%.*s\"",
                              attribute->name, length, text);
    }
    if (characters == 0 || characters > attribute->characters_max) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "the subject's %s has %u characters, expected 1 to %u: \"%.*s\"",
                              attribute->name, characters, attribute->characters_max, length, text);
    }
    return true;
}

static bool attribute_write(const struct attribute *attribute, struct bytes value,
                            struct certs_der *out, struct base_error *error) {
    size_t set;
    size_t sequence;
    if (!value_is_sound(attribute, value, error)) {
        return false;
    }
    set = certs_der_open(out, CERTS_DER_SET);
    sequence = certs_der_open(out, CERTS_DER_SEQUENCE);
    certs_der_value(out, CERTS_DER_OID, base_bytes(attribute->oid, sizeof attribute->oid));
    certs_der_value(out, attribute->tag, value);
    certs_der_close(out, sequence);
    certs_der_close(out, set);
    return true;
}

static const struct attribute *attribute_find(const char *name, size_t length) {
    for (unsigned i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        const struct attribute *attribute = &attributes[i];
        if (strlen(attribute->name) == length && strncasecmp(attribute->name, name, length) == 0) {
            return attribute;
        }
    }
    return NULL;
}

static int hex_digit(char character) {
    if (!isxdigit((unsigned char)character)) {
        return -1;
    }
    return isdigit((unsigned char)character) ? character - '0' : (character | 0x20) - 'a' + 10;
}

/* One octet of a value, escapes undone; returns how much text it took, 0: a lone backslash. */
static size_t value_octet(const char *text, uint8_t *octet) {
    if (text[0] != '\\') {
        *octet = (uint8_t)text[0];
        return 1;
    }
    if (text[1] == '\0') {
        return 0;
    }
    if (hex_digit(text[1]) >= 0 && hex_digit(text[2]) >= 0) {
        *octet = (uint8_t)(hex_digit(text[1]) << 4 | hex_digit(text[2]));
        return 3;
    }
    *octet = (uint8_t)text[1];
    return 2;
}

/* Takes a value up to the next comma off the text; spaces around it do not count unless escaped. */
static bool value_take(const char **text, struct base_buffer *value, struct base_error *error) {
    size_t kept = 0;
    while (**text == ' ') {
        (*text)++;
    }
    while (**text != '\0' && **text != ',') {
        uint8_t octet = 0;
        size_t taken = value_octet(*text, &octet);
        if (taken == 0) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "the subject ends with a lone backslash");
        }
        if (!base_buffer_append(value, base_bytes(&octet, 1))) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "a value in the subject is longer than %d octets", VALUE_MAX);
        }
        if (taken > 1 || octet != ' ') {
            kept = value->length;
        }
        *text += taken;
    }
    value->length = kept;
    return true;
}

/* Takes one "CN=value" off the text and appends it. */
static bool attribute_take(const char **text, struct certs_der *out, struct base_error *error) {
    uint8_t octets[VALUE_MAX];
    struct base_buffer value = {.data = octets, .capacity = sizeof octets};
    const char *name = *text + strspn(*text, " ");
    size_t length = strcspn(name, "=, ");
    const char *equals = name + length + strspn(name + length, " ");
    const struct attribute *attribute = attribute_find(name, length);
    if (attribute == NULL || *equals != '=') {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "the subject has \"%.*s\" where CN=, O=, OU=, C=, ST= or L= is "
                              "expected; a comma inside a value is written \\,",
                              (int)strcspn(name, ","), name);
    }
    *text = equals + 1;
    return value_take(text, &value, error) &&
           attribute_write(attribute, base_buffer_bytes(&value), out, error);
}

bool certs_subject_write(const char *text, struct certs_der *out, struct base_error *error) {
    size_t start = certs_der_open(out, CERTS_DER_SEQUENCE);
    while (*text != '\0') {
        if (!attribute_take(&text, out, error)) {
            return false;
        }
        if (*text == ',') {
            text++;
            if (text[strspn(text, " ")] == '\0') {
                return base_error_set(error, BASE_ERROR_USAGE, "the subject ends with a comma");
            }
        }
    }
    certs_der_close(out, start);
    return certs_der_is_whole(out, error);
}

bool certs_subject_write_common_name(const char *common_name, struct certs_der *out,
                                     struct base_error *error) {
    size_t start = certs_der_open(out, CERTS_DER_SEQUENCE);
    if (!attribute_write(&attributes[0], base_bytes_of_text(common_name), out, error)) {
        return false;
    }
    certs_der_close(out, start);
    return certs_der_is_whole(out, error);
}
