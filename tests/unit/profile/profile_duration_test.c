/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>

Test(profile_duration, reads_every_unit) {
    static const struct {
        const char *text;
        uint64_t ns;
    } cases[] = {
        {"0", 0},
        {"0s", 0},
        {"0.0", 0},
        {"100us", 100000},
        {"20ms", 20000000},
        {"5s", 5000000000},
        {"3m", 180000000000},
        {"24h", 86400000000000},
        {"0.5s", 500000000},
        {"1.5ms", 1500000},
        {"0.25us", 250},
        {"0.000001h", 3600000},
        {"18446744073709551us", 18446744073709551000u},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        uint64_t ns = UINT64_MAX;
        cr_expect(profile_parse_duration(cases[i].text, &ns), "%s", cases[i].text);
        cr_expect_eq(ns, cases[i].ns, "%s is %llu ns", cases[i].text, (unsigned long long)ns);
    }
}

Test(profile_duration, refuses_what_is_none) {
    static const char *const cases[] = {
        "",
        "5",
        "15 seconds",
        "s",
        "5 s",
        " 5s",
        "5s ",
        "-5s",
        "+5s",
        "5S",
        "5d",
        "5ns",
        "1m30s",
        "1e3s",
        ".5s",
        "1.s",
        "0x5s",
        "5.0.0s",
        "18446744073709552us",
        "99999999999999999999s",
        "0.0000001s",
        "5124096h",
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        uint64_t ns = 42;
        cr_expect_not(profile_parse_duration(cases[i], &ns), "%s", cases[i]);
        cr_expect_eq(ns, 42, "%s leaves what was there", cases[i]);
    }
}
