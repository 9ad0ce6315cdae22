/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_lab.h"

#include "certs_authority.h"
#include "tls_session.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LAB_BUFFER_BYTES (8u * 1024 * 1024)
#define OPERATION_ACCEPT CONN_OPERATIONS

/* What a lab's contexts borrow. Tests run in a process each. */
static struct {
    struct tls_identity *server;
    struct tls_identity *client;
    struct tls_trust *trust;
    _Atomic unsigned policy;
} material;

static struct tls_identity *issue(struct certs_authority *authority, const char *usage,
                                  const char *name) {
    struct certs_identity issued;
    struct tls_identity *identity;
    struct base_error error;
    const struct certs_leaf_spec spec = {
        .key = "ecdsa-p256",
        .usages = {.names = &usage, .count = 1, .present = true},
        .names = &name,
        .name_count = 1,
        .not_before = time(NULL) - 3600,
        .not_after = time(NULL) + 3600,
    };
    cr_assert(certs_authority_issue(authority, &spec, &issued, &error), "%s", error.text);
    const struct tls_pem chain = {base_bytes_of_text(issued.chain_pem), "chain"};
    const struct tls_pem key = {base_bytes_of_text(issued.key_pem), "key"};
    cr_assert(tls_identity_create(&identity, chain, key, &error), "%s", error.text);
    certs_identity_finish(&issued);
    return identity;
}

static void make_material(void) {
    struct certs_authority *authority;
    struct base_error error;
    const struct certs_authority_spec spec = {.name = "ca", .key = "ecdsa-p256"};
    cr_assert(tls_library_start(&error), "%s", error.text);
    cr_assert(certs_authority_create(&authority, &spec, &error), "%s", error.text);
    material.server = issue(authority, "serverAuth", "edge.example.test");
    material.client = issue(authority, "clientAuth", "core.example.test");
    char *root = certs_authority_root_pem(authority);
    const struct tls_pem anchors = {base_bytes_of_text(root), "root"};
    const struct tls_pem crls = {base_bytes_of_text(""), "crls"};
    cr_assert(tls_trust_create(&material.trust, anchors, crls, &error), "%s", error.text);
    free(root);
    certs_authority_destroy(authority);
    material.policy = TLS_EKU_EXPRESSWAY;
}

static struct tls_context *create_context(enum tls_role role, unsigned versions,
                                          const struct tls_identity *identity) {
    struct tls_context *context;
    struct base_error error;
    const struct tls_context_options options = {
        .role = role,
        .identities = &identity,
        .identity_count = 1,
        .trust = material.trust,
        .eku_policy = &material.policy,
        .versions = versions,
        .keeps_leaf = true,
    };
    cr_assert(tls_context_create(&context, &options, &error), "%s", error.text);
    return context;
}

static struct tls_context *context_of(enum tls_role role, unsigned versions) {
    return create_context(role, versions,
                          role == TLS_ROLE_SERVER ? material.server : material.client);
}

static void make_instance(struct lab *lab, unsigned versions) {
    lab->presented.context = context_of(TLS_ROLE_CLIENT, versions);
    lab->presented.cumulative_share = 1;
    lab->zone = (struct node_zone){
        .presented = &lab->presented,
        .presented_count = 1,
        .local_name = "core.example.test",
        .remote_name = "edge.example.test",
        .target_host = "edge.example.test",
        .target_uri = "sip:edge.example.test",
        .dialog = NODE_DIALOG_OPTIONS,
        .stays_open = true,
        .options_interval_ns = 3600 * BASE_NS_PER_S,
        .timeout_ns = 3600 * BASE_NS_PER_S,
        .expires_s = 3600,
    };
    lab->listener = (struct node_listener){
        .context = context_of(TLS_ROLE_SERVER, versions),
        .timeout_ns = 3600 * BASE_NS_PER_S,
    };
    lab->self = (struct node_self){.name = "core.example.test"};
    lab->instance = (struct node_instance){.selves = &lab->self,
                                           .zones = &lab->zone,
                                           .zone_count = 1,
                                           .listeners = &lab->listener,
                                           .listener_count = 1};
    lab->peer_client = context_of(TLS_ROLE_CLIENT, versions);
    lab->peer_server = context_of(TLS_ROLE_SERVER, versions);
}

static int listen_on_free_port(struct net_address *address) {
    int listener;
    struct base_error error;
    cr_assert(net_address_from_literal(address, "127.0.0.1", 0));
    cr_assert(net_ring_listen(address, &listener, &error), "%s", error.text);
    cr_assert_eq(getsockname(listener, &address->any, &address->length), 0);
    return listener;
}

