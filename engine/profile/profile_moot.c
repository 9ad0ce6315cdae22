/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"

/* Keys that do nothing beside another one: who gives both expects something else. */

static bool keeps_connections(const struct profile_zone_load *load) {
    return load->shape == PROFILE_SHAPE_HOLD;
}

static bool has_rate(const struct profile_zone_load *load) {
    return load->shape == PROFILE_SHAPE_RATE;
}

static bool is_churn(const struct profile_zone_load *load) {
    return load->shape != PROFILE_SHAPE_HOLD;
}

static bool ends_connections(const struct profile_zone_load *load) {
    return is_churn(load) || load->dialogs > 0 || load->dialog == PROFILE_DIALOG_INVITE;
}

static bool registers(const struct profile_zone_load *load) {
    return load->dialog == PROFILE_DIALOG_REGISTER;
}

static bool calls(const struct profile_zone_load *load) {
    return load->dialog == PROFILE_DIALOG_INVITE;
}

static bool resumes(const struct profile_zone_load *load) {
    return load->resumption != PROFILE_RESUMPTION_OFF;
}

static const char *const shapes[] = {"connections", "rate", "concurrency", "stages", NULL};
static const char *const dialog[] = {"dialog", NULL};
static const char *const resumption[] = {"resumption", NULL};

static const struct row {
    const char *key;
    bool (*does)(const struct profile_zone_load *load);
    const char *const *deciders; /* keys that say whether it does */
    const char *sentence;
} rows[] = {
    {"opening", keeps_connections, shapes, "goes with connections"},
    {"arrival", has_rate, shapes, "goes with rate, or stages of rates"},
    {"at_once", has_rate, shapes, "goes with rate, or stages of rates"},
    {"attempts", is_churn, shapes, "goes with rate, concurrency or stages"},
    {"hold", ends_connections, shapes,
     "goes with rate, concurrency, stages or dialogs, or with dialog: invite"},
    {"resume_ratio", resumes, resumption, "goes with resumption: tickets or session-id"},
    {"expires", registers, dialog, "goes with dialog: register"},
    {"deregister", registers, dialog, "goes with dialog: register"},
    {"outbound", registers, dialog, "goes with dialog: register"},
    {"reinvite", calls, dialog, "goes with dialog: invite"},
    {"cancel_after", calls, dialog, "goes with dialog: invite"},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* Whoever changes a profile from outside cannot take away the keys that went with the old value. */
static bool is_changed(const struct profile_tree *mapping, const struct row *row) {
    const struct profile_tree *own = profile_tree_find(mapping, row->key);
    if (own != NULL && own->setting != NULL) {
        return false;
    }
    for (unsigned i = 0; row->deciders[i] != NULL; i++) {
        const struct profile_tree *decider = profile_tree_find(mapping, row->deciders[i]);
        if (decider != NULL && decider->setting != NULL) {
            return true;
        }
    }
    return false;
}

static bool refuse(const struct profile_reader *reader, const struct profile_tree *mapping,
                   const struct row *row) {
    return profile_complain(reader->document, profile_tree_find(mapping, row->key), reader->error,
                            "%s", row->sentence);
}

/* What one row found, so far. */
struct look {
    const struct row *row;
    bool does;       /* in some zone */
    bool is_changed; /* likewise */
};

static bool look_at(const struct profile_reader *reader, const struct profile_tree *mapping,
                    const struct profile_zone *zone, struct look *look) {
    bool does = look->row->does(&zone->load);
    bool changed = is_changed(mapping, look->row);
    look->does = look->does || does;
    look->is_changed = look->is_changed || changed;
    return does || changed || profile_tree_find(mapping, look->row->key) == NULL ||
           refuse(reader, mapping, look->row);
}

bool profile_moot_check(const struct profile_reader *reader, const struct profile_tree *nodes,
                        const struct profile_tree *load) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct look look = {.row = &rows[i], .is_changed = is_changed(load, &rows[i])};
        uint32_t index = 0;
        for (const struct profile_tree *node = nodes->first; node != NULL; node = node->next) {
            const struct profile_tree *zones = profile_tree_find(node, "zones");
            const struct profile_tree *zone = zones == NULL ? NULL : zones->first;
            for (; zone != NULL; zone = zone->next, index++) {
                if (!look_at(reader, zone, &reader->plan->zones[index], &look)) {
                    return false;
                }
            }
        }
        if (index > 0 && !look.does && !look.is_changed &&
            profile_tree_find(load, rows[i].key) != NULL) {
            return refuse(reader, load, &rows[i]);
        }
    }
    return true;
}
