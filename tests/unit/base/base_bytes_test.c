/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_bytes.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

Test(base_bytes, are_equal_by_length_and_content) {
    cr_expect(base_bytes_equal(base_bytes(NULL, 0), base_bytes("x", 0)));
    cr_expect(base_bytes_equal(base_bytes("a\0b", 3), base_bytes("a\0b", 3)));
    cr_expect_not(base_bytes_equal(base_bytes("a\0b", 3), base_bytes("a\0c", 3)));
    cr_expect_not(base_bytes_equal(base_bytes("ab", 2), base_bytes("abc", 3)));
    cr_expect(base_bytes_equal(base_bytes_of_text("abc"), base_bytes("abc", 3)));
    cr_expect(base_bytes_equal(base_bytes_of_text(""), base_bytes(NULL, 0)));
}

Test(base_bytes, after_drops_from_the_front) {
    struct bytes span = base_bytes_of_text("abc");
    cr_expect(base_bytes_equal(base_bytes_after(span, 0), span));
    cr_expect(base_bytes_equal(base_bytes_after(span, 2), base_bytes("c", 1)));
    cr_expect_eq(base_bytes_after(span, 3).length, 0);
    /* An empty span may have no address; a sanitizer minds arithmetic on it. */
    cr_expect_eq(base_bytes_after(base_bytes(NULL, 0), 0).length, 0);
}

Test(base_bytes, buffer_takes_a_span_whole_or_not_at_all) {
    uint8_t area[8];
    memset(area, '#', sizeof area);
    struct base_buffer buffer = {.data = area, .capacity = 6};
    cr_expect(base_buffer_append(&buffer, base_bytes("abcd", 4)));
    cr_expect_not(base_buffer_append(&buffer, base_bytes("xyz", 3)));
    cr_expect_eq(buffer.length, 4);
    cr_expect(base_buffer_append(&buffer, base_bytes("ef", 2)));
    cr_expect_not(base_buffer_append(&buffer, base_bytes("g", 1)));
    cr_expect(base_buffer_append(&buffer, base_bytes(NULL, 0)), "nothing always fits");
    cr_expect(base_bytes_equal(base_buffer_bytes(&buffer), base_bytes("abcdef", 6)));
    cr_expect_eq(area[6], '#', "wrote past the capacity");
}

Test(base_bytes, buffer_refuses_a_length_that_would_wrap_around) {
    uint8_t area[4];
    struct base_buffer buffer = {.data = area, .length = 2, .capacity = sizeof area};
    cr_expect_not(base_buffer_append(&buffer, base_bytes("x", SIZE_MAX)));
    cr_expect_not(base_buffer_append(&buffer, base_bytes("x", SIZE_MAX - 1)));
    cr_expect_eq(buffer.length, 2);
}

Test(base_bytes, hexadecimal_ends_where_the_area_ends) {
    static const struct {
        size_t size;
        const char *text;
    } rows[] = {{1, ""}, {2, ""}, {3, "00"}, {4, "00"}, {5, "007f"}, {7, "007fff"}, {12, "007fff"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[16];
        memset(out, '#', sizeof out);
        base_bytes_to_hex(base_bytes("\x00\x7f\xff", 3), out, rows[i].size);
        cr_expect_str_eq(out, rows[i].text, "size %zu", rows[i].size);
        cr_expect_eq(out[rows[i].size], '#', "size %zu: wrote past the end", rows[i].size);
    }
    base_bytes_to_hex(base_bytes("\x00", 1), NULL, 0);
}
