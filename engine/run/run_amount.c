/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_amount.h"

#include "profile_load.h"

#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Anything else is taken for a zone's name. */
static bool looks_like_an_amount(const char *word) {
    return is_digit(word[0]) || word[0] == '+' || word[0] == '-' || strcmp(word, "profile") == 0;
}

static bool read_rate(const char *text, double *out) {
    return is_digit(text[0]) && profile_value_rate(text, out) && *out >= RUN_RATE_MIN &&
           *out <= RUN_RATE_MAX;
}

static bool read_connections(const char *text, double *out) {
    char *end;
    if (!is_digit(text[0]) || strlen(text) > sizeof "1000000") {
        return false;
    }
    *out = (double)strtoul(text, &end, 10);
    return *end == '\0' && *out >= 1 && *out <= RUN_CONNECTIONS_MAX;
}

static bool read_amount(struct run_command *out, const char *text, struct base_error *error) {
    bool is_rate = out->kind == RUN_COMMAND_RATE;
    bool has_sign = text[0] == '+' || text[0] == '-';
    const char *number = has_sign ? text + 1 : text;
    if (strcmp(text, "profile") == 0) {
        out->value = RUN_COMMAND_AS_PROFILE;
        return true;
    }
    if (!(is_rate ? read_rate(number, &out->amount) : read_connections(number, &out->amount))) {
        return base_error_set(
            error, BASE_ERROR_USAGE,
            "%s: %s, with a sign to change it by so much, or `profile` was "
            "expected, not \"%.200s\"",
            out->name, is_rate ? "a rate from 1/h to 1000000/s" : "a number from 1 to 1000000",
            text);
    }
    out->value = has_sign ? RUN_COMMAND_BY : RUN_COMMAND_TO;
    out->amount = text[0] == '-' ? -out->amount : out->amount;
    return true;
}

bool run_amount_read(struct run_command *out, const char *rest, struct base_error *error) {
    size_t first = strcspn(rest, " ");
    const char *second = rest[first] == ' ' ? rest + first + 1 : rest + first;
    if (rest[0] == '\0' || (looks_like_an_amount(rest) && *second == '\0')) {
        return rest[0] == '\0' || read_amount(out, rest, error);
    }
    if (first >= sizeof out->zone) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s: there is no zone \"%.200s\"", out->name,
                              rest);
    }
    memcpy(out->zone, rest, first);
    out->zone[first] = '\0';
    return *second == '\0' || read_amount(out, second, error);
}
