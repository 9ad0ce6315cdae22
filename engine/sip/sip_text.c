/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_text.h"

#define NONE  0
#define SPACE SIP_TEXT_LWS
#define URI   SIP_TEXT_URI
#define TOKEN (SIP_TEXT_URI | SIP_TEXT_TOKEN)
#define ALNUM (SIP_TEXT_URI | SIP_TEXT_TOKEN | SIP_TEXT_SCHEME)

/* clang-format off */
const uint8_t sip_text_classes[256] = {
    ['\t'] = SPACE, ['\n'] = SPACE, ['\r'] = SPACE, [' '] = SPACE,
    ['!'] = TOKEN, ['"'] = NONE, ['#'] = URI, ['$'] = URI, ['%'] = TOKEN, ['&'] = URI,
    ['\''] = TOKEN, ['('] = URI, [')'] = URI, ['*'] = TOKEN, ['+'] = ALNUM, [','] = URI,
    ['-'] = ALNUM, ['.'] = ALNUM, ['/'] = URI,
    ['0'] = ALNUM, ['1'] = ALNUM, ['2'] = ALNUM, ['3'] = ALNUM, ['4'] = ALNUM,
    ['5'] = ALNUM, ['6'] = ALNUM, ['7'] = ALNUM, ['8'] = ALNUM, ['9'] = ALNUM,
    [':'] = URI, [';'] = URI, ['<'] = NONE, ['='] = URI, ['>'] = NONE, ['?'] = URI, ['@'] = URI,
    ['A'] = ALNUM, ['B'] = ALNUM, ['C'] = ALNUM, ['D'] = ALNUM, ['E'] = ALNUM, ['F'] = ALNUM,
    ['G'] = ALNUM, ['H'] = ALNUM, ['I'] = ALNUM, ['J'] = ALNUM, ['K'] = ALNUM, ['L'] = ALNUM,
    ['M'] = ALNUM, ['N'] = ALNUM, ['O'] = ALNUM, ['P'] = ALNUM, ['Q'] = ALNUM, ['R'] = ALNUM,
    ['S'] = ALNUM, ['T'] = ALNUM, ['U'] = ALNUM, ['V'] = ALNUM, ['W'] = ALNUM, ['X'] = ALNUM,
    ['Y'] = ALNUM, ['Z'] = ALNUM,
    ['['] = URI, ['\\'] = URI, [']'] = URI, ['^'] = URI, ['_'] = TOKEN, ['`'] = TOKEN,
    ['a'] = ALNUM, ['b'] = ALNUM, ['c'] = ALNUM, ['d'] = ALNUM, ['e'] = ALNUM, ['f'] = ALNUM,
    ['g'] = ALNUM, ['h'] = ALNUM, ['i'] = ALNUM, ['j'] = ALNUM, ['k'] = ALNUM, ['l'] = ALNUM,
    ['m'] = ALNUM, ['n'] = ALNUM, ['o'] = ALNUM, ['p'] = ALNUM, ['q'] = ALNUM, ['r'] = ALNUM,
    ['s'] = ALNUM, ['t'] = ALNUM, ['u'] = ALNUM, ['v'] = ALNUM, ['w'] = ALNUM, ['x'] = ALNUM,
    ['y'] = ALNUM, ['z'] = ALNUM,
    ['{'] = URI, ['|'] = URI, ['}'] = URI, ['~'] = TOKEN,
};
/* clang-format on */

struct bytes sip_text_trim(struct bytes text) {
    const uint8_t *end = text.data + text.length;
    const uint8_t *from = sip_text_skip(text.data, end, SIP_TEXT_LWS);
    while (end > from && sip_text_is(end[-1], SIP_TEXT_LWS)) {
        end--;
    }
    return sip_text_span(from, end);
}

bool sip_text_decimal(struct bytes text, uint32_t max, uint32_t *out) {
    uint64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned digit = (unsigned)text.data[i] - '0';
        if (digit > 9) {
            return false;
        }
        value = value * 10 + digit;
        if (value > max) {
            return false;
        }
    }
    *out = (uint32_t)value;
    return text.length != 0;
}
