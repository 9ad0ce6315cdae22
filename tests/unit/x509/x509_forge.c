/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_forge.h"

#include <criterion/criterion.h>
#include <string.h>

void forge_raw(struct forge *forge, struct bytes octets) {
    cr_assert_leq(octets.length, sizeof forge->data - forge->length);
    if (octets.length > 0) {
        memcpy(forge->data + forge->length, octets.data, octets.length);
        forge->length += octets.length;
    }
}

static void raw_octet(struct forge *forge, size_t octet) {
    uint8_t value = (uint8_t)octet;
    forge_raw(forge, base_bytes(&value, 1));
}

static void header(struct forge *forge, uint8_t tag, size_t length) {
    raw_octet(forge, tag);
    if (length >= 256) {
        raw_octet(forge, 0x82);
        raw_octet(forge, length >> 8);
    } else if (length >= 128) {
        raw_octet(forge, 0x81);
    }
    raw_octet(forge, length & 0xff);
}

void forge_value(struct forge *forge, uint8_t tag, struct bytes content) {
    header(forge, tag, content.length);
    forge_raw(forge, content);
}

size_t forge_open(struct forge *forge, uint8_t tag) {
    raw_octet(forge, tag);
    return forge->length;
}

void forge_close(struct forge *forge, size_t mark) {
    static uint8_t content[sizeof forge->data];
    size_t length = forge->length - mark;
    uint8_t tag = forge->data[mark - 1];
    memcpy(content, forge->data + mark, length);
    forge->length = mark - 1;
    forge_value(forge, tag, base_bytes(content, length));
}

void forge_name(struct forge *forge, struct bytes common_name) {
    size_t name = forge_open(forge, 0x30);
    size_t rdn = forge_open(forge, 0x31);
    size_t attribute = forge_open(forge, 0x30);
    forge_value(forge, 0x06, OCTETS("\x55\x04\x03"));
    forge_value(forge, 0x0c, common_name);
    forge_close(forge, attribute);
    forge_close(forge, rdn);
    forge_close(forge, name);
}

static void open_extension(struct forge *forge, uint8_t id, size_t marks[2]) {
    uint8_t oid[] = {0x55, 0x1d, id};
    marks[0] = forge_open(forge, 0x30);
    forge_value(forge, 0x06, base_bytes(oid, sizeof oid));
    marks[1] = forge_open(forge, 0x04);
}

static void close_extension(struct forge *forge, const size_t marks[2]) {
    forge_close(forge, marks[1]);
    forge_close(forge, marks[0]);
}

void forge_extension(struct forge *forge, uint8_t id, struct bytes value) {
    size_t marks[2];
    open_extension(forge, id, marks);
    forge_raw(forge, value);
    close_extension(forge, marks);
}

static void sequence_extension(struct forge *forge, uint8_t id, struct bytes content) {
    size_t marks[2];
    open_extension(forge, id, marks);
    forge_value(forge, 0x30, content);
    close_extension(forge, marks);
}

static void write_extensions(struct forge *forge, const struct forge_plan *plan) {
    size_t marks[2];
    size_t explicit_tag = forge_open(forge, 0xa3);
    size_t list = forge_open(forge, 0x30);
    sequence_extension(forge, 19, plan->is_ca ? OCTETS("\x01\x01\xff") : OCTETS(""));
    if (plan->subject_key_id.length > 0) {
        open_extension(forge, 14, marks);
        forge_value(forge, 0x04, plan->subject_key_id);
        close_extension(forge, marks);
    }
    if (plan->authority_key_id.length > 0) {
        open_extension(forge, 35, marks);
        size_t sequence = forge_open(forge, 0x30);
        forge_value(forge, 0x80, plan->authority_key_id);
        forge_close(forge, sequence);
        close_extension(forge, marks);
    }
    if (plan->alt_names.length > 0) {
        sequence_extension(forge, 17, plan->alt_names);
    }
    if (plan->has_eku) {
        sequence_extension(forge, 37, plan->eku_list);
    }
    forge_raw(forge, plan->extensions);
    forge_close(forge, list);
    forge_close(forge, explicit_tag);
}

static struct bytes given_or(struct bytes given, struct bytes otherwise) {
    return given.length > 0 ? given : otherwise;
}

struct bytes forge_certificate(struct forge *forge, const struct forge_plan *plan) {
    /* ecdsa-with-SHA256 */
    struct bytes algorithm = OCTETS("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02");
    struct bytes public_key = OCTETS("\x30\x0b\x30\x05\x06\x03\x2b\x65\x70\x03\x02\x00\x01");
    struct bytes validity = OCTETS("\x17\x0d"
                                   "260101000000Z"
                                   "\x17\x0d"
                                   "270101000000Z");
    forge->length = 0;
    size_t certificate = forge_open(forge, 0x30);
    size_t tbs = forge_open(forge, 0x30);
    forge_raw(forge, given_or(plan->raw_version, OCTETS("\xa0\x03\x02\x01\x02")));
    forge_raw(forge, given_or(plan->raw_serial, OCTETS("\x02\x01\x01")));
    forge_raw(forge, given_or(plan->inner_algorithm, algorithm));
    forge_name(forge, plan->issuer);
    forge_value(forge, 0x30, given_or(plan->raw_validity, validity));
    forge_name(forge, plan->subject);
    forge_raw(forge, given_or(plan->raw_public_key, public_key));
    if (!plan->without_extensions) {
        write_extensions(forge, plan);
    }
    forge_raw(forge, plan->after_extensions);
    forge_close(forge, tbs);
    forge_raw(forge, algorithm);
    forge_value(forge, 0x03, OCTETS("\x00signature"));
    forge_close(forge, certificate);
    return base_bytes(forge->data, forge->length);
}

struct x509_certificate forge_parsed(struct forge *forge, const struct forge_plan *plan) {
    struct x509_certificate certificate;
    cr_assert(x509_certificate_parse(forge_certificate(forge, plan), &certificate));
    return certificate;
}
