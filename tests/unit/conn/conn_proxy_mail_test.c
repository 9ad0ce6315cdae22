/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_house.h"

#include "conn_mail.h"

#include <stdlib.h>
#include <string.h>

/* Requests and answers that pass from one worker to another, of which the house is one. */

#define CUCM "sip:cucm.example.test"

static const struct node_hop core = {.is_listener = true, .index = HOUSE_UC};

static struct conn_mail *join_two_workers(struct house *house, unsigned worker) {
    struct conn_mail *mail;
    struct base_error error;
    cr_assert(conn_mail_create(&mail, 2, HOUSE_ZONES, HOUSE_LISTENERS, &error), "%s", error.text);
    house->lab.environment.mail = mail;
    house->lab.environment.worker = worker;
    return mail;
}

static void part(struct house *house, struct conn_mail *mail) {
    house->lab.environment.mail = NULL;
    conn_mail_destroy(mail);
    house_finish(house);
}

static bool says(const struct conn_letter *letter, const char *text) {
    return memmem(letter->octets, letter->length, text, strlen(text)) != NULL;
}

/* What worker 0 posts for its phone when worker 1 has the Core. */
static struct conn_letter *ask_from_worker_0(void) {
    struct house house;
    house_init(&house);
    struct conn_mail *mail = join_two_workers(&house, 0);
    conn_mail_announce(mail, 1, core, true);
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    struct conn_letter *letter = NULL;
    HOUSE_UNTIL(&house, (letter = conn_mail_take(mail, 1)) != NULL);
    cr_expect_null(letter->next);
    cr_expect_not(letter->is_answer);
    cr_expect_eq(metrics_read(&house.lab.shard.listeners[HOUSE_SIP].relayed), 1);
    cr_expect_eq(sip_lab_heard(phone), 0);
    part(&house, mail);
    return letter;
}

Test(conn_proxy_mail, a_request_goes_on_from_the_worker_that_can_carry_it) {
    struct house house;
    struct conn_letter *asked = ask_from_worker_0();
    house_init(&house);
    struct conn_mail *mail = join_two_workers(&house, 1);
    struct lab_peer *peer = house_open_listener(&house, HOUSE_UC);
    conn_take_letter(&house.lab.environment, asked);
    HOUSE_HEARS(&house, peer, 1);
    cr_expect(sip_lab_says(peer, "REGISTER " CUCM " SIP/2.0\r\n"));
    sip_lab_answer_status(peer, 200);
    struct conn_letter *answer = NULL;
    HOUSE_UNTIL(&house, (answer = conn_mail_take(mail, 0)) != NULL);
    cr_expect(answer->is_answer);
    cr_expect_eq(answer->token, asked->token);
    cr_expect_eq(answer->node, HOUSE_EDGE);
    cr_expect(says(answer, "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS phone.example.test;"));
    free(asked);
    free(answer);
    part(&house, mail);
}

Test(conn_proxy_mail, a_request_that_came_too_late_is_refused_for_the_worker_that_sent_it) {
    struct house house;
    struct conn_letter *asked = ask_from_worker_0();
    house_init(&house);
    struct conn_mail *mail = join_two_workers(&house, 1);
    conn_take_letter(&house.lab.environment, asked);
    struct conn_letter *answer = conn_mail_take(mail, 0);
    cr_assert_not_null(answer);
    cr_expect_eq(answer->token, asked->token);
    cr_expect(says(answer, "SIP/2.0 503 no connection is open on edge.uc-traversal\r\n"
                           "Via: SIP/2.0/TLS phone.example.test;"));
    const struct journal_event event = sip_lab_event(&house.lab, JOURNAL_REQUEST_UNROUTABLE);
    cr_expect_str_eq(event.reason, "no connection is open on edge.uc-traversal");
    cr_expect_eq(event.status, 503);
    cr_expect(event.on_listener);
    cr_expect_eq(event.subject, HOUSE_SIP);
    cr_expect_eq(metrics_read(&house.lab.shard.listeners[HOUSE_SIP].unroutable), 1);
    free(asked);
    free(answer);
    part(&house, mail);
}

Test(conn_proxy_mail, another_worker_s_carrier_is_better_than_the_asker) {
    struct house house;
    house_init(&house);
    struct conn_mail *mail = join_two_workers(&house, 0);
    conn_mail_announce(mail, 1, core, true);
    struct lab_peer *peer = house_open_listener(&house, HOUSE_UC);
    sip_lab_ask(peer, "REGISTER", CUCM, "");
    struct conn_letter *letter = NULL;
    HOUSE_UNTIL(&house, (letter = conn_mail_take(mail, 1)) != NULL);
    cr_expect_eq(sip_lab_heard(peer), 0);
    free(letter);
    part(&house, mail);
}

