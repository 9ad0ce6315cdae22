/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_rule.h"

#include "verdict_family.h"
#include "verdict_item.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

enum {
    LEFT_MAX = 255,
    PARTS_MAX = 6, /* drift, node, zone, latency, quantile, slope */
};

#define FORM "<node>.<zone or listener>.<metric>, as in core.uc.tls_handshake.p99 or core.uc.failed"

struct parser {
    const struct profile_plan *plan;
    struct verdict_rule *rule;
    char *why;
};

static bool refuse(const struct parser *parser, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(const struct parser *parser, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->why, VERDICT_WHY_SIZE, format, arguments);
    va_end(arguments);
    return false;
}

/* A name as it stood in the expression: cut, so that the hint behind it still has room. */
#define NAMED "\"%.128s\""

static bool parse_operator(const struct parser *parser, const char *text, size_t length) {
    static const char *const names[] = {
        [VERDICT_LESS] = "<",      [VERDICT_AT_MOST] = "<=", [VERDICT_MORE] = ">",
        [VERDICT_AT_LEAST] = ">=", [VERDICT_EQUAL] = "==",   [VERDICT_NOT_EQUAL] = "!=",
    };
    for (unsigned i = 0; i < LENGTH_OF(names); i++) {
        if (strlen(names[i]) == length && strncmp(names[i], text, length) == 0) {
            parser->rule->comparison = (enum verdict_comparison)i;
            return true;
        }
    }
    return refuse(parser, "expected an operator, one of < <= > >= == !=");
}

/* `name` is "node.zone"; both may be of one name, then the metric decides. */
struct subject {
    const char *name;
    uint32_t zone;
    uint32_t listener;
};

static bool find_subject(const struct parser *parser, struct subject *subject) {
    const struct profile_plan *plan = parser->plan;
    struct base_nearest nearest = base_nearest_begin(subject->name);
    char hint[BASE_NEAREST_SIZE];
    subject->zone = PROFILE_NONE;
    subject->listener = PROFILE_NONE;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        base_nearest_offer(&nearest, plan->zones[i].full_name);
        if (strcmp(plan->zones[i].full_name, subject->name) == 0) {
            subject->zone = i;
        }
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        base_nearest_offer(&nearest, plan->listeners[i].full_name);
        if (strcmp(plan->listeners[i].full_name, subject->name) == 0) {
            subject->listener = i;
        }
    }
    if (subject->zone == PROFILE_NONE && subject->listener == PROFILE_NONE) {
        return refuse(parser, "no zone or listener is named " NAMED "%s", subject->name,
                      base_nearest_hint(&nearest, hint));
    }
    return true;
}

static bool refuse_metric(const struct parser *parser, bool is_zone, const char *name,
                          const char *member) {
    struct base_nearest nearest = base_nearest_begin(name);
    char hint[BASE_NEAREST_SIZE];
    const char *members;
    if (verdict_family_exists(!is_zone, name, &members)) {
        nearest = base_nearest_begin(member == NULL ? "" : member);
        verdict_family_offer_members(&nearest, name);
        return refuse(parser, "%s takes %s%s%.64s%s", name, members, member == NULL ? "" : ", not ",
                      member == NULL ? "" : member, base_nearest_hint(&nearest, hint));
    }
    verdict_metric_offer_names(&nearest, !is_zone);
    return refuse(parser, "a %s has no metric " NAMED "%s", is_zone ? "zone" : "listener", name,
                  nearest.best == NULL ? "; docs/results.md lists them"
                                       : base_nearest_hint(&nearest, hint));
}

/* Both protocols are counted in one place, and a zone speaks one of them. */
static bool check_protocol(const struct parser *parser, const struct profile_zone *zone,
                           const char *metric) {
    static const char sip[] = "sip_";
    static const char http[] = "http_";
    enum profile_protocol protocol = profile_zone_protocol(zone);
    bool is_http = strncmp(metric, http, strlen(http)) == 0;
    const char *what = metric + (is_http ? strlen(http) : strlen(sip));
    if (!is_http && (strncmp(metric, sip, strlen(sip)) != 0 || strcmp(what, "response") == 0)) {
        return true; /* that latency is of both */
    }
    if (is_http && protocol == PROFILE_PROTOCOL_SIP) {
        return refuse(parser, "%.128s speaks SIP: sip_%s", zone->full_name, what);
    }
    if (is_http && protocol != PROFILE_PROTOCOL_HTTP) {
        return refuse(parser, "%.128s is a tunnel and speaks no HTTP", zone->full_name);
    }
    return is_http || protocol != PROFILE_PROTOCOL_HTTP ||
           refuse(parser, "%.128s speaks HTTP: http_%s", zone->full_name, what);
}

