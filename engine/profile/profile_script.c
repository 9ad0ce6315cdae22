/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_script.h"

#include "base_nearest.h"
#include "profile_file.h"
#include "profile_parse.h"
#include "profile_part.h"
#include "profile_scalar.h"
#include "sip_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const dialogs[] = {"none", "options", "register", "invite", "http", NULL};

/* What one step may be. */
static const char *const kinds[] = {
    [SIP_SCRIPT_SEND] = "send", [SIP_SCRIPT_EXPECT] = "expect", [SIP_SCRIPT_PAUSE] = "pause"};
#define KINDS (sizeof kinds / sizeof kinds[0])

bool profile_script_read_message(struct profile_reader *reader, struct profile_tree *value,
                                 void *target) {
    struct sip_script_draft *draft = target;
    if (value->kind != PROFILE_TREE_SCALAR || value->text[0] == '\0') {
        return profile_reader_unexpected(reader, value, "a message, as a block of text behind |");
    }
    draft->message = value->text;
    return true;
}

bool profile_script_read_pause(struct profile_reader *reader, struct profile_tree *value,
                               void *target) {
    static const enum sip_script_spread spreads[] = {[PROFILE_SPREAD_NONE] = SIP_SCRIPT_FIXED,
                                                     [PROFILE_SPREAD_EXPONENTIAL] =
                                                         SIP_SCRIPT_EXPONENTIAL,
                                                     [PROFILE_SPREAD_UNIFORM] = SIP_SCRIPT_UNIFORM};
    struct sip_script_draft *draft = target;
    struct profile_spread spread = {0};
    if (!profile_time_read_pause(reader, value, &draft->pause.ns, &spread)) {
        return false;
    }
    draft->pause.spread = spreads[spread.kind];
    draft->pause.most_ns = spread.longest_ns;
    return true;
}

bool profile_script_read_extracts(struct profile_reader *reader, struct profile_tree *value,
                                  void *target) {
    struct sip_script_draft *draft = target;
    if (!profile_reader_expect(reader, value, PROFILE_TREE_MAPPING)) {
        return false;
    }
    struct sip_script_draft_extract *extracts =
        profile_reader_array(reader, value->count, sizeof *extracts);
    if (extracts == NULL) {
        return false;
    }
    draft->extracts = extracts;
    draft->extract_count = value->count;
    for (struct profile_tree *item = value->first; item != NULL; item = item->next, extracts++) {
        extracts->variable = item->key;
        if (!profile_section_read(reader, &profile_section_extract, item, extracts)) {
            return false;
        }
    }
    return true;
}

/* The one of send, expect and pause that the step has, and nothing that belongs to another. */
static bool choose_kind(const struct profile_reader *reader, const struct profile_tree *step,
                        struct sip_script_draft *draft) {
    static const char *const others[KINDS][6] = {
        [SIP_SCRIPT_SEND] = {"expect", "pause", "method", "optional", "timeout", "extract"},
        [SIP_SCRIPT_EXPECT] = {"send", "pause", "authenticate"},
        [SIP_SCRIPT_PAUSE] = {"authenticate", "method", "optional", "timeout", "extract"},
    };
    for (unsigned kind = 0; kind < KINDS; kind++) {
        if (profile_tree_find(step, kinds[kind]) == NULL) {
            continue;
        }
        draft->kind = (enum sip_script_kind)kind;
        for (unsigned i = 0; i < 6 && others[kind][i] != NULL; i++) {
            const struct profile_tree *other = profile_tree_find(step, others[kind][i]);
            if (other != NULL) {
                return profile_complain(reader->document, other, reader->error,
                                        "is no key of a step with %s", kinds[kind]);
            }
        }
        return true;
    }
    return profile_complain(reader->document, step, reader->error,
                            "expected a step with send, expect or pause");
}

/* The value whose text is wrong: that of its `send` or `expect`, or the step as a whole. */
static bool complain(const struct profile_reader *reader, const struct profile_tree *steps,
                     const struct sip_script_mistake *mistake) {
    struct profile_tree at = *steps;
    const struct profile_tree *step = profile_tree_item(steps, mistake->step);
    if (step != NULL) {
        const struct profile_tree *send = profile_tree_find(step, "send");
        const struct profile_tree *expect = profile_tree_find(step, "expect");
        at = send != NULL ? *send : expect != NULL ? *expect : *step;
        /* A block of text begins in the line behind its key. */
        at.line += mistake->line;
        /* Its place in the list is found by its address. */
        if (send == NULL && expect == NULL) {
            return profile_complain(reader->document, step, reader->error, "%s", mistake->text);
        }
    }
    return profile_complain(reader->document, &at, reader->error, "%s", mistake->text);
}

