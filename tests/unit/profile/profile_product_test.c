/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_product.h"

#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define UPLOAD_ERROR                                                                               \
    "Invalid certificate: The file provided does not have a client usage attribute. Services "     \
    "requiring mutual TLS may not work."

Test(profile_product, rows_say_what_a_release_has) {
    static const struct {
        const char *product;
        const char *release;
        const char *found; /* release of the row */
        enum profile_product_stores stores;
        bool has_switch;
        bool has_upload;
        unsigned versions;
    } cases[] = {
        {"expressway-e", NULL, "x15.5", PROFILE_STORES_TWO, true, false, 3},
        {"expressway-c", "x15.5", "x15.5", PROFILE_STORES_TWO, true, false, 3},
        {"expressway-c", "x15.4", "x15.4", PROFILE_STORES_ONE, false, false, 3},
        {"expressway-e", "x15.4", "x15.4", PROFILE_STORES_ONE, false, true, 3},
        {"expressway-c", "x8.11.4", "x8.11.4", PROFILE_STORES_ONE, false, false, PROFILE_TLS_1_2},
        {"expressway-e", "x8.11.4", "x8.11.4", PROFILE_STORES_ONE, false, false, PROFILE_TLS_1_2},
        {"webex", NULL, NULL, PROFILE_STORES_TWO, false, false, PROFILE_TLS_1_2},
        {"cucm", "15SU5", NULL, PROFILE_STORES_TWO, false, false, 3},
        {"meeting-server", NULL, NULL, PROFILE_STORES_TWO, false, false, 3},
        {"jabber", NULL, NULL, PROFILE_STORES_NONE, false, false, 3},
        {"mra", NULL, NULL, PROFILE_STORES_NONE, false, false, 3},
        {"webrtc", NULL, NULL, PROFILE_STORES_NONE, false, false, 3},
        {"generic", "anything", NULL, PROFILE_STORES_TWO, true, false, 3},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        const struct profile_product *row =
            profile_product_find(cases[i].product, cases[i].release);
        cr_assert_not_null(row, "%s", cases[i].product);
        cr_expect_eq(row->release == NULL, cases[i].found == NULL, "%s", cases[i].product);
        cr_expect(cases[i].found == NULL || strcmp(row->release, cases[i].found) == 0);
        cr_expect_eq(row->stores, cases[i].stores, "%s", cases[i].product);
        cr_expect_eq(row->has_eku_switch, cases[i].has_switch, "%s", cases[i].product);
        cr_expect_eq(row->has_server_eku_upload, cases[i].has_upload, "%s", cases[i].product);
        cr_expect_eq(row->tls_versions, cases[i].versions, "%s", cases[i].product);
    }
    cr_expect_null(profile_product_find("expressway-e", "x15.6"));
    cr_expect_null(profile_product_find("toaster", NULL));
}

/* Whoever adds a row fills it; services are looked up by name. */
Test(profile_product, rows_are_whole_and_the_newest_stands_first) {
    const struct profile_product *row;
    for (uint32_t i = 0; (row = profile_product_at(i)) != NULL; i++) {
        cr_expect_eq(profile_product_find(row->product, row->release), row);
        cr_expect_not_null(row->title);
        cr_expect_not_null(row->log_process);
        cr_expect_neq(row->tls_versions, 0);
        cr_expect_eq(row->stores == PROFILE_STORES_NONE, row->services[0] == NULL, "%s",
                     row->product);
    }
    cr_expect_eq(profile_product_find("expressway-c", NULL), profile_product_at(0));
}

Test(profile_product, listens_by_default_on_its_services_and_their_ports) {
    static const struct {
        const char *product;
        const char *listeners;
    } cases[] = {
        {"expressway-e", "sip:5061 sip-mtls:5062 uc-traversal:7001 tunnel:2222 provisioning:8443 "
                         "webrtc:443 "},
        {"expressway-c", "sip:5061 "},
        {"webex", "sip:5061 "},
        {"cucm", "sip:5061 tftp:6972 "},
        {"meeting-server", "webrtc:443 "},
        {"generic", "sip:5061 "},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char setting[256];
        char found[256] = "";
        snprintf(setting, sizeof setting,
                 "nodes.more={product: %s, address: 127.0.0.99, trust: [], server_store: {issuer: "
                 "inside}, listeners: default}",
                 cases[i].product);
        struct profile_plan *plan = sample_must_load(sample_profile, setting);
        for (uint32_t j = 3; j < plan->listener_count; j++) {
            size_t length = strlen(found);
            snprintf(found + length, sizeof found - length, "%s:%u ", plan->listeners[j].name,
                     plan->listeners[j].port);
        }
        cr_expect_str_eq(found, cases[i].listeners);
        profile_plan_destroy(plan);
    }
}

