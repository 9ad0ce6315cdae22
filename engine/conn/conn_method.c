/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

/* The last row is every other method. */
static const struct conn_method methods[] = {
    {"OPTIONS", METRICS_METHOD_OPTIONS, CONN_ANSWER_OK, false, false},
    {"REGISTER", METRICS_METHOD_REGISTER, CONN_ANSWER_BINDINGS, false, true},
    {"INVITE", METRICS_METHOD_INVITE, CONN_ANSWER_CALL, true, false},
    {"ACK", METRICS_METHOD_ACK, CONN_ANSWER_NOTHING, false, false},
    {"BYE", METRICS_METHOD_BYE, CONN_ANSWER_OK, false, false},
    {"CANCEL", METRICS_METHOD_OTHER, CONN_ANSWER_OK, false, false},
    {"MESSAGE", METRICS_METHOD_OTHER, CONN_ANSWER_OK, false, true},
    {"INFO", METRICS_METHOD_OTHER, CONN_ANSWER_IN_DIALOG, false, false},
    {"PRACK", METRICS_METHOD_OTHER, CONN_ANSWER_IN_DIALOG, false, false},
    {"UPDATE", METRICS_METHOD_OTHER, CONN_ANSWER_IN_DIALOG, false, false},
    {"NOTIFY", METRICS_METHOD_OTHER, CONN_ANSWER_IN_DIALOG, false, false},
    {"SUBSCRIBE", METRICS_METHOD_OTHER, CONN_ANSWER_NOT_ALLOWED, true, false},
    {"REFER", METRICS_METHOD_OTHER, CONN_ANSWER_NOT_ALLOWED, true, false},
    {"PUBLISH", METRICS_METHOD_OTHER, CONN_ANSWER_NOT_ALLOWED, false, false},
    {"", METRICS_METHOD_OTHER, CONN_ANSWER_UNKNOWN, false, false},
};

const struct conn_method *conn_method_of(struct bytes name) {
    const struct conn_method *last = &methods[sizeof methods / sizeof methods[0] - 1];
    const struct conn_method *row = methods;
    while (row < last && !base_bytes_equal(name, base_bytes_of_text(row->name))) {
        row++;
    }
    return row;
}