static bool read_steps(struct profile_reader *reader, struct profile_tree *steps,
                       struct sip_script **out) {
    struct sip_script_mistake mistake = {0};
    uint32_t count = 0;
    if (!profile_reader_expect(reader, steps, PROFILE_TREE_LIST)) {
        return false;
    }
    struct sip_script_draft *drafts = profile_reader_array(reader, steps->count, sizeof *drafts);
    if (drafts == NULL) {
        return false;
    }
    for (struct profile_tree *step = steps->first; step != NULL; step = step->next, count++) {
        if (!profile_section_read(reader, &profile_section_step, step, &drafts[count]) ||
            !choose_kind(reader, step, &drafts[count])) {
            return false;
        }
    }
    *out = sip_script_create(drafts, count, &mistake);
    return *out != NULL || complain(reader, steps, &mistake);
}

/* `reader` is the dialog file's. */
static bool read_file(struct profile_reader *reader, struct bytes text, struct sip_script **out) {
    struct profile_tree *root;
    char *name;
    if (!profile_parse(reader->document, text, NULL, &root, reader->error)) {
        return false;
    }
    reader->document->root = root;
    return profile_section_read(reader, &profile_section_dialog, root, &name) &&
           read_steps(reader, profile_tree_find(root, "steps"), out);
}

static const struct profile_script *find_loaded(const struct profile_plan *plan, const char *path) {
    const struct profile_script *script = plan->scripts;
    while (script != NULL && strcmp(script->path, path) != 0) {
        script = script->next;
    }
    return script;
}

static bool load(struct profile_reader *reader, const struct profile_tree *value, char *path,
                 const struct profile_script **out) {
    struct profile_document document = {.arena = reader->document->arena, .path = path};
    struct profile_reader inner = *reader;
    struct base_error unreadable = {0};
    char *text;
    size_t length;
    inner.document = &document;
    if (!profile_file_read(path, &text, &length, &unreadable)) {
        return profile_complain(reader->document, value, reader->error, "%s", unreadable.text);
    }
    struct profile_script *script = profile_reader_array(reader, 1, sizeof *script);
    bool sound = script != NULL && read_file(&inner, base_bytes(text, length), &script->script);
    free(text);
    if (sound) {
        script->path = path;
        script->next = reader->plan->scripts;
        reader->plan->scripts = script;
        *out = script;
    }
    return sound;
}

static bool read_path(struct profile_reader *reader, struct profile_tree *value,
                      struct profile_zone_load *load_of_zone) {
    static const struct profile_option row = {.key = "dialog", .type = PROFILE_OPTION_PATH};
    char *path;
    if (!profile_scalar_read(reader, &row, value, &path)) {
        return false;
    }
    load_of_zone->dialog = PROFILE_DIALOG_SCRIPT;
    load_of_zone->script = find_loaded(reader->plan, path);
    return load_of_zone->script != NULL || load(reader, value, path, &load_of_zone->script);
}

static bool is_file_name(const char *text) {
    const char *dot = strrchr(text, '.');
    return strchr(text, '/') != NULL ||
           (dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0));
}

bool profile_script_read_dialog(struct profile_reader *reader, struct profile_tree *value,
                                void *target) {
    struct profile_zone_load *load_of_zone = target;
    char quote[PROFILE_QUOTE_SIZE];
    char hint[BASE_NEAREST_SIZE];
    if (!profile_reader_expect(reader, value, PROFILE_TREE_SCALAR)) {
        return false;
    }
    if (is_file_name(value->text)) {
        return read_path(reader, value, load_of_zone);
    }
    struct base_nearest nearest = base_nearest_begin(value->text);
    load_of_zone->script = NULL;
    for (unsigned i = 0; dialogs[i] != NULL; i++) {
        if (strcmp(dialogs[i], value->text) == 0) {
            load_of_zone->dialog = (enum profile_dialog)i;
            return true;
        }
        base_nearest_offer(&nearest, dialogs[i]);
    }
    return profile_complain(reader->document, value, reader->error,
                            "expected none, options, register, invite, http or a dialog file "
                            "(*.yaml), not %s%s",
                            profile_quote(value, quote), base_nearest_hint(&nearest, hint));
}

void profile_script_destroy_all(struct profile_script *first) {
    for (; first != NULL; first = first->next) {
        sip_script_destroy(first->script);
    }
}
