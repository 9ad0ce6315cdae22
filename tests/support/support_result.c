/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_result.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const json_t *look(const struct support_run *run, const char *path) {
    const json_t *at = run->result;
    char steps[256];
    char *rest = steps;
    char *step;
    snprintf(steps, sizeof steps, "%s", path);
    while (at != NULL && (step = strsep(&rest, "/")) != NULL) {
        at = json_object_get(at, step);
    }
    return at;
}

const json_t *support_result_find(const struct support_run *run, const char *path) {
    const json_t *found = look(run, path);
    cr_assert_not_null(found, "%s: result.json has no %s", run->name, path);
    return found;
}

long long support_result_number(const struct support_run *run, const char *path) {
    const json_t *found = support_result_find(run, path);
    cr_assert(json_is_integer(found), "%s: %s is no integer", run->name, path);
    return json_integer_value(found);
}

const char *support_result_text(const struct support_run *run, const char *path) {
    const json_t *found = support_result_find(run, path);
    cr_assert(json_is_string(found), "%s: %s is no text", run->name, path);
    return json_string_value(found);
}

bool support_result_is_true(const struct support_run *run, const char *path) {
    const json_t *found = support_result_find(run, path);
    cr_assert(json_is_boolean(found), "%s: %s is no boolean", run->name, path);
    return json_is_true(found);
}

static long long sum_of(const json_t *object) {
    long long sum = 0;
    const char *key;
    const json_t *value;
    cr_assert(json_is_object(object));
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        cr_assert(json_is_integer(value), "%s is no integer", key);
        sum += json_integer_value(value);
    }
    return sum;
}

long long support_result_sum(const struct support_run *run, const char *path) {
    return sum_of(support_result_find(run, path));
}

long long support_result_count(const struct support_run *run, const char *path, const char *key) {
    return json_integer_value(json_object_get(support_result_find(run, path), key));
}

void support_result_expect_only(const struct support_run *run, const char *path, const char *key,
                                long long count) {
    const json_t *object = support_result_find(run, path);
    char *text = json_dumps(object, JSON_COMPACT);
    long long found = key == NULL ? 0 : json_integer_value(json_object_get(object, key));
    cr_assert(found == count && sum_of(object) == count, "%s: %s is %s instead of %s: %lld",
              run->name, path, text, key == NULL ? "nothing" : key, count);
    free(text);
}

static long long member(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    cr_assert(json_is_integer(value), "%s is missing or no integer", key);
    cr_assert_geq(json_integer_value(value), 0, "%s is negative", key);
    return json_integer_value(value);
}

static long long samples(const json_t *place, const char *latency) {
    return member(json_object_get(json_object_get(place, "latency"), latency), "count");
}

/*
 * Connections that may have been admitted without having been established: where that takes an
 * answer, another one came, or none yet.
 */
static long long unanswered(const json_t *zone) {
    long long sum = member(zone, "in_flight_at_end");
    const char *key;
    json_t *count;
    json_object_foreach(json_object_get(zone, "faults"), key, count) {
        if (strncmp(key, "sip_", 4) == 0 || strncmp(key, "http_", 5) == 0) {
            sum += json_integer_value(count);
        }
    }
    return sum;
}

/* What one counter says, histograms, tables and identities say as well; after a warm-up the
 * histograms lack what was open at its end. */
static void check_zone_details(const char *run, const char *name, const json_t *zone,
                               bool warmed_up) {
    long long attempts = 0;
    long long established = 0;
    const char *key;
    json_t *identity;
    json_object_foreach(json_object_get(zone, "identities"), key, identity) {
        attempts += member(identity, "attempts");
        established += member(identity, "established");
    }
    cr_assert_eq(attempts, member(zone, "attempts"), "%s: the identities of %s do not add up", run,
                 name);
    cr_assert_eq(established, member(zone, "established"), "%s: the identities of %s do not add up",
                 run, name);
    long long waited = samples(zone, "admission") - member(zone, "established");
    cr_assert((waited >= 0 || warmed_up) && waited <= unanswered(zone),
              "%s: %s has another number of admission samples", run, name);
    cr_assert_eq(samples(zone, "refusal"), member(zone, "failed"),
                 "%s: %s has another number of refusal samples", run, name);
    long long handshakes = samples(zone, "tls_handshake");
    long long versions = sum_of(json_object_get(zone, "tls_versions"));
    cr_assert(versions == handshakes || (warmed_up && versions > handshakes),
              "%s: the TLS versions of %s do not add up", run, name);
    cr_assert_eq(sum_of(json_object_get(zone, "cipher_suites")), versions,
                 "%s: the cipher suites of %s do not add up", run, name);
    cr_assert_leq(member(zone, "answered"), member(zone, "established"));
}

