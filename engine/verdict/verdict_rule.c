/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_rule.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

enum {
    LEFT_MAX = 255,
    NUMBER_MAX = 31, /* characters */
    PARTS_MAX = 4,   /* node, zone or listener, metric, statistic */
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

static bool parse_metric(const struct parser *parser, const struct subject *subject,
                         const char *name) {
    struct verdict_rule *rule = parser->rule;
    struct base_nearest nearest = base_nearest_begin(name);
    char hint[BASE_NEAREST_SIZE];
    bool is_zone = subject->zone != PROFILE_NONE;
    if (is_zone && verdict_metric_find(&rule->metric, false, name)) {
        rule->subject = (struct metrics_place){.is_listener = false, .index = subject->zone};
        return true;
    }
    if (subject->listener != PROFILE_NONE && verdict_metric_find(&rule->metric, true, name)) {
        rule->subject = (struct metrics_place){.is_listener = true, .index = subject->listener};
        return true;
    }
    verdict_metric_offer_names(&nearest, !is_zone);
    return refuse(parser, "a %s has no metric " NAMED "%s", is_zone ? "zone" : "listener", name,
                  base_nearest_hint(&nearest, hint));
}

static bool parse_statistic(const struct parser *parser, const char *metric, const char *name) {
    struct verdict_rule *rule = parser->rule;
    if (rule->metric.kind != VERDICT_METRIC_LATENCY) {
        return name == NULL ||
               refuse(parser, "%s is a count and has no statistic " NAMED, metric, name);
    }
    if (name == NULL) {
        return refuse(parser, "%s is a latency and needs a statistic, one of %s", metric,
                      VERDICT_STATISTIC_NAMES);
    }
    if (!verdict_statistic_find(&rule->statistic, name)) {
        return refuse(parser, "no statistic is named " NAMED ", expected one of %s", name,
                      VERDICT_STATISTIC_NAMES);
    }
    rule->is_duration = rule->statistic != VERDICT_COUNT;
    return true;
}

/* Cuts `left` at its dots. */
static bool parse_left(const struct parser *parser, char *left) {
    char *parts[PARTS_MAX + 1] = {left};
    unsigned count = 1;
    for (char *c = left; *c != '\0' && count <= PARTS_MAX; c++) {
        if (*c == '.') {
            parts[count++] = c + 1;
        }
    }
    if (count < 3 || count > PARTS_MAX) {
        return refuse(parser, "expected %s", FORM);
    }
    for (unsigned i = 2; i < count; i++) {
        parts[i][-1] = '\0';
    }
    struct subject subject = {.name = left};
    return find_subject(parser, &subject) && parse_metric(parser, &subject, parts[2]) &&
           parse_statistic(parser, parts[2], parts[3]);
}

/* Decimal digits, perhaps with a fraction: strtod() would take "nan", "0x10" and "1e9" too. */
static size_t number_length(const char *text) {
    size_t length = strspn(text, "0123456789");
    if (length > 0 && text[length] == '.') {
        size_t fraction = strspn(text + length + 1, "0123456789");
        return fraction == 0 ? 0 : length + 1 + fraction;
    }
    return length;
}

static bool parse_unit(const struct parser *parser, const char *text) {
    static const struct {
        const char *name;
        double us;
    } units[] = {{"us", 1}, {"ms", 1e3}, {"s", 1e6}};
    struct verdict_rule *rule = parser->rule;
    if (!rule->is_duration) {
        rule->unit = "";
        rule->unit_us = 1;
        return *text == '\0' || refuse(parser, "a count is compared with a plain number");
    }
    for (size_t i = 0; i < LENGTH_OF(units); i++) {
        if (strcmp(units[i].name, text) == 0) {
            rule->unit = units[i].name;
            rule->unit_us = units[i].us;
            return true;
        }
    }
    return refuse(parser, "a latency is compared with a time in us, ms or s, as in 250ms");
}

static bool parse_value(const struct parser *parser, const char *text) {
    size_t length = number_length(text);
    char number[NUMBER_MAX + 1] = {0};
    if (length == 0 || length > NUMBER_MAX) {
        return refuse(parser, "expected a number behind the operator");
    }
    memcpy(number, text, length);
    text += length;
    text += strspn(text, " \t");
    if (!parse_unit(parser, text)) {
        return false;
    }
    parser->rule->limit = strtod(number, NULL) * parser->rule->unit_us;
    return true;
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
           parse_value(&parser, right);
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
