/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_random.h"
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROUNDS       1500

static const struct tls_identity *identities[2];
static struct tls_trust *trust;

static void setup(void) {
    lab_start();
    struct certs_authority *authority = lab_authority("ca1", 1);
    struct certs_leaf_spec leaf = lab_leaf("clientAuth serverAuth");
    identities[0] = lab_identity(authority, &leaf);
    identities[1] = lab_identity(authority, &leaf);
    trust = lab_trust_in(authority);
}

TestSuite(tls_hostile, .init = setup, .fini = lab_stop);

#define BOTH_VERSIONS ((unsigned)TLS_VERSION_1_2 | (unsigned)TLS_VERSION_1_3)

/* A server with two identities reads the ClientHello itself before wolfSSL does. */
static struct tls_context *context_of(enum tls_role role, unsigned versions,
                                      unsigned identity_count) {
    struct tls_context_options options = lab_options(role, identities, trust, versions);
    options.identity_count = identity_count;
    options.server_name = "core.example.test";
    return lab_context(&options);
}

struct input_case {
    const char *name;
    const char *octets;
    size_t length;
    enum fault fault; /* FAULT_NONE: waits for more */
};

#define OCTETS(text) text, sizeof(text) - 1

static const struct input_case input_cases[] = {
    {"nothing", OCTETS(""), FAULT_NONE},
    {"http", OCTETS("GET / HTTP/1.1\r\nHost: edge.example.test\r\n\r\n"), FAULT_TLS_PROTOCOL_ERROR},
    {"sip", OCTETS("OPTIONS sip:edge.example.test SIP/2.0\r\n\r\n"), FAULT_TLS_PROTOCOL_ERROR},
    {"zeros", OCTETS("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), FAULT_TLS_PROTOCOL_ERROR},
    {"ones", OCTETS("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), FAULT_TLS_PROTOCOL_ERROR},
    {"half a header", OCTETS("\x16\x03\x01"), FAULT_NONE},
    {"a header alone", OCTETS("\x16\x03\x01\x00\x40"), FAULT_NONE},
    {"half a record", OCTETS("\x16\x03\x01\x00\x40\x01\x00\x00\x3C\x03\x03"), FAULT_NONE},
    {"a record too long", OCTETS("\x16\x03\x03\xFF\xFF\x01\x00\x00\x00"), FAULT_TLS_PROTOCOL_ERROR},
    {"an empty record", OCTETS("\x16\x03\x03\x00\x00"), FAULT_TLS_PROTOCOL_ERROR},
    {"application data",
     OCTETS("\x17\x03\x03\x00\x03"
            "abc"),
     FAULT_TLS_PROTOCOL_ERROR},
    {"finished first",
     OCTETS("\x16\x03\x03\x00\x10\x14\x00\x00\x0C"
            "abcdefghijkl"),
     FAULT_TLS_PROTOCOL_ERROR},
    {"close_notify", OCTETS("\x15\x03\x03\x00\x02\x01\x00"), FAULT_TLS_ALERT_CLOSE_NOTIFY},
    {"handshake_failure", OCTETS("\x15\x03\x03\x00\x02\x02\x28"),
     FAULT_TLS_ALERT_HANDSHAKE_FAILURE},
    {"an alert without a name", OCTETS("\x15\x03\x03\x00\x02\x02\xC8"), FAULT_TLS_ALERT_UNKNOWN},
    {"an alert of three octets", OCTETS("\x15\x03\x03\x00\x03\x02\x28\x00"),
     FAULT_TLS_PROTOCOL_ERROR},
};

ParameterizedTestParameters(tls_hostile, what_is_no_handshake_ends_in_a_fault) {
    static size_t rows[COUNT(input_cases)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        rows[i] = i;
    }
    return cr_make_param_array(size_t, rows, COUNT(rows));
}

ParameterizedTest(size_t *index, tls_hostile, what_is_no_handshake_ends_in_a_fault) {
    const struct input_case *row = &input_cases[*index];
    for (unsigned i = 0; i < 4; i++) {
        enum tls_role role = i == 0 ? TLS_ROLE_CLIENT : TLS_ROLE_SERVER;
        unsigned versions = i == 2 ? TLS_VERSION_1_2 : BOTH_VERSIONS;
        struct lab_end end;
        lab_end_init(&end, context_of(role, versions, i == 3 ? 2 : 1));
        lab_feed(&end, base_bytes(NULL, 0));
        lab_feed(&end, base_bytes(row->octets, row->length));
        cr_assert_eq(end.fault, row->fault, "%s, round %u: %s", row->name, i,
                     base_fault_key(end.fault));
        cr_assert_not(tls_session_is_open(end.session));
        cr_assert_not(end.judgement.made);
        lab_end_finish(&end);
    }
}

/* One change to the octets in flight. */
static void mutate(struct base_random *random, struct base_buffer *flight) {
    size_t at = base_random_next(random) % flight->length;
    switch (base_random_next(random) % 5) {
    case 0:
        flight->data[at] ^= (uint8_t)(1U << base_random_next(random) % 8);
        break;
    case 1:
        flight->data[at] = (uint8_t)base_random_next(random);
        break;
    case 2:
        flight->length = at;
        break;
    case 3:
        memmove(flight->data + at + 1, flight->data + at, flight->length - at);
        flight->length++;
        break;
    default:
        memmove(flight->data + at, flight->data + at + 1, flight->length - at - 1);
        flight->length--;
        break;
    }
}

static void check_end(const struct lab_end *end, const char *who, unsigned round) {
    if (tls_session_is_open(end->session)) {
        cr_assert(end->judgement.made, "%s open without a judgement in round %u", who, round);
        cr_assert_eq(end->judgement.fault, FAULT_NONE);
    }
    cr_assert_eq(end->plaintext.length, 0);
}

Test(tls_hostile, alerts_of_tls_1_3_end_the_connection_at_any_level) {
    static const uint8_t warning[] = {0x15, 3, 3, 0, 2, 1, 42};
    static const uint8_t canceled[] = {0x15, 3, 3, 0, 2, 1, 90};
    struct lab_end end;
    lab_end_init(&end, context_of(TLS_ROLE_CLIENT, TLS_VERSION_1_3, 1));
    lab_feed(&end, base_bytes(NULL, 0));
    lab_feed(&end, base_bytes(canceled, sizeof canceled));
    cr_assert_eq(end.fault, FAULT_NONE);
    lab_feed(&end, base_bytes(warning, sizeof warning));
    cr_assert_eq(end.fault, FAULT_TLS_ALERT_BAD_CERTIFICATE);
    lab_end_finish(&end);
}

ParameterizedTestParameters(tls_hostile, changed_flights_end_in_a_fault_or_wait) {
    static unsigned versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3, BOTH_VERSIONS};
    return cr_make_param_array(unsigned, versions, COUNT(versions));
}

ParameterizedTest(unsigned *versions, tls_hostile, changed_flights_end_in_a_fault_or_wait) {
    struct tls_context *client = context_of(TLS_ROLE_CLIENT, *versions, 1);
    struct tls_context *server = context_of(TLS_ROLE_SERVER, *versions, 2);
    struct base_random random;
    base_random_init(&random, *versions);
    unsigned changed = 0;
    unsigned refused = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct lab_pair pair;
        lab_pair_init(&pair, client, server);
        struct lab_end *ends[] = {&pair.client, &pair.server};
        unsigned target = (unsigned)(base_random_next(&random) % 4);
        lab_feed(&pair.client, base_bytes(NULL, 0));
        for (unsigned flight = 0; ends[flight % 2]->output.length > 0; flight++) {
            if (flight == target) {
                mutate(&random, &ends[flight % 2]->output);
                changed++;
            }
            lab_carry(ends[flight % 2], ends[(flight + 1) % 2]);
        }
        check_end(&pair.client, "client", round);
        check_end(&pair.server, "server", round);
        refused += lab_both_open(&pair) ? 0 : 1;
        lab_pair_finish(&pair);
    }
    /* A few changes hit octets that nobody looks at, such as a record's legacy version. */
    cr_assert_gt(changed, ROUNDS / 2);
    cr_assert_gt(refused, changed * 8 / 10, "%u of %u", refused, changed);
}

ParameterizedTestParameters(tls_hostile, random_octets_end_in_a_fault_or_wait) {
    static unsigned versions[] = {TLS_VERSION_1_2, BOTH_VERSIONS};
    return cr_make_param_array(unsigned, versions, COUNT(versions));
}

ParameterizedTest(unsigned *versions, tls_hostile, random_octets_end_in_a_fault_or_wait) {
    struct tls_context *contexts[] = {context_of(TLS_ROLE_CLIENT, *versions, 1),
                                      context_of(TLS_ROLE_SERVER, *versions, 1),
                                      context_of(TLS_ROLE_SERVER, *versions, 2)};
    struct base_random random;
    base_random_init(&random, 1000 + *versions);
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint8_t octets[512];
        for (size_t i = 0; i < sizeof octets; i++) {
            octets[i] = (uint8_t)base_random_next(&random);
        }
        /* Half of them look like a handshake record at first. */
        if (round % 2 == 0) {
            size_t length = base_random_next(&random) % (sizeof octets - 5);
            static const uint8_t types[] = {1, 2, 11, 20};
            octets[0] = 22;
            octets[1] = 3;
            octets[2] = 3;
            octets[3] = (uint8_t)(length >> 8);
            octets[4] = (uint8_t)length;
            octets[5] = types[round / 2 % COUNT(types)];
            octets[6] = 0;
            octets[7] = (uint8_t)((length - 4) >> 8);
            octets[8] = (uint8_t)(length - 4);
        }
        struct lab_end end;
        lab_end_init(&end, contexts[round % COUNT(contexts)]);
        lab_feed(&end, base_bytes(NULL, 0));
        lab_feed(&end, base_bytes(octets, sizeof octets));
        cr_assert_not(tls_session_is_open(end.session));
        lab_end_finish(&end);
    }
}

Test(tls_hostile, changed_application_data_is_not_delivered) {
    static const unsigned versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};
    struct bytes message = base_bytes_of_text("OPTIONS sip:edge.example.test SIP/2.0\r\n\r\n");
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct lab_pair pair;
        lab_pair_init(&pair, context_of(TLS_ROLE_CLIENT, versions[i], 1),
                      context_of(TLS_ROLE_SERVER, versions[i], 1));
        lab_shake(&pair);
        cr_assert(lab_both_open(&pair));
        pair.client.exchange.output = &pair.client.output;
        cr_assert_eq(tls_session_write(pair.client.session, message, &pair.client.exchange),
                     FAULT_NONE);
        pair.client.output.data[20] ^= 1;
        cr_assert(lab_carry(&pair.client, &pair.server));
        cr_assert_eq(pair.server.fault, FAULT_TLS_PROTOCOL_ERROR);
        cr_assert_eq(pair.server.plaintext.length, 0);
        cr_assert(lab_carry(&pair.server, &pair.client));
        cr_assert_eq(pair.client.fault, FAULT_TLS_ALERT_BAD_RECORD_MAC, "%s",
                     base_fault_key(pair.client.fault));
        lab_pair_finish(&pair);
    }
}
