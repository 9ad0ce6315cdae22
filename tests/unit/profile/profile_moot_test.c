/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* One zone that says `zone`, under a load that says `load`. */
static bool is_taken(const char *zone, const char *load, const char *setting,
                     struct base_error *error) {
    char text[1024];
    snprintf(text, sizeof text,
             "name: moot\nauthorities: { ca: { kind: internal } }\nnodes:\n  near:\n"
             "    product: generic\n    address: 127.0.0.3\n    trust: [ca]\n"
             "    client_store: none\n    zones:\n      z: { peer: \"127.0.0.2:5061\", %s }\n"
             "load: { duration: 5s, %s }\n",
             zone, load);
    struct profile_plan *plan = sample_load(text, setting, error);
    profile_plan_destroy(plan);
    return plan != NULL;
}

static const struct {
    const char *key;
    const char *without; /* what it does nothing beside */
    const char *with;
} cases[] = {
    {"opening: 8", "rate: 5/s", "connections: 9"},
    {"arrival: poisson", "connections: 9", "rate: 5/s"},
    {"arrival: poisson", "concurrency: 9", "stages: [{ duration: 1s, target: 5/s }]"},
    {"at_once: 50", "concurrency: 9", "rate: 5/s"},
    {"attempts: 50", "connections: 9", "concurrency: 9"},
    {"hold: 2s", "connections: 9", "concurrency: 9"},
    {"hold: 2s", "connections: 8", "dialogs: 3"},
    {"hold: 2s", "connections: 7", "dialog: invite"},
    {"resume_ratio: 0.5", "resumption: off", "resumption: tickets"},
    {"expires: 60s", "dialog: options", "dialog: register"},
    {"deregister: on", "dialog: invite", "dialog: register"},
    {"outbound: on", "dialog: none", "dialog: register"},
    {"reinvite: 9s", "dialog: register", "dialog: invite"},
    {"cancel_after: 9s", "dialog: register", "dialog: invite"},
};

Test(profile_moot, a_key_that_would_do_nothing_is_refused_where_it_stands) {
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        for (unsigned k = 0; k < 6; k++) { /* both in the zone, both in the load, one in each */
            bool fits = k % 2 == 1;
            const char *other = fits ? cases[i].with : cases[i].without;
            char zone[128];
            char load[128];
            struct base_error error;
            bool in_load = k / 2 != 0;
            bool together = k / 2 != 2;
            snprintf(zone, sizeof zone, "%s%s%s", in_load ? "" : cases[i].key, in_load ? "" : ", ",
                     !in_load || !together ? other : "alias: off");
            snprintf(load, sizeof load, "%s%s%s", in_load ? cases[i].key : "timeout: 3s",
                     in_load && together ? ", " : "", in_load && together ? other : "");
            bool taken = is_taken(zone, load, NULL, &error);
            cr_expect_eq(taken, fits, "zone { %s } load { %s }: %s", zone, load,
                         taken ? "taken" : error.text);
            cr_expect(taken || (strstr(error.text, in_load ? ": load." : ".zones.z.") != NULL &&
                                strstr(error.text, ": goes with ") != NULL),
                      "%s", error.text);
        }
    }
}

static bool is_listener_taken(const char *listener, const char *setting, struct base_error *error) {
    char text[1024];
    snprintf(text, sizeof text,
             "name: moot\nauthorities: { ca: { kind: internal } }\nnodes:\n  near:\n"
             "    product: generic\n    address: 127.0.0.3\n    trust: [ca]\n"
             "    server_store: { issuer: ca, eku: [serverAuth], names: [near.example.test] }\n"
             "    client_store: none\n    listeners:\n      in: { %s }\n"
             "load: { duration: 5s }\n",
             listener);
    struct profile_plan *plan = sample_load(text, setting, error);
    profile_plan_destroy(plan);
    return plan != NULL;
}

Test(profile_moot, no_usage_is_checked_of_certificates_that_nobody_asks_for) {
    static const struct {
        const char *listener;
        const char *setting;
        bool taken;
    } listeners[] = {
        {"service: sip, port: 5061, client_certificate: none, eku_check: always", NULL, false},
        {"service: webrtc, port: 443, eku_check: always", NULL, false},
        {"service: sip, port: 5061, client_certificate: none, eku_check: never", NULL, true},
        {"service: tunnel, port: 2222, client_certificate: none", NULL, true},
        {"service: sip, port: 5061, client_certificate: request, eku_check: always", NULL, true},
        {"service: sip, port: 5061, eku_check: always",
         "nodes.near.listeners.in.client_certificate=none", true},
        {"service: sip, port: 5061, client_certificate: none",
         "nodes.near.listeners.in.eku_check=always", false},
    };
    for (size_t i = 0; i < LENGTH_OF(listeners); i++) {
        struct base_error error = {.text = ""};
        cr_expect_eq(is_listener_taken(listeners[i].listener, listeners[i].setting, &error),
                     listeners[i].taken, "%s: %s", listeners[i].listener, error.text);
        cr_expect(listeners[i].taken ||
                      strstr(error.text, ".eku_check: always goes with client_certificate") != NULL,
                  "%s", error.text);
    }
}

/* Or `--set` and what stands for it could not try another load. */
Test(profile_moot, a_setting_leaves_keys_of_the_old_load_behind) {
    static const struct {
        const char *zone;
        const char *load;
        const char *setting;
        bool taken;
    } changes[] = {
        {"connections: 9, opening: 8", "timeout: 3s", "nodes.near.zones.z.rate=5/s", true},
        {"rate: 9/s", "arrival: poisson", "nodes.near.zones.z.connections=5", true},
        {"rate: 9/s", "arrival: poisson", "load.connections=5", true},
        {"dialog: register, expires: 60s", "timeout: 3s", "nodes.near.zones.z.dialog=options",
         true},
        {"alias: off", "connections: 9, opening: 8", "load.rate=5/s", true},
        {"connections: 9", "timeout: 3s", "nodes.near.zones.z.arrival=poisson", false},
        {"connections: 9", "timeout: 3s", "load.arrival=poisson", false},
    };
    for (size_t i = 0; i < LENGTH_OF(changes); i++) {
        struct base_error error = {.text = ""};
        cr_expect_eq(is_taken(changes[i].zone, changes[i].load, changes[i].setting, &error),
                     changes[i].taken, "--set %s: %s", changes[i].setting, error.text);
    }
}
