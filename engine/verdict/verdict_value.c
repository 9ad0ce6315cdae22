/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 31 /* characters */ };

static bool refuse(char why[VERDICT_WHY_SIZE], const char *sentence) {
    snprintf(why, VERDICT_WHY_SIZE, "%s", sentence);
    return false;
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

struct unit {
    const char *name;
    double size;
};
static const struct unit times[] = {{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"ns", 1e-3}, {NULL, 0}};
static const struct unit shares[] = {{"", 1}, {"%", 0.01}, {NULL, 0}};
static const struct unit numbers[] = {{"", 1}, {NULL, 0}};

static const struct {
    const struct unit *units;
    const char *expected;
} measures[] = {
    [VERDICT_MEASURE_COUNT] = {numbers, "a count is compared with a plain number"},
    [VERDICT_MEASURE_DURATION] = {times,
                                  "a latency is compared with a time in us, ms or s, as in 250ms"},
    [VERDICT_MEASURE_NUMBER] = {numbers, "it is compared with a plain number"},
    [VERDICT_MEASURE_SHARE] = {shares,
                               "a share is compared with a part of 1 or with percent, as in 1%"},
};

/* A slope and a rate may say so: "1024/h", "95/s". */
static size_t unit_length(const struct verdict_rule *rule, const char *text) {
    size_t length = strlen(text);
    bool is_per_second = !rule->is_whole && rule->statistic.kind == VERDICT_RATE;
    const char *per = rule->is_per_hour ? "/h" : is_per_second ? "/s" : NULL;
    if (per != NULL && length >= 2 && strcmp(text + length - 2, per) == 0) {
        return length - 2;
    }
    return length;
}

static bool parse_unit(struct verdict_rule *rule, const char *text, char why[VERDICT_WHY_SIZE]) {
    size_t length = unit_length(rule, text);
    for (const struct unit *unit = measures[rule->measure].units; unit->name != NULL; unit++) {
        if (strlen(unit->name) == length && strncmp(unit->name, text, length) == 0) {
            rule->unit = unit->name;
            rule->unit_size = unit->size;
            return true;
        }
    }
    return refuse(why, measures[rule->measure].expected);
}

bool verdict_value_parse(struct verdict_rule *rule, const char *text, char why[VERDICT_WHY_SIZE]) {
    bool negative = rule->is_per_hour && *text == '-';
    text += negative ? 1 : 0;
    size_t length = number_length(text);
    char number[NUMBER_MAX + 1] = {0};
    if (length == 0 || length > NUMBER_MAX) {
        return refuse(why, "expected a number behind the operator");
    }
    memcpy(number, text, length);
    text += length;
    text += strspn(text, " \t");
    if (!parse_unit(rule, text, why)) {
        return false;
    }
    rule->limit = strtod(number, NULL) * rule->unit_size * (negative ? -1 : 1);
    return true;
}
