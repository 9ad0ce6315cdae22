/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_product.h"

#include "profile_plan.h"

#include <string.h>

#define TLS_BOTH (PROFILE_TLS_1_2 | PROFILE_TLS_1_3)

static const char *const core_services[] = {"sip", NULL};
static const char *const edge_services[] = {
    "sip", "sip-mtls", "uc-traversal", "tunnel", "provisioning", "webrtc", NULL};
static const char *const webex_services[] = {"sip", NULL};
static const char *const cucm_services[] = {"sip", "tftp", NULL};
static const char *const meeting_services[] = {"webrtc", NULL};
static const char *const generic_services[] = {"sip", NULL};
static const char *const no_services[] = {NULL};

/* The newest release of a product stands first. */
static const struct profile_product rows[] = {
    {.product = "expressway-c",
     .release = "x15.5",
     .title = "Cisco Expressway-C",
     .log_process = "tvcs",
     .stores = PROFILE_STORES_TWO,
     .is_expressway = true,
     .has_eku_switch = true,
     .tls_versions = TLS_BOTH,
     .services = core_services},
    {.product = "expressway-c",
     .release = "x15.4",
     .title = "Cisco Expressway-C",
     .log_process = "tvcs",
     .stores = PROFILE_STORES_ONE,
     .is_expressway = true,
     .demands_client_usage = true,
     .tls_versions = TLS_BOTH,
     .services = core_services},
    {.product = "expressway-c",
     .release = "x8.11.4",
     .title = "Cisco Expressway-C",
     .log_process = "tvcs",
     .stores = PROFILE_STORES_ONE,
     .is_expressway = true,
     .tls_versions = PROFILE_TLS_1_2,
     .services = core_services,
     .unverified = "that it always demands clientAuth of who connects to it"},
    {.product = "expressway-e",
     .release = "x15.5",
     .title = "Cisco Expressway-E",
     .log_process = "tvcs",
     .stores = PROFILE_STORES_TWO,
     .is_expressway = true,
     .has_eku_switch = true,
     .tls_versions = TLS_BOTH,
     .services = edge_services},
    {.product = "expressway-e",
     .release = "x15.4",
     .title = "Cisco Expressway-E",
     .log_process = "tvcs",
     .stores = PROFILE_STORES_ONE,
     .is_expressway = true,
     .has_server_eku_upload = true,
     .demands_client_usage = true,
     .tls_versions = TLS_BOTH,
     .services = edge_services},
    {.product = "expressway-e",
     .release = "x8.11.4",
     .title = "Cisco Expressway-E",
     .log_process = "tvcs",
     .stores = PROFILE_STORES_ONE,
     .is_expressway = true,
     .tls_versions = PROFILE_TLS_1_2,
     .services = edge_services,
     .unverified = "that it always demands clientAuth of who connects to it"},
    {.product = "webex",
     .title = "Cisco Webex",
     .log_process = "sip",
     .stores = PROFILE_STORES_TWO,
     .tls_versions = PROFILE_TLS_1_2,
     .services = webex_services,
     .unverified = "whether it checks extended key usages: say so with `eku_checking`"},
    {.product = "cucm",
     .title = "Cisco Unified Communications Manager",
     .log_process = "ccm",
     .stores = PROFILE_STORES_TWO,
     .tls_versions = TLS_BOTH,
     .services = cucm_services,
     .unverified = "whether its services share a certificate: each role can have its own here"},
    {.product = "meeting-server",
     .title = "Cisco Meeting Server",
     .log_process = "webbridge3",
     .stores = PROFILE_STORES_TWO,
     .tls_versions = TLS_BOTH,
     .services = meeting_services,
     .unverified = "whether its services share a certificate: each role can have its own here"},
    {.product = "jabber",
     .title = "Cisco Jabber",
     .log_process = "jabber",
     .stores = PROFILE_STORES_NONE,
     .tls_versions = TLS_BOTH,
     .services = no_services},
    {.product = "mra",
     .title = "Mobile and remote access endpoint",
     .log_process = "endpoint",
     .stores = PROFILE_STORES_NONE,
     .tls_versions = TLS_BOTH,
     .services = no_services},
    {.product = "webrtc",
     .title = "WebRTC browser",
     .log_process = "browser",
     .stores = PROFILE_STORES_NONE,
     .tls_versions = TLS_BOTH,
     .services = no_services},
    {.product = "generic",
     .title = "SIP server",
     .log_process = "sip",
     .stores = PROFILE_STORES_TWO,
     .has_eku_switch = true,
     .tls_versions = TLS_BOTH,
     .services = generic_services},
};

const struct profile_product *profile_product_find(const char *product, const char *release) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool any_release = release == NULL || rows[i].release == NULL;
        if (strcmp(rows[i].product, product) == 0 &&
            (any_release || strcmp(rows[i].release, release) == 0)) {
            return &rows[i];
        }
    }
    return NULL;
}

const struct profile_product *profile_product_at(uint32_t index) {
    return index < sizeof rows / sizeof rows[0] ? &rows[index] : NULL;
}
