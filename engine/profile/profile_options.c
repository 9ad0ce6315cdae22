/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_list.h"
#include "profile_options_rows.h"
#include "profile_part.h"
#include "profile_script.h"
#include "profile_users.h"

static const char *const resumptions[] = {"off", "tickets", "session-id", NULL};
static const char *const authority_kinds[] = {"internal", "public", NULL};

static const struct profile_option profile_rows[] = {
    {.key = "name",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_head, name),
     .required = true,
     .help = "what results are called after: letters, digits, dots, underscores and hyphens"},
    {.key = "proves",
     .type = PROFILE_OPTION_PROSE,
     .offset = offsetof(struct profile_head, proves),
     .help = "what a pass of this profile proves, for `ekuload profiles`"},
    {.key = "seed",
     .type = PROFILE_OPTION_LONG_INTEGER,
     .offset = offsetof(struct profile_head, seed),
     .min = "1",
     .max = "18446744073709551615",
     .derived = "another one each run",
     .help = "makes the random choices of a run repeatable"},
    {.key = "authorized",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_head, authorized),
     .fallback = "off",
     .help = "whoever owns the public addresses that this profile loads has agreed to it; without "
             "this only loopback, private and link-local ones are dialled"},
    {.key = "dns",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_head, dns),
     .read = profile_dns_read,
     .form = "list of `ADDRESS` or `ADDRESS:PORT`",
     .derived = "the system's",
     .help = "servers that the names of peers are asked of, before the run"},
    {PROFILE_OPTIONS_PART("authorities", "mapping of names to authorities"),
     .help = "who issues certificates, and whom nodes can trust"},
    {PROFILE_OPTIONS_PART("nodes", "mapping of names to nodes"), .required = true,
     .help = "who takes part"},
    {PROFILE_OPTIONS_PART("load", "mapping"),
     .help = "the load of every zone that does not say otherwise"},
    {PROFILE_OPTIONS_PART("expect", "mapping of zones to expectations"),
     .help = "how each zone named here has to end, as `<node>.<zone>`"},
    {.key = "thresholds",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_head, thresholds),
     .read = profile_threshold_read,
     .form = "list of texts and thresholds",
     .help = "bounds on what is measured, such as `core.uc.tls_handshake.p99 < 250ms`"},
    {PROFILE_OPTIONS_PART("variants", "mapping of names to variants"),
     .help = "the same profile with other values and other expectations"},
};

const struct profile_section profile_section_profile = {
    .title = "Profile",
    .path = "the file itself",
    .help = "One YAML mapping, in UTF-8, at most 1 MiB. Tags, anchors and aliases are refused.",
    PROFILE_OPTIONS_ROWS(profile_rows),
};

static const struct profile_option authority_rows[] = {
    {.key = "kind",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_authority, kind),
     .choices = authority_kinds,
     .required = true,
     .help = "a public one refuses to issue certificates that allow client authentication: "
             "`clientAuth`, `any`, or no extension at all"},
    {.key = "client_auth_until",
     .type = PROFILE_OPTION_DATE,
     .offset = offsetof(struct profile_authority, client_auth_until),
     .derived = "never",
     .help = "a public authority still issued them to certificates whose `not_before` is earlier"},
    {.key = "key",
     .type = PROFILE_OPTION_WORD,
     .offset = offsetof(struct profile_authority, key),
     .choices = profile_options_key_types,
     .fallback = "rsa-2048",
     .help = "the keys of its root and its intermediates"},
    {.key = "intermediates",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_authority, intermediates),
     .fallback = "1",
     .min = "0",
     .max = "8",
     .unit = "certificates",
     .help = "how many stand between the root and a leaf"},
    {.key = "root_eku",
     .type = PROFILE_OPTION_USAGES,
     .offset = offsetof(struct profile_authority, root_eku),
     .fallback = "none",
     .help = "extended key usages of the root"},
    {.key = "intermediate_eku",
     .type = PROFILE_OPTION_USAGES,
     .offset = offsetof(struct profile_authority, intermediate_eku),
     .fallback = "none",
     .help = "extended key usages of every intermediate"},
    {.key = "cert",
     .type = PROFILE_OPTION_PATH,
     .offset = offsetof(struct profile_authority, certificate_path),
     .derived = "one is made",
     .help = "PEM: the issuing certificate first, its issuers after it up to the root"},
    {.key = "key_file",
     .type = PROFILE_OPTION_PATH,
     .offset = offsetof(struct profile_authority, key_path),
     .derived = "one is made; none with `cert`",
     .help =
         "PEM: the private key of the first certificate in `cert`; without it the authority can "
         "be trusted, not issue"},
};

