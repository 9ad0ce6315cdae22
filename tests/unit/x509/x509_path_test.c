/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_path.h"

#include "x509_forge.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(array)  (sizeof(array) / sizeof(array)[0])
#define CERTIFICATES_MAX 16

/* A certificate as four short names; "" leaves the key identifier out. The serial tells twins
 * apart. */
struct row {
    const char *subject;
    const char *issuer;
    const char *subject_key;
    const char *issuer_key;
    uint8_t serial;
};

static struct forge forges[2 * CERTIFICATES_MAX + 1];
static struct x509_certificate certificates[2 * CERTIFICATES_MAX + 1];

static struct x509_certificate make(struct forge *forge, const struct row *row) {
    uint8_t serial[] = {0x02, 0x01, row->serial};
    struct forge_plan plan = {.subject = base_bytes_of_text(row->subject),
                              .issuer = base_bytes_of_text(row->issuer),
                              .subject_key_id = base_bytes_of_text(row->subject_key),
                              .authority_key_id = base_bytes_of_text(row->issuer_key),
                              .raw_serial = base_bytes(serial, sizeof serial)};
    return forge_parsed(forge, &plan);
}

static struct x509_set make_set(unsigned first, const struct row *rows, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        certificates[first + i] = make(&forges[first + i], &rows[i]);
    }
    return (struct x509_set){.certificates = &certificates[first], .count = count};
}

static unsigned count_rows(const struct row *rows) {
    unsigned count = 0;
    while (count < CERTIFICATES_MAX && rows[count].subject != NULL) {
        count++;
    }
    return count;
}

/* "leaf1 int2 root3": subject and serial. */
static void describe(const struct x509_path *path, char *out, size_t out_size) {
    out[0] = '\0';
    for (unsigned i = 0; i < path->length; i++) {
        char name[32];
        size_t used = strlen(out);
        x509_certificate_common_name(path->certificates[i], name, sizeof name);
        snprintf(out + used, out_size - used, "%s%s%u", i == 0 ? "" : " ", name,
                 path->certificates[i]->serial.data[0]);
    }
}

static void build(const struct row *leaf, const struct row *sent, const struct row *trust,
                  char *out, size_t out_size) {
    struct x509_path path;
    struct x509_set sent_set = make_set(1, sent, count_rows(sent));
    struct x509_set trust_set = make_set(1 + CERTIFICATES_MAX, trust, count_rows(trust));
    certificates[0] = make(&forges[0], leaf);
    bool found = x509_path_build(&certificates[0], sent_set, trust_set, &path);
    cr_expect_eq(found, path.length > 0);
    describe(&path, out, out_size);
}