Test(profile_product, default_listeners_can_be_changed_one_by_one) {
    static const char *const settings[] = {
        "nodes.edge.listeners=default",
        "nodes.edge.listeners.tunnel.eku_check=never",
        "nodes.edge.listeners.more={service: sip, port: 5070}",
    };
    struct profile_plan *plan;
    struct base_error error;
    cr_assert(sample_load_octets(&plan, sample_profile, strlen(sample_profile), settings,
                                 LENGTH_OF(settings), &error),
              "%s", error.text);
    cr_assert_eq(plan->listener_count, 7);
    cr_expect_str_eq(plan->listeners[3].name, "tunnel");
    cr_expect_eq(plan->listeners[3].eku_check, PROFILE_EKU_CHECK_NEVER);
    cr_expect_str_eq(plan->listeners[6].name, "more");
    profile_plan_destroy(plan);
}

Test(profile_product, that_nobody_knows_is_refused_with_those_that_are) {
    static const struct sample_error cases[] = {
        {7, "product: toaster",
         ":7: nodes.edge.product: no product is named \"toaster\"; known are expressway-c, "
         "expressway-e, webex, cucm, meeting-server, jabber, mra, webrtc, generic"},
        {7, "product: expresway-e",
         ":7: nodes.edge.product: no product is named \"expresway-e\"; did you mean "
         "\"expressway-e\"?"},
        {7, "product: [expressway-e]",
         ":7: nodes.edge.product: expected a single value, not a list"},
        {7, "product: expressway-e\n    release: x15.6",
         ":8: nodes.edge.release: expressway-e is known in the releases x15.5, x15.4, x8.11.4, not "
         "\"x15.6\""},
        {7, "product: generic\n    release: 2.0", NULL},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_product, with_one_store_presents_it_in_both_roles) {
    static const struct sample_error cases[] = {
        {21, "release: x15.4",
         ":20: nodes.core.server_store: authority outside is public and does "
         "not issue certificates that allow client authentication "
         "(clientAuth): ask for serverAuth alone, take an internal "
         "authority, or set its client_auth_until later than not_before"},
        {21, "client_store: copy-of-server\n    release: x8.11.4",
         ":20: nodes.core.server_store: authority outside is public and does not issue "
         "certificates that allow client authentication (clientAuth): ask for serverAuth alone, "
         "take an internal authority, or set its client_auth_until later than not_before"},
        {20, "server_store: { issuer: inside }\n    release: x15.4",
         ":22: nodes.core.client_store: expressway-c x15.4 has one certificate store: leave "
         "client_store away, or say copy-of-server"},
        {21, "client_store: none\n    release: x15.4",
         ":21: nodes.core.client_store: expressway-c x15.4 has one certificate store: leave "
         "client_store away, or say copy-of-server"},
        {11, "eku_checking: off\n    release: x15.4",
         ":11: nodes.edge.eku_checking: expressway-e x15.4 always checks: xConfiguration SIP TLS "
         "Certificate ExtendedKeyUsage Checking Mode came with x15.5"},
        {11, "eku_checking: off\n    release: x8.11.4",
         ":11: nodes.edge.eku_checking: expressway-e x8.11.4 always checks: xConfiguration SIP TLS "
         "Certificate ExtendedKeyUsage Checking Mode came with x15.5"},
        {11, "client_store: copy-of-server\n    eku_checking: off", NULL},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
    static const char *const settings[] = {"nodes.edge.release=x15.4",
                                           "nodes.edge.server_store.issuer=inside"};
    struct profile_plan *plan;
    struct base_error error;
    cr_assert(
        sample_load_octets(&plan, sample_profile, strlen(sample_profile), settings, 2, &error),
        "%s", error.text);
    cr_expect_eq(plan->nodes[0].client_store.kind, PROFILE_STORE_COPY_OF_SERVER);
    cr_expect_eq(plan->nodes[0].server_store.identities[0].eku.usages.count, 2);
    profile_plan_destroy(plan);
}

Test(profile_product, of_x15_4_takes_a_server_certificate_by_its_command_only) {
#define EDGE_X15_4(store, more)                                                                    \
    "server_store: { issuer: inside, " store " }\n    release: x15.4" more
    static const struct sample_error cases[] = {
        {10, EDGE_X15_4("eku: [serverAuth]", ""),
         ":10: nodes.edge.server_store.eku: " UPLOAD_ERROR
         " (To upload it all the same, set enable_server_eku_upload: on.)"},
        {10, EDGE_X15_4("eku: none", ""),
         ":10: nodes.edge.server_store.eku: " UPLOAD_ERROR
         " (To upload it all the same, set enable_server_eku_upload: on.)"},
        {10, EDGE_X15_4("eku: [serverAuth]", "\n    enable_server_eku_upload: on"), NULL},
        {10, EDGE_X15_4("eku: [serverAuth], unchecked: on", ""), NULL},
        {10, EDGE_X15_4("eku: [clientAuth]", ""), NULL},
        {20, "server_store: { issuer: outside, eku: [serverAuth] }\n    release: x15.4",
         ":22: nodes.core.client_store: expressway-c x15.4 has one certificate store: leave "
         "client_store away, or say copy-of-server"},
        {11, "enable_server_eku_upload: on",
         ":11: nodes.edge.enable_server_eku_upload: expressway-e x15.5 has no use for it: "
         "xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload is for expressway-e x15.4"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
    static const char *const settings[] = {
        "nodes.core.release=x15.4", "nodes.core.client_store=copy-of-server",
        "nodes.core.server_store={issuer: inside, eku: [serverAuth]}"};
    struct profile_plan *plan;
    struct base_error error;
    cr_expect_not(
        sample_load_octets(&plan, sample_profile, strlen(sample_profile), settings, 3, &error));
    cr_expect_not_null(strstr(error.text, UPLOAD_ERROR " (This release takes no other one.)"), "%s",
                       error.text);
    profile_plan_destroy(plan);
}

Test(profile_product, of_an_endpoint_has_no_store_and_no_listener) {
    static const struct sample_error cases[] = {
        {17, "product: mra",
         ":20: nodes.core.server_store: mra presents no certificate: it has no store"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
    static const struct {
        const char *setting;
        const char *error; /* NULL: it loads */
    } nodes[] = {
        {"nodes.phone={product: jabber, address: 127.0.0.41, trust: [], zones: {a: {peer: "
         "edge.sip}}}",
         NULL},
        {"nodes.phone={product: mra, address: 127.0.0.41, trust: [], client_store: none, "
         "server_store: none, listeners: {}, zones: {a: {peer: edge.sip}}}",
         NULL},
        {"nodes.phone={product: mra, address: 127.0.0.41, trust: [], client_store: {issuer: "
         "inside}}",
         "nodes.phone.client_store: mra presents no certificate: it has no store"},
        {"nodes.phone={product: webrtc, address: 127.0.0.41, trust: [], listeners: {sip: 5061}}",
         "nodes.phone.listeners: webrtc presents no certificate: it cannot listen"},
        {"nodes.phone={product: jabber, address: 127.0.0.41, trust: [], listeners: default}",
         "nodes.phone.listeners: jabber presents no certificate: it cannot listen"},
        {"nodes.phone={product: generic, address: 127.0.0.41, trust: [], listeners: none}",
         "nodes.phone.listeners: expected a mapping of names to listeners, or default, not "
         "\"none\""},
    };
    for (size_t i = 0; i < LENGTH_OF(nodes); i++) {
        struct base_error error;
        struct profile_plan *plan = sample_load(sample_profile, nodes[i].setting, &error);
        cr_expect_eq(plan == NULL, nodes[i].error != NULL, "%s: %s", nodes[i].setting, error.text);
        cr_expect(nodes[i].error == NULL || strstr(error.text, nodes[i].error) != NULL, "%s",
                  error.text);
        profile_plan_destroy(plan);
    }
}

Test(profile_product, gives_a_node_its_versions_of_tls) {
    struct profile_plan *plan =
        sample_must_load(sample_profile, "nodes.far={product: webex, address: 127.0.0.50, trust: "
                                         "[], server_store: {issuer: inside}, eku_checking: off, "
                                         "listeners: {sip: 5061}}");
    cr_expect_eq(plan->nodes[0].tls.versions, PROFILE_TLS_1_2 | PROFILE_TLS_1_3);
    cr_expect_eq(plan->nodes[2].tls.versions, PROFILE_TLS_1_2);
    cr_expect_not(plan->nodes[2].eku_checking, "how a far end behaves is not a question of rows");
    cr_expect_null(plan->nodes[2].release);
    profile_plan_destroy(plan);
    plan = sample_must_load(sample_profile,
                            "nodes.far={product: webex, address: 127.0.0.50, trust: [], tls: "
                            "{versions: [1.3]}}");
    cr_expect_eq(plan->nodes[2].tls.versions, PROFILE_TLS_1_3);
    profile_plan_destroy(plan);
}