void lab_init(struct lab *lab, unsigned versions) {
    static const uint32_t identities[] = {1};
    const struct metrics_shape shape = {.zone_count = 1,
                                        .listener_count = 1,
                                        .identities_per_zone = identities,
                                        .serials_per_table = 8};
    const struct net_ring_limits limits = {.outgoing_slots = LAB_OUTGOING,
                                           .incoming_slots = LAB_INCOMING};
    struct base_error error;
    *lab = (struct lab){.conn = NULL};
    make_material();
    make_instance(lab, versions);
    lab->listener_socket = listen_on_free_port(&lab->address);
    lab->remote_socket = listen_on_free_port(&lab->remote);
    cr_assert(metrics_shard_init(&lab->shard, &shape));
    cr_assert(net_ring_create(&lab->environment.ring, &limits, &error), "%s", error.text);
    lab->environment.instance = &lab->instance;
    lab->environment.listener_addresses = &lab->address;
    lab->environment.shard = &lab->shard;
    lab->environment.journal = journal_ring_create();
    cr_assert(conn_environment_init(&lab->environment, LAB_SLOTS, 7, base_clock_now_ns()));
    lab->free_outboxes = lab->environment.outboxes.free_count;
    lab->free_inboxes = lab->environment.inboxes.free_count;
    for (uint32_t slot = 0; slot < LAB_SLOTS; slot++) {
        lab->conns[slot].slot = slot;
    }
    net_ring_accept(lab->environment.ring, lab->listener_socket,
                    (struct net_ticket){.operation = OPERATION_ACCEPT});
}

void lab_finish(struct lab *lab) {
    net_ring_destroy(lab->environment.ring);
    for (uint32_t slot = 0; slot < LAB_SLOTS; slot++) {
        conn_discard(&lab->conns[slot]);
    }
    conn_environment_finish(&lab->environment);
    metrics_shard_finish(&lab->shard);
    journal_ring_destroy(lab->environment.journal);
    close(lab->listener_socket);
    close(lab->remote_socket);
    tls_context_destroy(lab->presented.context);
    tls_context_destroy(lab->listener.context);
    tls_context_destroy(lab->peer_client);
    tls_context_destroy(lab->peer_server);
    tls_identity_destroy(material.server);
    tls_identity_destroy(material.client);
    tls_trust_destroy(material.trust);
    tls_library_stop();
}

void lab_present_wrong_purpose(struct lab *lab) {
    tls_context_destroy(lab->presented.context);
    lab->presented.context =
        create_context(TLS_ROLE_CLIENT, TLS_VERSION_1_2 | TLS_VERSION_1_3, material.server);
}

static void serve(struct lab *lab, const struct net_event *event) {
    struct conn_environment *environment = &lab->environment;
    environment->now_ns = base_clock_now_ns();
    if (event->ticket.operation == OPERATION_ACCEPT) {
        cr_assert_geq(event->result, 0, "accept: %d", event->result);
        lab->conn = &lab->conns[event->result];
        conn_accept(lab->conn, environment, lab->accepts_as);
        return;
    }
    if (conn_step(&lab->conns[event->ticket.slot], environment, event) == CONN_DONE) {
        lab->done = true;
    }
}

static void serve_timers(struct lab *lab) {
    struct conn_environment *environment = &lab->environment;
    struct base_timer *timer;
    environment->now_ns = base_clock_now_ns();
    base_timer_wheel_advance(&environment->wheel, environment->now_ns);
    while ((timer = base_timer_wheel_pop(&environment->wheel)) != NULL) {
        struct conn *conn = BASE_CONTAINER_OF(timer, struct conn, timer);
        cr_assert_neq(conn->phase, CONN_IDLE, "an idle slot's timer was left armed");
        if (conn_expire(conn, environment) == CONN_DONE) {
            lab->done = true;
        }
    }
}

static struct tls_exchange exchange_of(struct lab_peer *peer, struct bytes input) {
    return (struct tls_exchange){
        .input = input, .output = &peer->output, .plaintext = &peer->plaintext};
}

static void peer_sends(struct lab_peer *peer) {
    size_t count = peer->output.length;
    if (peer->dribble != 0 && count > peer->dribble) {
        count = peer->dribble;
    }
    if (count == 0) {
        return;
    }
    ssize_t sent = send(peer->socket, peer->output.data, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
        peer->output.length -= (size_t)sent;
        memmove(peer->output.data, peer->output.data + sent, peer->output.length);
    }
}

static void peer_reads(struct lab_peer *peer) {
    uint8_t octets[16384];
    ssize_t count;
    while (peer->reads && !peer->read_end &&
           (count = recv(peer->socket, octets, sizeof octets, MSG_DONTWAIT)) >= 0) {
        peer->read_end = count == 0;
        if (peer->fault == FAULT_NONE) {
            struct tls_exchange exchange = exchange_of(peer, base_bytes(octets, (size_t)count));
            peer->fault = tls_session_feed(peer->session, &exchange);
        }
    }
    if (peer->reads && !peer->read_end && errno != EAGAIN) {
        peer->read_end = true;
    }
}