static void check_zone(const char *run, const char *name, const json_t *zone, bool warmed_up) {
    cr_assert_eq(member(zone, "attempts"),
                 member(zone, "established") + member(zone, "failed") +
                     member(zone, "unconfirmed") + member(zone, "in_flight_at_end"),
                 "%s: the attempts of %s do not add up", run, name);
    cr_assert_eq(member(zone, "failed"), sum_of(json_object_get(zone, "faults")),
                 "%s: the faults of %s do not add up", run, name);
    cr_assert_eq(member(zone, "lost"), sum_of(json_object_get(zone, "lost_faults")),
                 "%s: the lost faults of %s do not add up", run, name);
    cr_assert_eq(member(zone, "established"),
                 member(zone, "lost") + member(zone, "closed") + member(zone, "open_at_end"),
                 "%s: the ends of %s do not add up", run, name);
    cr_assert_leq(member(zone, "open_at_end"), member(zone, "peak_open"),
                  "%s: the peak of %s was higher", run, name);
    check_zone_details(run, name, zone, warmed_up);
}

static void check_listener(const char *run, const char *name, const json_t *listener,
                           bool warmed_up) {
    const json_t *check = json_object_get(listener, "eku_check");
    long long ends = member(listener, "refused") + member(listener, "aborted");
    cr_assert_eq(member(listener, "accepted"),
                 member(listener, "admitted") + ends + member(listener, "in_flight_at_end"),
                 "%s: the connections of %s do not add up", run, name);
    cr_assert_eq(ends, sum_of(json_object_get(listener, "faults")),
                 "%s: the faults of %s do not add up", run, name);
    cr_assert_leq(member(check, "refused"), member(listener, "refused"),
                  "%s: %s refused more by usage than in all", run, name);
    cr_assert_leq(member(check, "refused"), member(check, "checked"),
                  "%s: %s refused more than it checked", run, name);
    cr_assert_eq(member(json_object_get(check, "ns"), "count"), member(check, "checked"),
                 "%s: %s checked more or fewer than it timed", run, name);
    long long admissions = samples(listener, "admission");
    cr_assert(admissions == member(listener, "admitted") ||
                  (warmed_up && admissions < member(listener, "admitted")),
              "%s: %s has another number of admission samples", run, name);
    cr_assert_eq(samples(listener, "refusal"), ends, "%s: %s has another number of refusal samples",
                 run, name);
}

void support_result_check_sums(const struct support_run *run) {
    const char *name;
    json_t *value;
    bool warmed_up = json_real_value(support_result_find(run, "warm_up_s")) > 0;
    cr_assert_str_eq(support_result_text(run, "schema"), "ekuload/result/1");
    json_object_foreach((json_t *)(uintptr_t)support_result_find(run, "zones"), name, value) {
        check_zone(run->name, name, value, warmed_up);
    }
    json_object_foreach((json_t *)(uintptr_t)support_result_find(run, "listeners"), name, value) {
        check_listener(run->name, name, value, warmed_up);
    }
}

static long long of_zone(const struct support_run *run, const char *zone, const char *key) {
    return support_result_number(run, support_scene_text("zones/%s/%s", zone, key));
}

void support_result_expect_whole_zone(const struct support_run *run, const char *zone,
                                      long long wanted) {
    static const char *const nothing[] = {"failed", "lost", "unconfirmed", "in_flight_at_end",
                                          "sip_timeouts"};
    cr_assert_str_eq(support_result_text(run, support_scene_text("zones/%s/state", zone)), "active",
                     "%s: %s is not active", run->name, zone);
    cr_assert_eq(of_zone(run, zone, "established"), wanted, "%s: %s established %lld of %lld",
                 run->name, zone, of_zone(run, zone, "established"), wanted);
    cr_assert_eq(of_zone(run, zone, "open_at_end"), wanted);
    cr_assert_eq(of_zone(run, zone, "answered"), wanted);
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        cr_assert_eq(of_zone(run, zone, nothing[i]), 0, "%s: %s %s: %lld", run->name, zone,
                     nothing[i], of_zone(run, zone, nothing[i]));
    }
}

void support_result_expect_refused_zone(const struct support_run *run, const char *zone,
                                        const char *fault) {
    long long failed = of_zone(run, zone, "failed");
    cr_assert_gt(failed, 0, "%s: %s did not fail at all", run->name, zone);
    cr_assert_eq(of_zone(run, zone, "established"), 0, "%s: %s established something", run->name,
                 zone);
    support_result_expect_only(run, support_scene_text("zones/%s/faults", zone), fault, failed);
}

void support_result_expect_no_mismatch(const struct support_run *run) {
    static const char *const kinds[] = {"zones", "listeners"};
    for (unsigned i = 0; i < 2; i++) {
        const char *name;
        json_t *value;
        json_object_foreach((json_t *)(uintptr_t)support_result_find(run, kinds[i]), name, value) {
            long long mismatches = member(json_object_get(value, "peer_certificate"), "mismatches");
            cr_assert_eq(mismatches, 0, "%s: %s saw %lld wrong certificates", run->name, name,
                         mismatches);
        }
    }
}
