/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_transaction.h"

#include "sip_identifier.h"

#include <string.h>

#define COOKIE_LENGTH (sizeof(SIP_BRANCH_COOKIE) - 1)

bool sip_transaction_matches(const struct sip_message *response,
                             const struct sip_transaction *transaction, enum sip_method method) {
    uint8_t branch[COOKIE_LENGTH + SIP_IDENTIFIER_DIGITS];
    memcpy(branch, SIP_BRANCH_COOKIE, COOKIE_LENGTH);
    sip_identifier_write(transaction->branch, branch + COOKIE_LENGTH);
    return !response->is_request && response->cseq == transaction->cseq &&
           base_bytes_equal(response->via_branch, base_bytes(branch, sizeof(branch))) &&
           base_bytes_equal(response->method, base_bytes_of_text(sip_method_name(method)));
}
