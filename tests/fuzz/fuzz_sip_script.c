/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message of a dialog file, and after an octet that UTF-8 does not have the stream of a peer.
 * What compiles is written, before and after each message of the peer's: what is written frames and
 * reads as one message.
 */
#include "sip_framer.h"
#include "sip_script.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds) {
        abort();
    }
}

static void write_message(const struct sip_script *script, struct sip_script_state *state) {
    static uint8_t area[2 * SIP_MESSAGE_MAX];
    static const char *const fields[SIP_SCRIPT_FIELDS_MAX] = {"alice", "a b", "[", ""};
    const char *all[SIP_SCRIPT_FIELDS_MAX];
    struct sip_script_speaker speaker = {.local_ip = "[::1]",
                                         .local_port = "5061",
                                         .local_host = "core.example.test",
                                         .remote_ip = "192.0.2.1",
                                         .remote_port = "5061",
                                         .remote_host = "edge.example.test",
                                         .user = "user1",
                                         .target = "sip:room@edge.example.test",
                                         .service = "room",
                                         .fields = all};
    struct base_buffer out = {.data = area, .capacity = sizeof(area)};
    struct sip_message written;
    for (unsigned i = 0; i < SIP_SCRIPT_FIELDS_MAX; i++) {
        all[i] = fields[i] != NULL ? fields[i] : "x";
    }
    sip_script_prepare(state, &script->steps[1], 7);
    if (!sip_script_write(&out, script, &script->steps[1], state, &speaker, &written)) {
        require(out.length == 0);
        return;
    }
    struct sip_frame frame = sip_framer_next(base_buffer_bytes(&out), false);
    require(frame.kind == SIP_FRAME_MESSAGE && frame.length == out.length);
}

static void take(const struct sip_script *script, struct sip_script_state *state,
                 const struct sip_message *message) {
    const char *missing = NULL;
    for (unsigned i = 0; i < script->step_count; i++) {
        if (sip_script_expects(&script->steps[i], message)) {
            require(sip_script_take(state, script, &script->steps[i], message, &missing) ||
                    missing != NULL);
        }
    }
    (void)sip_script_owns(state, message);
    (void)sip_script_is_late(state, message);
}

static void play(const struct sip_script *script, struct bytes stream) {
    struct sip_script_state state;
    sip_script_begin(&state, 5);
    write_message(script, &state);
    for (;;) {
        struct sip_frame frame = sip_framer_next(stream, false);
        struct sip_message message;
        if (frame.length == 0) {
            return;
        }
        if (frame.kind == SIP_FRAME_MESSAGE &&
            sip_message_parse(base_bytes(stream.data, frame.length), &message)) {
            take(script, &state, &message);
            write_message(script, &state);
        }
        stream = base_bytes_after(stream, frame.length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct sip_script_draft_extract extracts[] = {
        {.variable = "tag", .header = "To", .match = "tag=([^;]+)"},
        {.variable = "any", .match = "[0-9]+"}};
    const uint8_t *mark = size == 0 ? NULL : memchr(data, 0xff, size);
    size_t length = mark == NULL ? size : (size_t)(mark - data);
    char *text = strndup((const char *)data, length);
    struct sip_script_mistake mistake = {.text = ""};
    require(text != NULL);
    const struct sip_script_draft steps[] = {
        {.kind = SIP_SCRIPT_EXPECT, .expect = "2xx", .extracts = extracts, .extract_count = 2},
        {.kind = SIP_SCRIPT_SEND, .message = text},
        {.kind = SIP_SCRIPT_EXPECT, .expect = "NOTIFY", .optional = true},
        {.kind = SIP_SCRIPT_EXPECT, .expect = "100"},
    };
    struct sip_script *script = sip_script_create(steps, 4, &mistake);
    require((script != NULL) == (mistake.text[0] == '\0'));
    require(strchr(mistake.text, '\n') == NULL);
    if (script != NULL && mark != NULL) {
        play(script, base_bytes(mark + 1, size - length - 1));
    }
    sip_script_destroy(script);
    free(text);
    return 0;
}
