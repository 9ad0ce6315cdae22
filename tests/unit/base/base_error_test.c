/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_error.h"

#include <criterion/criterion.h>
#include <string.h>

Test(base_error, is_filled_and_false) {
    struct base_error error = {0};
    cr_expect_eq(error.kind, BASE_ERROR_NONE);
    cr_expect_not(base_error_set(&error, BASE_ERROR_USAGE, "%s:%d: unknown key", "a.yaml", 7));
    cr_expect_eq(error.kind, BASE_ERROR_USAGE);
    cr_expect_str_eq(error.text, "a.yaml:7: unknown key");
}

Test(base_error, too_long_a_text_is_cut) {
    struct base_error error;
    char text[2 * sizeof error.text];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    base_error_set(&error, BASE_ERROR_MACHINE, "%s", text);
    cr_expect_eq(strlen(error.text), sizeof error.text - 1);
}
