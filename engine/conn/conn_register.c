/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

#include "base_clock.h"
#include "sip_registration.h"

/* A registration is refreshed at 80% to 90% of what was granted: early enough for a second try, and
 * not by all at once. */
#define SHARE_MIN    0.8
#define SHARE_SPREAD 0.1

uint32_t conn_register_expires_s(const struct conn *conn,
                                 const struct conn_environment *environment) {
    if (conn->leaves) {
        return 0;
    }
    uint32_t wanted_s = conn_zone(conn, environment)->expires_s;
    uint32_t minimum_s = environment->zone_carriers[conn->subject].expires_min_s;
    return wanted_s > minimum_s ? wanted_s : minimum_s;
}

enum fault conn_register_take_back(struct conn *conn, struct conn_environment *environment) {
    conn->registered = false;
    return conn_uac_send(conn, environment, SIP_REGISTER);
}

static uint32_t granted_s(const struct conn *conn, const struct conn_environment *environment,
                          const struct sip_message *response) {
    uint8_t octets[512];
    struct base_buffer contact = {.data = octets, .capacity = sizeof octets};
    (void)conn_request_contact(conn, environment, &contact);
    return sip_registration_granted_s(response, base_buffer_bytes(&contact),
                                      conn_register_expires_s(conn, environment));
}

static uint64_t refresh_ns(struct conn_environment *environment, uint32_t granted) {
    double share = SHARE_MIN + SHARE_SPREAD * base_random_uniform(&environment->random);
    return (uint64_t)(share * (granted == 0 ? 1 : granted) * (double)BASE_NS_PER_S);
}

enum fault conn_register_answered(struct conn *conn, struct conn_environment *environment,
                                  const struct sip_message *response, bool may_answer) {
    conn_establish(conn, environment);
    if (conn->leaves && !conn->registered) {
        conn->finished = true; /* it was taken back */
        return FAULT_NONE;
    }
    uint32_t granted = granted_s(conn, environment, response);
    conn->registered = granted > 0 && conn_zone(conn, environment)->deregisters;
    if (!may_answer) {
        return FAULT_NONE;
    }
    if (!conn->leaves) {
        return conn_go_on_within(conn, environment, refresh_ns(environment, granted),
                                 conn_uac_send_next);
    }
    if (conn->registered) {
        return conn_register_take_back(conn, environment);
    }
    conn->finished = true;
    return FAULT_NONE;
}

/* The minimum may be raised once, and then only be doubled: a registrar that asks for ever more
 * must not keep us busy. */
static bool is_credible(uint32_t minimum_s, uint32_t known_s) {
    return known_s == 0 || minimum_s / 2 >= known_s;
}

bool conn_register_was_too_brief(struct conn *conn, struct conn_environment *environment,
                                 const struct sip_message *response) {
    if (conn->method != SIP_REGISTER || conn->leaves) {
        return false;
    }
    uint32_t *known_s = &environment->zone_carriers[conn->subject].expires_min_s;
    uint32_t minimum_s = sip_registration_minimum_s(response);
    if (minimum_s <= conn_register_expires_s(conn, environment) ||
        !is_credible(minimum_s, *known_s)) {
        return false;
    }
    *known_s = minimum_s;
    return true;
}
