/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_STUDY_TEXT_H
#define REPORT_STUDY_TEXT_H

#include "metrics_study.h"
#include "report_text.h"

#include <jansson.h>

/* Three digits and a unit; "-" for NAN. `with_sign`: also the plus. */
const char *report_study_us(double us, bool with_sign, char out[REPORT_NUMBER_SIZE]);

/* NAN becomes null. */
json_t *report_study_real(double value);

/* The interval leaves 0 out. */
bool report_study_is_found(const struct metrics_estimate *difference);

/* A true difference beyond this would have moved the interval away from 0. */
double report_study_detectable(const struct metrics_estimate *difference);

#endif
