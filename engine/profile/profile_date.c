/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_value.h"

#include <string.h>

enum {
    DAY_SECONDS = 86400,
    YEAR_MIN = 1950, /* RFC 5280 section 4.1.2.5: what UTCTime can say */
    YEAR_MAX = 9999,
};

/* Days from 1970-01-01 in the Gregorian calendar; years begin in March, so that leap days come
 * last. */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day) {
    int64_t shifted = month > 2 ? year : year - 1;
    int64_t era = shifted / 400;
    int64_t year_of_era = shifted - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static int64_t days_of_month(int64_t year, int64_t month) {
    return days_from_date(month == 12 ? year + 1 : year, month % 12 + 1, 1) -
           days_from_date(year, month, 1);
}

static bool is_in_range(int64_t time) {
    return time >= days_from_date(YEAR_MIN, 1, 1) * DAY_SECONDS &&
           time < days_from_date(YEAR_MAX + 1, 1, 1) * DAY_SECONDS;
}

/* Exactly `count` digits. */
static bool digits(const char *text, unsigned count, int64_t *out) {
    int64_t value = 0;
    for (unsigned i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    *out = value;
    return true;
}

static bool parse_absolute(const char *text, int64_t *out) {
    int64_t year;
    int64_t month;
    int64_t day;
    if (strlen(text) != strlen("YYYY-MM-DD") || !digits(text, 4, &year) || text[4] != '-' ||
        !digits(text + 5, 2, &month) || text[7] != '-' || !digits(text + 8, 2, &day)) {
        return false;
    }
    if (year < YEAR_MIN || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month)) {
        return false;
    }
    *out = days_from_date(year, month, day) * DAY_SECONDS;
    return true;
}

static bool parse_relative(const char *text, int64_t now, int64_t *out) {
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', DAY_SECONDS}};
    char number[16];
    size_t length = strspn(text + 1, "0123456789");
    uint64_t count;
    if (length == 0 || length >= sizeof number || text[1 + length] == '\0' ||
        text[2 + length] != '\0') {
        return false;
    }
    memcpy(number, text + 1, length);
    number[length] = '\0';
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        int64_t offset;
        if (units[i].unit != text[1 + length]) {
            continue;
        }
        if (!profile_value_integer(number, &count) ||
            __builtin_mul_overflow(count, units[i].seconds, &offset)) {
            return false;
        }
        return !__builtin_add_overflow(now, text[0] == '-' ? -offset : offset, out);
    }
    return false;
}

bool profile_value_date(const char *text, int64_t now, int64_t *out) {
    int64_t time;
    bool is_relative = text[0] == '-' || text[0] == '+';
    if (!(is_relative ? parse_relative(text, now, &time) : parse_absolute(text, &time))) {
        return false;
    }
    if (!is_in_range(time)) {
        return false;
    }
    *out = time;
    return true;
}