const struct profile_section profile_section_authority = {
    .title = "Authority",
    .path = "authorities.<authority>",
    .help = "Its keys and certificates are made for the run, unless `cert` and `key_file` name "
            "them; the other keys but `kind` and `client_auth_until` are then refused.",
    PROFILE_OPTIONS_ROWS(authority_rows),
};

static const struct profile_option node_rows[] = {
    {.key = "product",
     .type = PROFILE_OPTION_PART,
     .form = "product",
     .required = true,
     .help = "what it is: a row of *Products*"},
    {.key = "release",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_node, release),
     .derived = "the newest one",
     .help = "its release, such as `x15.5`"},
    {.key = "address",
     .type = PROFILE_OPTION_ADDRESS,
     .offset = offsetof(struct profile_node, address),
     .derived = "required unless `addresses` or `external`",
     .help = "where it listens and whence it dials"},
    {.key = "addresses",
     .type = PROFILE_OPTION_OWN,
     .read = profile_address_read_both,
     .form = "mapping",
     .derived = "one network card",
     .help = "of two network cards; it listens and dials on the internal one unless a listener's "
             "`address` or a zone's `source` says `external`"},
    {.key = "external",
     .type = PROFILE_OPTION_OWN,
     .read = profile_node_read_external,
     .form = "`HOST` or `HOST:PORT`",
     .derived = "the node is emulated",
     .help = "real equipment that takes the node's place; without a port, the listeners' own"},
    {.key = "trust",
     .type = PROFILE_OPTION_OWN,
     .read = profile_list_read_trust,
     .form = "list of authorities' names",
     .derived = "required unless `external`",
     .help = "the Trusted CA library that both stores share; `[]` trusts nobody"},
    {PROFILE_OPTIONS_PART("server_store", "store"),
     .derived = "required with `listeners`, unless `external`; an endpoint has none",
     .help = "what it presents when it accepts TLS"},
    {PROFILE_OPTIONS_PART("client_store", "store"),
     .derived = "required with `zones`, unless `external`; `copy-of-server` where it is one "
                "store; an endpoint has none",
     .help = "what it presents when it initiates TLS"},
    {.key = "eku_checking",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_node, eku_checking),
     .fallback = "on",
     .help = "does it check the usages of who connects to it; an Expressway before x15.5 cannot "
             "be told not to"},
    {.key = "eku_checking_turns",
     .type = PROFILE_OPTION_DURATION,
     .offset = offsetof(struct profile_node, eku_turns_ns),
     .min = "1ms",
     .max = "24h",
     .derived = "never",
     .help = "so long after the start, or the end of a warm-up, somebody sets `eku_checking` to "
             "the other value, as `xConfiguration` does"},
    {.key = "eku_policy",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_node, eku_policy),
     .choices = profile_plan_eku_policies,
     .fallback = "expressway",
     .help =
         "what checking On demands: `expressway` clientAuth of the whole path, `pkix` clientAuth "
         "or any of the leaf, `rfc5924` sipDomain or any"},
    {.key = "off_policy",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_node, off_policy),
     .choices = profile_plan_off_policies,
     .fallback = "server-or-client",
     .help = "what checking Off demands of an extension that is present: `server-or-client` "
             "serverAuth, clientAuth or any, `any` nothing, `server-if-present` serverAuth"},
    {.key = "enable_server_eku_upload",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_node, server_eku_upload),
     .fallback = "off",
     .help = "expressway-e x15.4 only: `xConfiguration XCP TLS Certificate CVS "
             "EnableServerEkuUpload`, without which its store refuses a certificate that lacks "
             "clientAuth"},
    {PROFILE_OPTIONS_PART("tls", "mapping"), .help = "versions, cipher suites and groups"},
    {PROFILE_OPTIONS_PART("listeners", "mapping of names to listeners or ports, or `default`"),
     .help = "where it accepts TLS; `default`: the product's services on their usual ports"},
    {PROFILE_OPTIONS_PART("zones", "mapping of names to zones"), .help = "to whom it dials"},
    {PROFILE_OPTIONS_PART("routes", "list of routes"),
     .help = "where it sends requests on that are not for itself, the first match first; a node "
             "without any answers whatever reaches it"},
    {.key = "resumption",
     .type = PROFILE_OPTION_CHOICE,
     .offset = offsetof(struct profile_node, resumption),
     .choices = resumptions,
     .fallback = "off",
     .help = "do its listeners let initiators resume TLS sessions: by tickets (TLS 1.2 and 1.3), "
             "or by session ID (TLS 1.2 alone)"},
};

