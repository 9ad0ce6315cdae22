/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve.h"

#include <criterion/criterion.h>

Test(resolve_private, only_private_addresses_need_no_authorization) {
    static const struct {
        const char *address;
        bool is_private;
    } cases[] = {
        {"127.0.0.1", true},
        {"127.255.255.255", true},
        {"10.0.0.0", true},
        {"10.255.255.255", true},
        {"11.0.0.0", false},
        {"9.255.255.255", false},
        {"172.15.255.255", false},
        {"172.16.0.0", true},
        {"172.31.255.255", true},
        {"172.32.0.0", false},
        {"192.168.0.1", true},
        {"192.167.255.255", false},
        {"192.169.0.0", false},
        {"169.254.1.1", true},
        {"169.255.1.1", false},
        {"100.63.255.255", false},
        {"100.64.0.0", true},
        {"100.127.255.255", true},
        {"100.128.0.0", false},
        {"192.0.2.1", false},
        {"198.51.100.7", false},
        {"203.0.113.9", false},
        {"198.18.0.1", false},
        {"0.0.0.0", false},
        {"224.0.0.1", false},
        {"255.255.255.255", false},
        {"8.8.8.8", false},
        {"::1", true},
        {"::", false},
        {"::2", false},
        {"fc00::", true},
        {"fdff:ffff::1", true},
        {"fbff::1", false},
        {"fe00::1", false},
        {"fe80::1", true},
        {"febf::1", true},
        {"fec0::1", false},
        {"2001:db8::1", false},
        {"2606:4700::1111", false},
        {"::ffff:10.0.0.1", true},
        {"::ffff:8.8.8.8", false},
        {"64:ff9b::10.0.0.1", false},
        {"example.com", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(resolve_is_private(cases[i].address), cases[i].is_private, "%s",
                     cases[i].address);
    }
}
