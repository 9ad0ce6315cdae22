/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_PLAN_H
#define PROFILE_PLAN_H

#include "profile_product.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A validated profile as plain data: read-only after loading, all texts and arrays owned by the
 * plan. Cross references are indexes into the plan's own arrays; PROFILE_NONE means "none".
 */
#define PROFILE_NONE UINT32_MAX

struct profile_texts {
    char **items;
    uint32_t count;
};

/* `eku: none` (or the key's absence in an authority) is present == false. */
struct profile_eku {
    bool present;
    struct profile_texts usages;
};

enum profile_authority_kind { PROFILE_AUTHORITY_INTERNAL, PROFILE_AUTHORITY_PUBLIC };

struct profile_authority {
    char *name;
    enum profile_authority_kind kind;
    int64_t client_auth_until; /* seconds since 1970, 0: never */
    char *key;                 /* "rsa-2048" ... */
    uint32_t intermediates;
    struct profile_eku root_eku;
    struct profile_eku intermediate_eku;
    char *certificate_path; /* absolute; NULL: issued by us */
    char *key_path;
};

struct profile_identity {
    uint32_t issuer; /* authority index; PROFILE_NONE with certificate_path */
    struct profile_eku eku;
    bool critical;
    char *key;
    struct profile_texts names;
    char *subject; /* NULL: CN = first name */
    uint8_t serial[20];
    uint32_t serial_length; /* 0: random */
    int64_t not_before;     /* seconds since 1970, relative dates resolved at load */
    int64_t not_after;
    bool send_chain;
    bool revoked;
    uint32_t count; /* that many distinct certificates */
    uint32_t weight;
    bool unchecked; /* passes over the upload rule of a client store; with certificate_path it is
                       still to be checked */
    char *certificate_path; /* absolute; NULL: issued by us */
    char *key_path;
};

enum profile_store_kind {
    PROFILE_STORE_NONE,
    PROFILE_STORE_COPY_OF_SERVER,
    PROFILE_STORE_IDENTITIES
};

struct profile_store {
    enum profile_store_kind kind;
    struct profile_identity *identities;
    uint32_t identity_count;
};

enum profile_eku_policy { /* what mode On applies */
                          PROFILE_POLICY_EXPRESSWAY,
                          PROFILE_POLICY_PKIX,
                          PROFILE_POLICY_RFC5924,
};
enum profile_off_policy { /* what mode Off applies */
                          PROFILE_OFF_SERVER_OR_CLIENT,
                          PROFILE_OFF_ANY,
                          PROFILE_OFF_SERVER_IF_PRESENT,
};

enum profile_tls_version { PROFILE_TLS_1_2 = 1 << 0, PROFILE_TLS_1_3 = 1 << 1 };

struct profile_tls {
    unsigned versions; /* enum profile_tls_version bits; default both */
    struct profile_texts suites;
    struct profile_texts groups;
};

/*
 * Where a node sends requests on that are not its own: over one of its zones, or, as a traversal
 * server does, over a connection that a peer opened to one of its listeners.
 */
struct profile_route {
    char *match;   /* host of the Request-URI or of the HTTP request: "webex.example.test",
                      "*.example.test", "*" */
    uint32_t zone; /* one of the two is PROFILE_NONE */
    uint32_t listener;
    uint32_t line;
};

/* A user name and its password for digest authentication; NULL, NULL: none. */
struct profile_credentials {
    char *username;
    char *password;
};

struct profile_node {
    char *name;
    const struct profile_product *product; /* its row; never NULL */
    char *release;                         /* as written, or the row's */
    char *address; /* IP literal it listens on and dials from; `external` when only that is given;
                      with two network cards the internal one */
    char *external_address; /* of the second network card; NULL: one card */
    char *external;         /* host of real equipment that replaces the node; NULL: emulated */
    uint32_t external_port; /* 0: the listener's own */
    uint32_t *trust;        /* authority indexes */
    uint32_t trust_count;
    struct profile_store server_store;
    struct profile_store client_store;
    bool eku_checking;
    enum profile_eku_policy eku_policy;
    enum profile_off_policy off_policy;
    bool server_eku_upload; /* x15.4: EnableServerEkuUpload */
    struct profile_tls tls;
    struct profile_route *routes;
    uint32_t route_count;
    uint32_t line; /* where it stands in the profile */
};

