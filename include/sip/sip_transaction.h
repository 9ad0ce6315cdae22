/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_TRANSACTION_H
#define SIP_TRANSACTION_H

#include "sip_message.h"
#include "sip_method.h"

/* The identifiers of one transaction that the initiating side keeps. */
struct sip_transaction {
    uint64_t dialog; /* random per connection: Call-ID and From tag */
    uint64_t branch; /* random per transaction: Via branch after "z9hG4bK" */
    uint32_t cseq;
};

/*
 * True when `response` answers `transaction` (RFC 3261 section 17.1.3): branch and CSeq, whose
 * method is that of the pending request.
 */
bool sip_transaction_matches(const struct sip_message *response,
                             const struct sip_transaction *transaction, enum sip_method method);

#endif
