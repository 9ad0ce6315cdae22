/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_SERVICE_H
#define PROFILE_SERVICE_H

#include "profile_plan.h"

/* What differs between services: a row each, by enum profile_service. */
struct profile_service_row {
    uint32_t port;
    enum profile_protocol protocol;
    enum profile_zone_type zone_type; /* of who dials it and does not say otherwise */
    enum profile_client_certificate client_certificate;
    enum profile_eku_check eku_check;
    bool authenticates; /* by the usual credentials, unless the profile says otherwise */
};
const struct profile_service_row *profile_service_row(enum profile_service service);

/* The same of zone types. */
struct profile_zone_type_row {
    enum profile_protocol protocol;
    bool authenticates;
};
const struct profile_zone_type_row *profile_zone_type_row(enum profile_zone_type type);

/* Of the first service that zones of this type dial; 0: none. */
uint32_t profile_service_port_of_zone(enum profile_zone_type type);

/* "a SIP", "an HTTPS", "a tunnel": before "zone" or "listener". */
const char *profile_protocol_name(enum profile_protocol protocol);

#endif
