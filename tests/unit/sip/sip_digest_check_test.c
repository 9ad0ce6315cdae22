/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_digest.h"
#include "sip_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Examples of the RFCs, whose request is HTTP's: only what is checked is filled in. */
struct vector {
    const char *name;
    const char *uri;
    const char *realm;
    struct sip_credentials credentials;
    const char *authorization;
};

#define ALL_ALGORITHMS                                                                             \
    .algorithms = {SIP_DIGEST_SHA_512_256, SIP_DIGEST_SHA_256, SIP_DIGEST_MD5}, .algorithm_count = 3

#define MUFASA(algorithm, response)                                                                \
    "Authorization: Digest username=\"Mufasa\",\r\n realm=\"http-auth@example.org\",\r\n"          \
    " uri=\"/dir/index.html\",\r\n algorithm=" algorithm ",\r\n"                                   \
    " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\",\r\n nc=00000001,\r\n"                \
    " cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\",\r\n qop=auth,\r\n"                  \
    " response=\"" response "\",\r\n opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"\r\n"
#define JASON                                                                                      \
    "Authorization: Digest username=\"J\xc3\xa4s\xc3\xb8n Doe\", realm=\"api@example.org\", "      \
    "uri=\"/doe.json\", algorithm=SHA-512-256, nc=00000001, qop=auth, "                            \
    "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "                                     \
    "cnonce=\"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v\", "                                    \
    "response=\"3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5\"\r\n"

