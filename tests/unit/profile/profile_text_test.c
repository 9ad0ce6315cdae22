/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_plan_dump.h"
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* The text is read from another folder than the profile was. */
static void check_round_trip(const struct profile_plan *plan) {
    struct profile_plan *again = sample_must_load(plan->text, NULL);
    char *expected = plan_dump(plan);
    char *found = plan_dump(again);
    cr_expect_str_eq(found, expected);
    cr_expect_str_eq(again->text, plan->text);
    free(found);
    free(expected);
    profile_plan_destroy(again);
}

Test(profile_text, of_every_built_in_profile_loads_to_the_same_plan) {
    struct profile_catalogue catalogue;
    struct base_error error;
    unsetenv("EKULOAD_PROFILES");
    cr_assert(profile_catalogue_init(&catalogue, &error), "%s", error.text);
    for (size_t i = 0; i < catalogue.count; i++) {
        struct profile_plan *plan;
        cr_assert(
            profile_load(&plan, catalogue.entries[i].path, NULL, NULL, 0, SAMPLE_NOW, &error));
        check_round_trip(plan);
        profile_plan_destroy(plan);
    }
    profile_catalogue_finish(&catalogue);
}

/* Each is awkward in YAML, or made into something else by the loader. */
Test(profile_text, keeps_what_settings_made) {
    static const char *const settings[] = {
        "nodes.core.zones.sip.rate=400/s",
        "nodes.core.zones.uc.peer=\"[::1]:5061\"",
        "nodes.core.zones.uc.verify_name=none",
        "nodes.core.zones.uc.retry=none",
        "nodes.core.zones.uc.source=[127.0.1.0/24, '::1', 127.0.0.9]",
        "nodes.edge.listeners.sip.eku_check=never",
        "nodes.edge.external=\"[2001:db8::1]\"",
        "nodes.core.client_store={cert: a b.pem, key_file: ../k.pem}",
        "nodes.core.client_store=[{issuer: inside, serial: '46:df', subject: 'CN=a,O=\"x\"'}]",
        "nodes.core.client_store={issuer: inside, eku: [clientAuth, 1.2.3], names: ['sip:a', "
        "\"#\"]}",
        "nodes.core.client_store={issuer: inside, eku: none, unchecked: yes}",
        "nodes.core.client_store={issuer: inside, names: ['- a', ': b', '? c', '{d}', ' e ', "
        "\"f'\"]}",
        "nodes.core.tls={groups: ['null']}",
        "nodes.core.tls.groups='~ # @ `'",
        "nodes.core.tls.groups=\"\\u00e4\\u20ac\\U0001F600\"",
        "proves='one\n\n  two: {three}\n\n\n'",
        "proves=\"a: b # c\\n\\n d\\n\"",
        "nodes.core.tls={versions: 1.3, suites: [A, B]}",
        "expect.core.sip={state: idle, faults: []}",
        "thresholds=core.uc.failed == 0",
        "nodes.edge.listeners=default",
        "nodes.core.client_store={folder: stores/core}",
        "nodes.core.zones.uc.credentials={password: 'a b'}",
        "nodes.core.zones.uc.credentials=none",
        "nodes.core.zones.tunnel.retry={pauses: [1s, 2m]}",
        "nodes.core.zones.sip={peer: edge.sip, dialog: invite, target: 'a@b.test', user: c, after: "
        "[uc, core.tunnel]}",
        "nodes.core.routes=[{match: '*', to: uc}]",
        "nodes.edge.routes=[{match: '*.test', to: uc-traversal}]",
    };
    for (size_t i = 0; i < LENGTH_OF(settings); i++) {
        struct profile_plan *plan = sample_must_load(sample_profile, settings[i]);
        check_round_trip(plan);
        profile_plan_destroy(plan);
    }
}
