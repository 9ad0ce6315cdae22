/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_options_rows.h"
#include "profile_part.h"

const char *const profile_options_key_types[] = {"rsa-2048",   "rsa-3072", "rsa-4096", "ecdsa-p256",
                                                 "ecdsa-p384", "ed25519",  NULL};

static const struct profile_option store_rows[] = {
    {.key = "issuer",
     .type = PROFILE_OPTION_AUTHORITY,
     .offset = offsetof(struct profile_identity, issuer),
     .derived = "required without `cert`",
     .help = "the authority that issues it"},
    {.key = "eku",
     .type = PROFILE_OPTION_USAGES,
     .offset = offsetof(struct profile_identity, eku),
     .derived = "server: `[serverAuth]`; client, and the only one: `[serverAuth, clientAuth]`",
     .help = "any of `serverAuth`, `clientAuth`, `any`, `sipDomain`, `codeSigning`, "
             "`emailProtection` and dotted OIDs; `none` for no extension"},
    {.key = "critical",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_identity, critical),
     .fallback = "off",
     .help = "is the extension critical"},
    {.key = "key",
     .type = PROFILE_OPTION_WORD,
     .offset = offsetof(struct profile_identity, key),
     .choices = profile_options_key_types,
     .fallback = "rsa-2048",
     .help = "its key"},
    {.key = "names",
     .type = PROFILE_OPTION_TEXTS,
     .offset = offsetof(struct profile_identity, names),
     .derived = "`[<node>.example.test]`",
     .help = "subject alternative names: DNS names, `sip:` URIs, IP addresses"},
    {.key = "subject",
     .type = PROFILE_OPTION_TEXT,
     .offset = offsetof(struct profile_identity, subject),
     .derived = "the first name as CN",
     .help = "such as `CN=edge.example.test,O=Example`"},
    {.key = "serial",
     .type = PROFILE_OPTION_OWN,
     .read = profile_store_read_serial,
     .form = "hexadecimal, with or without colons",
     .derived = "random",
     .help = "1 to 20 octets"},
    {.key = "not_before",
     .type = PROFILE_OPTION_DATE,
     .offset = offsetof(struct profile_identity, not_before),
     .fallback = "-1d",
     .help = "valid from"},
    {.key = "not_after",
     .type = PROFILE_OPTION_DATE,
     .offset = offsetof(struct profile_identity, not_after),
     .fallback = "+199d",
     .help = "valid to"},
    {.key = "send_chain",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_identity, send_chain),
     .fallback = "on",
     .help = "are the intermediates sent along"},
    {.key = "revoked",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_identity, revoked),
     .fallback = "off",
     .help = "does the issuer's revocation list name it"},
    {.key = "count",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_identity, count),
     .fallback = "1",
     .min = "1",
     .max = "100000",
     .unit = "certificates",
     .help = "that many distinct certificates"},
    {.key = "weight",
     .type = PROFILE_OPTION_INTEGER,
     .offset = offsetof(struct profile_identity, weight),
     .fallback = "1",
     .min = "1",
     .max = "1000000",
     .help = "its share among the identities of a client store"},
    {.key = "unchecked",
     .type = PROFILE_OPTION_BOOLEAN,
     .offset = offsetof(struct profile_identity, unchecked),
     .fallback = "off",
     .help = "passes over the upload rule"},
    {.key = "cert",
     .type = PROFILE_OPTION_PATH,
     .offset = offsetof(struct profile_identity, certificate_path),
     .derived = "one is issued",
     .help = "PEM: the certificate first, its intermediates after it"},
    {.key = "key_file",
     .type = PROFILE_OPTION_PATH,
     .offset = offsetof(struct profile_identity, key_path),
     .derived = "required with `cert`",
     .help = "PEM: its private key"},
    {.key = "folder",
     .type = PROFILE_OPTION_PATH,
     .offset = offsetof(struct profile_store_head, folder),
     .derived = "one is issued",
     .help = "a node's store folder: its `server.pem` and `privkey.pem`, or in a client store its "
             "`client.pem` and `clientprivkey.pem`; then `client-1.pem` and `clientprivkey-1.pem` "
             "and so on, as long as there are any, each an identity of its own"},
    {.key = "csv",
     .type = PROFILE_OPTION_PATH,
     .offset = offsetof(struct profile_store_head, csv),
     .derived = "one is issued",
     .help = "a table of certificates, each an identity of its own: a header line "
             "`cert,key` or `cert,key,weight`, then a line for each; files start at the table's "
             "folder"},
};

const struct profile_section profile_section_store = {
    .title = "Store",
    .path = "nodes.<node>.server_store, nodes.<node>.client_store",
    .help =
        "An identity, a list of identities (a server store chooses by SNI, a client store by "
        "`weight`), or "
        "`none`. A client store may be `copy-of-server`: certificate and key of the server store, "
        "unchecked, as the checkbox *Upload server certificate file as client certificate* does "
        "it. "
        "Given in any other way, a certificate in a client store without `clientAuth` in its "
        "extended key "
        "usage (`any` alone and no extension at all do not count) is the product's upload "
        "error:\n\n"
        "> " PROFILE_STORE_UPLOAD_ERROR "\n\n"
        "What lies in a `folder` is taken unchecked into a client store: the checkbox may have put "
        "it there.\n\n"
        "A product with one store presents it in both roles: its `client_store` is "
        "`copy-of-server` or absent.\n\n"
        "With `cert`, `folder` or `csv`, what a certificate is issued from (`issuer`, `eku`, "
        "`critical`, "
        "`key`, `names`, `subject`, `serial`, `not_before`, `not_after`, `revoked`, `count`) is "
        "refused.",
    PROFILE_OPTIONS_ROWS(store_rows),
};