/* The nonce is not the asked one, so a right response is STALE, and a wrong one WRONG. */
Test(sip_digest_check, agrees_with_the_examples_of_the_rfcs) {
    static const struct vector vectors[] = {
        {"RFC 2617 section 3.5",
         "/dir/index.html",
         "testrealm@host.com",
         {"Mufasa", "Circle Of Life"},
         "Authorization: Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
         "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", qop=auth, "
         "nc=00000001, cnonce=\"0a4f113b\", response=\"6629fae49393a05397450978507c4ef1\", "
         "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"\r\n"},
        {"RFC 7616 section 3.9.1, MD5",
         "/dir/index.html",
         "http-auth@example.org",
         {"Mufasa", "Circle of Life"},
         MUFASA("MD5", "8ca523f5e9506fed4657c9700eebdbec")},
        {"RFC 7616 section 3.9.1, SHA-256",
         "/dir/index.html",
         "http-auth@example.org",
         {"Mufasa", "Circle of Life"},
         MUFASA("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")},
        {"RFC 7616 section 3.9.2 with erratum 4897",
         "/doe.json",
         "api@example.org",
         {"J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?"},
         JASON},
    };
    for (const struct vector *row = vectors; row < vectors + LENGTH_OF(vectors); row++) {
        const struct sip_message request = {
            .is_request = true,
            .method = base_bytes_of_text("GET"),
            .request_uri = base_bytes_of_text(row->uri),
            .headers = base_bytes_of_text(row->authorization),
        };
        const struct sip_credentials other = {row->credentials.username, "circle of life"};
        const struct sip_digest_demand demand = {.realm = row->realm, .nonce = 1, ALL_ALGORITHMS};
        uint32_t count = 0;
        cr_expect_eq(sip_digest_check(&request, &demand, &row->credentials, &count),
                     SIP_DIGEST_STALE, "%s", row->name);
        cr_expect_eq(sip_digest_check(&request, &demand, &other, &count), SIP_DIGEST_WRONG, "%s",
                     row->name);
        cr_expect_eq(count, 0);
    }
}

#define REALM "edge \"1\" \\"
#define NONCE 0x0123456789abcdef
#define URI   "sip:edge.test;transport=tls"

static const struct sip_credentials credentials = {.username = "core\\1", .password = "p:\"w"};

static uint8_t area[1024];

static struct sip_message request_with(const char *lines) {
    static char text[8192];
    struct sip_message request;
    snprintf(text, sizeof(text),
             "OPTIONS " URI " SIP/2.0\r\nVia: SIP/2.0/TLS a\r\nFrom: <sip:a>;tag=1\r\n"
             "To: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n%sl: 0\r\n\r\n",
             lines);
    SAMPLE_READ(base_bytes_of_text(text), &request);
    return request;
}

/* What a client makes of our own challenge; NUL-terminated. */
static const char *authorization(struct sip_challenge *challenge, const char *method,
                                 const char *uri, const struct sip_credentials *who) {
    struct base_buffer out = {.data = area, .capacity = sizeof(area) - 1};
    cr_assert(
        sip_digest_write_authorization(&out, challenge, who, method, base_bytes_of_text(uri), 7));
    area[out.length] = '\0';
    return (const char *)area;
}

static struct sip_challenge challenge_of(uint64_t nonce) {
    char text[1024];
    struct base_buffer line = {.data = area, .capacity = sizeof(area)};
    struct sip_message response;
    struct sip_challenge challenge;
    const struct sip_digest_demand demand = {.realm = REALM, .nonce = nonce};
    cr_assert(sip_digest_write_challenge(&line, &demand, false));
    snprintf(text, sizeof(text),
             "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/TLS a\r\nFrom: <sip:a>;tag=1\r\n"
             "To: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n%.*sl: 0\r\n\r\n",
             (int)line.length, (const char *)line.data);
    SAMPLE_READ(base_bytes_of_text(text), &response);
    cr_assert(sip_digest_read_challenge(&response, &challenge));
    return challenge;
}

static enum sip_digest_verdict check(const char *lines, uint32_t *count) {
    const struct sip_message request = request_with(lines);
    const struct sip_digest_demand demand = {.realm = REALM, .nonce = NONCE, ALL_ALGORITHMS};
    return sip_digest_check(&request, &demand, &credentials, count);
}

Test(sip_digest_check, admits_who_answers_its_own_challenge_again_and_again) {
    struct sip_challenge challenge = challenge_of(NONCE);
    uint32_t count = 0;
    for (uint32_t i = 1; i <= 20; i++) {
        const char *line = authorization(&challenge, "OPTIONS", URI, &credentials);
        cr_assert_eq(check(line, &count), SIP_DIGEST_GOOD);
        cr_assert_eq(count, i);
        cr_assert_eq(check(line, &count), SIP_DIGEST_STALE, "a replay");
        cr_assert_eq(count, i);
    }
}

Test(sip_digest_check, takes_each_hash_and_a_count_that_skips) {
    for (unsigned algorithm = SIP_DIGEST_MD5; algorithm <= SIP_DIGEST_SHA_512_256; algorithm++) {
        struct sip_challenge challenge = challenge_of(NONCE);
        uint32_t count = 5;
        challenge.algorithm = (uint8_t)algorithm;
        challenge.nonce_count = 4;
        cr_assert_eq(check(authorization(&challenge, "OPTIONS", URI, &credentials), &count),
                     SIP_DIGEST_STALE);
        challenge.nonce_count = 0xfffffffe;
        cr_assert_eq(check(authorization(&challenge, "OPTIONS", URI, &credentials), &count),
                     SIP_DIGEST_GOOD);
        cr_assert_eq(count, UINT32_MAX);
    }
}

struct wrong_case {
    const char *what;
    const char *realm; /* NULL: as asked; and so on */
    uint64_t nonce;
    const char *method;
    const char *uri;
    struct sip_credentials credentials;
    bool lacks_qop;
    enum sip_digest_verdict verdict;
};

Test(sip_digest_check, judges) {
    static const struct wrong_case cases[] = {
        {"as asked", NULL, NONCE, "OPTIONS", URI, {"core\\1", "p:\"w"}, false, SIP_DIGEST_GOOD},
        {"realm", "edge", NONCE, "OPTIONS", URI, {"core\\1", "p:\"w"}, false, SIP_DIGEST_ABSENT},
        {"old nonce", NULL, 9, "OPTIONS", URI, {"core\\1", "p:\"w"}, false, SIP_DIGEST_STALE},
        {"guess", NULL, 9, "OPTIONS", URI, {"core\\1", "guess"}, false, SIP_DIGEST_WRONG},
        {"method", NULL, NONCE, "BYE", URI, {"core\\1", "p:\"w"}, false, SIP_DIGEST_WRONG},
        {"uri", NULL, NONCE, "OPTIONS", "sip:x", {"core\\1", "p:\"w"}, false, SIP_DIGEST_WRONG},
        {"uri+", NULL, NONCE, "OPTIONS", URI "x", {"core\\1", "p:\"w"}, false, SIP_DIGEST_WRONG},
        {"user", NULL, NONCE, "OPTIONS", URI, {"core1", "p:\"w"}, false, SIP_DIGEST_WRONG},
        {"user+", NULL, NONCE, "OPTIONS", URI, {"core\\11", "p:\"w"}, false, SIP_DIGEST_WRONG},
        {"moved colon", NULL, NONCE, "OPTIONS", URI, {"core\\1:p", "\"w"}, false, SIP_DIGEST_WRONG},
        {"password", NULL, NONCE, "OPTIONS", URI, {"core\\1", "p:\"W"}, false, SIP_DIGEST_WRONG},
        {"no password", NULL, NONCE, "OPTIONS", URI, {"core\\1", ""}, false, SIP_DIGEST_WRONG},
        {"without qop", NULL, NONCE, "OPTIONS", URI, {"core\\1", "p:\"w"}, true, SIP_DIGEST_WRONG},
    };
    for (const struct wrong_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_challenge challenge = challenge_of(row->nonce);
        uint32_t count = 0;
        if (row->realm != NULL) {
            snprintf(challenge.realm, sizeof(challenge.realm), "%s", row->realm);
        }
        challenge.has_qop = !row->lacks_qop;
        const char *line = authorization(&challenge, row->method, row->uri, &row->credentials);
        cr_expect_eq(check(line, &count), row->verdict, "%s", row->what);
        cr_expect_eq(count, row->verdict == SIP_DIGEST_GOOD ? 1 : 0, "%s", row->what);
    }
}

/* One line that is right, with `from` replaced by `to`. */
struct change {
    const char *from;
    const char *to;
    enum sip_digest_verdict verdict;
};

static const char *changed(const char *text, const char *from, const char *to) {
    static char out[8192];
    const char *at = strstr(text, from);
    cr_assert_not_null(at, "%s", from);
    snprintf(out, sizeof(out), "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return out;
}

Test(sip_digest_check, withstands_hostile_texts) {
    static char long_cnonce[4096];
    memset(long_cnonce, 'c', sizeof(long_cnonce) - 1);
    memcpy(long_cnonce, "cnonce=\"", 8);
    memcpy(long_cnonce + sizeof(long_cnonce) - 3, "\",", 3);
    const struct change changes[] = {
        {"Digest ", "Digest  \r\n\t ,, ", SIP_DIGEST_GOOD},
        {"Digest ", "Basic abc, Digest ", SIP_DIGEST_GOOD},
        {"algorithm=MD5, ", "", SIP_DIGEST_GOOD},
        {"algorithm=MD5", "algorithm=\"md5\"", SIP_DIGEST_GOOD},
        {"qop=auth", "QOP=\"AUTH\"", SIP_DIGEST_GOOD},
        {"uri=\"sip:edge", "uri=\"s\\ip:e\\dge", SIP_DIGEST_GOOD},
        {"Digest ", "Bearer ", SIP_DIGEST_ABSENT},
        {"realm=", "real=", SIP_DIGEST_ABSENT},
        {"realm=\"", "realm=\"\\\"", SIP_DIGEST_ABSENT},
        {"\r\n", ", x=\"\r\n", SIP_DIGEST_ABSENT},
        {"\r\n", ", x\r\n", SIP_DIGEST_GOOD},
        {"\r\n", ", realm=\"x\"\r\n", SIP_DIGEST_ABSENT},
        {"\r\n", ", nc=00000002\r\n", SIP_DIGEST_WRONG},
        {"\r\n", ", nc=00000001\r\n", SIP_DIGEST_WRONG},
        {"nc=00000001", "nc=0000000000000001", SIP_DIGEST_WRONG},
        {"nc=00000001", "nc=1", SIP_DIGEST_WRONG},
        {"nc=00000001", "nc=\"\"", SIP_DIGEST_WRONG},
        {"nc=00000001", "nc=0000000g", SIP_DIGEST_WRONG},
        {"nc=00000001", "nc=00000000", SIP_DIGEST_WRONG},
        {", nc=00000001", "", SIP_DIGEST_WRONG},
        {"qop=auth", "qop=auth-int", SIP_DIGEST_WRONG},
        {"algorithm=MD5", "algorithm=MD5-sess", SIP_DIGEST_WRONG},
        {"algorithm=MD5", "algorithm=SHA-256", SIP_DIGEST_WRONG},
        {"cnonce=\"0000000000000007\", ", "", SIP_DIGEST_WRONG},
        {"cnonce=\"0000000000000007\",", long_cnonce, SIP_DIGEST_WRONG},
        {"cnonce=\"", "cnonce=\"\x01", SIP_DIGEST_WRONG},
        {"nonce=\"0", "nonce=\"\r\n 0", SIP_DIGEST_WRONG},
        {"response=\"", "response=\"0", SIP_DIGEST_WRONG},
        {"response=\"", "response=\"\", x=\"", SIP_DIGEST_WRONG},
        {"response=\"", "x=\"", SIP_DIGEST_WRONG},
        {"username=\"", "username=\"x", SIP_DIGEST_WRONG},
        {"username=\"", "x=\"", SIP_DIGEST_WRONG},
        {"uri=\"", "x=\"", SIP_DIGEST_WRONG},
    };
    for (size_t i = 0; i < LENGTH_OF(changes); i++) {
        struct sip_challenge challenge = challenge_of(NONCE);
        uint32_t count = 0;
        const char *line = authorization(&challenge, "OPTIONS", URI, &credentials);
        cr_expect_eq(check(changed(line, changes[i].from, changes[i].to), &count),
                     changes[i].verdict, "%s -> %.40s", changes[i].from, changes[i].to);
    }
}

Test(sip_digest_check, tells_whose_credentials_they_are) {
    struct sip_challenge challenge = challenge_of(NONCE);
    const struct sip_digest_demand demand = {.realm = REALM, .nonce = NONCE, ALL_ALGORITHMS};
    char name[16];
    uint32_t count = 0;
    const char *line = authorization(&challenge, "OPTIONS", URI, &credentials);
    const struct change changes[] = {
        {"username=\"", "username=\"", SIP_DIGEST_WRONG},
        {"username=\"", "username=\"sixteen_octets__", SIP_DIGEST_WRONG},
        {"username=\"", "x=\"", SIP_DIGEST_WRONG},
        {"realm=\"", "realm=\"x", SIP_DIGEST_ABSENT},
    };
    for (size_t i = 0; i < LENGTH_OF(changes); i++) {
        const struct sip_message request =
            request_with(changed(line, changes[i].from, changes[i].to));
        cr_expect_eq(sip_digest_read_username(&request, &demand, name, sizeof name), i == 0, "%s",
                     changes[i].to);
        cr_expect_eq(sip_digest_check(&request, &demand, NULL, &count), changes[i].verdict,
                     "nobody knows the user: %s", changes[i].to);
        cr_expect(i != 0 || strcmp(name, credentials.username) == 0, "%s", name);
    }
}

Test(sip_digest_check, finds_its_realm_among_several) {
    struct sip_challenge challenge = challenge_of(NONCE);
    char lines[4096];
    uint32_t count = 0;
    snprintf(lines, sizeof(lines),
             "Authorization: Digest realm=\"x\", nonce=\"y\r\nProxy-%sAUTHORIZATION: Digest "
             "realm=\"other\", username=\"u\"\r\n%s",
             authorization(&challenge, "OPTIONS", URI, &credentials), (const char *)area);
    cr_assert_eq(check(lines, &count), SIP_DIGEST_GOOD);
    cr_assert_eq(check("", &count), SIP_DIGEST_ABSENT);
}

/* RFC 8760 section 2.4: what is not offered is no answer, be it stronger or weaker. */
Test(sip_digest_check, takes_the_demanded_algorithms_only) {
    static const struct {
        uint8_t demanded[2];
        uint8_t count;
        enum sip_digest_algorithm answered;
        enum sip_digest_verdict verdict;
    } rows[] = {
        {{SIP_DIGEST_MD5}, 0, SIP_DIGEST_MD5, SIP_DIGEST_GOOD},
        {{SIP_DIGEST_MD5}, 0, SIP_DIGEST_SHA_256, SIP_DIGEST_WRONG},
        {{SIP_DIGEST_SHA_256}, 1, SIP_DIGEST_SHA_256, SIP_DIGEST_GOOD},
        {{SIP_DIGEST_SHA_256}, 1, SIP_DIGEST_MD5, SIP_DIGEST_WRONG},
        {{SIP_DIGEST_SHA_512_256, SIP_DIGEST_MD5}, 2, SIP_DIGEST_MD5, SIP_DIGEST_GOOD},
        {{SIP_DIGEST_SHA_512_256, SIP_DIGEST_MD5}, 2, SIP_DIGEST_SHA_512_256, SIP_DIGEST_GOOD},
        {{SIP_DIGEST_SHA_512_256, SIP_DIGEST_MD5}, 2, SIP_DIGEST_SHA_256, SIP_DIGEST_WRONG},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct sip_digest_demand demand = {
            .realm = REALM, .nonce = NONCE, .algorithm_count = rows[i].count};
        struct sip_challenge challenge = challenge_of(NONCE);
        uint32_t count = 0;
        memcpy(demand.algorithms, rows[i].demanded, sizeof rows[i].demanded);
        challenge.algorithm = (uint8_t)rows[i].answered;
        const struct sip_message request =
            request_with(authorization(&challenge, "OPTIONS", URI, &credentials));
        cr_expect_eq(sip_digest_check(&request, &demand, &credentials, &count), rows[i].verdict,
                     "row %zu", i);
    }
}

/* Users behind one proxy share its connection, and with it the nonce. */
Test(sip_digest_check, counts_for_those_only_who_come_themselves) {
    static const struct {
        const char *via;
        enum sip_digest_verdict again;
    } rows[] = {
        {"", SIP_DIGEST_STALE},
        {"Via: SIP/2.0/TLS phone\r\n", SIP_DIGEST_GOOD},
        {"v: SIP/2.0/TLS phone, SIP/2.0/TLS another\r\n", SIP_DIGEST_GOOD},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct sip_challenge challenge = challenge_of(NONCE);
        char lines[2048];
        uint32_t count = 0;
        snprintf(lines, sizeof(lines), "%s%s", rows[i].via,
                 authorization(&challenge, "OPTIONS", URI, &credentials));
        cr_expect_eq(check(lines, &count), SIP_DIGEST_GOOD, "row %zu", i);
        cr_expect_eq(check(lines, &count), rows[i].again, "row %zu", i);
    }
}