/* `parts`: the metric, perhaps its member, perhaps a statistic; *used: how many are the metric's.
 */
static bool parse_metric(const struct parser *parser, const struct subject *subject,
                         char *const *parts, unsigned count, unsigned *used) {
    struct verdict_rule *rule = parser->rule;
    const char *member = count > 1 ? parts[1] : NULL;
    bool is_zone = subject->zone != PROFILE_NONE;
    bool takes_member = false;
    if (is_zone && verdict_item_is_meant(parts[0])) {
        rule->subject = (struct metrics_place){.is_listener = false, .index = subject->zone};
        *used = VERDICT_ITEM_PARTS;
        return verdict_item_find(&rule->metric, parts, count) ||
               refuse(parser, "%s takes %s", parts[0], verdict_item_members(parts[0]));
    }
    if (is_zone && verdict_metric_find(&rule->metric, false, parts[0], member, &takes_member)) {
        rule->subject = (struct metrics_place){.is_listener = false, .index = subject->zone};
    } else if (subject->listener != PROFILE_NONE &&
               verdict_metric_find(&rule->metric, true, parts[0], member, &takes_member)) {
        rule->subject = (struct metrics_place){.is_listener = true, .index = subject->listener};
    } else {
        return refuse_metric(parser, is_zone, parts[0], member);
    }
    *used = takes_member ? 2 : 1;
    return rule->subject.is_listener ||
           check_protocol(parser, &parser->plan->zones[subject->zone], parts[0]);
}

static bool parse_latency_statistic(const struct parser *parser, const char *metric,
                                    const char *name) {
    struct verdict_rule *rule = parser->rule;
    if (name == NULL) {
        return refuse(parser, "%s is a latency and needs a statistic, one of %s", metric,
                      VERDICT_LATENCY_STATISTICS);
    }
    if (!verdict_statistic_of_latency(&rule->statistic, name)) {
        return refuse(parser, "no statistic is named " NAMED ", expected one of %s", name,
                      VERDICT_LATENCY_STATISTICS);
    }
    rule->measure =
        rule->statistic.kind == VERDICT_COUNT ? VERDICT_MEASURE_COUNT : VERDICT_MEASURE_DURATION;
    return true;
}

static bool parse_statistic(const struct parser *parser, const char *metric, const char *name) {
    struct verdict_rule *rule = parser->rule;
    if (rule->metric.kind == VERDICT_METRIC_LATENCY) {
        return parse_latency_statistic(parser, metric, name);
    }
    if (name == NULL) {
        return true;
    }
    if (!verdict_statistic_of_counter(&rule->statistic, name) ||
        (rule->metric.kind == VERDICT_METRIC_AT_END && rule->statistic.kind != VERDICT_COUNT)) {
        return refuse(parser, "%s is a count and has no statistic " NAMED, metric, name);
    }
    rule->measure = rule->statistic.kind == VERDICT_RATE    ? VERDICT_MEASURE_NUMBER
                    : rule->statistic.kind == VERDICT_SHARE ? VERDICT_MEASURE_SHARE
                                                            : VERDICT_MEASURE_COUNT;
    return true;
}

static bool parse_whole(const struct parser *parser, char *const *parts, unsigned count) {
    struct verdict_rule *rule = parser->rule;
    char why[VERDICT_WHOLE_WHY_SIZE];
    if (!verdict_whole_find(&rule->whole, parser->plan, parts, count, why)) {
        return refuse(parser, "%s", why);
    }
    rule->is_whole = true;
    rule->is_per_hour = rule->whole.kind == VERDICT_WHOLE_DRIFT;
    rule->measure = rule->whole.is_duration ? VERDICT_MEASURE_DURATION
                    : rule->whole.is_share  ? VERDICT_MEASURE_SHARE
                    : rule->is_per_hour || rule->whole.kind == VERDICT_WHOLE_REAL
                        ? VERDICT_MEASURE_NUMBER
                        : VERDICT_MEASURE_COUNT;
    return true;
}

/* The dot of "p99.9"; a statistic comes behind a node, a zone and a metric. */
static bool is_decimal_point(const char *part, const char *dot, unsigned count) {
    enum { BEFORE_STATISTIC = 3 };
    size_t digits = part[0] == 'p' ? strspn(part + 1, "0123456789") : 0;
    return count > BEFORE_STATISTIC && digits > 0 && part + 1 + digits == dot &&
           isdigit((unsigned char)dot[1]);
}

