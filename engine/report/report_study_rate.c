/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_study.h"

#include "report_study_text.h"
#include "report_tree.h"

#include <inttypes.h>
#include <math.h>

static json_t *step_of(const struct metrics_rate_step *step) {
    json_t *object = report_tree_with(json_object(), "rate", report_study_real(step->rate));
    object = report_tree_with(object, "offered", report_study_real(step->offered));
    object = report_tree_with(object, "attempts", report_tree_integer(step->attempts));
    object = report_tree_with(object, "failed", report_tree_integer(step->failed));
    object = report_tree_with(object, "late", report_tree_integer(step->late));
    object = report_tree_with(object, "dropped", report_tree_integer(step->dropped));
    object =
        report_tree_with(object, "start_delay_us_max", report_tree_integer(step->delay_us_max));
    object = report_tree_with(object, "fault", report_tree_text(base_fault_key(step->fault)));
    object = report_tree_with(object, "sip_status", report_tree_integer(step->status));
    return report_tree_with(object, "limit", report_tree_text(metrics_rate_limit_key(step->limit)));
}

static const char *suite_of(const struct metrics_rate_search *search,
                            const struct report_study_facts *facts) {
    const char *name = search->suite == 0 ? NULL : facts->suite_name(search->suite);
    return name == NULL ? "unknown" : name;
}

static const char *version_of(const struct metrics_rate_search *search) {
    if (search->tls_1_3) {
        return search->tls_1_2 ? "1.2 and 1.3" : "1.3";
    }
    return search->tls_1_2 ? "1.2" : "unknown";
}

static bool is_shorter(const struct metrics_rate_search *search) {
    return search->attempts < METRICS_RATE_RFC_ATTEMPTS;
}

bool report_rate_json(const struct metrics_rate_search *search,
                      const struct report_study_facts *facts, FILE *out) {
    json_t *thresholds = json_array();
    json_t *steps = json_array();
    for (uint32_t i = 0; i < search->threshold_count; i++) {
        thresholds = report_tree_append(thresholds, report_tree_text(search->thresholds[i]));
    }
    for (uint32_t i = 0; i < search->step_count; i++) {
        steps = report_tree_append(steps, step_of(&search->steps[i]));
    }
    json_t *root =
        report_tree_with(json_object(), "schema", report_tree_text("ekuload/find-rate/1"));
    root = report_tree_with(root, "profile", report_tree_text(facts->profile));
    root = report_tree_with(root, "kind", report_tree_text(metrics_rate_kind_key(search->kind)));
    root = report_tree_with(root, "end", report_tree_text(metrics_rate_end_key(search->end)));
    root = report_tree_with(root, "found_per_s", report_study_real(search->found));
    root = report_tree_with(root, "generator_limited", json_boolean(search->generator_limited));
    root = report_tree_with(root, "zone", report_tree_text(search->zone));
    root = report_tree_with(root, "dialog", report_tree_text(search->dialog));
    root = report_tree_with(root, "from_per_s", report_study_real(search->from));
    root = report_tree_with(root, "attempts", report_tree_integer(search->attempts));
    root = report_tree_with(root, "shorter_than_rfc_7502", json_boolean(is_shorter(search)));
    root = report_tree_with(root, "thresholds", thresholds);
    root = report_tree_with(root, "session_s", report_study_real(search->session_s));
    root = report_tree_with(root, "threshold_s", report_study_real(search->threshold_s));
    root = report_tree_with(root, "connections", report_tree_integer(search->connections));
    root = report_tree_with(root, "tls_version", report_tree_text(version_of(search)));
    root = report_tree_with(root, "cipher_suite", report_tree_text(suite_of(search, facts)));
    root = report_tree_with(root, "duration_s", report_study_real(search->duration_s));
    root = report_tree_with(root, "steps", steps);
    bool good = report_tree_print(root, out);
    json_decref(root);
    return good;
}