enum profile_service {
    PROFILE_SERVICE_SIP,          /* 5061 */
    PROFILE_SERVICE_SIP_MTLS,     /* 5062: the Edge's inbound mutual TLS port */
    PROFILE_SERVICE_TRAVERSAL,    /* 7002 */
    PROFILE_SERVICE_UC_TRAVERSAL, /* 7001 */
    PROFILE_SERVICE_TUNNEL,       /* 2222 */
    PROFILE_SERVICE_TFTP,         /* 6972: HTTPS, CUCM's configuration files */
    PROFILE_SERVICE_PROVISIONING, /* 8443: HTTPS, MRA */
    PROFILE_SERVICE_WEBRTC,       /* 443: HTTPS */
};

/* What is spoken there once TLS is up. */
enum profile_protocol { PROFILE_PROTOCOL_SIP, PROFILE_PROTOCOL_HTTP, PROFILE_PROTOCOL_TUNNEL };
enum profile_client_certificate {
    PROFILE_CLIENT_CERTIFICATE_REQUIRE,
    PROFILE_CLIENT_CERTIFICATE_REQUEST,
    PROFILE_CLIENT_CERTIFICATE_NONE,
};
enum profile_eku_check {
    PROFILE_EKU_CHECK_NODE,
    PROFILE_EKU_CHECK_ALWAYS,
    PROFILE_EKU_CHECK_NEVER
};

struct profile_listener {
    char *name;      /* "uc-traversal" */
    char *full_name; /* "edge.uc-traversal" */
    uint32_t node;
    enum profile_service service;
    char *address; /* NULL: the node's */
    uint32_t port;
    enum profile_client_certificate client_certificate;
    enum profile_eku_check eku_check;       /* a tunnel's default is always */
    char *verify_name;                      /* NULL: any */
    struct profile_credentials credentials; /* of those who must authenticate; none: nobody must */
    uint32_t line;
};

enum profile_zone_type {
    PROFILE_ZONE_NEIGHBOR,
    PROFILE_ZONE_TRAVERSAL,
    PROFILE_ZONE_UC_TRAVERSAL,
    PROFILE_ZONE_DNS,
    PROFILE_ZONE_WEBEX,
    PROFILE_ZONE_TUNNEL,
    PROFILE_ZONE_TFTP,
    PROFILE_ZONE_PROVISIONING,
    PROFILE_ZONE_WEBRTC,
};
enum profile_dialog {
    PROFILE_DIALOG_NONE,
    PROFILE_DIALOG_OPTIONS,
    PROFILE_DIALOG_REGISTER,
    PROFILE_DIALOG_INVITE,
    PROFILE_DIALOG_HTTP, /* GET */
};
enum profile_arrival { PROFILE_ARRIVAL_CONSTANT, PROFILE_ARRIVAL_POISSON };
enum profile_close { PROFILE_CLOSE_GRACEFUL, PROFILE_CLOSE_RESET };
enum profile_shape {                            /* exactly one of the three keys is given */
                     PROFILE_SHAPE_HOLD,        /* connections: keep N open */
                     PROFILE_SHAPE_RATE,        /* rate: open loop */
                     PROFILE_SHAPE_CONCURRENCY, /* concurrency: closed loop */
};

/* A zone's own load over the profile's; every duration in nanoseconds. */
struct profile_zone_load {
    enum profile_shape shape;
    uint32_t connections;
    uint32_t opening; /* handshakes at once while filling up */
    double rate_per_s;
    uint32_t concurrency;
    enum profile_arrival arrival;
    uint64_t hold_ns; /* churn: how long a connection stays after its dialog; 0: closes at once. An
                         invite holds its call for this long, in every shape. */
    enum profile_dialog dialog;   /* a tunnel's default is none, options elsewhere */
    uint64_t options_interval_ns; /* 0: the next as soon as the answer is there */
    uint64_t timeout_ns;          /* for the connect with its handshake, and for each response */
};

