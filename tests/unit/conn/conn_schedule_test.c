/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include <math.h>
#include <string.h>

/* How many dialogs a connection has, how far apart, and how long it stays. */

static void set_up(struct lab *lab, enum node_dialog dialog, uint32_t dialogs) {
    lab_init(lab, TLS_VERSION_1_3);
    lab->zone.dialog = dialog;
    lab->zone.dialogs = dialogs;
    lab->zone.options_interval_ns = 0;
    strcpy(lab->zone.target_uri, "sip:room@webex.example.test");
}

struct dialogs_case {
    enum node_dialog dialog;
    bool stays_open;
    uint32_t dialogs;
};

Test(conn_schedule, a_connection_closes_in_order_after_its_dialogs) {
    static const struct dialogs_case cases[] = {
        {NODE_DIALOG_OPTIONS, false, 1}, {NODE_DIALOG_OPTIONS, false, 3},
        {NODE_DIALOG_OPTIONS, true, 2},  {NODE_DIALOG_REGISTER, false, 2},
        {NODE_DIALOG_REGISTER, true, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lab lab;
        struct lab_peer peer;
        set_up(&lab, cases[i].dialog, cases[i].dialogs);
        lab.zone.stays_open = cases[i].stays_open;
        lab_peer_is_dialled(&lab, &peer);
        for (unsigned k = 1; k <= cases[i].dialogs; k++) {
            SIP_LAB_HEARS(&lab, &peer, k);
            sip_lab_answer_status(&peer, 200);
        }
        LAB_UNTIL(&lab, &peer, peer.read_end);
        lab_peer_hang_up(&peer, false);
        LAB_UNTIL(&lab, &peer, lab.done);
        cr_expect_eq(lab.conn->outcome, CONN_OUTCOME_CLOSED, "case %zu", i);
        cr_expect_eq(lab.conn->dialogs, cases[i].dialogs, "case %zu", i);
        cr_expect_eq(sip_lab_heard(&peer), cases[i].dialogs, "case %zu", i);
        lab_expect_nothing_held(&lab);
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

Test(conn_schedule, a_connection_is_held_in_silence_after_its_last_dialog) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_OPTIONS, 2);
    lab.zone.stays_open = false;
    lab.zone.hold_ns = 60 * BASE_NS_PER_MS;
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer_status(&peer, 200);
    SIP_LAB_HEARS(&lab, &peer, 2);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, lab.conn->close_at_ns != 0);
    cr_expect_eq(lab.conn->timer.deadline_ns, lab.conn->close_at_ns);
    cr_expect_geq(lab.conn->close_at_ns, lab.conn->started_ns + lab.zone.hold_ns);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    cr_expect_geq(base_clock_now_ns(), lab.conn->close_at_ns);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_expect_eq(lab.conn->outcome, CONN_OUTCOME_CLOSED);
    cr_expect_eq(sip_lab_heard(&peer), 2);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

struct draw_case {
    uint64_t ns;
    struct profile_spread spread;
    double mean_ns;
    double deviation_ns; /* of one draw */
    uint64_t least_ns;
    uint64_t most_ns;
};

Test(conn_schedule, times_are_drawn_as_told) {
    static const struct draw_case cases[] = {
        {5000, {PROFILE_SPREAD_NONE, 0}, 5000, 0, 5000, 5000},
        {5000, {PROFILE_SPREAD_EXPONENTIAL, 0}, 5000, 5000, 0, UINT64_MAX},
        {2000, {PROFILE_SPREAD_UNIFORM, 8000}, 5000, 1732.1, 2000, 8000},
        {7000, {PROFILE_SPREAD_UNIFORM, 7000}, 7000, 0, 7000, 7000},
    };
    const unsigned draws = 10000;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct base_random random;
        double sum = 0;
        base_random_init(&random, 1);
        for (unsigned k = 0; k < draws; k++) {
            uint64_t drawn_ns = conn_draw_ns(&random, cases[i].ns, &cases[i].spread);
            cr_assert(drawn_ns >= cases[i].least_ns && drawn_ns <= cases[i].most_ns, "case %zu", i);
            sum += (double)drawn_ns;
        }
        cr_expect_leq(fabs(sum / draws - cases[i].mean_ns),
                      1 + 4 * cases[i].deviation_ns / sqrt(draws), "case %zu", i);
    }
}
