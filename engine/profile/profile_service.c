/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_service.h"

#include <stddef.h>

static const struct profile_service_row services[] = {
    [PROFILE_SERVICE_SIP] = {.port = 5061, .zone_type = PROFILE_ZONE_NEIGHBOR},
    [PROFILE_SERVICE_SIP_MTLS] = {.port = 5062, .zone_type = PROFILE_ZONE_NEIGHBOR},
    [PROFILE_SERVICE_TRAVERSAL] = {.port = 7002,
                                   .zone_type = PROFILE_ZONE_TRAVERSAL,
                                   .authenticates = true},
    [PROFILE_SERVICE_UC_TRAVERSAL] = {.port = 7001,
                                      .zone_type = PROFILE_ZONE_UC_TRAVERSAL,
                                      .authenticates = true},
    /* Tunnels demand clientAuth whatever the mode. */
    [PROFILE_SERVICE_TUNNEL] = {.port = 2222,
                                .protocol = PROFILE_PROTOCOL_TUNNEL,
                                .zone_type = PROFILE_ZONE_TUNNEL,
                                .eku_check = PROFILE_EKU_CHECK_ALWAYS},
    [PROFILE_SERVICE_TFTP] = {.port = 6972,
                              .protocol = PROFILE_PROTOCOL_HTTP,
                              .zone_type = PROFILE_ZONE_TFTP},
    /* Endpoints and browsers have no certificate to show. */
    [PROFILE_SERVICE_PROVISIONING] = {.port = 8443,
                                      .protocol = PROFILE_PROTOCOL_HTTP,
                                      .zone_type = PROFILE_ZONE_PROVISIONING,
                                      .client_certificate = PROFILE_CLIENT_CERTIFICATE_NONE},
    [PROFILE_SERVICE_WEBRTC] = {.port = 443,
                                .protocol = PROFILE_PROTOCOL_HTTP,
                                .zone_type = PROFILE_ZONE_WEBRTC,
                                .client_certificate = PROFILE_CLIENT_CERTIFICATE_NONE},
};

static const struct profile_zone_type_row zone_types[] = {
    [PROFILE_ZONE_NEIGHBOR] = {.protocol = PROFILE_PROTOCOL_SIP},
    [PROFILE_ZONE_TRAVERSAL] = {.protocol = PROFILE_PROTOCOL_SIP, .authenticates = true},
    [PROFILE_ZONE_UC_TRAVERSAL] = {.protocol = PROFILE_PROTOCOL_SIP, .authenticates = true},
    [PROFILE_ZONE_DNS] = {.protocol = PROFILE_PROTOCOL_SIP},
    [PROFILE_ZONE_WEBEX] = {.protocol = PROFILE_PROTOCOL_SIP},
    [PROFILE_ZONE_TUNNEL] = {.protocol = PROFILE_PROTOCOL_TUNNEL},
    [PROFILE_ZONE_TFTP] = {.protocol = PROFILE_PROTOCOL_HTTP},
    [PROFILE_ZONE_PROVISIONING] = {.protocol = PROFILE_PROTOCOL_HTTP},
    [PROFILE_ZONE_WEBRTC] = {.protocol = PROFILE_PROTOCOL_HTTP},
};

const struct profile_service_row *profile_service_row(enum profile_service service) {
    return &services[service];
}

const struct profile_zone_type_row *profile_zone_type_row(enum profile_zone_type type) {
    return &zone_types[type];
}

uint32_t profile_service_port_of_zone(enum profile_zone_type type) {
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (services[i].zone_type == type) {
            return services[i].port;
        }
    }
    return 0;
}

enum profile_protocol profile_listener_protocol(const struct profile_listener *listener) {
    return services[listener->service].protocol;
}

enum profile_protocol profile_zone_protocol(const struct profile_zone *zone) {
    return zone_types[zone->type].protocol;
}

const char *profile_protocol_name(enum profile_protocol protocol) {
    static const char *const names[] = {
        [PROFILE_PROTOCOL_SIP] = "a SIP",
        [PROFILE_PROTOCOL_HTTP] = "an HTTPS",
        [PROFILE_PROTOCOL_TUNNEL] = "a tunnel",
    };
    return names[protocol];
}
