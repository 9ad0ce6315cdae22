/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define S UINT64_C(1000000000)

/* What zones say of registrations and calls, and listeners of whom they challenge. */

static const char with_register[] = "name: registrations\n"
                                    "authorities: { ca: { kind: internal } }\n"
                                    "nodes:\n"
                                    "  far:\n"
                                    "    product: generic\n"
                                    "    address: 127.0.0.2\n"
                                    "    trust: [ca]\n"
                                    "    server_store: { issuer: ca }\n"
                                    "    listeners: { sip: {} }\n"
                                    "  near:\n"
                                    "    product: generic\n"
                                    "    address: 127.0.0.3\n"
                                    "    trust: [ca]\n"
                                    "    client_store: { issuer: ca }\n"
                                    "    zones: { sip: { peer: far.sip, dialog: register } }\n";

Test(profile_registration, is_refreshed_as_granted_unless_an_interval_is_given) {
    static const struct {
        const char *setting;
        uint64_t interval_ns;
    } cases[] = {
        {"load.duration=1s", PROFILE_AS_GRANTED},
        {"load.dialog=options", PROFILE_AS_GRANTED},
        {"load.options_interval=5s", 5 * S},
        {"nodes.near.zones.sip.options_interval=6s", 6 * S},
        {"nodes.near.zones.sip.options_interval=0", 0},
        {"nodes.near.zones.sip.dialogs=2", S},
        {"nodes.near.zones.sip.dialog=options", S},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct profile_plan *plan = sample_must_load(with_register, cases[i].setting);
        cr_expect_eq(plan->zones[0].load.options_interval_ns, cases[i].interval_ns, "%s",
                     cases[i].setting);
        profile_plan_destroy(plan);
    }
}

Test(profile_registration, and_calls_have_defaults_that_a_zone_or_the_load_overrides) {
    struct profile_plan *plan = sample_must_load(with_register, NULL);
    const struct profile_zone_load *load = &plan->zones[0].load;
    cr_expect_eq(load->expires_ns, 3600 * S);
    cr_expect(!load->deregister && !load->outbound);
    cr_expect(load->reinvite_ns == 0 && load->cancel_after_ns == 0);
    cr_expect_eq(load->scheme, PROFILE_SCHEME_SIP);
    profile_plan_destroy(plan);
    plan = sample_must_load(with_register,
                            "load={expires: 60s, deregister: on, outbound: on, scheme: sips}");
    load = &plan->zones[0].load;
    cr_expect_eq(load->expires_ns, 60 * S);
    cr_expect(load->deregister && load->outbound);
    cr_expect_eq(load->scheme, PROFILE_SCHEME_SIPS);
    profile_plan_destroy(plan);
    plan = sample_must_load(with_register, "nodes.near.zones.sip={peer: far.sip, dialog: invite, "
                                           "reinvite: 30s, cancel_after: 5s}");
    load = &plan->zones[0].load;
    cr_expect(load->reinvite_ns == 30 * S && load->cancel_after_ns == 5 * S);
    profile_plan_destroy(plan);
}

Test(profile_registration, is_challenged_with_the_algorithms_of_its_listener) {
    static const struct {
        const char *algorithm;
        uint32_t count;
        enum profile_digest algorithms[PROFILE_DIGESTS];
    } cases[] = {
        {"md5", 1, {PROFILE_DIGEST_MD5}},
        {"SHA-256", 1, {PROFILE_DIGEST_SHA_256}},
        {"[sha-512-256]", 1, {PROFILE_DIGEST_SHA_512_256}},
        {"[sha-512-256, sha-256, md5]",
         3,
         {PROFILE_DIGEST_SHA_512_256, PROFILE_DIGEST_SHA_256, PROFILE_DIGEST_MD5}},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        char setting[128];
        snprintf(setting, sizeof setting, "nodes.far.listeners.sip.credentials={algorithm: %s}",
                 cases[i].algorithm);
        struct profile_plan *plan = sample_must_load(with_register, setting);
        const struct profile_credentials *asked = &plan->listeners[0].credentials;
        cr_assert_eq(asked->algorithm_count, cases[i].count, "%s", cases[i].algorithm);
        for (uint32_t j = 0; j < asked->algorithm_count; j++) {
            cr_expect_eq(asked->algorithms[j], cases[i].algorithms[j], "%s", cases[i].algorithm);
        }
        cr_expect_str_eq(plan->zones[0].credentials.username, "traversal");
        profile_plan_destroy(plan);
    }
}

Test(profile_registration, is_not_challenged_with_anything_else) {
    static const struct {
        const char *setting;
        const char *error;
    } cases[] = {
        {"nodes.far.listeners.sip.credentials={algorithm: sha-1}",
         "algorithm: expected md5, sha-256 or sha-512-256, not \"sha-1\""},
        {"nodes.far.listeners.sip.credentials={algorithm: []}",
         "algorithm: expected md5, sha-256 or sha-512-256, not a list"},
        {"nodes.far.listeners.sip.credentials={algorithm: [md5, md5]}",
         "algorithm.1: md5 stands there twice"},
        {"nodes.far.listeners.sip.credentials={algorithm: [md5, {}]}",
         "algorithm.1: expected md5, sha-256 or sha-512-256, not a mapping"},
        {"nodes.near.zones.sip.credentials={algorithm: md5}",
         "credentials: algorithm is for listeners: a zone answers what it is asked for"},
        {"nodes.near.zones.sip.expires=0", "expires: expected a duration from 1s to 8760h, not "
                                           "\"0\""},
        {"nodes.near.zones.sip.scheme=tel", "scheme: expected sip or sips, not \"tel\""},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct base_error error = {.text = ""};
        cr_assert_null(sample_load(with_register, cases[i].setting, &error), "%s",
                       cases[i].setting);
        cr_expect_not_null(strstr(error.text, cases[i].error), "%s: %s", cases[i].setting,
                           error.text);
    }
}
