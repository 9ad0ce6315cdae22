/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>

#define UPLOAD_ERROR                                                                               \
    "Invalid certificate: The file provided does not have a client usage attribute. Services "     \
    "requiring mutual TLS may not work."

Test(profile_error, names_line_and_key_and_the_nearest_known_one) {
    static const struct sample_error cases[] = {
        {12, "listners:", ":12: nodes.edge.listners: unknown key; did you mean \"listeners\"?"},
        {27, "duration: 15 seconds",
         ":27: load.duration: expected a duration such as 100us, 20ms, 5s, 3m or 24h, not \"15 "
         "seconds\""},
        {27, "conections: 5", ":27: load.conections: unknown key; did you mean \"connections\"?"},
        {0, "colour: 5",
         ":32: colour: unknown key; expected one of name, proves, seed, authorized, dns, "
         "authorities, nodes, "
         "load, expect, thresholds, variants"},
        {23, "uc: { peer: edge.uc-traversal, hodl: 5s }",
         ":23: nodes.core.zones.uc.hodl: unknown key; did you mean \"hold\"?"},
        {10, "server_store: { isuer: outside }",
         ":10: nodes.edge.server_store.isuer: unknown key; did you mean \"issuer\"?"},
        {0, "name: again", ":32: name: duplicate key; the first one is in line 1"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_error, an_authority_without_its_key_issues_nothing) {
    static const struct sample_error cases[] = {
        {4, "outside: { kind: public, cert: a.pem }",
         ":10: nodes.edge.server_store: authority outside cannot issue: it has a cert without its "
         "key_file, so it can only be trusted"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_error, says_what_is_missing) {
    static const struct sample_error cases[] = {
        {1, "proves: nothing", ":1: the key \"name\" is missing"},
        {3, "inside: {}", ":3: authorities.inside: the key \"kind\" is missing"},
        {7, "eku_checking: on", ":6: nodes.edge: the key \"product\" is missing"},
        {8, "eku_checking: on", ":6: nodes.edge: the key \"address\" is missing"},
        {9, "eku_checking: on", ":6: nodes.edge: the key \"trust\" is missing"},
        {10, "server_store: { eku: [serverAuth] }",
         ":10: nodes.edge.server_store: the key \"issuer\" is missing; or name files by cert and "
         "key_file"},
        {10, "server_store: none",
         ":11: nodes.edge.client_store: the server store holds nothing to copy"},
        {20, "server_store: none\n    listeners: { sip: 5061 }",
         ":20: nodes.core.server_store: a node with listeners needs a certificate in server_store"},
        {21, "release: x15.5",
         ":16: nodes.core: the key \"client_store\" is missing: give a node with zones an "
         "identity, copy-of-server, or none"},
        {23, "uc: { connections: 5 }", ":23: nodes.core.zones.uc: the key \"peer\" is missing"},
        {13, "other: 5061",
         ":13: nodes.edge.listeners.other: the key \"service\" is missing: other is not the name "
         "of one (sip, sip-mtls, traversal, uc-traversal, tunnel, tftp, provisioning, webrtc)"},
        {13, "other: { service: sip }",
         ":13: nodes.edge.listeners.other: the key \"port\" is missing"},
        {15, "tunnel: { limit: 5/s }",
         ":15: nodes.edge.listeners.tunnel.limit: only a SIP listener has a limit of sessions"},
        {29, "core.uc: {}", ":29: expect.core.uc: expected state, faults or peer_serials"},
        {10, "server_store: { cert: a.pem }",
         ":10: nodes.edge.server_store: cert needs its private key: the key \"key_file\" is "
         "missing"},
        {3, "inside: { kind: internal, key_file: a.pem }",
         ":3: authorities.inside: key_file needs its certificate: the key \"cert\" is missing"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_error, says_what_was_expected_of_a_value) {
    static const struct sample_error cases[] = {
        {1, "name: ../sample",
         ":1: name: expected at most 100 letters, digits, dots, underscores and hyphens, a letter "
         "or digit first, not \"../sample\""},
        {1, "name:", ":1: name: expected a text of one line, 1 to 255 characters, not nothing"},
        {1, "name: [a]", ":1: name: expected a single value, not a list"},
        {3, "inside: { kind: privat }",
         ":3: authorities.inside.kind: expected internal or public, not \"privat\""},
        {3, "inside: { kind: internal, intermediates: 9 }",
         ":3: authorities.inside.intermediates: expected a number from 0 to 8, not \"9\""},
        {3, "inside: { kind: internal, key: rsa-1024 }",
         ":3: authorities.inside.key: expected rsa-2048, rsa-3072, rsa-4096, ecdsa-p256, "
         "ecdsa-p384 or ed25519, not \"rsa-1024\"; did you mean \"rsa-2048\"?"},
        {3, "Inside: { kind: internal }",
         ":3: authorities.Inside: expected a name of at most 63 lower-case letters, digits and "
         "hyphens"},
        {8, "address: localhost",
         ":8: nodes.edge.address: expected an IP address such as 127.0.0.31 or ::1, not "
         "\"localhost\""},
        {9, "trust: [inside, outsid]",
         ":9: nodes.edge.trust.1: no authority is named \"outsid\"; did you mean \"outside\"?"},
        {10, "server_store: { issuer: outside, eku: [serverauth] }",
         ":10: nodes.edge.server_store.eku.0: expected serverAuth, clientAuth, any, sipDomain, "
         "codeSigning, emailProtection or a dotted OID, not \"serverauth\""},
        {10, "server_store: { issuer: outside, eku: [] }",
         ":10: nodes.edge.server_store.eku: expected at least one usage, or none for a "
         "certificate without the extension"},
        {10, "server_store: { issuer: outside, not_after: 2025-02-29 }",
         ":10: nodes.edge.server_store.not_after: expected a date such as 2026-07-01, or one "
         "relative to now such as -1d, +12h or +200d, not \"2025-02-29\""},
        {10, "server_store: { issuer: outside, not_after: -2d }",
         ":10: nodes.edge.server_store: not_after must be later than not_before"},
        {10, "server_store: { issuer: outside, serial: 4g }",
         ":10: nodes.edge.server_store.serial: expected a serial of 1 to 20 octets in hexadecimal "
         "such as 46:df:76:aa:00:00:00:00:00:29, not \"4g\""},
        {10, "server_store: { issuer: outside, serial: 46, count: 2 }",
         ":10: nodes.edge.server_store.serial: 2 certificates cannot share one serial"},
        {10, "server_store: copy-of-server",
         ":10: nodes.edge.server_store: expected an identity, a list of identities or none, not "
         "\"copy-of-server\""},
        {10, "server_store: []",
         ":10: nodes.edge.server_store: expected 1 to 1000 identities, or none"},
        {10, "server_store: { cert: a, key_file: b, key: ed25519 }",
         ":10: nodes.edge.server_store.key: says how to issue a certificate, and cert names one "
         "that exists"},
        {10, "server_store: { folder: a, eku: none }",
         ":10: nodes.edge.server_store.eku: says how to issue a certificate, and folder has one"},
        {10, "server_store: { folder: a, cert: b.pem }",
         ":10: nodes.edge.server_store.cert: folder is given, too, and has names of its own"},
        {13, "sip: 65536",
         ":13: nodes.edge.listeners.sip.port: expected a number from 1 to 65535, not \"65536\""},
        {13, "sip: { port: 7001 }",
         ":14: nodes.edge.listeners.uc-traversal: 127.0.0.31 port 7001 is taken by edge.sip (line "
         "13)"},
        {13, "sip: { port: 7001, address: 0.0.0.0 }",
         ":14: nodes.edge.listeners.uc-traversal: 127.0.0.31 port 7001 is taken by edge.sip (line "
         "13)"},
        {17, "product: expressway-c\n    tls: { versions: [1.1] }",
         ":18: nodes.core.tls.versions.0: expected 1.2 or 1.3, not \"1.1\""},
        {23, "uc: { peer: edge.uc-traversa }",
         ":23: nodes.core.zones.uc.peer: no listener is named \"edge.uc-traversa\"; did you mean "
         "\"edge.uc-traversal\"?"},
        {23, "uc: { peer: 'host:0' }",
         ":23: nodes.core.zones.uc.peer: expected node.listener or HOST:PORT, an IPv6 address in "
         "brackets and quotes, not \"host:0\""},
        {23, "uc: { peer: edge.sip, connections: 1000001 }",
         ":23: nodes.core.zones.uc.connections: expected a number from 1 to 1000000, not "
         "\"1000001\""},
        {23, "uc: { peer: edge.sip, rate: 400 }",
         ":23: nodes.core.zones.uc.rate: expected a rate such as 400/s or 30/m, not \"400\""},
        {23, "uc: { peer: edge.sip, rate: 0/s }",
         ":23: nodes.core.zones.uc.rate: expected a rate from 1/h to 1000000/s, not \"0/s\""},
        {23, "uc: { peer: edge.sip, source: [10.0.0.0/33] }",
         ":23: nodes.core.zones.uc.source.0: expected an address, a range such as 127.0.1.0/24, "
         "internal or external, not \"10.0.0.0/33\""},
        {23, "uc: { peer: edge.sip, retry: never }",
         ":23: nodes.core.zones.uc.retry: expected none, immediate, rfc5626, or a mapping of "
         "burst, gap and every, of pauses, or of first, factor, longest and jitter, not "
         "\"never\""},
        {23, "uc: { peer: edge.sip, dialog: subscribe }",
         ":23: nodes.core.zones.uc.dialog: expected none, options, register, invite, http or a "
         "dialog file (*.yaml), not "
         "\"subscribe\""},
        {23, "uc: { peer: edge.sip, verify_name: \"a\\r\\nb\" }",
         ":23: nodes.core.zones.uc.verify_name: expected a text of one line, 1 to 255 characters, "
         "not \"a??b\""},
        {23, "uc: { peer: edge.sip, rate: 1/s, concurrency: 1 }",
         ":23: nodes.core.zones.uc.concurrency: rate is given, too: expected one of connections, "
         "rate, concurrency and stages"},
        {29, "core.nowhere: { state: active }",
         ":29: expect.core.nowhere: no such zone or listener; expected node.zone"},
        {29, "core.uc: { state: any }",
         ":29: expect.core.uc.state: expected idle, failed, degraded or active, not \"any\""},
        {29, "core.uc: { faults: [tls_alert_unsupported] }",
         ":29: expect.core.uc.faults.0: no fault is named \"tls_alert_unsupported\"; did you mean "
         "\"tls_alert_unsupported_certificate\"?"},
        {29, "core.uc: { peer_serials: [4g] }",
         ":29: expect.core.uc.peer_serials.0: expected a serial of 1 to 20 octets in hexadecimal "
         "such as 46:df:76:aa:00:00:00:00:00:29, not \"4g\""},
        {29, "core.uc: { peer_serials: [] }",
         ":29: expect.core.uc.peer_serials: expected at least one serial, not a list"},
        {29, "edge.sip: { state: active }",
         ":29: expect.edge.sip.state: is said of a zone, and this is a listener"},
        {31, "- []",
         ":31: thresholds.0: expected a text, or a mapping with threshold, "
         "abort_on_fail and delay, not a list"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_error, of_an_upload_is_the_products_own) {
    static const struct sample_error cases[] = {
        {21, "client_store: { issuer: inside, eku: [serverAuth] }",
         ":21: nodes.core.client_store.eku: " UPLOAD_ERROR},
        {21, "client_store: { issuer: outside, eku: [serverAuth] }",
         ":21: nodes.core.client_store.eku: " UPLOAD_ERROR},
        {21, "client_store: { issuer: inside, eku: [any] }",
         ":21: nodes.core.client_store.eku: " UPLOAD_ERROR},
        {21, "client_store: { issuer: inside, eku: none }",
         ":21: nodes.core.client_store.eku: " UPLOAD_ERROR},
        {21, "client_store: [{ issuer: inside }, { issuer: inside, eku: [sipDomain] }]",
         ":21: nodes.core.client_store.1.eku: " UPLOAD_ERROR},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_error, of_a_public_authority_says_what_to_do) {
#define REFUSES(usage)                                                                             \
    "authority outside is public and does not issue certificates that allow client "               \
    "authentication (" usage "): ask for serverAuth alone, take an internal authority, or set "    \
    "its client_auth_until later than not_before"
    static const struct sample_error cases[] = {
        {21, "client_store: { issuer: outside }",
         ":21: nodes.core.client_store: " REFUSES("clientAuth")},
        {10, "server_store: { issuer: outside, eku: [serverAuth, clientAuth] }",
         ":10: nodes.edge.server_store.eku: " REFUSES("clientAuth")},
        {10, "server_store: { issuer: outside, eku: [2.5.29.37.0] }",
         ":10: nodes.edge.server_store.eku: " REFUSES("any")},
        {10, "server_store: { issuer: outside, eku: none }",
         ":10: nodes.edge.server_store.eku: " REFUSES("no extended key usage")},
        {3, "inside: { kind: internal, client_auth_until: 2026-05-01 }",
         ":3: authorities.inside.client_auth_until: is for public authorities: an internal one "
         "always issues clientAuth"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}

Test(profile_error, of_yaml_names_line_and_column) {
    static const struct sample_error cases[] = {
        {13, "sip: [", ":15:7: while parsing a flow sequence: did not find expected ',' or ']'"},
        {13, "sip: *other", ":13:12: anchors and aliases are not supported"},
        {13, "sip: &port 5061", ":13:12: anchors and aliases are not supported"},
        {13, "sip: !!int 5061", ":13:12: tags are not supported"},
        {13, "? [sip] : 5061", ":13:9: a key must be a text"},
        {0, "---\nname: more", ":32:1: expected one YAML document only"},
        {13, "sip: \"a\\0b\"", ":13:12: a text cannot hold a NUL octet"},
        {13, "sip: \t@",
         ":13:13: while scanning for the next token: found character that cannot "
         "start any token"},
    };
    sample_check_errors(cases, LENGTH_OF(cases));
}
