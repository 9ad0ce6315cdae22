/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_EKU_H
#define X509_EKU_H

#include "x509_certificate.h"

/* The enum x509_usage bits of a list of OBJECT IDENTIFIERs; false when it is malformed. */
bool x509_eku_usages(struct bytes list, unsigned *usages);

#endif