Test(x509_path, leads_from_leaf_to_anchor) {
    static const struct {
        const char *why;
        struct row leaf;
        struct row sent[6];
        struct row trust[6];
        const char *path; /* "": none */
    } rows[] = {
        {"issuer in the trust", {"l", "r", "", "", 1}, {{0}}, {{"r", "r", "", "", 2}}, "l1 r2"},
        {"intermediate sent",
         {"l", "i", "", "", 1},
         {{"l", "i", "", "", 1}, {"i", "r", "", "", 2}},
         {{"r", "r", "", "", 3}},
         "l1 i2 r3"},
        {"intermediate in the trust",
         {"l", "i", "", "", 1},
         {{0}},
         {{"i", "r", "", "", 2}, {"r", "r", "", "", 3}},
         "l1 i2 r3"},
        {"root sent too",
         {"l", "i", "", "", 1},
         {{"r", "r", "", "", 3}, {"i", "r", "", "", 2}},
         {{"r", "r", "", "", 3}},
         "l1 i2 r3"},
        {"strangers sent too",
         {"l", "i", "", "", 1},
         {{"x", "y", "", "", 7}, {"i", "r", "", "", 2}, {"y", "y", "", "", 8}},
         {{"z", "z", "", "", 9}, {"r", "r", "", "", 3}},
         "l1 i2 r3"},
        {"nothing sent, issuer unknown", {"l", "i", "", "", 1}, {{0}}, {{"r", "r", "", "", 3}}, ""},
        {"root sent but not trusted",
         {"l", "r", "", "", 1},
         {{"r", "r", "", "", 2}},
         {{"x", "x", "", "", 3}},
         ""},
        {"a root of the same name is another certificate",
         {"l", "r", "", "k", 1},
         {{"r", "r", "k", "k", 2}},
         {{"r", "r", "m", "m", 3}},
         ""},
        {"an intermediate in the trust is no anchor",
         {"l", "i", "", "", 1},
         {{0}},
         {{"i", "r", "", "", 2}},
         ""},
        {"no trust", {"l", "r", "", "", 1}, {{"r", "r", "", "", 2}}, {{0}}, ""},
        {"a trusted self-issued leaf is a path",
         {"r", "r", "", "", 1},
         {{0}},
         {{"r", "r", "", "", 1}},
         "r1"},
        {"an untrusted self-issued leaf is none", {"r", "r", "", "", 1}, {{0}}, {{0}}, ""},
        {"a trusted leaf needs its issuer",
         {"l", "r", "", "", 1},
         {{0}},
         {{"l", "r", "", "", 1}},
         ""},

        {"equal key identifiers go first",
         {"l", "i", "", "k", 1},
         {{"i", "r", "", "", 2}, {"i", "r", "k", "", 3}},
         {{"r", "r", "", "", 4}},
         "l1 i3 r4"},
        {"an equal one in the trust goes before an unknown one sent",
         {"l", "i", "", "k", 1},
         {{"i", "r", "", "", 2}},
         {{"i", "r", "k", "", 3}, {"r", "r", "", "", 4}},
         "l1 i3 r4"},
        {"another key identifier is another authority",
         {"l", "i", "", "k", 1},
         {{"i", "r", "m", "", 2}},
         {{"r", "r", "", "", 4}},
         ""},
        {"what was sent goes before the trust",
         {"l", "i", "", "k", 1},
         {{"i", "r", "k", "", 2}},
         {{"i", "r", "k", "", 3}, {"r", "r", "", "", 4}},
         "l1 i2 r4"},

        {"a dead end does not hide another way",
         {"l", "i", "", "k", 1},
         {{"i", "x", "k", "", 2}, {"i", "r", "k", "", 3}},
         {{"r", "r", "", "", 4}},
         "l1 i3 r4"},
        {"a long dead end neither",
         {"l", "i", "", "k", 1},
         {{"i", "x", "k", "", 2}, {"x", "y", "", "", 5}, {"y", "z", "", "", 6}},
         {{"i", "r", "k", "", 3}, {"r", "r", "", "", 4}},
         "l1 i3 r4"},
        {"a dead end by key identifier gives way to an unknown one",
         {"l", "i", "", "k", 1},
         {{"i", "x", "k", "", 2}, {"i", "r", "", "", 3}},
         {{"r", "r", "", "", 4}},
         "l1 i3 r4"},
        {"cross-signed root, only the old one trusted",
         {"l", "i", "", "", 1},
         {{"i", "r", "", "", 2}, {"r", "o", "", "", 3}},
         {{"o", "o", "", "", 4}},
         "l1 i2 r3 o4"},
        {"cross-signed root, only the new one trusted",
         {"l", "i", "", "", 1},
         {{"i", "r", "", "", 2}, {"r", "o", "", "", 3}},
         {{"r", "r", "", "", 4}},
         "l1 i2 r4"},
        {"authorities that signed each other",
         {"l", "a", "", "", 1},
         {{"a", "b", "", "", 2}, {"b", "a", "", "", 3}},
         {{"r", "r", "", "", 4}},
         ""},
        {"a way out of such a pair",
         {"l", "a", "", "", 1},
         {{"a", "b", "", "", 2}, {"b", "a", "", "", 3}, {"b", "r", "", "", 5}},
         {{"r", "r", "", "", 4}},
         "l1 a2 b5 r4"},
        {"a renewed root that the old one signed",
         {"l", "r", "", "n", 1},
         {{"r", "r", "n", "o", 2}},
         {{"r", "r", "o", "o", 3}},
         "l1 r2 r3"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char path[128];
        build(&rows[i].leaf, rows[i].sent, rows[i].trust, path, sizeof path);
        cr_expect_str_eq(path, rows[i].path, "%s: \"%s\"", rows[i].why, path);
    }
}

/* leaf "n0" <- "n1" <- ... <- a root; `length` certificates in all. */
static bool chain_is_found(unsigned length) {
    static char names[CERTIFICATES_MAX + 1][8];
    struct row rows[CERTIFICATES_MAX];
    struct x509_path path;
    for (unsigned i = 0; i <= CERTIFICATES_MAX; i++) {
        snprintf(names[i], sizeof names[i], "n%u", i);
    }
    for (unsigned i = 0; i < length; i++) {
        rows[i] = (struct row){names[i], names[i + 1 < length ? i + 1 : i], "", "", 1};
    }
    struct x509_set all = make_set(0, rows, length);
    struct x509_set sent = {&all.certificates[1], length - 2};
    struct x509_set trust = {&all.certificates[length - 1], 1};
    bool found = x509_path_build(&all.certificates[0], sent, trust, &path);
    cr_expect_eq(path.length, found ? length : 0);
    return found;
}

Test(x509_path, is_at_most_so_long) {
    cr_expect(chain_is_found(X509_PATH_MAX));
    cr_expect_not(chain_is_found(X509_PATH_MAX + 1));
}

Test(x509_path, anchor_is_the_copy_in_the_trust) {
    const struct row leaf = {"l", "r", "", "", 1};
    const struct row root = {"r", "r", "", "", 2};
    struct x509_path path;
    struct x509_set sent = make_set(1, &root, 1);
    struct x509_set trust = make_set(2, &root, 1);
    certificates[0] = make(&forges[0], &leaf);
    cr_assert(x509_path_build(&certificates[0], sent, trust, &path));
    cr_expect_eq(path.length, 2);
    cr_expect_eq(path.certificates[0], &certificates[0]);
    cr_expect_eq(path.certificates[1], trust.certificates);
}

/* All certificates signed each other and none leads out: without a bound 15! / 6! ways. */
Test(x509_path, hostile_cross_signing_ends_soon, .timeout = 5) {
    struct row rows[CERTIFICATES_MAX];
    struct x509_path path;
    for (unsigned i = 0; i < CERTIFICATES_MAX; i++) {
        rows[i] = (struct row){"x", "x", "", "", (uint8_t)(i + 1)};
    }
    struct x509_set sent = make_set(1, rows, CERTIFICATES_MAX);
    const struct row leaf = {"l", "x", "", "", 100};
    certificates[0] = make(&forges[0], &leaf);
    cr_expect_not(x509_path_build(&certificates[0], sent, (struct x509_set){0}, &path));
    cr_expect_eq(path.length, 0);
}

/* The reference: can `certificate` reach an anchor within `room` more certificates? */
static bool reaches(const struct x509_certificate *certificate, struct x509_set pool,
                    unsigned trust_first, unsigned used, unsigned room) {
    bool self_issued = base_bytes_equal(certificate->subject, certificate->issuer);
    for (unsigned i = trust_first; self_issued && i < pool.count; i++) {
        if (base_bytes_equal(pool.certificates[i].der, certificate->der)) {
            return true;
        }
    }
    for (unsigned i = 0; room > 0 && i < pool.count; i++) {
        const struct x509_certificate *next = &pool.certificates[i];
        bool mismatch = certificate->authority_key_id.length > 0 &&
                        next->subject_key_id.length > 0 &&
                        !base_bytes_equal(certificate->authority_key_id, next->subject_key_id);
        if ((used & 1U << i) == 0 && !mismatch &&
            base_bytes_equal(certificate->issuer, next->subject) &&
            reaches(next, pool, trust_first, used | 1U << i, room - 1)) {
            return true;
        }
    }
    return false;
}

static unsigned random_below(unsigned *state, unsigned bound) {
    *state = *state * 1103515245 + 12345;
    return (*state >> 16) % bound;
}

static void expect_valid(const struct x509_path *path) {
    for (unsigned i = 0; i + 1 < path->length; i++) {
        cr_expect(
            base_bytes_equal(path->certificates[i]->issuer, path->certificates[i + 1]->subject));
        for (unsigned j = i + 1; j < path->length; j++) {
            cr_expect_not(base_bytes_equal(path->certificates[i]->der, path->certificates[j]->der));
        }
    }
    const struct x509_certificate *anchor = path->certificates[path->length - 1];
    cr_expect(base_bytes_equal(anchor->subject, anchor->issuer));
}

Test(x509_path, agrees_with_an_exhaustive_search) {
    static const char *const names[] = {"a", "b", "c", "d"};
    static const char *const keys[] = {"", "", "k", "m"};
    unsigned state = 1;
    unsigned found_count = 0;
    for (unsigned round = 0; round < 3000; round++) {
        struct row rows[8];
        for (unsigned i = 0; i < 8; i++) {
            rows[i] = (struct row){names[random_below(&state, 4)], names[random_below(&state, 4)],
                                   keys[random_below(&state, 4)], keys[random_below(&state, 4)],
                                   (uint8_t)(i + 1)};
        }
        struct x509_set all = make_set(0, rows, 8);
        struct x509_set pool = {&all.certificates[1], 7};
        struct x509_set sent = {&all.certificates[1], 4};
        struct x509_set trust = {&all.certificates[5], 3};
        struct x509_path path;
        bool found = x509_path_build(&all.certificates[0], sent, trust, &path);
        cr_assert_eq(found, reaches(&all.certificates[0], pool, 4, 0, X509_PATH_MAX - 1),
                     "round %u", round);
        if (found) {
            expect_valid(&path);
            found_count++;
        }
    }
    cr_expect(found_count > 300 && found_count < 2700, "%u of 3000 found", found_count);
}

Test(x509_path, follows_what_was_sent_as_far_as_it_leads) {
    static const struct {
        struct row rows[6]; /* the first is the leaf */
        const char *path;
    } follow_rows[] = {
        {{{"l", "x", "", "", 1}}, "l1"},
        {{{"l", "m", "", "", 1}, {"m", "r", "", "", 2}}, "l1 m2"},
        {{{"l", "m", "", "", 1}, {"r", "r", "", "", 3}, {"m", "r", "", "", 2}}, "l1 m2 r3"},
        {{{"r", "r", "", "", 1}}, "r1"},
        {{{"a", "b", "", "", 1}, {"b", "a", "", "", 2}}, "a1 b2"},
        {{{"l", "m", "", "k", 1}, {"m", "r", "n", "", 2}}, "l1"},
        {{{"l", "m", "", "k", 1}, {"m", "r", "", "", 2}, {"m", "r", "k", "", 3}}, "l1 m3"},
        {{{"l", "m", "", "", 1}, {"u", "u", "", "", 2}}, "l1"},
    };
    for (size_t i = 0; i < COUNT_OF(follow_rows); i++) {
        struct x509_path path;
        char text[128];
        struct x509_set sent = make_set(0, follow_rows[i].rows, count_rows(follow_rows[i].rows));
        x509_path_follow(&sent.certificates[0], sent, &path);
        describe(&path, text, sizeof text);
        cr_expect_str_eq(text, follow_rows[i].path, "row %zu", i);
    }
}

Test(x509_path, follows_no_further_than_a_path_may_be_long) {
    struct row rows[CERTIFICATES_MAX];
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i",
                                        "j", "k", "l", "m", "n", "o", "p", "q"};
    struct x509_path path;
    for (unsigned i = 0; i < CERTIFICATES_MAX; i++) {
        rows[i] = (struct row){names[i], names[i + 1], "", "", (uint8_t)(i + 1)};
    }
    struct x509_set sent = make_set(0, rows, CERTIFICATES_MAX);
    x509_path_follow(&sent.certificates[0], sent, &path);
    cr_expect_eq(path.length, X509_PATH_MAX);
}
