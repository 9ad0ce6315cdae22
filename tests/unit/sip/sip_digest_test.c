/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_digest.h"
#include "sip_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define REFUSAL(status, lines)                                                                     \
    "SIP/2.0 " status " No\r\nVia: SIP/2.0/TLS a;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=1\r\n"       \
    "To: <sip:b>;tag=2\r\nCall-ID: 1@a\r\nCSeq: 1 OPTIONS\r\n" lines "Content-Length: 0\r\n\r\n"
#define ASKED(challenge) REFUSAL("401", "WWW-Authenticate: " challenge "\r\n")
#define MORE             "realm=\"r\", nonce=\"n\""

static bool reads(const char *text, struct sip_challenge *challenge) {
    struct sip_message message;
    SAMPLE_READ(base_bytes_of_text(text), &message);
    return sip_digest_read_challenge(&message, challenge);
}

struct challenge_case {
    const char *text;
    struct sip_challenge challenge;
};

Test(sip_digest, reads_the_first_challenge_that_it_can_answer) {
    static const struct challenge_case cases[] = {
        {ASKED("Digest realm=\"edge.test\", nonce=\"00ff\", algorithm=MD5, qop=\"auth\""),
         {.realm = "edge.test", .nonce = "00ff", .has_qop = true}},
        {ASKED("digest REALM = \"r\"\r\n ,\r\n Nonce\t= \"n\""), {.realm = "r", .nonce = "n"}},
        {ASKED("Digest " MORE ", opaque=\"o\", stale=TRUE, domain=\"sip:x\", charset=UTF-8"),
         {.realm = "r", .nonce = "n", .opaque = "o", .stale = true}},
        {ASKED("Digest " MORE ", opaque=\"\", stale=false"), {.realm = "r", .nonce = "n"}},
        {ASKED("Digest " MORE ", algorithm=sha-256, qop=auth"),
         {.realm = "r", .nonce = "n", .algorithm = SIP_DIGEST_SHA_256, .has_qop = true}},
        {ASKED("Digest " MORE ", algorithm=\"Sha-512-256\", qop=\"auth-int , AUTH\""),
         {.realm = "r", .nonce = "n", .algorithm = SIP_DIGEST_SHA_512_256, .has_qop = true}},
        {ASKED("Digest realm=\"a \\\"b\\\" \\\\ \xc3\xa9, c\", nonce=\"n\\=,\""),
         {.realm = "a \"b\" \\ \xc3\xa9, c", .nonce = "n=,"}},
        {ASKED("Digest realm=\"x\", nonce=\"x\", algorithm=SHA-1, Digest " MORE),
         {.realm = "r", .nonce = "n"}},
        {ASKED("Digest realm=\"x\", nonce=\"x\", algorithm=MD5-sess, qop=\"auth\", "
               "Basic realm=\"x\", Negotiate, NTLM abc, Digest " MORE),
         {.realm = "r", .nonce = "n"}},
        {ASKED("Digest realm=\"x\", nonce=\"x\", qop=\"auth-int\"\r\nX: y\r\n"
               "WWW-AUTHENTICATE: Digest " MORE ", algorithm=SHA-256\r\n"
               "WWW-Authenticate: Digest realm=\"z\", nonce=\"z\", algorithm=MD5"),
         {.realm = "r", .nonce = "n", .algorithm = SIP_DIGEST_SHA_256}},
        {ASKED("Digest realm=\"x\", nonce=\"\r\nWWW-Authenticate: Digest " MORE),
         {.realm = "r", .nonce = "n"}},
        {ASKED("Digest realm=\"x\", realm=\"y\", nonce=\"n\", Digest " MORE),
         {.realm = "r", .nonce = "n"}},
        {ASKED("Digest realm=\"x\r\n y\", nonce=\"n\", Digest " MORE),
         {.realm = "r", .nonce = "n"}},
        {REFUSAL("407", "WWW-Authenticate: Digest realm=\"x\", nonce=\"x\"\r\n"
                        "Proxy-Authenticate: Digest " MORE "\r\n"),
         {.realm = "r", .nonce = "n", .by_proxy = true}},
    };
    for (const struct challenge_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_challenge challenge;
        memset(&challenge, 0xaa, sizeof(challenge));
        cr_assert(reads(row->text, &challenge), "%s", row->text);
        cr_expect_str_eq(challenge.realm, row->challenge.realm, "%s", row->text);
        cr_expect_str_eq(challenge.nonce, row->challenge.nonce, "%s", row->text);
        cr_expect_str_eq(challenge.opaque, row->challenge.opaque, "%s", row->text);
        cr_expect_eq(challenge.algorithm, row->challenge.algorithm, "%s", row->text);
        cr_expect_eq(challenge.has_qop, row->challenge.has_qop, "%s", row->text);
        cr_expect_eq(challenge.stale, row->challenge.stale, "%s", row->text);
        cr_expect_eq(challenge.by_proxy, row->challenge.by_proxy, "%s", row->text);
        cr_expect_eq(challenge.nonce_count, 0, "%s", row->text);
    }
}

#define TEN     "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

