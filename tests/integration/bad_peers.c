/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 4
#define PEER        40 /* host number of the bad peer */
#define PEER_PORT   5061
#define ZONE        "zones/initiator.load"

TestSuite(bad_peers, .init = support_scene_open, .fini = support_scene_close);

static void prepare(struct support_run *run) {
    support_run_prepare(run, "victim", support_lab_profile());
    support_run_add(run, "--duration 900ms");
    support_run_set(run, "nodes.initiator.zones.load.connections=%d", CONNECTIONS);
    support_run_set(run, "nodes.initiator.zones.load.peer=%s:%d", support_scene_address(PEER),
                    PEER_PORT);
    support_run_set(run, "load.timeout=500ms");
}

static void expect_all_failed(struct support_run *run, const char *fault) {
    support_run_expect(run, SUPPORT_FAIL);
    cr_assert_str_eq(support_result_text(run, "verdict"), "fail");
    cr_assert_str_eq(support_result_text(run, ZONE "/state"), "failed");
    support_result_expect_refused_zone(run, "initiator.load", fault);
    cr_assert_eq(support_result_number(run, ZONE "/failed"), CONNECTIONS);
    support_run_finish(run);
}

Test(bad_peers, port_that_nobody_listens_on_refuses) {
    struct support_run run;
    int reserved = support_net_bind(support_scene_address(PEER), PEER_PORT, false, NULL);
    prepare(&run);
    expect_all_failed(&run, "tcp_refused");
    close(reserved);
}

Test(bad_peers, peer_that_says_nothing_times_out) {
    struct support_run run;
    /* The kernel takes connections in; nobody ever reads them. */
    int silent = support_net_bind(support_scene_address(PEER), PEER_PORT, true, NULL);
    prepare(&run);
    expect_all_failed(&run, "tls_timeout");
    close(silent);
}

struct peer {
    int listener;
    const char *greeting; /* NULL: closes at once */
    pthread_t thread;
};

static void *serve(void *context) {
    const struct peer *peer = context;
    for (;;) {
        char heard[4096];
        int connection = accept(peer->listener, NULL, NULL);
        if (connection < 0) {
            return NULL;
        }
        if (peer->greeting != NULL) {
            ssize_t sent = send(connection, peer->greeting, strlen(peer->greeting), MSG_NOSIGNAL);
            while (sent > 0 && recv(connection, heard, sizeof heard, 0) > 0) {
            }
        }
        close(connection);
    }
}

static void start_peer(struct peer *peer, const char *greeting) {
    *peer = (struct peer){
        .listener = support_net_bind(support_scene_address(PEER), PEER_PORT, true, NULL),
        .greeting = greeting,
    };
    cr_assert_eq(pthread_create(&peer->thread, NULL, serve, peer), 0);
}

static void stop_peer(struct peer *peer) {
    shutdown(peer->listener, SHUT_RDWR);
    pthread_join(peer->thread, NULL);
    close(peer->listener);
}

Test(bad_peers, peer_that_does_not_speak_tls_is_a_protocol_error) {
    struct support_run run;
    struct peer peer;
    start_peer(&peer, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nThis is not TLS.\r\n");
    prepare(&run);
    expect_all_failed(&run, "tls_protocol_error");
    stop_peer(&peer);
}

Test(bad_peers, peer_that_closes_at_once_is_told_from_one_that_refuses) {
    struct support_run run;
    struct peer peer;
    start_peer(&peer, NULL);
    prepare(&run);
    support_run_expect(&run, SUPPORT_FAIL);
    /* Whether our ClientHello was there already decides between FIN and RST. */
    long long closed = support_result_count(&run, ZONE "/faults", "tls_closed");
    long long reset = support_result_count(&run, ZONE "/faults", "tcp_reset");
    cr_assert_eq(closed + reset, CONNECTIONS, "%lld closed, %lld reset", closed, reset);
    cr_assert_eq(support_result_number(&run, ZONE "/failed"), CONNECTIONS);
    support_run_finish(&run);
    stop_peer(&peer);
}

/* A network of its own, with nothing but loopback; `context` is told whether that is permitted. */
static void leave_network(void *context) {
    struct ifreq request = {.ifr_name = "lo"};
    (void)context;
    int descriptor = -1;
    if (unshare(CLONE_NEWNET) == 0) {
        descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    }
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (descriptor < 0 || ioctl(descriptor, SIOCSIFFLAGS, &request) != 0) {
        dprintf(STDERR_FILENO, "no network namespace\n");
        _exit(126);
    }
    close(descriptor);
}

Test(bad_peers, peer_without_a_route_is_unreachable) {
    struct support_run run;
    prepare(&run);
    support_run_set(&run, "nodes.initiator.zones.load.peer=192.0.2.40:%d", PEER_PORT);
    support_run_set(&run, "authorized=true");
    run.options = (struct support_child_options){.before_exec = leave_network};
    support_run_start(&run);
    run.status = support_child_wait(&run.child, 20000);
    if (support_file_count_text(run.child.err_path, "no network namespace") > 0) {
        support_scene_skip("network namespaces are not permitted here");
    }
    support_run_conclude(&run, SUPPORT_FAIL);
    support_result_expect_refused_zone(&run, "initiator.load", "tcp_unreachable");
    cr_assert_eq(support_result_number(&run, ZONE "/failed"), CONNECTIONS);
    support_run_finish(&run);
}

/* OpenSSL's server ends the handshake, and prints what it gets. */
static void start_mute_tls_server(struct support_child *child, const char *pki) {
    const struct support_child_options options = {.wants_input = true};
    struct support_words words = {.count = 0};
    const char *node = support_scene_text("%s/nodes/acceptor", pki);
    support_words_split(&words, support_scene_text("openssl s_server -accept %s:%d -quiet -cert "
                                                   "%s/server.pem -cert_chain %s/server.pem -key "
                                                   "%s/privkey.pem -Verify 4 -CAfile %s/ca.pem",
                                                   support_scene_address(PEER), PEER_PORT, node,
                                                   node, node, node));
    support_child_start(child, support_scene.folder, "s_server", &words, &options);
    support_words_finish(&words);
    cr_assert(support_net_await_listening(support_scene_address(PEER), PEER_PORT, 10000), "%s",
              support_file_read(child->err_path));
}

struct version_case {
    char version[4];
};
static struct version_case versions[] = {{"1.2"}, {"1.3"}};

ParameterizedTestParameters(bad_peers, peer_that_never_answers_sip_is_a_sip_timeout) {
    return cr_make_param_array(struct version_case, versions, sizeof versions / sizeof *versions);
}

ParameterizedTest(struct version_case *variant, bad_peers,
                  peer_that_never_answers_sip_is_a_sip_timeout) {
    const char *pki = support_lab_certificates("pki", "");
    struct support_run run;
    struct support_child server;
    start_mute_tls_server(&server, pki);
    prepare(&run);
    support_run_add(&run, support_scene_text("--pki %s", pki));
    support_run_set(&run, "nodes.initiator.zones.load.connections=1");
    support_run_set(&run, "nodes.initiator.tls.versions=[%s]", variant->version);
    support_run_expect(&run, SUPPORT_FAIL);
    support_result_expect_refused_zone(&run, "initiator.load", "sip_timeout");
    cr_assert_eq(support_result_number(&run, ZONE "/sip_timeouts"), 1);
    support_result_expect_only(&run, ZONE "/tls_versions", variant->version, 1);
    support_run_finish(&run);
}
