/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_crl.h"

#include "x509_forge.h"

#include <criterion/criterion.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define ALGORITHM       "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"
#define ENTRY(serial)                                                                              \
    "\x30\x12\x02\x01" serial "\x17\x0d"                                                           \
    "260101000000Z"
/* serial, reasonCode keyCompromise */
#define ENTRY_WITH_REASON(serial)                                                                  \
    "\x30\x20\x02\x01" serial "\x17\x0d"                                                           \
    "260101000000Z\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x01"

/* The parts of a TBSCertList that vary. */
struct plan {
    struct bytes version;
    struct bytes next_update;
    struct bytes revoked;    /* whole SEQUENCE, or empty */
    struct bytes extensions; /* content of the list, or empty */
};

static struct bytes forge_crl(struct forge *forge, const struct plan *plan) {
    forge->length = 0;
    size_t crl = forge_open(forge, 0x30);
    size_t tbs = forge_open(forge, 0x30);
    forge_raw(forge, plan->version);
    forge_raw(forge, OCTETS(ALGORITHM));
    forge_name(forge, OCTETS("authority"));
    forge_value(forge, 0x17, OCTETS("260101000000Z"));
    forge_raw(forge, plan->next_update);
    forge_raw(forge, plan->revoked);
    if (plan->extensions.length > 0) {
        size_t explicit_tag = forge_open(forge, 0xa0);
        forge_value(forge, 0x30, plan->extensions);
        forge_close(forge, explicit_tag);
    }
    forge_close(forge, tbs);
    forge_raw(forge, OCTETS(ALGORITHM));
    forge_value(forge, 0x03, OCTETS("\x00signature"));
    forge_close(forge, crl);
    return base_bytes(forge->data, forge->length);
}

static const struct plan plain = {
    .version = {(const uint8_t *)"\x02\x01\x01", 3},
    .next_update = {(const uint8_t *)"\x17\x0d"
                                     "260201000000Z",
                    15},
};

Test(x509_crl, hands_out_its_serials_in_order) {
    static struct forge forge;
    struct plan plan = plain;
    plan.revoked = OCTETS("\x30\x4a" ENTRY("\x05") ENTRY_WITH_REASON("\x06") ENTRY("\x07"));
    struct x509_crl crl;
    cr_assert(x509_crl_parse(forge_crl(&forge, &plan), &crl));
    struct forge name = {.length = 0};
    forge_name(&name, OCTETS("authority"));
    cr_expect(base_bytes_equal(crl.issuer, base_bytes(name.data, name.length)));
    cr_expect(base_bytes_equal(crl.signature_algorithm, OCTETS(ALGORITHM)));
    cr_expect(base_bytes_equal(crl.signature, OCTETS("signature")));
    cr_expect_eq(crl.tbs.data, forge.data + 3);
    cr_expect_eq(crl.this_update, 1767225600);
    cr_expect_eq(crl.next_update, 1769904000);
    struct bytes rest = crl.revoked;
    struct bytes serial;
    for (uint8_t expected = 5; expected <= 7; expected++) {
        cr_assert(x509_crl_next(&rest, &serial));
        cr_expect(base_bytes_equal(serial, base_bytes(&expected, 1)));
    }
    cr_expect_not(x509_crl_next(&rest, &serial));
}

Test(x509_crl, may_be_empty_and_of_version_1) {
    static struct forge forge;
    struct plan plan = {.extensions = {0}};
    struct x509_crl crl;
    cr_assert(x509_crl_parse(forge_crl(&forge, &plan), &crl));
    cr_expect_eq(crl.next_update, 0);
    cr_expect_eq(crl.revoked.length, 0);
    struct bytes rest = crl.revoked;
    struct bytes serial;
    cr_expect_not(x509_crl_next(&rest, &serial));
}

#define CRITICAL "\x01\x01\xff"
#define ID_CE    "\x06\x03\x55\x1d"

Test(x509_crl, is_understood_or_refused) {
    const struct {
        const char *why;
        struct bytes extensions;
        bool good;
    } rows[] = {
        {"CRL number", OCTETS("\x30\x0a" ID_CE "\x14\x04\x03\x02\x01\x01"), true},
        {"a critical CRL number", OCTETS("\x30\x0d" ID_CE "\x14" CRITICAL "\x04\x03\x02\x01\x01"),
         false},
        {"a delta", OCTETS("\x30\x0d" ID_CE "\x1b" CRITICAL "\x04\x03\x02\x01\x01"), false},
        {"a delta that is not critical", OCTETS("\x30\x0a" ID_CE "\x1b\x04\x03\x02\x01\x01"),
         false},
        {"only users' certificates",
         OCTETS("\x30\x0f" ID_CE "\x1c" CRITICAL "\x04\x05\x30\x03\x81\x01\xff"), true},
        {"an indirect list",
         OCTETS("\x30\x0f" ID_CE "\x1c" CRITICAL "\x04\x05\x30\x03\x84\x01\xff"), false},
        {"a distribution point that is no SEQUENCE",
         OCTETS("\x30\x0c" ID_CE "\x1c" CRITICAL "\x04\x02\x05\x00"), false},
        {"cut", OCTETS("\x30\x0a" ID_CE "\x14"), false},
    };
    static struct forge forge;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct plan plan = plain;
        struct x509_crl crl;
        plan.extensions = rows[i].extensions;
        cr_expect_eq(x509_crl_parse(forge_crl(&forge, &plan), &crl), rows[i].good, "%s",
                     rows[i].why);
    }
}

Test(x509_crl, refuses_what_is_malformed) {
    const struct {
        const char *why;
        struct plan plan;
    } rows[] = {
        {"version 3", {.version = OCTETS("\x02\x01\x02")}},
        {"extensions in version 1",
         {.extensions = OCTETS("\x30\x0a" ID_CE "\x14\x04\x03\x02\x01\x01")}},
        {"two next updates",
         {.next_update = OCTETS("\x17\x0d"
                                "260201000000Z\x17\x0d"
                                "260201000000Z")}},
        {"an unreadable next update",
         {.next_update = OCTETS("\x17\x0d"
                                "261301000000Z")}},
        {"an entry without a date", {.revoked = OCTETS("\x30\x05\x30\x03\x02\x01\x05")}},
        {"an entry without a serial",
         {.revoked = OCTETS("\x30\x11\x30\x0f\x17\x0d"
                            "260101000000Z")}},
        {"an entry that leaves the list", {.revoked = OCTETS("\x30\x05\x30\x12\x02\x01\x05")}},
        {"an entry with something more",
         {.revoked = OCTETS("\x30\x16\x30\x14\x02\x01\x05\x17\x0d"
                            "260101000000Z\x05\x00")}},
        {"an entry of another issuer",
         {.version = OCTETS("\x02\x01\x01"),
          .revoked = OCTETS("\x30\x25\x30\x23\x02\x01\x05\x17\x0d"
                            "260101000000Z\x30\x0f\x30\x0d" ID_CE "\x1d" CRITICAL
                            "\x04\x03\x30\x01\x00")}},
    };
    static struct forge forge;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct x509_crl crl;
        cr_expect_not(x509_crl_parse(forge_crl(&forge, &rows[i].plan), &crl), "%s", rows[i].why);
    }
}