Test(sip_digest, finds_no_challenge_in) {
    static const char *const cases[] = {
        REFUSAL("401", ""),
        REFUSAL("403", "WWW-Authenticate: Digest " MORE "\r\n"),
        REFUSAL("200", "WWW-Authenticate: Digest " MORE "\r\n"),
        REFUSAL("401", "Proxy-Authenticate: Digest " MORE "\r\n"),
        REFUSAL("407", "WWW-Authenticate: Digest " MORE "\r\n"),
        ASKED(""),
        ASKED("Digest"),
        ASKED("Basic " MORE),
        ASKED("Digest=x, " MORE),
        ASKED("Digest realm=\"r\""),
        ASKED("Digest nonce=\"n\""),
        ASKED("Digest " MORE ", algorithm=MD5-sess"),
        ASKED("Digest " MORE ", algorithm=SHA-256-sess"),
        ASKED("Digest " MORE ", algorithm=MD55"),
        ASKED("Digest " MORE ", algorithm=\"MD\x15\""),
        ASKED("Digest " MORE ", algorithm=\"\""),
        ASKED("Digest " MORE ", qop=\"auth-int\""),
        ASKED("Digest " MORE ", qop=\"\""),
        ASKED("Digest " MORE ", qop=\"" TEN "," TEN "," TEN "," TEN "," TEN "," TEN ",auth\""),
        ASKED("Digest " MORE ", opaque=\"x"),
        ASKED("Digest " MORE ", opaque="),
        ASKED("Digest " MORE " opaque=\"x\""),
        ASKED("Digest " MORE ", =x"),
        ASKED("Digest " MORE ", opaque=\"x\"y"),
        ASKED("Digest realm=\"r\\\", nonce=\"n\""),
        ASKED("Digest realm=\"r\", nonce=\"\x01\""),
        ASKED("Digest realm=\"r\", nonce=\"\x7f\""),
        ASKED("Digest realm=\"r\", nonce=\"\\\r\n Via: x\""),
        ASKED("Digest realm=\"" HUNDRED "\", nonce=\"n\""),
        ASKED("Digest realm=\"r\", nonce=\"" HUNDRED TEN TEN TEN "\""),
        ASKED("Digest " MORE ", opaque=\"" HUNDRED "\""),
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct sip_challenge challenge;
        cr_expect_not(reads(cases[i], &challenge), "%s", cases[i]);
    }
}

struct size_case {
    int realm;
    int nonce;
    int opaque;
    bool fits;
};

Test(sip_digest, reads_texts_that_fit_and_no_longer_ones) {
    static const struct size_case cases[] = {
        {95, 127, 95, true},
        {96, 127, 95, false},
        {95, 128, 95, false},
        {95, 127, 96, false},
    };
    static char letters[128];
    memset(letters, 'x', sizeof(letters));
    for (const struct size_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        char text[1024];
        struct sip_challenge *challenge = malloc(sizeof(*challenge));
        cr_assert_not_null(challenge);
        snprintf(text, sizeof(text),
                 ASKED("Digest realm=\"%.*s\", nonce=\"%.*s\", opaque=\"%.*s\""), row->realm,
                 letters, row->nonce, letters, row->opaque, letters);
        cr_assert_eq(reads(text, challenge), row->fits);
        if (row->fits) {
            cr_expect_eq(strlen(challenge->realm), (size_t)row->realm);
            cr_expect_eq(strlen(challenge->nonce), (size_t)row->nonce);
            cr_expect_eq(strlen(challenge->opaque), (size_t)row->opaque);
        }
        free(challenge);
    }
}

static uint8_t area[2048];

struct authorization_case {
    struct sip_challenge challenge;
    const char *method;
    const char *uri;
    uint64_t cnonce;
    const char *line;
};

#define HEAD                                                                                       \
    "Digest username=\"core\\\"\\\\1\", realm=\"edge \\\"x\\\" \\\\ y\", "                         \
    "nonce=\"n\\\\o\\\"nce\", "
#define OF_HASH(algorithm_, name, plain, first, second)                                            \
    {{.realm = "edge \"x\" \\ y", .nonce = "n\\o\"nce", .algorithm = algorithm_},                  \
     "OPTIONS",                                                                                    \
     "sip:edge.test;transport=tls",                                                                \
     0,                                                                                            \
     "Authorization: " HEAD "uri=\"sip:edge.test;transport=tls\", response=\"" plain               \
     "\", algorithm=" name "\r\n"},                                                                \
        {{.realm = "edge \"x\" \\ y",                                                              \
          .nonce = "n\\o\"nce",                                                                    \
          .opaque = "o\"p",                                                                        \
          .algorithm = algorithm_,                                                                 \
          .has_qop = true},                                                                        \
         "OPTIONS",                                                                                \
         "sip:edge.test;transport=tls",                                                            \
         0xdeadbeef,                                                                               \
         "Authorization: " HEAD "uri=\"sip:edge.test;transport=tls\", response=\"" first           \
         "\", algorithm=" name                                                                     \
         ", cnonce=\"00000000deadbeef\", qop=auth, nc=00000001, opaque=\"o\\\"p\"\r\n"},           \
    {                                                                                              \
        {.realm = "edge \"x\" \\ y",                                                               \
         .nonce = "n\\o\"nce",                                                                     \
         .algorithm = algorithm_,                                                                  \
         .nonce_count = 1,                                                                         \
         .has_qop = true,                                                                          \
         .by_proxy = true},                                                                        \
            "REGISTER", "sip:edge.test", 1,                                                        \
            "Proxy-Authorization: " HEAD "uri=\"sip:edge.test\", response=\"" second               \
            "\", algorithm=" name ", cnonce=\"0000000000000001\", qop=auth, nc=00000002\r\n"       \
    }

