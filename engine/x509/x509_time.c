/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_time.h"

#include "x509_certificate.h"
#include "x509_der.h"

#include <time.h>

#define SECONDS_PER_DAY 86400

static bool two_digits(const uint8_t *text, unsigned *value) {
    unsigned tens = (unsigned)text[0] - '0';
    unsigned ones = (unsigned)text[1] - '0';
    *value = tens * 10 + ones;
    return tens < 10 && ones < 10;
}

static unsigned days_in_month(unsigned year, unsigned month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (unsigned)(month == 2 && leap);
}

/* Counted from 1 March of the year 0, so that the leap day ends a year: no table, no time zone. */
static int64_t days_since_1970(unsigned year, unsigned month, unsigned day) {
    int64_t y = (int64_t)year - (month <= 2 ? 1 : 0);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (((int64_t)month + 9) % 12) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* "MMDDHHMMSSZ" */
static bool read_rest_of_year(const uint8_t *text, unsigned year, int64_t *seconds) {
    unsigned month;
    unsigned day;
    unsigned hour;
    unsigned minute;
    unsigned second;
    if (!two_digits(text, &month) || !two_digits(text + 2, &day) || !two_digits(text + 4, &hour) ||
        !two_digits(text + 6, &minute) || !two_digits(text + 8, &second) || text[10] != 'Z') {
        return false;
    }
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 ||
        minute > 59 || second > 59) {
        return false;
    }
    *seconds =
        days_since_1970(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
    return true;
}

static bool read_time(struct x509_der_value value, int64_t *seconds) {
    const uint8_t *text = value.content.data;
    unsigned century;
    unsigned year;
    if (value.tag == X509_DER_UTC_TIME && value.content.length == 13) {
        return two_digits(text, &year) &&
               read_rest_of_year(text + 2, year < 50 ? 2000 + year : 1900 + year, seconds);
    }
    if (value.tag == X509_DER_GENERALIZED_TIME && value.content.length == 15) {
        return two_digits(text, &century) && two_digits(text + 2, &year) &&
               read_rest_of_year(text + 4, century * 100 + year, seconds);
    }
    return false;
}

bool x509_time_take(struct bytes *rest, int64_t *seconds) {
    struct bytes after = *rest;
    struct x509_der_value value;
    if (!x509_der_next(&after, &value) || !read_time(value, seconds)) {
        return false;
    }
    *rest = after;
    return true;
}

void x509_date_to_text(int64_t seconds, char out[X509_DATE_SIZE]) {
    time_t date = (time_t)seconds;
    struct tm utc;
    if (gmtime_r(&date, &utc) == NULL || strftime(out, X509_DATE_SIZE, "%Y-%m-%dT%TZ", &utc) == 0) {
        out[0] = '\0';
    }
}
