/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_sample.h"
#include "sip_script.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define HEAD                                                                                       \
    "MESSAGE sip:b@example.test SIP/2.0\nVia: SIP/2.0/TLS a;branch=[branch]\n"                     \
    "From: <sip:a>;tag=[from_tag]\nTo: <sip:b>\nCall-ID: [call_id]\nCSeq: [cseq] MESSAGE\n"

static const struct sip_script_draft success = {.kind = SIP_SCRIPT_EXPECT, .expect = "200"};

static const char *const fields[] = {"alice", "4711"};
static const struct sip_script_speaker speaker = {.local_ip = "[2001:db8::1]",
                                                  .local_port = "5061",
                                                  .local_host = "core.example.test",
                                                  .remote_ip = "192.0.2.1",
                                                  .remote_port = "5062",
                                                  .remote_host = "edge.example.test",
                                                  .user = "user1",
                                                  .target = "sip:room@edge.example.test",
                                                  .service = "room",
                                                  .number = 7,
                                                  .process = 99,
                                                  .fields = fields};

/* What is wrong, or "" when it can be played. */
static const char *mistake_of(const struct sip_script_draft *steps, uint32_t count) {
    static struct sip_script_mistake mistake;
    static char text[400];
    struct sip_script *script = sip_script_create(steps, count, &mistake);
    sip_script_destroy(script);
    snprintf(text, sizeof text, "%u:%u: %s", mistake.step, mistake.line, mistake.text);
    return script != NULL ? "" : text;
}

