/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve.h"

#include "base_clock.h"
#include "support_dns.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct support_dns_record records[] = {
    {"plain.test", "A", "10.0.0.1"},
    {"both.test", "A", "10.0.0.2"},
    {"both.test", "AAAA", "fd00::2"},
    {"six.test", "AAAA", "fd00::6"},
    {"many.test", "A", "10.0.1.1"},
    {"many.test", "A", "10.0.1.2"},
    /* NAPTR leads to another domain's SRV; services without TLS are passed over. */
    {"naptr.test", "NAPTR", "10 10 s SIP+D2U _sip._udp.naptr.test"},
    {"naptr.test", "NAPTR", "20 10 s SIPS+D2T _sips._tcp.far.test"},
    {"naptr.test", "NAPTR", "20 5 S sips+d2t _sips._tcp.near.test"},
    {"_sips._tcp.near.test", "SRV", "10 60 7061 many.test"},
    {"_sips._tcp.near.test", "SRV", "10 20 7062 plain.test"},
    {"_sips._tcp.near.test", "SRV", "20 0 7063 both.test"},
    {"_sips._tcp.far.test", "SRV", "1 1 1 plain.test"},
    /* The first of its services is not there: the next one is taken. */
    {"second.test", "NAPTR", "1 1 s SIPS+D2T _sips._tcp.nothing.test"},
    {"second.test", "NAPTR", "2 1 s SIPS+D2T _sips._tcp.far.test"},
    {"udp.test", "NAPTR", "1 1 s SIP+D2U _sip._udp.udp.test"},
    {"_sips._tcp.udp.test", "SRV", "5 0 5061 plain.test"},
    {"_sips._tcp.srv.test", "SRV", "7 0 5071 six.test"},
    {"_sips._tcp.srv.test", "SRV", "9 0 5072 plain.test"},
    {"srv.test", "A", "10.9.9.9"},
    {"_sips._tcp.zero.test", "SRV", "1 0 5061 plain.test"},
    {"_sips._tcp.zero.test", "SRV", "1 1 5061 both.test"},
    {"_sips._tcp.refused.test", "SRV", "0 0 0 ."},
    {"refused.test", "A", "10.0.0.9"},
    {"_sips._tcp.self.test", "SRV", "0 0 5061 _sips._tcp.self.test"},
    {"_sips._tcp.dangling.test", "SRV", "0 0 5061 nowhere.test"},
    {"_sips._tcp.half.test", "SRV", "0 0 5061 nowhere.test"},
    {"_sips._tcp.half.test", "SRV", "5 0 5061 plain.test"},
    {"_sips._tcp.portless.test", "SRV", "0 0 0 plain.test"},
    {"alias.test", "CNAME", "alias2.test"},
    {"alias2.test", "CNAME", "alias3.test"},
    {"alias3.test", "CNAME", "plain.test"},
    {"loop.test", "CNAME", "loop2.test"},
    {"loop2.test", "CNAME", "loop.test"},
    {"_sips._tcp.aliased.test", "CNAME", "_sips._tcp.far.test"},
    {"mute.test", "SILENCE", ""},
    {"broken.test", "FAILURE", ""},
    {"garbage.test", "GARBAGE", ""},
};

static struct support_dns dns;
static struct resolve *resolve;

static void open_server(void) {
    struct base_error error;
    support_dns_start(&dns, "127.0.0.1", records, sizeof records / sizeof *records);
    cr_assert(resolve_create(&resolve, dns.server, 4 * BASE_NS_PER_S, &error), "%s", error.text);
}

static void close_server(void) {
    resolve_destroy(resolve);
    support_dns_stop(&dns);
}

/* "10.0.0.1:5061 0 100%, ..." with each target's part of the load of its priority. */
static void describe(const struct resolve_answer *answer, char out[1024]) {
    size_t length = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < answer->count; i++) {
        const struct resolve_target *target = &answer->targets[i];
        double sum = 0;
        for (uint32_t j = 0; j < answer->count; j++) {
            sum += answer->targets[j].priority == target->priority ? answer->targets[j].share : 0;
        }
        length += (size_t)snprintf(out + length, 1024 - length, "%s%s:%u %u %.1f%%",
                                   i == 0 ? "" : ", ", target->address, target->port,
                                   target->priority, 100 * target->share / sum);
    }
}

