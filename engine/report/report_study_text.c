/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_study_text.h"

#include "report_tree.h"

#include <math.h>
#include <stdio.h>

static int decimals_of(double value) {
    double size = fabs(value);
    if (size < 9.995) {
        return 2;
    }
    return size < 99.95 ? 1 : 0;
}

const char *report_study_us(double us, bool with_sign, char out[REPORT_NUMBER_SIZE]) {
    double value = us;
    const char *unit = "us";
    if (isnan(us)) {
        snprintf(out, REPORT_NUMBER_SIZE, "-");
        return out;
    }
    if (fabs(us) < 0.9995) {
        value = us * 1e3;
        unit = "ns";
    } else if (fabs(us) >= 999500) {
        value = us / 1e6;
        unit = "s";
    } else if (fabs(us) >= 999.5) {
        value = us / 1e3;
        unit = "ms";
    }
    int decimals = value == 0 || unit[0] == 'n' ? 0 : decimals_of(value);
    snprintf(out, REPORT_NUMBER_SIZE, with_sign ? "%+.*f %s" : "%.*f %s", decimals, value, unit);
    return out;
}

json_t *report_study_real(double value) {
    return isnan(value) ? json_null() : report_tree_real(value);
}

bool report_study_is_found(const struct metrics_estimate *difference) {
    return difference->low > 0 || difference->high < 0;
}

double report_study_detectable(const struct metrics_estimate *difference) {
    return fmax(fabs(difference->low), fabs(difference->high));
}