const struct profile_section profile_section_node = {
    .title = "Node",
    .path = "nodes.<node>",
    .help = "Names of nodes, listeners, zones and authorities are lower-case letters, digits and "
            "hyphens.",
    PROFILE_OPTIONS_ROWS(node_rows),
};

static const struct profile_option address_rows[] = {
    {.key = "internal",
     .type = PROFILE_OPTION_ADDRESS,
     .offset = offsetof(struct profile_node, address),
     .required = true,
     .help = "of the network card on the inside"},
    {.key = "external",
     .type = PROFILE_OPTION_ADDRESS,
     .offset = offsetof(struct profile_node, external_address),
     .required = true,
     .help = "of the one on the outside"},
};

const struct profile_section profile_section_addresses = {
    .title = "Addresses of a node",
    .path = "nodes.<node>.addresses",
    .help = "Both network cards use both certificate stores.",
    PROFILE_OPTIONS_ROWS(address_rows),
};

static const struct profile_option route_rows[] = {
    {.key = "match",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_route, match),
     .required = true,
     .help = "the host that a request is for: a host, `*.DOMAIN`, or `*` for any"},
    {PROFILE_OPTIONS_PART("to", "name of a zone or of a listener of this node"), .required = true,
     .help = "over which zone it goes on, or over which listener's connections: those that a peer "
             "opened to it"},
};

const struct profile_section profile_section_route = {
    .title = "Route",
    .path = "nodes.<node>.routes",
    .help = "A node with routes is a proxy. SIP goes to SIP zones and listeners, HTTPS to HTTPS "
            "zones and into tunnels; a route that cannot carry a request is passed over. A request "
            "that no route names goes to the zone or the listener whose peer has that name.",
    PROFILE_OPTIONS_ROWS(route_rows),
};

static const struct profile_option variant_rows[] = {
    {.key = "proves",
     .type = PROFILE_OPTION_PROSE,
     .offset = offsetof(struct profile_variant_head, proves),
     .derived = "as the profile",
     .help = "what a pass of this variant proves"},
    {PROFILE_OPTIONS_PART("set", "mapping of paths to values"),
     .help = "values that come in the place of the profile's, at paths as in `--set`: "
             "`nodes.edge.eku_checking: off`"},
    {PROFILE_OPTIONS_PART("expect", "mapping of zones to expectations"),
     .derived = "as the profile", .help = "replaces all of the profile's"},
    {.key = "thresholds",
     .type = PROFILE_OPTION_OWN,
     .offset = offsetof(struct profile_variant_head, thresholds),
     .read = profile_threshold_read,
     .form = "list of texts and thresholds",
     .derived = "as the profile",
     .help = "replaces all of the profile's"},
};

const struct profile_section profile_section_variant = {
    .title = "Variant",
    .path = "variants.<variant>",
    .help = "Loading the profile itself checks every variant, too.",
    PROFILE_OPTIONS_ROWS(variant_rows),
};

static const struct profile_option tls_rows[] = {
    {.key = "versions",
     .type = PROFILE_OPTION_VERSIONS,
     .offset = offsetof(struct profile_tls, versions),
     .derived = "the product's",
     .help = "what it offers and accepts"},
    {.key = "suites",
     .type = PROFILE_OPTION_TEXTS,
     .offset = offsetof(struct profile_tls, suites),
     .derived = "the library's",
     .help = "cipher suites, best first"},
    {.key = "groups",
     .type = PROFILE_OPTION_TEXTS,
     .offset = offsetof(struct profile_tls, groups),
     .derived = "the library's",
     .help = "key exchange groups, best first"},
};

const struct profile_section profile_section_tls = {
    .title = "TLS of a node",
    .path = "nodes.<node>.tls",
    .help = "The same for its listeners and its zones.",
    PROFILE_OPTIONS_ROWS(tls_rows),
};

const struct profile_section *const profile_sections[] = {
    &profile_section_profile,
    &profile_section_authority,
    &profile_section_node,
    &profile_section_addresses,
    &profile_section_store,
    &profile_section_tls,
    &profile_section_listener,
    &profile_section_zone,
    &profile_section_peer,
    &profile_section_credentials,
    &profile_section_retry,
    &profile_section_route,
    &profile_section_load,
    &profile_section_zone_load,
    &profile_section_stage,
    &profile_section_users,
    &profile_section_dialog,
    &profile_section_step,
    &profile_section_extract,
    &profile_section_expectation,
    &profile_section_threshold,
    &profile_section_variant,
    NULL,
};