Test(resolve_dns, names_lead_to_their_targets, .init = open_server, .fini = close_server) {
    static const struct {
        const char *host;
        uint16_t port;
        enum resolve_family family;
        const char *targets;
    } cases[] = {
        {"plain.test", 5061, RESOLVE_IPV4, "10.0.0.1:5061 0 100.0%"},
        {"plain.test", 443, RESOLVE_IPV4, "10.0.0.1:443 0 100.0%"},
        {"both.test", 1, RESOLVE_IPV4, "10.0.0.2:1 0 100.0%"},
        {"both.test", 1, RESOLVE_IPV6, "fd00::2:1 0 100.0%"},
        {"many.test", 9, RESOLVE_IPV4, "10.0.1.1:9 0 50.0%, 10.0.1.2:9 0 50.0%"},
        {"alias.test", 9, RESOLVE_IPV4, "10.0.0.1:9 0 100.0%"},
        /* A port forgoes NAPTR and SRV. */
        {"srv.test", 9, RESOLVE_IPV4, "10.9.9.9:9 0 100.0%"},
        {"srv.test", 0, RESOLVE_IPV4, "10.0.0.1:5072 9 100.0%"},
        {"srv.test", 0, RESOLVE_IPV6, "fd00::6:5071 7 100.0%"},
        {"plain.test", 0, RESOLVE_IPV4, "10.0.0.1:5061 0 100.0%"},
        {"alias.test", 0, RESOLVE_IPV4, "10.0.0.1:5061 0 100.0%"},
        /* Both addresses of a name share its weight. */
        {"naptr.test", 0, RESOLVE_IPV4,
         "10.0.1.1:7061 10 37.5%, 10.0.1.2:7061 10 37.5%, 10.0.0.1:7062 10 25.0%, "
         "10.0.0.2:7063 20 100.0%"},
        {"second.test", 0, RESOLVE_IPV4, "10.0.0.1:1 1 100.0%"},
        {"udp.test", 0, RESOLVE_IPV4, "10.0.0.1:5061 5 100.0%"},
        {"zero.test", 0, RESOLVE_IPV4, "10.0.0.1:5061 1 0.4%, 10.0.0.2:5061 1 99.6%"},
        {"half.test", 0, RESOLVE_IPV4, "10.0.0.1:5061 5 100.0%"},
        {"aliased.test", 0, RESOLVE_IPV4, "10.0.0.1:1 1 100.0%"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct resolve_question question = {
            .host = cases[i].host, .port = cases[i].port, .family = cases[i].family};
        struct resolve_answer answer;
        struct base_error error;
        char text[1024] = "";
        if (resolve_ask(resolve, &question, &answer, &error)) {
            describe(&answer, text);
        } else {
            snprintf(text, sizeof text, "%s", error.text);
        }
        cr_expect_str_eq(text, cases[i].targets, "%s: %s", cases[i].host, text);
    }
}

Test(resolve_dns, what_leads_nowhere_is_told_in_one_sentence, .init = open_server,
     .fini = close_server) {
    static const struct {
        const char *host;
        uint16_t port;
        const char *sentence;
    } cases[] = {
        {"nowhere.test", 5061,
         "\"nowhere.test\" cannot be resolved (addresses of nowhere.test: no such name)"},
        {"nowhere.test", 0,
         "\"nowhere.test\" cannot be resolved (NAPTR nowhere.test: no such name; SRV "
         "_sips._tcp.nowhere.test: no such name; addresses of nowhere.test: no such name)"},
        {"refused.test", 0,
         "\"refused.test\" cannot be resolved (NAPTR refused.test: none; SRV "
         "_sips._tcp.refused.test: no such service:0 (0/0))"},
        {"self.test", 0,
         "\"self.test\" cannot be resolved (NAPTR self.test: no such name; SRV "
         "_sips._tcp.self.test: _sips._tcp.self.test:5061 (0/0); addresses of "
         "_sips._tcp.self.test: none)"},
        {"dangling.test", 0,
         "\"dangling.test\" cannot be resolved (NAPTR dangling.test: no such name; SRV "
         "_sips._tcp.dangling.test: nowhere.test:5061 (0/0); addresses of nowhere.test: no such "
         "name)"},
        {"portless.test", 0,
         "\"portless.test\" cannot be resolved (NAPTR portless.test: no such name; SRV "
         "_sips._tcp.portless.test: plain.test:0 (0/0))"},
        {"six.test", 5061,
         "\"six.test\" has only IPv6 addresses, and those it is dialled from are IPv4 (addresses "
         "of six.test: fd00::6)"},
        {"loop.test", 5061, "\"loop.test\" cannot be resolved (addresses of loop.test: none)"},
        {"broken.test", 5061,
         "\"broken.test\" cannot be resolved (addresses of broken.test: no DNS server answers)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct resolve_question question = {.host = cases[i].host, .port = cases[i].port};
        struct resolve_answer answer;
        struct base_error error = {0};
        cr_expect_not(resolve_ask(resolve, &question, &answer, &error), "%s", cases[i].host);
        cr_expect_str_eq(error.text, cases[i].sentence, "%s: %s", cases[i].host, error.text);
        cr_expect_eq(error.kind, BASE_ERROR_USAGE);
    }
}

Test(resolve_dns, garbage_is_refused, .init = open_server, .fini = close_server) {
    const struct resolve_question question = {.host = "garbage.test"};
    struct resolve_answer answer;
    struct base_error error = {0};
    cr_assert_not(resolve_ask(resolve, &question, &answer, &error));
    cr_assert_not_null(strstr(error.text, "\"garbage.test\" cannot be resolved"));
}

Test(resolve_dns, server_that_is_silent_costs_the_limit_once) {
    const struct resolve_question question = {.host = "mute.test"};
    struct resolve_answer answer;
    struct base_error error = {0};
    support_dns_start(&dns, "127.0.0.1", records, sizeof records / sizeof *records);
    cr_assert(resolve_create(&resolve, dns.server, 100 * BASE_NS_PER_MS, &error));
    cr_assert_not(resolve_ask(resolve, &question, &answer, &error));
    cr_assert_not_null(strstr(error.text, "NAPTR mute.test: no answer in time"), "%s", error.text);
    cr_assert_not_null(strstr(error.text, "addresses of mute.test: no answer in time"), "%s",
                       error.text);
    close_server();
}

Test(resolve_dns, literals_ask_nobody, .init = open_server, .fini = close_server) {
    static const struct {
        const char *host;
        uint16_t port;
        const char *targets;
    } cases[] = {
        {"127.0.0.1", 7001, "127.0.0.1:7001 0 100.0%"},
        {"fd00::1", 7001, "fd00::1:7001 0 100.0%"},
        {"::1", 0, "::1:5061 0 100.0%"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct resolve_question question = {.host = cases[i].host, .port = cases[i].port};
        struct resolve_answer answer;
        struct base_error error = {0};
        char text[1024];
        cr_assert(resolve_ask(resolve, &question, &answer, &error), "%s", error.text);
        describe(&answer, text);
        cr_expect_str_eq(text, cases[i].targets);
    }
    cr_expect_eq(dns.queries, 0);
}

Test(resolve_dns, a_question_is_asked_once, .init = open_server, .fini = close_server) {
    static const struct resolve_question questions[] = {{.host = "srv.test"}, {.host = "SRV.test"}};
    struct resolve_answer answers[2];
    struct base_error error = {0};
    cr_assert(resolve_ask(resolve, &questions[0], &answers[0], &error), "%s", error.text);
    unsigned queries = dns.queries;
    cr_assert(resolve_ask(resolve, &questions[1], &answers[1], &error), "%s", error.text);
    cr_expect_eq(dns.queries, queries);
    cr_expect_eq(answers[1].count, answers[0].count);
    cr_expect_str_eq(answers[1].targets[0].address, answers[0].targets[0].address);
    cr_expect_eq(answers[1].targets[0].port, 5072);
    cr_expect_str_neq(answers[0].trail, "");
    cr_expect_str_eq(answers[1].trail, "");
}

Test(resolve_dns, more_addresses_than_a_zone_may_have_are_refused) {
    struct support_dns_record crowd[RESOLVE_TARGETS_MAX + 1];
    char addresses[RESOLVE_TARGETS_MAX + 1][16];
    const struct resolve_question question = {.host = "crowd.test", .port = 1};
    struct resolve_answer answer;
    struct base_error error = {0};
    for (unsigned i = 0; i <= RESOLVE_TARGETS_MAX; i++) {
        snprintf(addresses[i], sizeof addresses[i], "10.0.0.%u", i + 1);
        crowd[i] = (struct support_dns_record){"crowd.test", "A", addresses[i]};
    }
    support_dns_start(&dns, "127.0.0.1", crowd, RESOLVE_TARGETS_MAX);
    cr_assert(resolve_create(&resolve, dns.server, 4 * BASE_NS_PER_S, &error));
    cr_assert(resolve_ask(resolve, &question, &answer, &error), "%s", error.text);
    cr_assert_eq(answer.count, RESOLVE_TARGETS_MAX);
    close_server();
    support_dns_start(&dns, "127.0.0.1", crowd, RESOLVE_TARGETS_MAX + 1);
    cr_assert(resolve_create(&resolve, dns.server, 4 * BASE_NS_PER_S, &error));
    cr_assert_not(resolve_ask(resolve, &question, &answer, &error));
    cr_assert_str_eq(error.text, "\"crowd.test\" has more than 64 addresses");
    close_server();
}

Test(resolve_dns, server_that_is_no_address_is_refused) {
    static const char *const cases[] = {"dns.test", "127.0.0.1:x"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct base_error error = {0};
        cr_expect_not(resolve_create(&resolve, cases[i], BASE_NS_PER_S, &error), "%s", cases[i]);
        cr_expect_eq(error.kind, BASE_ERROR_USAGE, "%s", cases[i]);
    }
}
