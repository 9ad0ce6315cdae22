/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_TIME_H
#define X509_TIME_H

#include "base_bytes.h"

/*
 * Takes a UTCTime or GeneralizedTime in the only form RFC 5280 section 4.1.2.5 allows (seconds,
 * "Z", no fraction) off `rest`; seconds since 1970 UTC.
 */
bool x509_time_take(struct bytes *rest, int64_t *seconds);

#endif
