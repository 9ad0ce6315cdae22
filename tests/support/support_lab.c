/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_lab.h"

#include "support_file.h"
#include "support_run.h"

#include <criterion/criterion.h>

#define PATIENCE_MS 20000u

static const char profile_format[] =
    "name: lab\n"
    "authorities:\n"
    "  ca: { kind: internal, key: ecdsa-p256 }\n"
    "  other: { kind: internal, key: ecdsa-p256 }\n"
    "nodes:\n"
    "  acceptor:\n"
    "    product: expressway-e\n"
    "    release: x15.5\n"
    "    address: %s\n"
    "    trust: [ca]\n"
    "    server_store: { issuer: ca, key: ecdsa-p256, eku: [serverAuth] }\n"
    "    client_store: { issuer: ca, key: ecdsa-p256, eku: [serverAuth, clientAuth] }\n"
    "    eku_checking: on\n"
    "    listeners:\n"
    "      sip: { port: %d }\n"
    "  initiator:\n"
    "    product: expressway-c\n"
    "    release: x15.5\n"
    "    address: %s\n"
    "    trust: [ca]\n"
    "    server_store: { issuer: ca, key: ecdsa-p256, eku: [serverAuth] }\n"
    "    client_store: { issuer: ca, key: ecdsa-p256, eku: [clientAuth], unchecked: true }\n"
    "    zones:\n"
    "      load: { type: neighbor, peer: acceptor.sip, connections: 4, retry: none }\n"
    "load: { duration: 500ms, dialog: options, options_interval: 100ms, timeout: 3s }\n"
    "expect:\n"
    "  initiator.load: { state: active, faults: [] }\n";

const char *support_lab_profile(void) {
    const char *path = support_scene_path("lab.yaml");
    support_file_write(path, support_scene_text(profile_format, support_scene_address(31),
                                                SUPPORT_LAB_PORT, support_scene_address(16)));
    return path;
}

const char *support_lab_certificates(const char *name, const char *settings) {
    const char *folder = support_scene_path("%s", name);
    struct support_words words = {.count = 0};
    struct support_words set = {.count = 0};
    struct support_child child;
    support_words_add(&words, "%s", support_run_program());
    support_words_split(&words, "certs");
    support_words_add(&words, "%s", support_lab_profile());
    support_words_split(&words, "--out");
    support_words_add(&words, "%s", folder);
    support_words_split(&set, settings);
    for (unsigned i = 0; i < set.count; i++) {
        support_words_add(&words, "--set");
        support_words_add(&words, "%s", set.items[i]);
    }
    support_child_start(&child, support_scene.folder, "certs", &words, NULL);
    cr_assert_eq(support_child_wait(&child, PATIENCE_MS), SUPPORT_PASS, "%s",
                 support_file_read(child.err_path));
    support_words_finish(&words);
    support_words_finish(&set);
    return folder;
}

void support_lab_start_acceptor(struct support_run *run, const char *pki) {
    support_run_prepare(run, "acceptor-side", support_lab_profile());
    support_run_add(run, support_scene_text("--only acceptor --duration 60s --pki %s", pki));
    support_run_start(run);
    cr_assert(support_net_await_listening(support_scene_address(31), SUPPORT_LAB_PORT, PATIENCE_MS),
              "%s", support_file_read(run->child.err_path));
}