void lab_turn(struct lab *lab, struct lab_peer *peer) {
    struct net_event event;
    if (peer != NULL && peer->socket >= 0) {
        peer_sends(peer);
    }
    net_ring_wait(lab->environment.ring, BASE_NS_PER_MS);
    while (net_ring_next(lab->environment.ring, &event)) {
        serve(lab, &event);
    }
    serve_timers(lab);
    if (peer != NULL && peer->socket >= 0) {
        peer_reads(peer);
    }
}

static void peer_init(struct lab_peer *peer, struct tls_context *context) {
    *peer = (struct lab_peer){.socket = -1, .reads = true};
    peer->session = tls_session_create(context);
    peer->output = (struct base_buffer){.data = malloc(LAB_BUFFER_BYTES)};
    peer->output.capacity = LAB_BUFFER_BYTES;
    peer->plaintext = (struct base_buffer){.data = malloc(LAB_BUFFER_BYTES)};
    peer->plaintext.capacity = LAB_BUFFER_BYTES;
    cr_assert(peer->session != NULL && peer->output.data != NULL && peer->plaintext.data != NULL);
}

void lab_peer_dials(struct lab *lab, struct lab_peer *peer) {
    static const int on = 1;
    peer_init(peer, lab->peer_client);
    peer->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(setsockopt(peer->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
    cr_assert_eq(connect(peer->socket, &lab->address.any, lab->address.length), 0);
    struct tls_exchange exchange = exchange_of(peer, base_bytes(NULL, 0));
    cr_assert_eq(tls_session_feed(peer->session, &exchange), FAULT_NONE);
    LAB_UNTIL(lab, NULL, lab->conn != NULL);
}

void lab_peer_is_dialled(struct lab *lab, struct lab_peer *peer) {
    static struct net_address source; /* lives as long as the connection */
    peer_init(peer, lab->peer_server);
    cr_assert(net_address_from_literal(&source, "127.0.0.1", 0));
    lab->environment.now_ns = base_clock_now_ns();
    const struct conn_attempt attempt = {
        .zone = lab->dials_as,
        .presented = &lab->presented,
        .source = &source,
        .remote = &lab->remote,
        .intended_ns = lab->environment.now_ns - lab->behind_ns,
    };
    lab->conn = &lab->conns[lab->dials_as];
    cr_assert_eq(conn_start(lab->conn, &lab->environment, &attempt), CONN_GOES_ON);
    cr_assert_eq(fcntl(lab->remote_socket, F_SETFL, O_NONBLOCK), 0);
    LAB_UNTIL(lab, NULL, (peer->socket = accept(lab->remote_socket, NULL, NULL)) >= 0);
}

void lab_peer_finish(struct lab_peer *peer) {
    if (peer->socket >= 0) {
        close(peer->socket);
    }
    tls_session_destroy(peer->session);
    free(peer->output.data);
    free(peer->plaintext.data);
}

void lab_peer_write(struct lab_peer *peer, struct bytes plaintext) {
    struct tls_exchange exchange = exchange_of(peer, base_bytes(NULL, 0));
    cr_assert_eq(tls_session_write(peer->session, plaintext, &exchange), FAULT_NONE);
}

void lab_peer_close_notify(struct lab_peer *peer) {
    struct tls_exchange exchange = exchange_of(peer, base_bytes(NULL, 0));
    tls_session_close(peer->session, &exchange);
}

void lab_peer_forget(struct lab_peer *peer) {
    peer->plaintext.length = 0;
}

void lab_peer_hang_up(struct lab_peer *peer, bool reset) {
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (reset) {
        setsockopt(peer->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    close(peer->socket);
    peer->socket = -1;
}

size_t lab_peer_count(const struct lab_peer *peer, const char *text) {
    size_t count = 0;
    size_t length = strlen(text);
    const uint8_t *at = peer->plaintext.data;
    const uint8_t *end = at + peer->plaintext.length;
    while (at < end && (at = memmem(at, (size_t)(end - at), text, length)) != NULL) {
        count++;
        at += length;
    }
    return count;
}

void lab_expect_nothing_held(const struct lab *lab) {
    cr_assert_eq(lab->conn->phase, CONN_IDLE);
    cr_assert_eq(lab->conn->operations, 0);
    cr_assert_null(lab->conn->tls);
    cr_assert_eq(lab->environment.wheel.armed, 0);
    cr_assert_eq(lab->environment.outboxes.free_count, lab->free_outboxes);
    cr_assert_eq(lab->environment.inboxes.free_count, lab->free_inboxes);
}
