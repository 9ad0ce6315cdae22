/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http.h"

#include "http_framer.h"

struct conn_frame conn_http_cut(struct bytes stream, bool awaits_pong) {
    static const enum conn_frame_kind kinds[] = {
        [HTTP_FRAME_NEEDS_MORE] = CONN_FRAME_NEEDS_MORE,
        [HTTP_FRAME_MESSAGE] = CONN_FRAME_MESSAGE,
        [HTTP_FRAME_PING] = CONN_FRAME_PING,
        [HTTP_FRAME_PONG] = CONN_FRAME_PONG,
        [HTTP_FRAME_SKIP] = CONN_FRAME_SKIP,
        [HTTP_FRAME_MALFORMED] = CONN_FRAME_MALFORMED,
    };
    struct http_frame frame = http_framer_next(stream, awaits_pong);
    return (struct conn_frame){.kind = kinds[frame.kind], .length = frame.length};
}
