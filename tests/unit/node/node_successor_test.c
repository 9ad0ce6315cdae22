/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node.h"

#include "certs_authority.h"
#include "node_instance.h"
#include "tls_session.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Two nodes: the first's zone dials the second's listener. */
enum { DIALLER, ACCEPTOR, NODES };

static struct certs_authority *authority;
static char *root;
static char node_name[] = "node";
static char address[] = "127.0.0.1";
static char zone_name[] = "out";
static char listener_name[] = "in";
static struct profile_identity no_rule = {.certificate_path = (char[]){"x"}, .unchecked = true};
static struct profile_node rows[NODES];
static struct profile_zone zone = {.name = zone_name, .node = DIALLER};
static struct profile_listener listener = {.name = listener_name, .node = ACCEPTOR};
static struct profile_plan plan = {.nodes = rows,
                                   .node_count = NODES,
                                   .zones = &zone,
                                   .zone_count = 1,
                                   .listeners = &listener,
                                   .listener_count = 1};

static void open_authority(void) {
    const struct certs_authority_spec spec = {.name = "ca", .key = "ecdsa-p256"};
    struct base_error error;
    cr_assert(tls_library_start(&error), "%s", error.text);
    cr_assert(certs_authority_create(&authority, &spec, &error), "%s", error.text);
    root = certs_authority_root_pem(authority);
    for (unsigned i = 0; i < NODES; i++) {
        rows[i] = (struct profile_node){
            .name = node_name,
            .product = profile_product_find("generic", NULL),
            .address = address,
            .server_store = {PROFILE_STORE_IDENTITIES, &no_rule, 1},
            .client_store = {PROFILE_STORE_IDENTITIES, &no_rule, 1},
            .eku_checking = true,
            .tls = {.versions = PROFILE_TLS_1_3},
        };
    }
}

static void close_authority(void) {
    certs_authority_destroy(authority);
    free(root);
    tls_library_stop();
}

TestSuite(node_successor, .init = open_authority, .fini = close_authority);

/* How many of serverAuth and clientAuth certificates have from now on. */
static unsigned usage_count = 2;

static struct certs_identity issue(uint8_t serial) {
    static const char *const names[] = {"node.example.test"};
    static const char *const usages[] = {"serverAuth", "clientAuth"};
    const struct certs_leaf_spec spec = {
        .key = "ecdsa-p256",
        .usages = {.names = usages, .count = usage_count, .present = true},
        .names = names,
        .name_count = 1,
        .serial = base_bytes(&serial, 1),
        .not_before = 1767225600,
        .not_after = 2082758400,
    };
    struct certs_identity identity;
    struct base_error error;
    cr_assert(certs_authority_issue(authority, &spec, &identity, &error), "%s", error.text);
    return identity;
}

/* A node, or with `previous` its successor, with serial `serial` in both stores. */
static bool make(struct node **out, uint32_t index, const struct node *previous, uint8_t serial,
                 const char *key_pem, struct base_error *error) {
    struct certs_identity identity = issue(serial);
    const struct node_credential credential = {
        .chain = {identity.chain_pem, "chain"},
        .key = {key_pem != NULL ? key_pem : identity.key_pem, "key"}};
    const struct node_material material = {.server = &credential,
                                           .server_count = 1,
                                           .client = &credential,
                                           .client_count = 1,
                                           .trust = {root, "trust"},
                                           .crls = {"", "lists"}};
    bool made = previous == NULL ? node_create(out, &plan, index, &material, error)
                                 : node_create_successor(out, previous, &material, error);
    certs_identity_finish(&identity);
    return made;
}

static struct node *must_make(uint32_t index, const struct node *previous, uint8_t serial) {
    struct base_error error;
    struct node *node;
    cr_assert(make(&node, index, previous, serial, NULL, &error), "%s", error.text);
    return node;
}

Test(node_successor, has_the_mode_in_common_with_those_before_it) {
    struct node *first = must_make(ACCEPTOR, NULL, 1);
    struct node *second = must_make(ACCEPTOR, first, 2);
    node_set_eku_checking(first, false);
    cr_assert_not(node_eku_checking(second));
    struct node *third = must_make(ACCEPTOR, second, 3);
    cr_assert_not(node_eku_checking(third), "a reload does not touch the mode");
    node_set_eku_checking(third, true);
    cr_assert(node_eku_checking(first));
    node_destroy(third);
    cr_assert(node_eku_checking(second));
    node_destroy(second);
    node_destroy(first);
}

Test(node_successor, with_one_store_takes_what_its_release_lets_be_uploaded) {
    struct profile_identity issued = {.eku = {.present = false}};
    struct node *first;
    struct node *second;
    struct node *third;
    struct base_error error;
    rows[ACCEPTOR].product = profile_product_find("expressway-e", "x15.4");
    rows[ACCEPTOR].server_eku_upload = true;
    first = must_make(ACCEPTOR, NULL, 1);
    rows[ACCEPTOR].server_store.identities = &issued;
    usage_count = 1;
    cr_assert(node_server_eku_upload(first), "as the profile says");
    second = must_make(ACCEPTOR, first, 2);
    node_set_server_eku_upload(first, false);
    cr_assert_not(make(&third, ACCEPTOR, second, 3, NULL, &error), "the switch is off by now");
    cr_assert_not_null(strstr(error.text, PROFILE_STORE_UPLOAD_ERROR), "%s", error.text);
    cr_assert_not_null(strstr(error.text, "EnableServerEkuUpload: On"), "%s", error.text);
    cr_assert_not(node_server_eku_upload(second), "all generations have one switch");
    node_set_server_eku_upload(second, true);
    third = must_make(ACCEPTOR, second, 3);
    node_destroy(third);
    node_destroy(second);
    node_destroy(first);
}