/* Cuts `left` at its dots, those of numbers left alone: p(99.9). Gives how many parts. */
static unsigned cut(char *left, char *parts[PARTS_MAX + 1]) {
    unsigned count = 1;
    bool in_parentheses = false;
    parts[0] = left;
    for (char *c = left; *c != '\0' && count <= PARTS_MAX; c++) {
        in_parentheses = (in_parentheses || *c == '(') && *c != ')';
        if (*c == '.' && !in_parentheses && !is_decimal_point(parts[count - 1], c, count)) {
            *c = '\0';
            parts[count++] = c + 1;
        }
    }
    return count;
}

static bool parse_left(const struct parser *parser, char *left) {
    char *parts[PARTS_MAX + 1];
    char name[LEFT_MAX + 1];
    unsigned count = cut(left, parts);
    unsigned used = 1;
    if (count >= 2 && count <= PARTS_MAX && verdict_whole_is_meant(parser->plan, parts[0])) {
        return parse_whole(parser, parts, count);
    }
    if (count < 3 || count > PARTS_MAX) {
        return refuse(parser, "expected %s", FORM);
    }
    snprintf(name, sizeof name, "%s.%s", parts[0], parts[1]);
    struct subject subject = {.name = name};
    if (!find_subject(parser, &subject) ||
        !parse_metric(parser, &subject, parts + 2, count - 2, &used)) {
        return false;
    }
    if (count > 2 + used + 1) {
        return refuse(parser, "expected %s", FORM);
    }
    return parse_statistic(parser, parts[1 + used], count > 2 + used ? parts[2 + used] : NULL);
}

static size_t trimmed_length(const char *text, size_t length) {
    while (length > 0 && isspace((unsigned char)text[length - 1])) {
        length--;
    }
    return length;
}

bool verdict_rule_parse(struct verdict_rule *out, const struct profile_plan *plan,
                        const char *expression, char why[VERDICT_WHY_SIZE]) {
    const struct parser parser = {.plan = plan, .rule = out, .why = why};
    size_t begin = strspn(expression, " \t");
    size_t operator_begin = strcspn(expression, "<>=!");
    size_t operator_length = strspn(expression + operator_begin, "<>=!");
    const char *value = expression + operator_begin + operator_length;
    char left[LEFT_MAX + 1] = {0};
    char right[LEFT_MAX + 1] = {0};
    *out = (struct verdict_rule){.right_begin = operator_begin};
    out->left_length = trimmed_length(expression, operator_begin);
    if (strpbrk(expression, "&|") != NULL || strpbrk(value, "<>=!") != NULL) {
        return refuse(&parser, "expected one bound per threshold: give each a line of its own");
    }
    value += strspn(value, " \t");
    size_t right_length = trimmed_length(value, strlen(value));
    if (out->left_length > LEFT_MAX || right_length > LEFT_MAX) {
        return refuse(&parser, "expected %s", FORM);
    }
    if (out->left_length > begin) {
        memcpy(left, expression + begin, out->left_length - begin);
    }
    memcpy(right, value, right_length);
    return parse_left(&parser, left) &&
           parse_operator(&parser, expression + operator_begin, operator_length) &&
           verdict_value_parse(out, right, why);
}

bool verdict_rule_observe(const struct verdict_rule *rule, const struct metrics_summary *summary,
                          double *out) {
    return rule->is_whole ? verdict_whole_observe(&rule->whole, summary, out)
                          : verdict_metric_observe(&rule->metric, &rule->statistic, summary,
                                                   rule->subject, out);
}

bool verdict_rule_fits_a_window(const struct verdict_rule *rule) {
    if (rule->is_whole) {
        return false;
    }
    if (rule->measure != VERDICT_MEASURE_COUNT || rule->metric.kind == VERDICT_METRIC_AT_END) {
        return true;
    }
    return rule->comparison == VERDICT_LESS || rule->comparison == VERDICT_AT_MOST ||
           (rule->comparison == VERDICT_EQUAL && !(rule->limit > 0));
}

bool verdict_rule_is_met(const struct verdict_rule *rule, double observed) {
    switch (rule->comparison) {
    case VERDICT_LESS:
        return observed < rule->limit;
    case VERDICT_AT_MOST:
        return observed <= rule->limit;
    case VERDICT_MORE:
        return observed > rule->limit;
    case VERDICT_AT_LEAST:
        return observed >= rule->limit;
    case VERDICT_EQUAL:
        /* Whole numbers both, but for a limit that nothing can equal. */
        return !(observed < rule->limit) && !(observed > rule->limit);
    case VERDICT_NOT_EQUAL:
    default:
        return observed < rule->limit || observed > rule->limit;
    }
}
