/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip.h"

/* The last row is every other method. */
static const struct conn_method methods[] = {
    {"OPTIONS", METRICS_METHOD_OPTIONS, CONN_ANSWER_OK, false},
    {"REGISTER", METRICS_METHOD_REGISTER, CONN_ANSWER_BINDINGS, false},
    {"INVITE", METRICS_METHOD_INVITE, CONN_ANSWER_CALL, true},
    {"ACK", METRICS_METHOD_ACK, CONN_ANSWER_NOTHING, false},
    {"BYE", METRICS_METHOD_BYE, CONN_ANSWER_OK, false},
    {"CANCEL", METRICS_METHOD_OTHER, CONN_ANSWER_OK, false},
    {"MESSAGE", METRICS_METHOD_OTHER, CONN_ANSWER_OK, false},
    {"INFO", METRICS_METHOD_OTHER, CONN_ANSWER_IN_DIALOG, false},
    {"PRACK", METRICS_METHOD_OTHER, CONN_ANSWER_IN_DIALOG, false},
    {"UPDATE", METRICS_METHOD_OTHER, CONN_ANSWER_IN_DIALOG, false},
    {"NOTIFY", METRICS_METHOD_OTHER, CONN_ANSWER_IN_DIALOG, false},
    {"SUBSCRIBE", METRICS_METHOD_OTHER, CONN_ANSWER_NOT_ALLOWED, true},
    {"REFER", METRICS_METHOD_OTHER, CONN_ANSWER_NOT_ALLOWED, true},
    {"PUBLISH", METRICS_METHOD_OTHER, CONN_ANSWER_NOT_ALLOWED, false},
    {"", METRICS_METHOD_OTHER, CONN_ANSWER_UNKNOWN, false},
};

const struct conn_method *conn_method_of(struct bytes name) {
    const struct conn_method *last = &methods[sizeof methods / sizeof methods[0] - 1];
    const struct conn_method *row = methods;
    while (row < last && !base_bytes_equal(name, base_bytes_of_text(row->name))) {
        row++;
    }
    return row;
}
