/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"

#include <criterion/criterion.h>

Test(base_nearest, finds_what_a_mistyped_word_was_meant_to_be) {
    static const char *const known[] = {"listeners", "zones", "trust", "eku_checking"};
    static const struct {
        const char *wanted;
        const char *hint;
    } rows[] = {
        {"listners", "; did you mean \"listeners\"?"},
        {"zoens", "; did you mean \"zones\"?"},
        {"eku_cheking", "; did you mean \"eku_checking\"?"},
        {"listen", "; did you mean \"listeners\"?"},
        {"bandwidth", ""},
        {"x", ""},
        {"", ""},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct base_nearest nearest = base_nearest_begin(rows[i].wanted);
        char hint[BASE_NEAREST_SIZE];
        for (unsigned j = 0; j < sizeof known / sizeof known[0]; j++) {
            base_nearest_offer(&nearest, known[j]);
        }
        cr_assert_str_eq(base_nearest_hint(&nearest, hint), rows[i].hint, "%s", rows[i].wanted);
    }
}
