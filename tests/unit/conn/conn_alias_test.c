/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"
#include "tls_context.h"
#include "tls_session.h"

#include <stdio.h>
#include <string.h>

/* The peer's certificate names core.example.test. */
struct offer {
    const char *via; /* sent-by and parameters */
    bool aliased;
    bool refused;
};

static const struct offer offers[] = {
    {"core.example.test;branch=z9hG4bK1;alias", true, false},
    {"core.example.test:5061 ;Alias ;branch=z9hG4bK1;rport", true, false},
    {"CORE.example.test;alias=yes;branch=z9hG4bK1", true, false},
    {"core.example.test;branch=z9hG4bK1", false, false},
    {"core.example.test;branch=z9hG4bK1;x=\";alias\"", false, false},
    {"core.example.test;branch=z9hG4bK1, core.example.test;alias;branch=z9hG4bK2", false, false},
    {"core.example.test;branch=z9hG4bK1;aliases", false, false},
    {"edge.example.test;branch=z9hG4bK1;alias", false, true},
    {"127.0.0.1;branch=z9hG4bK1;alias", false, true},
    {"[2001:db8::1]:5061;branch=z9hG4bK1;alias", false, true},
    {"example.test;branch=z9hG4bK1;alias", false, true},
};

static void open_session(struct lab *lab, struct lab_peer *peer) {
    lab_peer_dials(lab, peer);
    LAB_UNTIL(lab, peer, tls_session_is_open(peer->session));
}

static void ask(struct lab *lab, struct lab_peer *peer, const char *via) {
    char request[1024];
    lab_peer_forget(peer);
    snprintf(request, sizeof request,
             "OPTIONS sip:core.example.test SIP/2.0\r\nVia: SIP/2.0/TLS %s\r\nFrom: "
             "<sip:core.example.test>;tag=c\r\nTo: <sip:core.example.test>\r\nCall-ID: 2\r\n"
             "CSeq: 7 OPTIONS\r\nContent-Length: 0\r\n\r\n",
             via);
    lab_peer_write(peer, base_bytes_of_text(request));
    LAB_UNTIL(lab, peer, lab_peer_count(peer, "SIP/2.0 200 OK\r\n") == 1);
}

static void expect_counts(const struct lab *lab, const struct offer *offer) {
    const struct metrics_listener *listener = &lab->shard.listeners[0];
    cr_assert_eq(lab->environment.listener_carriers[0].count, offer->aliased ? 1 : 0, "%s",
                 offer->via);
    cr_assert_eq(metrics_read(&listener->aliased), offer->aliased ? 1 : 0, "%s", offer->via);
    cr_assert_eq(metrics_read(&listener->alias_refused), offer->refused ? 1 : 0, "%s", offer->via);
}

Test(conn_alias, is_taken_from_a_peer_whose_certificate_names_it) {
    for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        lab_init(&lab, TLS_VERSION_1_3);
        lab.listener.needs_alias = true;
        open_session(&lab, &peer);
        ask(&lab, &peer, offers[i].via);
        expect_counts(&lab, &offers[i]);
        ask(&lab, &peer, offers[i].via);
        expect_counts(&lab, &offers[i]); /* once a connection */
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

Test(conn_alias, is_nothing_to_a_listener_that_reuses_any_connection) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    open_session(&lab, &peer);
    ask(&lab, &peer, offers[0].via);
    cr_assert_eq(lab.environment.listener_carriers[0].count, 1);
    cr_assert_eq(metrics_read(&lab.shard.listeners[0].aliased), 0);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_alias, is_offered_by_a_zone_that_says_so) {
    for (unsigned offers_it = 0; offers_it < 2; offers_it++) {
        struct lab lab;
        struct lab_peer peer;
        lab_init(&lab, TLS_VERSION_1_3);
        lab.zone.is_alias = offers_it != 0;
        lab_peer_is_dialled(&lab, &peer);
        SIP_LAB_HEARS(&lab, &peer, 1);
        cr_assert_eq(sip_lab_says(&peer, ";rport;alias\r\n"), offers_it != 0);
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}
