/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_text.h"

#include <string.h>

#define MARK  (HTTP_TEXT_VALUE | HTTP_TEXT_TARGET)
#define QUOTE HTTP_TEXT_VALUE
#define BLANK (HTTP_TEXT_VALUE | HTTP_TEXT_SPACE)
#define HOST  (MARK | HTTP_TEXT_HOST)
#define TOKEN (MARK | HTTP_TEXT_TOKEN)
#define NAME  (HOST | HTTP_TEXT_TOKEN)
#define DASH  (NAME | HTTP_TEXT_METHOD)
#define DIGIT (NAME | HTTP_TEXT_DIGIT | HTTP_TEXT_HEX)
#define LOWER NAME
#define LOHEX (LOWER | HTTP_TEXT_HEX)
#define UPPER (NAME | HTTP_TEXT_METHOD)
#define UPHEX (UPPER | HTTP_TEXT_HEX)

/* clang-format off */
static const uint8_t classes_of_ascii[128] = {
    ['\t'] = BLANK, [' '] = BLANK,
    ['"'] = QUOTE, ['<'] = QUOTE, ['>'] = QUOTE,
    ['/'] = MARK, [':'] = MARK, ['?'] = MARK, ['@'] = MARK, ['['] = MARK, ['\\'] = MARK,
    [']'] = MARK, ['{'] = MARK, ['}'] = MARK,
    ['#'] = TOKEN, ['^'] = TOKEN, ['`'] = TOKEN, ['|'] = TOKEN,
    ['('] = HOST, [')'] = HOST, [','] = HOST, [';'] = HOST, ['='] = HOST,
    ['!'] = NAME, ['$'] = NAME, ['%'] = NAME, ['&'] = NAME, ['\''] = NAME, ['*'] = NAME,
    ['+'] = NAME, ['.'] = NAME, ['_'] = NAME, ['~'] = NAME,
    ['-'] = DASH,
    ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT,
    ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
    ['A'] = UPHEX, ['B'] = UPHEX, ['C'] = UPHEX, ['D'] = UPHEX, ['E'] = UPHEX, ['F'] = UPHEX,
    ['G'] = UPPER, ['H'] = UPPER, ['I'] = UPPER, ['J'] = UPPER, ['K'] = UPPER, ['L'] = UPPER,
    ['M'] = UPPER, ['N'] = UPPER, ['O'] = UPPER, ['P'] = UPPER, ['Q'] = UPPER, ['R'] = UPPER,
    ['S'] = UPPER, ['T'] = UPPER, ['U'] = UPPER, ['V'] = UPPER, ['W'] = UPPER, ['X'] = UPPER,
    ['Y'] = UPPER, ['Z'] = UPPER,
    ['a'] = LOHEX, ['b'] = LOHEX, ['c'] = LOHEX, ['d'] = LOHEX, ['e'] = LOHEX, ['f'] = LOHEX,
    ['g'] = LOWER, ['h'] = LOWER, ['i'] = LOWER, ['j'] = LOWER, ['k'] = LOWER, ['l'] = LOWER,
    ['m'] = LOWER, ['n'] = LOWER, ['o'] = LOWER, ['p'] = LOWER, ['q'] = LOWER, ['r'] = LOWER,
    ['s'] = LOWER, ['t'] = LOWER, ['u'] = LOWER, ['v'] = LOWER, ['w'] = LOWER, ['x'] = LOWER,
    ['y'] = LOWER, ['z'] = LOWER,
};
/* clang-format on */

/* Octets beyond ASCII stand in values only. */
static inline bool is(uint8_t octet, unsigned classes) {
    return ((octet < 0x80 ? classes_of_ascii[octet] : HTTP_TEXT_VALUE) & classes) != 0;
}

bool http_text_is(uint8_t octet, unsigned classes) {
    return is(octet, classes);
}

struct bytes http_text_take(struct http_cursor *cursor, unsigned classes) {
    const uint8_t *from = cursor->at;
    while (cursor->at < cursor->end && is(*cursor->at, classes)) {
        cursor->at++;
    }
    return base_bytes(from, (size_t)(cursor->at - from));
}

enum http_read http_text_expect(struct http_cursor *cursor, char octet) {
    if (cursor->at == cursor->end) {
        return HTTP_READ_INCOMPLETE;
    }
    if (*cursor->at != (uint8_t)octet) {
        return HTTP_READ_MALFORMED;
    }
    cursor->at++;
    return HTTP_READ_OK;
}

enum http_read http_text_expect_all(struct http_cursor *cursor, const char *octets) {
    enum http_read read = HTTP_READ_OK;
    while (*octets != '\0' && read == HTTP_READ_OK) {
        read = http_text_expect(cursor, *octets);
        octets++;
    }
    return read;
}

enum http_read http_text_expect_line_end(struct http_cursor *cursor) {
    return http_text_expect_all(cursor, "\r\n");
}

bool http_text_equals_lower(struct bytes text, const char *lower) {
    if (text.length != strlen(lower)) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        uint8_t octet = text.data[i];
        if (octet >= 'A' && octet <= 'Z') {
            octet |= 0x20;
        }
        if (octet != (uint8_t)lower[i]) {
            return false;
        }
    }
    return true;
}

struct bytes http_text_trim(struct bytes text) {
    while (text.length != 0 && http_text_is(text.data[0], HTTP_TEXT_SPACE)) {
        text = base_bytes_after(text, 1);
    }
    while (text.length != 0 && http_text_is(text.data[text.length - 1], HTTP_TEXT_SPACE)) {
        text.length--;
    }
    return text;
}

bool http_text_decimal(struct bytes text, uint64_t max, uint64_t *out) {
    uint64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned digit = (unsigned)text.data[i] - '0';
        if (digit > 9 || value > max / 10 || value * 10 > max - digit) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return text.length != 0;
}