/* What RFC 7502 section 5.1 asks for, in its words, and how the search was carried out. */
static void write_setup(const struct metrics_rate_search *search,
                        const struct report_study_facts *facts, FILE *out) {
    uint64_t total = 0;
    for (uint32_t i = 0; i < search->step_count; i++) {
        total += search->steps[i].attempts;
    }
    fprintf(out, "  Test setup\n");
    fprintf(out, "    SIP transport protocol           TLS over TCP, to the device only\n");
    fprintf(out, "    Connections                      %s\n",
            search->kind == METRICS_RATE_REREGISTRATION ? "kept open, refreshed in turn"
                                                        : "a new one for each attempt, mutual TLS");
    fprintf(out, "    TLS ciphersuite used             %s, TLS %s\n", suite_of(search, facts),
            version_of(search));
    fprintf(out, "    Session attempt rate             %.6g/s at first\n", search->from);
    fprintf(out, "    Session duration                 %.6g s after its %s\n", search->session_s,
            search->dialog);
    fprintf(out, "    Attempts of each step            %" PRIu64 "%s\n", search->attempts,
            is_shorter(search) ? " (shorter than the 50,000 of RFC 7502)" : "");
    fprintf(out, "    Total sessions attempted         %" PRIu64 " in %u steps, %.1f s\n", total,
            search->step_count, search->duration_s);
    fprintf(out, "    Media streams per session        0\n");
    fprintf(out, "    Associated media protocol        none\n");
    fprintf(out, "    Establishment threshold time     %.6g s\n", search->threshold_s);
    if (search->connections > 0) {
        fprintf(out, "    Connections that refresh         %u, each every %u/rate seconds\n",
                search->connections, search->connections);
    }
    if (search->threshold_count > 0) {
        fprintf(out, "    %-32s %s\n", "Succeeds when", "no attempt fails and");
    }
    for (uint32_t i = 0; i < search->threshold_count; i++) {
        fprintf(out, "    %-32s %s\n", "", search->thresholds[i]);
    }
}

/* "peer: 503 tls_timeout", or "-" */
static void write_limit(const struct metrics_rate_step *step, FILE *out) {
    if (step->limit == METRICS_RATE_LIMIT_NONE) {
        fputs("-\n", out);
        return;
    }
    fputs(metrics_rate_limit_key(step->limit), out);
    if (step->status != 0) {
        fprintf(out, " %u", step->status);
    }
    if (step->fault != FAULT_NONE) {
        fprintf(out, " %s", base_fault_key(step->fault));
    }
    fputc('\n', out);
}

static void write_steps(const struct metrics_rate_search *search, FILE *out) {
    fprintf(out, "\n  Steps        rate  attempts    failed  dropped  latest start  limit\n");
    for (uint32_t i = 0; i < search->step_count; i++) {
        const struct metrics_rate_step *step = &search->steps[i];
        char delay[REPORT_NUMBER_SIZE];
        fprintf(out, "    %3u  %9.6g  %8" PRIu64 "  %8" PRIu64 "  %7" PRIu64 "  %12s  ", i + 1,
                step->rate, step->attempts, step->failed, step->dropped,
                report_text_us(step->delay_us_max, delay));
        write_limit(step, out);
    }
}

static void write_end(const struct metrics_rate_search *search, FILE *out) {
    static const char *const sentences[] = {
        [METRICS_RATE_CONVERGED] = "The search converged.",
        [METRICS_RATE_BOUND] = "The upper bound succeeded: the device may hold more.",
        [METRICS_RATE_TOO_LOW] = "Nothing succeeded down to the lowest rate the search knows; "
                                 "--slo searches below 10/s, too.",
        [METRICS_RATE_NOTHING] =
            "No attempt succeeded, at the first rate and at a tenth of it: the "
            "rate is not the reason.",
        [METRICS_RATE_TIME_OVER] = "The time was over before the search converged: more would be "
                                   "known with a longer --limit.",
        [METRICS_RATE_INTERRUPTED] = "Interrupted before the search converged.",
    };
    fprintf(out, "  %s\n", sentences[search->end]);
    if (search->generator_limited) {
        fprintf(out, "  The generator, not the peer, was the limit: this machine did not offer a "
                     "higher rate.\n");
    }
}

void report_rate_text(const struct metrics_rate_search *search,
                      const struct report_study_facts *facts, FILE *out) {
    static const char *const titles[] = {
        [METRICS_RATE_SESSION] = "Session establishment rate",
        [METRICS_RATE_REGISTRATION] = "Registration rate",
        [METRICS_RATE_REREGISTRATION] = "Re-registration rate",
    };
    fprintf(out, "%s: %s of %s by %s\n\n", facts->profile, titles[search->kind], search->zone,
            search->threshold_count > 0 ? "bisection" : "RFC 7502");
    write_setup(search, facts, out);
    write_steps(search, out);
    if (search->found > 0) {
        fprintf(out, "\n  %-32s %s%.6g/s\n", titles[search->kind],
                search->end == METRICS_RATE_BOUND ? "at least " : "", search->found);
    } else {
        fprintf(out, "\n  %-32s none found\n", titles[search->kind]);
    }
    fprintf(out, "  The device relays media          no\n");
    write_end(search, out);
    if (facts->path != NULL) {
        fprintf(out, "  %s/find-rate.json\n", facts->path);
    }
}
