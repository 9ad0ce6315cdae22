/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

/* Counting begins anew while connections live. */

static void recount(struct lab *lab) {
    metrics_shard_restart(&lab->shard);
    conn_recount(lab->conn, &lab->environment);
}

Test(conn_recount, the_sums_of_the_target_that_it_dials_still_hold) {
    struct lab lab;
    struct lab_peer peer;
    struct metrics_target targets[2] = {{0}};
    lab_init(&lab, TLS_VERSION_1_3);
    lab.shard.zones[0].targets = targets;
    lab.shard.zones[0].target_count = 2;
    lab_peer_is_dialled(&lab, &peer);
    lab.conn->target = 1;
    recount(&lab);
    cr_expect_eq(metrics_read(&targets[1].attempts), 1);
    cr_expect_eq(metrics_read(&targets[1].established), 0);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, lab.conn->established);
    cr_expect_eq(metrics_read(&targets[1].established), 1);
    recount(&lab);
    cr_expect_eq(metrics_read(&targets[1].attempts), 1);
    cr_expect_eq(metrics_read(&targets[1].established), 1);
    cr_expect_eq(metrics_read(&targets[0].attempts), 0);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_recount, what_was_lost_before_is_not_recovered_behind) {
    struct lab lab;
    struct lab_peer peer;
    struct lab_peer next;
    lab_init(&lab, TLS_VERSION_1_3);
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, lab.conn->established);
    lab_peer_hang_up(&peer, true);
    LAB_UNTIL(&lab, &peer, lab.done);
    lab_peer_finish(&peer);
    recount(&lab);
    lab_peer_is_dialled(&lab, &next);
    SIP_LAB_HEARS(&lab, &next, 1);
    sip_lab_answer_status(&next, 200);
    LAB_UNTIL(&lab, &next, lab.conn->established);
    cr_expect_eq(metrics_read(&lab.shard.zones[0].lost), 0);
    cr_expect_eq(metrics_read(&lab.shard.zones[0].recovered), 0);
    lab_peer_finish(&next);
    lab_finish(&lab);
}
