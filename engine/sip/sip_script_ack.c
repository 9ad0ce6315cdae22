/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_header.h"
#include "sip_pen.h"
#include "sip_script.h"

static void put_lines(struct sip_pen *pen, struct bytes headers, enum sip_header_name name,
                      bool only_first) {
    struct sip_header_reader reader = sip_header_read_again(headers);
    struct sip_header header;
    while (sip_header_find(&reader, name, &header)) {
        sip_pen_bytes(pen, header.line);
        if (only_first) {
            return;
        }
    }
}

bool sip_script_write_ack(struct base_buffer *out, const struct sip_message *invite,
                          const struct sip_message *response) {
    struct sip_pen pen = sip_pen_take_up(out);
    SIP_PEN_LITERAL(&pen, "ACK ");
    sip_pen_bytes(&pen, invite->request_uri);
    SIP_PEN_LITERAL(&pen, " SIP/2.0\r\n");
    put_lines(&pen, invite->headers, SIP_HEADER_VIA, true);
    put_lines(&pen, invite->headers, SIP_HEADER_ROUTE, false);
    SIP_PEN_LITERAL(&pen, "Max-Forwards: 70\r\nFrom: ");
    sip_pen_bytes(&pen, invite->from);
    SIP_PEN_LITERAL(&pen, "\r\nTo: ");
    sip_pen_bytes(&pen, response->to);
    SIP_PEN_LITERAL(&pen, "\r\nCall-ID: ");
    sip_pen_bytes(&pen, invite->call_id);
    SIP_PEN_LITERAL(&pen, "\r\nCSeq: ");
    sip_pen_decimal(&pen, invite->cseq);
    SIP_PEN_LITERAL(&pen, " ACK\r\nContent-Length: 0\r\n\r\n");
    return sip_pen_put_down(&pen, out);
}