/* The responses were computed with another implementation of the three hashes. */
Test(sip_digest, answers_a_challenge) {
    static const struct authorization_case cases[] = {
        OF_HASH(SIP_DIGEST_MD5, "MD5", "ca76fd99e9186bf031c51141d83c4afa",
                "a3c9a7e857a64c3a70e93a66ef8036f2", "f364e74ad4bc650d526b40f6c85c26ef"),
        OF_HASH(SIP_DIGEST_SHA_256, "SHA-256",
                "32da16f94b7dc00f4d2bcf02d9b8d1183b0a9e823743dc2a4b56c3041595d644",
                "998d0d1303790fb0d6a6424f846169bc5206778bddb20fe3945d094bda98c799",
                "c9a86d4444ba83569f457776d83ae9d03c30bc145ba09ec7865b66322678b053"),
        OF_HASH(SIP_DIGEST_SHA_512_256, "SHA-512-256",
                "5ae8148909eeab2c8b773c41d577ec3ca445b443f884788a8ffe9a5c77c1af58",
                "1c7bb58dbfa18e16a5c6f339fc1591d61e52037042cbffe558ceb54ad08330da",
                "bcaadfd90d41c7f54ebeeb3b664b101ba158101284fe52e1fa281b3879fd2687"),
    };
    const struct sip_credentials credentials = {.username = "core\"\\1", .password = "pass:\"word"};
    for (const struct authorization_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_challenge challenge = row->challenge;
        struct base_buffer out = {.data = area, .capacity = sizeof(area)};
        cr_assert(sip_digest_write_authorization(&out, &challenge, &credentials, row->method,
                                                 base_bytes_of_text(row->uri), row->cnonce));
        SAMPLE_ASSERT_TEXT(base_buffer_bytes(&out), row->line);
        cr_assert_eq(challenge.nonce_count, row->challenge.nonce_count + 1);
    }
}

Test(sip_digest, writes_all_of_an_authorization_or_nothing) {
    const struct sip_credentials credentials = {.username = "u", .password = "p"};
    struct sip_challenge challenge = {.realm = "r", .nonce = "n", .has_qop = true};
    struct base_buffer whole = {.data = area, .capacity = sizeof(area)};
    cr_assert(sip_digest_write_authorization(&whole, &challenge, &credentials, "BYE",
                                             base_bytes_of_text("sip:b"), 1));
    for (size_t capacity = 0; capacity < whole.length; capacity++) {
        uint8_t *block = malloc(capacity + 1);
        cr_assert_not_null(block);
        struct base_buffer out = {.data = block, .length = capacity / 2, .capacity = capacity};
        cr_assert_not(sip_digest_write_authorization(&out, &challenge, &credentials, "BYE",
                                                     base_bytes_of_text("sip:b"), 1));
        cr_assert_eq(out.length, capacity / 2);
        cr_assert_eq(challenge.nonce_count, 1);
        free(block);
    }
}

Test(sip_digest, challenges) {
    const struct sip_digest_demand usual = {.realm = "edge \"1\" \\", .nonce = 0xabc};
    const struct sip_digest_demand strict = {
        .realm = "edge",
        .nonce = UINT64_MAX,
        .algorithms = {SIP_DIGEST_SHA_512_256, SIP_DIGEST_SHA_256},
        .algorithm_count = 2,
    };
    struct base_buffer out = {.data = area, .capacity = sizeof(area)};
    cr_assert(sip_digest_write_challenge(&out, &usual, false));
    cr_assert(sip_digest_write_challenge(&out, &strict, true));
    SAMPLE_ASSERT_TEXT(
        base_buffer_bytes(&out),
        "WWW-Authenticate: Digest realm=\"edge \\\"1\\\" \\\\\", nonce=\"0000000000000abc\", "
        "algorithm=MD5, qop=\"auth\"\r\n"
        "WWW-Authenticate: Digest realm=\"edge\", nonce=\"ffffffffffffffff\", "
        "algorithm=SHA-512-256, qop=\"auth\", stale=true\r\n"
        "WWW-Authenticate: Digest realm=\"edge\", nonce=\"ffffffffffffffff\", "
        "algorithm=SHA-256, qop=\"auth\", stale=true\r\n");
    struct base_buffer full = {.data = area, .length = 1, .capacity = 160};
    cr_assert_not(sip_digest_write_challenge(&full, &strict, false));
    cr_assert_eq(full.length, 1);
}
