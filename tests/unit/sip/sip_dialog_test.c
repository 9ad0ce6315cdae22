/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_dialog.h"
#include "sip_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define ANSWER(to, lines)                                                                          \
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS a;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=1\r\nTo: " to       \
    "\r\nCall-ID: 1@a\r\nCSeq: 1 INVITE\r\n" lines "Content-Length: 0\r\n\r\n"
#define WITH(lines) ANSWER("<sip:b>;tag=2", lines)

struct dialog_case {
    const char *text;
    const char *target;
    const char *tag;
    const char *routes;
};

Test(sip_dialog, goes_where_the_peer_moved) {
    static const struct {
        const char *text;
        const char *target;
    } rows[] = {
        {WITH("Contact: <sip:b@moved.test>\r\nRecord-Route: <sip:p9;lr>\r\n"), "sip:b@moved.test"},
        {WITH(""), "sip:b@first.test"},
        {WITH("Contact: *\r\n"), "sip:b@first.test"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct sip_message response;
        struct sip_dialog dialog;
        SAMPLE_READ(base_bytes_of_text(WITH("Contact: <sip:b@first.test>\r\n")), &response);
        cr_assert(sip_dialog_from_response(&dialog, &response));
        SAMPLE_READ(base_bytes_of_text(rows[i].text), &response);
        sip_dialog_refresh(&dialog, &response);
        SAMPLE_ASSERT_TEXT(base_bytes(dialog.target, dialog.target_length), rows[i].target);
        cr_expect_eq(dialog.routes_length, 0); /* RFC 3261 section 12.2: the route set stays */
    }
}

Test(sip_dialog, keeps_target_tag_and_routes) {
    static const struct dialog_case cases[] = {
        {WITH("Contact: <sip:b@u2.test;transport=tls>\r\n"), "sip:b@u2.test;transport=tls", "2",
         ""},
        {WITH("Contact: <sip:b,c@u2.test>\r\n"), "sip:b,c@u2.test", "2", ""},
        {WITH("m: sip:b@u2.test;expires=5\r\n"), "sip:b@u2.test", "2", ""},
        {WITH("Contact: \"B, <x>\" <sips:b@[::1]:5061>;q=1, <sip:c>\r\n"), "sips:b@[::1]:5061", "2",
         ""},
        {ANSWER("B <sip:b;tag=x> ; tag = a~b", "CONTACT:\r\n B <sip:b>\r\n"), "sip:b", "a~b", ""},
        {WITH("Record-Route: <sip:p2.test;lr>\r\nContact: <sip:b>\r\nrecord-route: <sip:p1.test;lr>"
              "\r\n"),
         "sip:b", "2", "Route: <sip:p1.test;lr>\r\nRoute: <sip:p2.test;lr>\r\n"},
        {WITH("Contact: <sip:b>\r\nRecord-Route: <sip:p3;lr>,\r\n \"P, 2\" <sip:p2;lr>;x=1 ,\r\n"
              "\t<sip:p1;lr>\r\nRecord-Route: <sip:p0;lr>\r\n"),
         "sip:b", "2",
         "Route: <sip:p0;lr>\r\nRoute: <sip:p1;lr>\r\nRoute: \"P, 2\" <sip:p2;lr>;x=1\r\n"
         "Route: <sip:p3;lr>\r\n"},
        {WITH("Contact: <sip:b>\r\nRecord-Route:\r\n"), "sip:b", "2", ""},
    };
    for (const struct dialog_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message response;
        struct sip_dialog dialog;
        memset(&dialog, 0xaa, sizeof(dialog));
        SAMPLE_READ(base_bytes_of_text(row->text), &response);
        cr_assert(sip_dialog_from_response(&dialog, &response), "%s", row->text);
        SAMPLE_ASSERT_TEXT(base_bytes(dialog.target, dialog.target_length), row->target);
        SAMPLE_ASSERT_TEXT(base_bytes(dialog.remote_tag, dialog.remote_tag_length), row->tag);
        SAMPLE_ASSERT_TEXT(base_bytes(dialog.routes, dialog.routes_length), row->routes);
    }
}

Test(sip_dialog, is_not_begun_by) {
    static const char *const cases[] = {
        ANSWER("<sip:b>", "Contact: <sip:b>\r\n"),
        WITH(""),
        WITH("Contact:\r\n"),
        WITH("Contact: *\r\n"),
        WITH("Contact: <>\r\n"),
        WITH("Contact: <sip:b\r\n"),
        WITH("Contact: <sip:b c>\r\n"),
        WITH("Contact: <sip:b\r\n c>\r\n"),
        WITH("Contact: <sip:>\r\n"),
        WITH("Contact: <:b>\r\n"),
        WITH("Contact: <1:b>\r\n"),
        WITH("Contact: <sip:\x01>\r\n"),
        WITH("Contact: <sip:b>\r\nRecord-Route: <sip:p1\r\n"),
        WITH("Contact: <sip:b>\r\nRecord-Route: <tel:1>\r\n"),
        WITH("Contact: <sip:b>\r\nRecord-Route: <sip:p1>, \"x\r\n"),
        "INVITE sip:b SIP/2.0\r\nVia: SIP/2.0/TLS a\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>;tag=2\r\n"
        "Call-ID: 1@a\r\nCSeq: 1 INVITE\r\nContact: <sip:b>\r\nl: 0\r\n\r\n",
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct sip_message response;
        struct sip_dialog dialog;
        SAMPLE_READ(base_bytes_of_text(cases[i]), &response);
        cr_expect_not(sip_dialog_from_response(&dialog, &response), "%s", cases[i]);
    }
}

struct size_case {
    size_t target; /* letters of the host */
    size_t tag;
    size_t route;
    unsigned routes;
    bool fits;
};

/* "sip:" HOST up to 256 octets; "Route: <sip:" HOST ">" CRLF up to 896 together. */
Test(sip_dialog, takes_what_fits_and_no_more) {
    static const struct size_case cases[] = {
        {252, 95, 1, 0, true}, {253, 1, 1, 0, false}, {1, 96, 1, 0, true},   {1, 97, 1, 0, false},
        {1, 1, 881, 1, true},  {1, 1, 882, 1, false}, {1, 1, 433, 2, true},  {1, 1, 434, 2, false},
        {1, 1, 1, 56, true},   {1, 1, 1, 60, false},  {1, 1, 890, 1, false}, {1, 1, 3000, 1, false},
    };
    static char letters[4096];
    memset(letters, 'h', sizeof(letters));
    for (const struct size_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        static char text[SIP_MESSAGE_MAX];
        struct sip_message response;
        struct sip_dialog *dialog = malloc(sizeof(*dialog));
        cr_assert_not_null(dialog);
        int length = snprintf(text, sizeof(text),
                              "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS a\r\nFrom: <sip:a>;tag=1\r\nTo: "
                              "<sip:b>;tag=%.*s\r\n"
                              "Call-ID: c\r\nCSeq: 1 INVITE\r\nl: 0\r\nContact: <sip:%.*s>\r\n",
                              (int)row->tag, letters, (int)row->target, letters);
        for (unsigned i = 0; i < row->routes; i++) {
            length += snprintf(text + length, sizeof(text) - (size_t)length,
                               "Record-Route: <sip:%.*s>\r\n", (int)row->route, letters);
        }
        snprintf(text + length, sizeof(text) - (size_t)length, "\r\n");
        SAMPLE_READ(base_bytes_of_text(text), &response);
        cr_expect_eq(sip_dialog_from_response(dialog, &response), row->fits, "%zu %zu %u of %zu",
                     row->target, row->tag, row->routes, row->route);
        if (row->fits) {
            cr_expect_eq(dialog->routes_length, row->routes * (row->route + 15));
        }
        free(dialog);
    }
}