#define PROFILE_PAUSES_MAX 16
struct profile_retry {
    bool enabled;
    uint64_t pauses_ns[PROFILE_PAUSES_MAX]; /* used in turn, instead of burst, gap and every */
    uint32_t pause_count;
    uint32_t burst; /* attempts in a row, the first included */
    uint64_t gap_ns;
    uint64_t every_ns;
};

struct profile_zone {
    char *name;      /* "uc" */
    char *full_name; /* "core.uc" */
    uint32_t node;
    enum profile_zone_type type;
    uint32_t peer_listener; /* PROFILE_NONE with peer_host */
    char *peer_host;        /* IP literal or name of a peer outside the profile */
    uint32_t peer_port;
    char *verify_name; /* NULL: any */
    struct profile_texts
        sources; /* addresses or CIDR; none: the node's address, rotated on loopback */
    struct profile_retry retry;
    enum profile_close close;
    struct profile_credentials credentials; /* for a challenge of the peer */
    char *target;    /* whom its requests are for: "cucm.example.test", "room@webex.example.test",
                        "https://cucm.example.test:6972/phone.cnf.xml"; NULL: the peer */
    char *user;      /* the user part of our own address is this and a number; NULL: none */
    char *domain;    /* a tunnel's: the domain whose traffic it carries; NULL: none */
    uint32_t *after; /* zones that come first, see the option's help */
    uint32_t after_count;
    struct profile_zone_load load;
    uint32_t line;
};

enum profile_state {
    PROFILE_STATE_ANY,
    PROFILE_STATE_IDLE,
    PROFILE_STATE_FAILED,
    PROFILE_STATE_DEGRADED,
    PROFILE_STATE_ACTIVE
};

/* Content octets of a serial, big-endian. */
struct profile_serial {
    uint8_t octets[20];
    uint32_t length;
};

struct profile_expectation {
    uint32_t zone; /* one of the two is PROFILE_NONE; of a listener only serials are expected */
    uint32_t listener;
    struct profile_serial *peer_serials; /* every certificate presented must have one of them */
    uint32_t peer_serial_count;          /* 0: any */
    enum profile_state state;            /* ANY: not given */
    struct profile_texts faults;         /* fault keys; every fault observed must be one of them */
    bool has_faults;
    uint32_t line;
};

struct profile_threshold {
    char *expression;
    uint32_t line;
};

#define PROFILE_VARIANTS_MAX 32u /* each is loaded whole whenever the profile is */

struct profile_plan {
    char *path; /* file it came from */
    char *name;
    char *variant;                 /* which one this is; NULL: the profile itself */
    struct profile_texts variants; /* the names of all */
    char *proves;
    char *text; /* the profile as run: the file with every --set applied, as YAML, its variants
                   left away */
    uint64_t duration_ns;
    uint64_t seed; /* 0: none given */
    struct profile_authority *authorities;
    uint32_t authority_count;
    struct profile_node *nodes;
    uint32_t node_count;
    struct profile_listener *listeners;
    uint32_t listener_count;
    struct profile_zone *zones;
    uint32_t zone_count;
    struct profile_expectation *expectations;
    uint32_t expectation_count;
    struct profile_threshold *thresholds;
    uint32_t threshold_count;
};

/* PROFILE_NONE when there is none. */
uint32_t profile_plan_find_node(const struct profile_plan *plan, const char *name);
uint32_t profile_plan_find_zone(const struct profile_plan *plan, const char *full_name);

/* Stable keys of the enumerations, as written in a profile. */
const char *profile_eku_policy_key(enum profile_eku_policy policy);
const char *profile_off_policy_key(enum profile_off_policy policy);
const char *profile_state_key(enum profile_state state);
const char *profile_zone_type_key(enum profile_zone_type type);

enum profile_protocol profile_listener_protocol(const struct profile_listener *listener);
enum profile_protocol profile_zone_protocol(const struct profile_zone *zone);

/* Some node sends requests on: connections must then meet in one worker. */
bool profile_plan_relays(const struct profile_plan *plan);

#endif