Test(node_successor, presents_its_own_certificates_alone) {
    struct node *first = must_make(ACCEPTOR, NULL, 1);
    struct node *second = must_make(ACCEPTOR, first, 2);
    char text[128];
    char cut[12];
    node_presents_text(first, text, sizeof text);
    cr_assert_str_eq(text, "server 01; client 01");
    node_presents_text(second, text, sizeof text);
    cr_assert_str_eq(text, "server 02; client 02");
    node_presents_text(second, cut, sizeof cut);
    cr_assert_str_eq(cut, "server 02; ");
    node_destroy(second);
    node_destroy(first);
}

Test(node_successor, is_refused_with_a_key_that_does_not_fit) {
    struct node *first = must_make(ACCEPTOR, NULL, 1);
    struct certs_identity other = issue(9);
    struct base_error error = {.kind = BASE_ERROR_NONE};
    struct node *second;
    cr_assert_not(make(&second, ACCEPTOR, first, 2, other.key_pem, &error));
    cr_assert_null(second);
    cr_assert_not_null(strstr(error.text, "does not belong"), "%s", error.text);
    certs_identity_finish(&other);
    cr_assert(node_eku_checking(first), "the first still has its mode");
    node_destroy(first);
}

/* One side of a handshake in memory. */
struct side {
    struct tls_session *session;
    struct tls_judgement judgement;
    uint8_t sent[1 << 16];
    size_t sent_length;
};

static void start_side(struct side *side, struct tls_context *context) {
    *side = (struct side){.session = tls_session_create(context)};
    cr_assert_not_null(side->session);
}

/* Hands it what the other one sent. */
static void feed(struct side *side, struct side *from) {
    static uint8_t plaintext[(1 << 16) + TLS_RECORD_MAX];
    static uint8_t input[1 << 16];
    struct base_buffer out = {.data = side->sent, .capacity = sizeof side->sent};
    struct base_buffer plain = {.data = plaintext, .capacity = sizeof plaintext};
    memcpy(input, from->sent, from->sent_length);
    struct tls_exchange exchange = {
        .input = base_bytes(input, from->sent_length), .output = &out, .plaintext = &plain};
    from->sent_length = 0;
    enum fault fault = tls_session_feed(side->session, &exchange);
    cr_assert_eq(fault, FAULT_NONE, "%s", base_fault_key(fault));
    if (exchange.judgement.made) {
        side->judgement = exchange.judgement;
    }
    side->sent_length = out.length;
}

/* One generation of the dialling node meets one of the accepting node: nobody is surprised? */
static bool expected_each_other(const struct node_instance *dials,
                                const struct node_instance *accepts) {
    static struct side dialler;
    static struct side acceptor;
    start_side(&dialler, dials->zones[0].presented[0].context);
    start_side(&acceptor, accepts->listeners[0].context);
    for (unsigned i = 0; i < 4; i++) {
        feed(&dialler, &acceptor);
        feed(&acceptor, &dialler);
    }
    cr_assert(dialler.judgement.made && acceptor.judgement.made);
    bool expected = dialler.judgement.presented_expected && acceptor.judgement.presented_expected;
    tls_session_destroy(dialler.session);
    tls_session_destroy(acceptor.session);
    return expected;
}

static struct node_instance *contexts(struct node *const *nodes) {
    static const bool runs_here[NODES] = {true, true};
    struct node_instance *instance;
    struct base_error error;
    cr_assert(node_instance_create(&instance, &plan, nodes, runs_here, &error), "%s", error.text);
    return instance;
}

Test(node_successor, is_expected_by_connections_that_began_before_it_and_the_other_way_round) {
    struct node *first[NODES] = {must_make(DIALLER, NULL, 1), must_make(ACCEPTOR, NULL, 2)};
    struct node *second[NODES] = {must_make(DIALLER, first[DIALLER], 3),
                                  must_make(ACCEPTOR, first[ACCEPTOR], 4)};
    struct node_instance *before = contexts(first);
    struct node_instance *after = contexts(second);
    cr_assert(expected_each_other(before, before));
    cr_assert_not(expected_each_other(before, after), "nobody told them yet");
    cr_assert(node_instance_expect_like(before, after));
    cr_assert(expected_each_other(before, after));
    cr_assert(expected_each_other(after, before));
    cr_assert(expected_each_other(before, before));
    cr_assert(expected_each_other(after, after));
    node_instance_destroy(before);
    node_instance_destroy(after);
    for (unsigned i = 0; i < NODES; i++) {
        node_destroy(second[i]);
        node_destroy(first[i]);
    }
}