Test(sip_script, a_message_that_cannot_be_is_refused_with_its_line) {
    static const struct {
        const char *message;
        const char *mistake;
    } rows[] = {
        {HEAD, ""},
        {HEAD "\nbody [field0] \\[not one]", ""},
        {HEAD "Content-Length: [len]\n\nbody", ""},
        {HEAD "Subject: [fromtag]\n", "0:7: [fromtag] is no variable; did you mean \"from_tag\"?"},
        {HEAD "Subject: [1..9]\n",
         "0:7: [1..9] is no variable; a bracket that is meant as such is written \\["},
        {"\n\n" HEAD "Subject: [colour\n",
         "0:9: expected ] behind [ in the same line; a bracket that is meant as such is written "
         "\\["},
        {HEAD "Subject: []\n",
         "0:7: expected a variable of 1 to 63 characters between [ and ]; a bracket that is meant "
         "as such is written \\["},
        {HEAD "\n[[field0]]",
         "0:8: expected ] behind [ in the same line; a bracket that is meant as such is written "
         "\\["},
        {HEAD "Subject: [$colour]\n", "0:7: no earlier step extracts colour"},
        {HEAD "Subject: [field64]\n", "0:7: fields are [field0] to [field63]"},
        {HEAD "Subject: [last_Via:]\n",
         "0:7: [routes] and [last_NAME:] are whole header lines: expected one at the beginning of "
         "a line above the body"},
        {HEAD "[last_V ia:]\n", "0:7: [last_NAME:] needs the name of a header"},
        {HEAD "[last_l:]\n", "0:7: Content-Length is computed, not quoted"},
        {HEAD "Content-Length: 4\n\nbody",
         "0:7: expected Content-Length: [len], once, or none: it is computed"},
        {HEAD "l: [len]\nContent-Length: [len]\n",
         "0:8: expected Content-Length: [len], once, or none: it is computed"},
        {HEAD "\n[len]", "0:8: [len] is the length of the body, so it cannot stand in it"},
        {"[field0] sip:b SIP/2.0\n",
         "0:1: expected a request line such as MESSAGE [target] SIP/2.0, or a status line such as "
         "SIP/2.0 200 OK"},
        {"MESSAGE sip:b SIP/2.0\nVia: SIP/2.0/TLS a;branch=b\nFrom: <sip:a>;tag=1\nTo: <sip:b>\n"
         "CSeq: [cseq] MESSAGE\n",
         "0:0: the header Call-ID is missing"},
        {"OPTIONS sip:b SIP/2.0\nVia: SIP/2.0/TLS a;branch=b\nFrom: <sip:a>;tag=1\nTo: <sip:b>\n"
         "Call-ID: 1\nCSeq: [cseq] MESSAGE\n",
         "0:0: this is no SIP: expected a start line, headers of the form \"Name: value\", a CSeq "
         "of the same method, and an empty line before a body"},
        {"", "0:0: expected a message of 1 to 16384 octets"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const struct sip_script_draft steps[] = {
            {.kind = SIP_SCRIPT_SEND, .message = rows[i].message}, success};
        cr_expect_str_eq(mistake_of(steps, 2), rows[i].mistake, "%s\n%s", rows[i].message,
                         mistake_of(steps, 2));
    }
}

Test(sip_script, a_message_longer_than_any_is_refused) {
    static char message[20000];
    int length = snprintf(message, sizeof message, "%s\n", HEAD);
    memset(message + length, 'x', 17000);
    const struct sip_script_draft steps[] = {{.kind = SIP_SCRIPT_SEND, .message = message},
                                             success};
    cr_expect_str_eq(mistake_of(steps, 2), "0:0: expected a message of 1 to 16384 octets");
}

static const struct sip_script_draft_extract unnamed = {.variable = "a b", .header = "To"};
static const struct sip_script_draft_extract sourceless = {.variable = "a"};
static const struct sip_script_draft_extract unbalanced = {.variable = "a", .match = "("};
static const struct sip_script_draft_extract headless = {.variable = "a", .header = "T o"};

Test(sip_script, steps_that_cannot_be_are_refused) {
    static const struct {
        struct sip_script_draft steps[2];
        uint32_t count;
        const char *mistake;
    } rows[] = {
        {{success}, 0, "0:0: expected 1 to 64 steps"},
        {{{.kind = SIP_SCRIPT_SEND, .message = HEAD}},
         1,
         "1:0: expected at least one expect: nothing else shows that the peer is there"},
        {{{.kind = SIP_SCRIPT_EXPECT, .expect = "100", .optional = true}},
         1,
         "0:0: expected another expect behind an optional one: which message ends the wait?"},
        {{{.kind = SIP_SCRIPT_EXPECT, .expect = "700"}},
         1,
         "0:0: expected a status from 100 to 699, a class such as 2xx, or the method of a request "
         "in capitals"},
        {{{.kind = SIP_SCRIPT_EXPECT, .expect = "notify"}},
         1,
         "0:0: expected a status from 100 to 699, a class such as 2xx, or the method of a request "
         "in capitals"},
        {{{.kind = SIP_SCRIPT_EXPECT, .expect = "BYE", .method = "BYE"}},
         1,
         "0:0: method is for responses: a request is expected by its method alone"},
        {{success,
          {.kind = SIP_SCRIPT_SEND,
           .message = "ACK sip:b SIP/2.0\nVia: SIP/2.0/TLS a;"
                      "branch=[branch]\nFrom: <sip:a>\nTo: <sip:b>\nCall-ID: 1\nCSeq: [cseq] ACK\n",
           .authenticate = true}},
         2,
         "1:0: authenticate sends a request again: expected a request with [cseq] and [branch] in "
         "it"},
        {{{.kind = SIP_SCRIPT_EXPECT, .expect = "200", .extracts = &unnamed, .extract_count = 1}},
         1,
         "0:0: expected a variable of at most 31 letters, digits, hyphens and underscores"},
        {{{.kind = SIP_SCRIPT_EXPECT,
           .expect = "200",
           .extracts = &sourceless,
           .extract_count = 1}},
         1,
         "0:0: expected a header, a match, or both to extract a"},
        {{{.kind = SIP_SCRIPT_EXPECT, .expect = "200", .extracts = &headless, .extract_count = 1}},
         1,
         "0:0: expected the name of a header to extract a from"},
        {{{.kind = SIP_SCRIPT_EXPECT,
           .expect = "200",
           .extracts = &unbalanced,
           .extract_count = 1}},
         1,
         "0:0: match is no regular expression: Unmatched ( or \\("},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        cr_expect_str_eq(mistake_of(rows[i].steps, rows[i].count), rows[i].mistake, "%s",
                         mistake_of(rows[i].steps, rows[i].count));
    }
}

static struct sip_script *compile(const struct sip_script_draft *steps, uint32_t count) {
    struct sip_script_mistake mistake;
    struct sip_script *script = sip_script_create(steps, count, &mistake);
    cr_assert_not_null(script, "%s", mistake.text);
    return script;
}

/* The octets of the step's message, as often as wanted the same. */
static struct bytes write_step(const struct sip_script *script, uint32_t index,
                               struct sip_script_state *state, struct sip_message *written) {
    static uint8_t area[SIP_MESSAGE_MAX];
    struct base_buffer out = {.data = area, .capacity = sizeof area};
    cr_assert(sip_script_write(&out, script, &script->steps[index], state, &speaker, written));
    return base_buffer_bytes(&out);
}

static void expect_says(struct bytes text, const char *part) {
    cr_expect_not_null(memmem(text.data, text.length, part, strlen(part)), "no %s in\n%.*s", part,
                       (int)text.length, (const char *)text.data);
}

Test(sip_script, every_variable_says_what_it_stands_for) {
    static const struct {
        const char *variable;
        const char *text;
    } rows[] = {
        {"[call_id]", "00000000000000aa@core.example.test"},
        {"[from_tag]", "00000000000000aa"},
        {"[branch]", "z9hG4bK00000000000000bb"},
        {"[cseq]", "1"},
        {"[call_number]", "7"},
        {"[pid]", "99"},
        {"[transport]", "TLS"},
        {"[user]", "user1"},
        {"[service]", "room"},
        {"[target]", "sip:room@edge.example.test"},
        {"[next_url]", "sip:room@edge.example.test"},
        {"[peer_tag_param]", ""},
        {"[local_host]", "core.example.test"},
        {"[local_ip]", "[2001:db8::1]"},
        {"[local_ip_type]", "6"},
        {"[local_port]", "5061"},
        {"[media_ip]", "2001:db8::1"},
        {"[media_ip_type]", "6"},
        {"[media_port]", "9"},
        {"[remote_host]", "edge.example.test"},
        {"[remote_ip]", "192.0.2.1"},
        {"[remote_port]", "5062"},
        {"[field1]", "4711"},
        {"\\[field1]", "[field1]"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char message[512];
        char expected[128];
        struct sip_script_state state;
        struct sip_message written;
        snprintf(message, sizeof message, "%sX: <%s>\n\n%s", HEAD, rows[i].variable,
                 rows[i].variable);
        snprintf(expected, sizeof expected, "X: <%s>\r\nContent-Length: %zu\r\n\r\n%s",
                 rows[i].text, strlen(rows[i].text), rows[i].text);
        const struct sip_script_draft steps[] = {{.kind = SIP_SCRIPT_SEND, .message = message},
                                                 success};
        struct sip_script *script = compile(steps, 2);
        sip_script_begin(&state, 0xaa);
        sip_script_prepare(&state, &script->steps[0], 0xbb);
        expect_says(write_step(script, 0, &state, &written), expected);
        sip_script_destroy(script);
    }
}

#define REQUEST(method)                                                                            \
    {                                                                                              \
        .kind = SIP_SCRIPT_SEND,                                                                   \
        .message = method " [next_url] SIP/2.0\nVia: SIP/2.0/TLS a;branch=[branch]\n[routes]\n"    \
                          "From: <sip:a>;tag=[from_tag]\nTo: <sip:b>[peer_tag_param]\n"            \
                          "Call-ID: [call_id]\nCSeq: [cseq] " method "\n"                          \
    }

static struct sip_message response_of(char *area, size_t size, unsigned status, unsigned cseq,
                                      const char *method, const char *lines) {
    struct sip_message message;
    int length = snprintf(area, size,
                          "SIP/2.0 %u x\r\nVia: SIP/2.0/TLS a;branch=1\r\nFrom: <sip:a>;tag=1\r\n"
                          "To: <sip:b>;tag=peer\r\nCall-ID: 00000000000000aa@core.example.test\r\n"
                          "CSeq: %u %s\r\n%sContent-Length: 0\r\n\r\n",
                          status, cseq, method, lines);
    SAMPLE_READ(base_bytes(area, (size_t)length), &message);
    return message;
}

Test(sip_script, acknowledgements_and_cancels_belong_to_their_invite) {
    static const struct {
        unsigned status;
        const char *ack_branch;
    } rows[] = {{200, "branch=z9hG4bK0000000000000004\r\n"},
                {486, "branch=z9hG4bK0000000000000001\r\n"}};
    const struct sip_script_draft any = {.kind = SIP_SCRIPT_EXPECT, .expect = "2xx"};
    const struct sip_script_draft busy = {.kind = SIP_SCRIPT_EXPECT, .expect = "486"};
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const struct sip_script_draft steps[] = {REQUEST("INVITE"), REQUEST("PRACK"),
                                                 REQUEST("CANCEL"), i == 0 ? any : busy,
                                                 REQUEST("ACK"),    REQUEST("BYE")};
        static const char *const cseqs[] = {"CSeq: 1 INVITE\r\n", "CSeq: 2 PRACK\r\n",
                                            "CSeq: 1 CANCEL\r\n", "",
                                            "CSeq: 1 ACK\r\n",    "CSeq: 3 BYE\r\n"};
        struct sip_script *script = compile(steps, 6);
        struct sip_script_state state;
        struct sip_message written;
        const char *missing;
        char area[1024];
        sip_script_begin(&state, 0xaa);
        for (unsigned step = 0; step < 6; step++) {
            if (step == 3) {
                const struct sip_message response = response_of(
                    area, sizeof area, rows[i].status, 1, "INVITE",
                    "Contact: <sip:there>\r\nRecord-Route: <sip:p1;lr>,<sip:p2;lr>\r\n");
                cr_expect(sip_script_owns(&state, &response));
                cr_expect_not(sip_script_is_late(&state, &response));
                cr_assert(sip_script_expects(&script->steps[3], &response));
                cr_assert(sip_script_take(&state, script, &script->steps[3], &response, &missing));
                cr_expect(sip_script_is_late(&state, &response));
                continue;
            }
            sip_script_prepare(&state, &script->steps[step], step + (step < 4));
            struct bytes text = write_step(script, step, &state, &written);
            expect_says(text, cseqs[step]);
            if (step == 2) {
                expect_says(text, "branch=z9hG4bK0000000000000001\r\nFrom: ");
            }
            if (step == 4) {
                expect_says(text, rows[i].ack_branch);
                expect_says(text, "To: <sip:b>;tag=peer\r\n");
                expect_says(text, "ACK sip:there SIP/2.0\r\n");
                expect_says(text, "Route: <sip:p2;lr>\r\nRoute: <sip:p1;lr>\r\nFrom: ");
            }
        }
        sip_script_destroy(script);
    }
}

Test(sip_script, an_acknowledgement_of_a_challenge_copies_its_invite) {
    const struct sip_script_draft steps[] = {REQUEST("INVITE"), success};
    struct sip_script *script = compile(steps, 2);
    struct sip_script_state state;
    struct sip_message invite;
    struct sip_message ack;
    uint8_t octets[2048];
    struct base_buffer out = {.data = octets, .capacity = sizeof octets};
    char area[1024];
    const struct sip_message response = response_of(area, sizeof area, 401, 1, "INVITE", "");
    sip_script_begin(&state, 0xaa);
    sip_script_prepare(&state, &script->steps[0], 5);
    write_step(script, 0, &state, &invite);
    cr_assert(sip_script_write_ack(&out, &invite, &response));
    SAMPLE_READ(base_buffer_bytes(&out), &ack);
    SAMPLE_ASSERT_TEXT(ack.method, "ACK");
    SAMPLE_ASSERT_TEXT(ack.via_branch, "z9hG4bK0000000000000005");
    SAMPLE_ASSERT_TEXT(ack.to_tag, "peer");
    cr_expect(base_bytes_equal(ack.call_id, invite.call_id));
    cr_expect_eq(ack.cseq, 1);
    out.capacity = 100;
    out.length = 0;
    cr_expect_not(sip_script_write_ack(&out, &invite, &response));
    cr_expect_eq(out.length, 0);
    sip_script_destroy(script);
}

Test(sip_script, extracts_what_is_asked_for_and_says_what_is_not_there) {
    static const struct {
        struct sip_script_draft_extract extract;
        const char *text; /* NULL: it is missing */
    } rows[] = {
        {{.variable = "v", .header = "X-Two"}, "a b"},
        {{.variable = "v", .header = "x-two"}, "a b"},
        {{.variable = "v", .header = "m"}, "<sip:there>"},
        {{.variable = "v", .header = "Contact", .match = "<(.*)>"}, "sip:there"},
        {{.variable = "v", .header = "Contact", .match = "s.p"}, "sip"},
        {{.variable = "v", .match = "[Xx]-One: ([0-9]+)"}, "4711"},
        {{.variable = "v", .header = "X-Fold"}, "c    d"},
        {{.variable = "v", .header = "X-None"}, NULL},
        {{.variable = "v", .header = "Contact", .match = "sips:"}, NULL},
        {{.variable = "v", .header = "Contact", .match = "(sips)|sip"}, NULL},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const struct sip_script_draft steps[] = {
            {.kind = SIP_SCRIPT_EXPECT,
             .expect = "200",
             .extracts = &rows[i].extract,
             .extract_count = 1},
            {.kind = SIP_SCRIPT_SEND, .message = HEAD "X: <[$v]>\n"},
        };
        struct sip_script *script = compile(steps, 2);
        struct sip_script_state state;
        struct sip_message written;
        const char *missing;
        char area[1024];
        char expected[64];
        const struct sip_message response = response_of(
            area, sizeof area, 200, 1, "MESSAGE",
            "X-One: 4711\r\nX-Two:  a b \r\nX-Fold: c\r\n  d\r\nContact: <sip:there>\r\n");
        sip_script_begin(&state, 0xaa);
        /* Twice: what it was before makes room. */
        sip_script_take(&state, script, &script->steps[0], &response, &missing);
        bool taken = sip_script_take(&state, script, &script->steps[0], &response, &missing);
        cr_expect_eq(taken, rows[i].text != NULL, "row %zu", i);
        if (rows[i].text == NULL) {
            cr_expect_str_eq(missing, "v");
        } else {
            snprintf(expected, sizeof expected, "X: <%s>\r\n", rows[i].text);
            expect_says(write_step(script, 1, &state, &written), expected);
            cr_expect_eq(state.text_length, strlen(rows[i].text));
        }
        sip_script_destroy(script);
    }
}

Test(sip_script, several_texts_change_without_disturbing_each_other) {
    static const struct sip_script_draft_extract extracts[] = {{.variable = "a", .header = "A"},
                                                               {.variable = "b", .header = "B"},
                                                               {.variable = "c", .header = "C"}};
    const struct sip_script_draft steps[] = {
        {.kind = SIP_SCRIPT_EXPECT, .expect = "200", .extracts = extracts, .extract_count = 3},
        {.kind = SIP_SCRIPT_EXPECT, .expect = "200", .extracts = &extracts[1], .extract_count = 1},
        {.kind = SIP_SCRIPT_SEND, .message = HEAD "X: <[$a]|[$b]|[$c]>\n"}};
    struct sip_script *script = compile(steps, 3);
    struct sip_script_state state;
    struct sip_message written;
    const char *missing;
    char area[1024];
    sip_script_begin(&state, 0xaa);
    struct sip_message response =
        response_of(area, sizeof area, 200, 1, "MESSAGE", "A: one\r\nB: two\r\nC: three\r\n");
    cr_assert(sip_script_take(&state, script, &script->steps[0], &response, &missing));
    response = response_of(area, sizeof area, 200, 1, "MESSAGE", "B: a longer one\r\n");
    cr_assert(sip_script_take(&state, script, &script->steps[1], &response, &missing));
    expect_says(write_step(script, 2, &state, &written), "X: <one|a longer one|three>\r\n");
    sip_script_destroy(script);
}

/* A peer decides how long its headers are. */
Test(sip_script, texts_longer_than_there_is_room_for_are_missing) {
    static const struct sip_script_draft_extract extract = {.variable = "v", .header = "X"};
    const struct sip_script_draft steps[] = {
        {.kind = SIP_SCRIPT_EXPECT, .expect = "200", .extracts = &extract, .extract_count = 1},
        {.kind = SIP_SCRIPT_EXPECT, .expect = "200"},
        {.kind = SIP_SCRIPT_SEND, .message = HEAD "[last_X:]\n"}};
    static char lines[8000];
    static char area[9000];
    struct sip_script *script = compile(steps, 3);
    struct sip_script_state state;
    const char *missing;
    int length = snprintf(lines, sizeof lines, "X: ");
    memset(lines + length, 'x', 2000);
    strcpy(lines + length + 2000, "\r\n");
    struct sip_message response = response_of(area, sizeof area, 200, 1, "MESSAGE", lines);
    sip_script_begin(&state, 0xaa);
    cr_expect_not(sip_script_take(&state, script, &script->steps[0], &response, &missing));
    cr_expect_str_eq(missing, "v");
    memset(lines + length, 'x', 4000);
    strcpy(lines + length + 4000, "\r\n");
    response = response_of(area, sizeof area, 200, 1, "MESSAGE", lines);
    cr_expect_not(sip_script_take(&state, script, &script->steps[1], &response, &missing));
    cr_expect_str_eq(missing, "[last_NAME:]");
    sip_script_destroy(script);
}

Test(sip_script, a_header_that_did_not_come_leaves_no_line) {
    const struct sip_script_draft steps[] = {
        success,
        {.kind = SIP_SCRIPT_SEND,
         .message =
             "SIP/2.0 200 "
             "OK\n[last_Via:]\n[last_Record-Route:]\n[routes]\n[last_From:];x=[call_number]\n"
             "[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n\nbody"}};
    struct sip_script *script = compile(steps, 2);
    struct sip_script_state state;
    struct sip_message written;
    const char *missing;
    char area[1024];
    const struct sip_message response =
        response_of(area, sizeof area, 200, 1, "MESSAGE", "v: SIP/2.0/TLS b;branch=2\r\n");
    sip_script_begin(&state, 0xaa);
    cr_assert(sip_script_take(&state, script, &script->steps[0], &response, &missing));
    SAMPLE_ASSERT_TEXT(write_step(script, 1, &state, &written),
                       "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS a;branch=1\r\nv: SIP/2.0/TLS b;branch=2"
                       "\r\nFrom: <sip:a>;tag=1;x=7\r\nTo: <sip:b>;tag=peer\r\nCall-ID: "
                       "00000000000000aa@core.example.test\r\nCSeq: 1 MESSAGE\r\n"
                       "Content-Length: 4\r\n\r\nbody");
    sip_script_destroy(script);
}

Test(sip_script, an_expectation_meets_what_it_says) {
    static const struct {
        const char *expect;
        const char *method;
        bool meets[3]; /* 200 to MESSAGE, 404 to BYE, the request NOTIFY */
    } rows[] = {
        {"200", NULL, {true, false, false}},   {"2xx", "MESSAGE", {true, false, false}},
        {"2xx", "BYE", {false, false, false}}, {"4xx", NULL, {false, true, false}},
        {"404", "BYE", {false, true, false}},  {"NOTIFY", NULL, {false, false, true}},
        {"BYE", NULL, {false, false, false}},
    };
    const struct sip_message messages[] = {
        {.status = 200, .method = base_bytes_of_text("MESSAGE")},
        {.status = 404, .method = base_bytes_of_text("BYE")},
        {.is_request = true, .method = base_bytes_of_text("NOTIFY")}};
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const struct sip_script_draft step = {
            .kind = SIP_SCRIPT_EXPECT, .expect = rows[i].expect, .method = rows[i].method};
        struct sip_script *script = compile(&step, 1);
        for (size_t k = 0; k < 3; k++) {
            cr_expect_eq(sip_script_expects(&script->steps[0], &messages[k]), rows[i].meets[k],
                         "%s, message %zu", rows[i].expect, k);
        }
        sip_script_destroy(script);
    }
}
