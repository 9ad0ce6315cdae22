/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_instance.h"
#include "sip_registration.h"
#include "sip_sample.h"

#include <criterion/criterion.h>

#define ANSWER(status, lines)                                                                      \
    "SIP/2.0 " status " X\r\nVia: SIP/2.0/TLS a;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=1\r\n"        \
    "To: <sip:a>;tag=2\r\nCall-ID: 1@a\r\nCSeq: 1 REGISTER\r\n" lines "Content-Length: 0\r\n\r\n"
#define OURS "sip:alice@core.example.test;transport=tls"

Test(sip_registration, is_granted_for) {
    static const struct {
        const char *lines;
        uint32_t granted_s;
    } cases[] = {
        {ANSWER("200", ""), 3600},
        {ANSWER("200", "Expires: 120\r\n"), 120},
        {ANSWER("200", "Expires: soon\r\n"), 3600},
        {ANSWER("200", "Expires:\r\n"), 3600},
        {ANSWER("200", "Expires: 4294967296\r\n"), 3600},
        {ANSWER("200", "Contact: <" OURS ">;expires=60\r\nExpires: 120\r\n"), 60},
        {ANSWER("200", "m: <" OURS ">;q=1;EXPIRES=61;+sip.instance=\"<urn:uuid:x>\"\r\n"), 61},
        {ANSWER("200", "Contact: <" OURS ">\r\nExpires: 120\r\n"), 120},
        {ANSWER("200", "Contact: <" OURS ">\r\n"), 3600},
        {ANSWER("200", "Contact: <" OURS ">;expires=0\r\n"), 0},
        {ANSWER("200", "Contact: <sip:bob@b>;expires=5, <" OURS ">;expires=62\r\n"), 62},
        {ANSWER("200", "Contact: <" OURS ">;expires=63\r\nContact: <sip:bob@b>;expires=5\r\n"), 63},
        {ANSWER("200", "Contact: <sip:bob@b>;expires=50, <sip:c>;expires=40\r\n"), 40},
        {ANSWER("200", "Contact: <sip:bob@b>;expires=x, <sip:c>;expires=41\r\n"), 41},
        {ANSWER("200", "Contact: <" OURS ">;expires=4294967295\r\n"), UINT32_MAX},
        {ANSWER("200", "Contact: <" OURS "\r\nExpires: 7\r\n"), 7},
        {ANSWER("200", "Contact: *\r\nExpires: 7\r\n"), 7},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct sip_message response;
        SAMPLE_READ(base_bytes_of_text(cases[i].lines), &response);
        cr_expect_eq(sip_registration_granted_s(&response, base_bytes_of_text(OURS), 3600),
                     cases[i].granted_s, "%s", cases[i].lines);
    }
}

Test(sip_registration, was_too_brief_for) {
    static const struct {
        const char *lines;
        uint32_t minimum_s;
    } cases[] = {
        {ANSWER("423", "Min-Expires: 7200\r\n"), 7200},
        {ANSWER("423", "MIN-EXPIRES:\t 60 \r\n"), 60},
        {ANSWER("423", "Min-Expires: -1\r\n"), 0},
        {ANSWER("423", "Min-Expires: 99999999999\r\n"), 0},
        {ANSWER("423", "Max-Expires: 60\r\nExpires: 60\r\n"), 0},
        {ANSWER("423", ""), 0},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct sip_message response;
        SAMPLE_READ(base_bytes_of_text(cases[i].lines), &response);
        cr_expect_eq(sip_registration_minimum_s(&response), cases[i].minimum_s, "%s",
                     cases[i].lines);
    }
}

/* As `uuid5(NAMESPACE_URL, ...)` of another implementation has it. */
Test(sip_registration, names_the_device_by_its_user) {
    uint8_t instance[SIP_INSTANCE_LENGTH];
    sip_instance_write(base_bytes_of_text("sip:alice@example.test"), instance);
    SAMPLE_ASSERT_TEXT(base_bytes(instance, sizeof(instance)),
                       "urn:uuid:25e6329d-0282-52f6-b7cd-dfbd035bf412");
}