Test(conn_proxy_mail, an_answer_finds_its_phone_or_nobody) {
    struct house house;
    house_init(&house);
    struct conn_mail *mail = join_two_workers(&house, 0);
    conn_mail_announce(mail, 1, core, true);
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    struct conn_letter *asked = NULL;
    HOUSE_UNTIL(&house, (asked = conn_mail_take(mail, 1)) != NULL);
    for (unsigned i = 0; i < 4; i++) {
        /* The last one is right, and comes behind the others. */
        const char *text = i < 3 ? "SIP/2.0 400 Wrong\r\n\r\n" : "SIP/2.0 200 Right\r\n\r\n";
        struct conn_letter *answer = conn_letter_create(base_bytes_of_text(text));
        answer->is_answer = true;
        answer->protocol = i == 0 ? NODE_PROTOCOL_HTTP : NODE_PROTOCOL_SIP;
        answer->node = i == 1 ? HOUSE_CORE : HOUSE_EDGE;
        answer->token = i == 2 ? asked->token + 1 : asked->token;
        conn_take_letter(&house.lab.environment, answer);
        free(answer);
    }
    HOUSE_UNTIL(&house, lab_peer_count(phone, "SIP/2.0 200 Right\r\n") > 0);
    cr_expect_eq(lab_peer_count(phone, "Wrong"), 0);
    free(asked);
    part(&house, mail);
}

Test(conn_proxy_mail, carriers_are_announced_while_there_is_one) {
    struct house house;
    house_init(&house);
    struct conn_mail *mail = join_two_workers(&house, 1);
    cr_expect_eq(conn_mail_find(mail, 0, core), CONN_MAIL_WORKERS_MAX);
    struct lab_peer *first = house_open_listener(&house, HOUSE_UC);
    struct lab_peer *second = house_open_listener(&house, HOUSE_UC);
    cr_expect_eq(conn_mail_find(mail, 0, core), 1);
    cr_expect_eq(conn_mail_find(mail, 1, core), CONN_MAIL_WORKERS_MAX);
    lab_peer_hang_up(first, false);
    HOUSE_UNTIL(&house, house.lab.done);
    cr_expect_eq(conn_mail_find(mail, 0, core), 1);
    house.lab.done = false;
    lab_peer_hang_up(second, false);
    HOUSE_UNTIL(&house, house.lab.done);
    cr_expect_eq(conn_mail_find(mail, 0, core), CONN_MAIL_WORKERS_MAX);
    cr_expect_eq(conn_mail_last_fault(mail, core), FAULT_SIP_CLOSED);
    part(&house, mail);
}

Test(conn_proxy_mail, a_letter_for_a_worker_that_does_not_exist_is_thrown_away) {
    struct conn_mail *mail;
    struct base_error error;
    cr_assert(conn_mail_create(&mail, 2, 1, 1, &error), "%s", error.text);
    cr_expect_not(conn_mail_post(mail, 2, conn_letter_create(base_bytes_of_text("x"))));
    cr_expect_not(
        conn_mail_post(mail, CONN_MAIL_WORKERS_MAX, conn_letter_create(base_bytes_of_text("x"))));
    cr_expect_null(conn_mail_take(mail, 0));
    cr_expect_null(conn_mail_take(mail, 1));
    conn_mail_destroy(mail);
}

Test(conn_proxy_mail, a_worker_that_does_not_take_its_letters_gets_no_more) {
    struct house house;
    house_init(&house);
    struct conn_mail *mail = join_two_workers(&house, 0);
    conn_mail_announce(mail, 1, core, true);
    for (unsigned i = 0; i < CONN_MAIL_WAITING_MAX; i++) {
        cr_assert(conn_mail_post(mail, 1, conn_letter_create(base_bytes_of_text("x"))));
    }
    cr_expect_not(conn_mail_post(mail, 1, conn_letter_create(base_bytes_of_text("x"))));
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    HOUSE_HEARS(&house, phone, 1);
    cr_expect(sip_lab_says(phone, "SIP/2.0 503 too much waits on edge.uc-traversal already\r\n"));
    unsigned taken = 0;
    for (struct conn_letter *letter = conn_mail_take(mail, 1); letter != NULL; taken++) {
        struct conn_letter *next = letter->next;
        free(letter);
        letter = next;
    }
    cr_expect_eq(taken, CONN_MAIL_WAITING_MAX);
    cr_expect(conn_mail_post(mail, 1, conn_letter_create(base_bytes_of_text("x"))));
    part(&house, mail);
}
