/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_PLAN_H
#define PROFILE_PLAN_H

#include "profile_product.h"

#include <stdbool.h>
#include <stddef.h>
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

/* By what TLS sessions are resumed; session IDs are TLS 1.2's alone. */
enum profile_resumption {
    PROFILE_RESUMPTION_OFF,
    PROFILE_RESUMPTION_TICKETS,
    PROFILE_RESUMPTION_SESSION_ID
};

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

enum profile_digest { PROFILE_DIGEST_MD5, PROFILE_DIGEST_SHA_256, PROFILE_DIGEST_SHA_512_256 };
#define PROFILE_DIGESTS 3u

/* A user name and its password for digest authentication; NULL, NULL: none. */
struct profile_credentials {
    char *username;
    char *password;
    /* A listener's, instead of the two: whoever stands in the list. NULL: none. */
    const struct profile_users *users;
    /* A listener's: what it challenges with, the preferred first; none: MD5. */
    enum profile_digest algorithms[PROFILE_DIGESTS];
    uint32_t algorithm_count;
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
    uint64_t eku_turns_ns; /* so long after the start the mode becomes the other one; 0: it stays */
    enum profile_eku_policy eku_policy;
    enum profile_off_policy off_policy;
    bool server_eku_upload; /* x15.4: EnableServerEkuUpload */
    struct profile_tls tls;
    enum profile_resumption resumption; /* what its listeners grant */
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

enum profile_reuse { /* which of its connections carry requests back */
                     PROFILE_REUSE_ANY,
                     PROFILE_REUSE_ALIAS, /* those that offered it, with a certificate of that name
                                           */
};

struct profile_listener {
    char *name;      /* "uc-traversal" */
    char *full_name; /* "edge.uc-traversal" */
    uint32_t node;
    enum profile_service service;
    char *address; /* NULL: the node's */
    uint32_t port;
    enum profile_client_certificate client_certificate;
    enum profile_reuse reuse;
    enum profile_eku_check eku_check; /* a tunnel's default is always */
    uint32_t identity; /* of the server store, the one it presents; PROFILE_NONE: chosen by SNI */
    char *verify_name; /* NULL: any */
    struct profile_credentials credentials; /* of those who must authenticate; none: nobody must */
    double limit_per_s;      /* emulated: new sessions beyond are refused; 0: no limit */
    uint64_t check_delay_ns; /* emulated: so much longer takes a check of usages that is On */
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
    PROFILE_DIALOG_HTTP,   /* GET */
    PROFILE_DIALOG_SCRIPT, /* a dialog file */
};

/* A dialog file, read once however many zones play it. */
struct profile_script {
    char *path;                /* absolute */
    struct sip_script *script; /* see sip_script.h */
    struct profile_script *next;
};

/* Users as in SIPp's injection file: a row of texts each. One line says in which order. */
enum profile_users_order {
    PROFILE_USERS_SEQUENTIAL,
    PROFILE_USERS_RANDOM,
    PROFILE_USERS_BY_NUMBER /* of the connection */
};
struct profile_user_table {
    char *path; /* absolute */
    enum profile_users_order order;
    const char **fields; /* row_count times column_count, row by row; no control characters */
    uint32_t *lines;     /* of the file, per row */
    uint32_t row_count;
    uint32_t column_count;
    struct profile_user_table *next;
};

/* Of a zone: table NULL is none. Columns are below column_count, or PROFILE_NONE. */
struct profile_users {
    const struct profile_user_table *table;
    uint32_t username;
    uint32_t password;
    const uint32_t *by_name; /* a listener's: the rows, sorted by user name; else NULL */
};
static inline const char *profile_users_field(const struct profile_users *users, uint32_t row,
                                              uint32_t column) {
    return users->table->fields[(size_t)row * users->table->column_count + column];
}
/* Of a listener's users: the password of this one, NULL: there is no such user. No allocation. */
const char *profile_users_password(const struct profile_users *users, const char *username);

enum profile_arrival { PROFILE_ARRIVAL_CONSTANT, PROFILE_ARRIVAL_POISSON };
enum profile_close { PROFILE_CLOSE_GRACEFUL, PROFILE_CLOSE_RESET };
enum profile_shape {                            /* exactly one of the three keys is given */
                     PROFILE_SHAPE_HOLD,        /* connections: keep N open */
                     PROFILE_SHAPE_RATE,        /* rate: open loop */
                     PROFILE_SHAPE_CONCURRENCY, /* concurrency: closed loop */
};

/* One straight line of a load that changes with time: of new connections per second, or of
 * connections at once. */
struct profile_stage {
    uint64_t duration_ns; /* 0: a step */
    double from;
    double target;
};

/* How a time that is drawn anew each time scatters. */
enum profile_spread_kind {
    PROFILE_SPREAD_NONE,
    PROFILE_SPREAD_EXPONENTIAL, /* the time itself is the mean */
    PROFILE_SPREAD_UNIFORM      /* the time itself is the shortest */
};
struct profile_spread {
    enum profile_spread_kind kind;
    uint64_t longest_ns; /* of a uniform one */
};

enum profile_scheme { PROFILE_SCHEME_SIP, PROFILE_SCHEME_SIPS };
/* An interval that never ends first: a year. */
#define PROFILE_AS_GRANTED UINT64_C(31536000000000000)

/* A zone's own load over the profile's; every duration in nanoseconds. */
struct profile_zone_load {
    enum profile_shape shape;
    struct profile_stage *stages; /* of a rate or a concurrency, which is then their peak; NULL:
                                     the same all the time */
    uint32_t stage_count;
    uint32_t connections;
    uint32_t opening; /* handshakes at once while filling up */
    double rate_per_s;
    uint32_t concurrency;
    enum profile_arrival arrival;
    uint32_t at_once; /* rate: connections at the most; 0: as many as arrive while one lives */
    uint32_t dialogs; /* on one connection; 0: one, and what the interval brings while it is held;
                         with connections: no limit */
    uint64_t hold_ns; /* churn: how long a connection stays after its dialog; 0: closes at once. An
                         invite holds its call for this long, in every shape. */
    enum profile_dialog dialog;          /* a tunnel's default is none, options elsewhere */
    const struct profile_script *script; /* of PROFILE_DIALOG_SCRIPT, else NULL */
    /* 0: the next as soon as the answer is there. PROFILE_AS_GRANTED: none was given, and a
     * registration is refreshed when it has to be. */
    uint64_t options_interval_ns;
    struct profile_spread hold_spread;
    struct profile_spread options_interval_spread;
    uint64_t timeout_ns; /* for the connect with its handshake, and for each response */
    enum profile_resumption resumption;
    double resume_ratio;  /* share of the attempts that offer a session kept from an earlier one */
    uint64_t expires_ns;  /* of a registration: whole seconds */
    bool deregister;      /* it is taken back before its connection closes in order */
    bool outbound;        /* it is a flow of RFC 5626 */
    uint64_t reinvite_ns; /* between the INVITEs of a call; 0: one is all */
    uint64_t cancel_after_ns;   /* a call that rings for so long is cancelled; 0: none is */
    enum profile_scheme scheme; /* of every URI that its requests are made of */
    uint32_t attempts;          /* churn: no more than these; 0: no end */
};

#define PROFILE_PAUSES_MAX 16
struct profile_retry {
    bool enabled;
    uint64_t pauses_ns[PROFILE_PAUSES_MAX]; /* used in turn, instead of burst, gap and every */
    uint32_t pause_count;
    uint32_t burst; /* attempts in a row, the first included */
    uint64_t gap_ns;
    uint64_t every_ns;
    /* Back-off, instead of all that: each pause is `factor` times the one before. */
    uint64_t first_ns; /* 0: no back-off */
    double factor;
    uint64_t longest_ns;
    double jitter; /* each pause is up to this share of it shorter or longer */
    bool by_flow;  /* as RFC 5626 section 4.5 has it, instead of all that */
};

/* One of those whom a zone dials. */
struct profile_peer {
    uint32_t listener; /* PROFILE_NONE with host */
    char *host;        /* IP literal or name of a peer outside the profile */
    uint32_t port;     /* 0: a domain, whose servers DNS names (RFC 3263) */
    uint32_t weight;   /* its part of the zone's connections, among the others' */
};

struct profile_zone {
    char *name;      /* "uc" */
    char *full_name; /* "core.uc" */
    uint32_t node;
    enum profile_zone_type type;
    uint32_t peer_listener;     /* PROFILE_NONE with peer_host */
    char *peer_host;            /* IP literal or name of a peer outside the profile */
    uint32_t peer_port;         /* as struct profile_peer's */
    struct profile_peer *peers; /* of a list: all, the first of them also in the three above; NULL:
                                   those alone */
    uint32_t peer_count;
    char *verify_name; /* NULL: any */
    char *sni; /* server name to send, "none": none; NULL: the one it verifies, or the peer's */
    struct profile_texts
        sources; /* addresses or CIDR; none: the node's address, rotated on loopback */
    struct profile_retry retry;
    uint64_t keep_alive_ns; /* the longest time between two pings; 0: none */
    bool alias;             /* requests of the peer may come back over its connections */
    enum profile_close close;
    struct profile_credentials credentials; /* for a challenge of the peer */
    char *target; /* whom its requests are for: "cucm.example.test", "room@webex.example.test",
                     "https://cucm.example.test:6972/phone.cnf.xml"; NULL: the peer */
    char *user;   /* the user part of our own address is this and a number; NULL: none */
    struct profile_users users; /* who its connections are */
    char *domain;               /* a tunnel's: the domain whose traffic it carries; NULL: none */
    uint32_t *after;            /* zones that come first, see the option's help */
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
    bool abort_on_fail; /* ends the run as soon as it is not met */
    uint64_t delay_ns;  /* not before the run is this old */
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
    uint64_t warm_up_ns;    /* comes first, and is not counted */
    uint64_t duration_ns;   /* after the warm-up */
    uint64_t window_ns;     /* a run longer than one is told in windows of this length */
    uint64_t checkpoint_ns; /* between two results written while it runs */
    uint64_t renew_ns;      /* between two renewals of all certificates; 0: none */
    uint64_t seed;          /* 0: none given */
    bool authorized;        /* load may go to public addresses */
    char *dns; /* "127.0.0.1:5353,[::1]:53": servers that names are asked of; NULL: the system's */
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
    struct profile_script *scripts; /* all of them */
    struct profile_user_table *user_tables;
};

/* PROFILE_NONE when there is none. */
uint32_t profile_plan_find_node(const struct profile_plan *plan, const char *name);
uint32_t profile_plan_find_zone(const struct profile_plan *plan, const char *full_name);

/* Whom a zone dials, at least one; `index` below the count. */
uint32_t profile_zone_peer_count(const struct profile_zone *zone);
struct profile_peer profile_zone_peer(const struct profile_zone *zone, uint32_t index);
bool profile_zone_dials(const struct profile_zone *zone, uint32_t listener);

/* Stable keys of the enumerations, as written in a profile. */
const char *profile_eku_policy_key(enum profile_eku_policy policy);
const char *profile_off_policy_key(enum profile_off_policy policy);
const char *profile_state_key(enum profile_state state);
const char *profile_zone_type_key(enum profile_zone_type type);

enum profile_protocol profile_listener_protocol(const struct profile_listener *listener);
enum profile_protocol profile_zone_protocol(const struct profile_zone *zone);

/* The first zone that comes after this one; PROFILE_NONE when there is none. */
uint32_t profile_plan_find_follower(const struct profile_plan *plan, uint32_t zone);

/* Some node sends requests on: connections must then meet in one worker. */
bool profile_plan_relays(const struct profile_plan *plan);

#endif
