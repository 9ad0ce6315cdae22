/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A load given on the command line is settings, zone by zone, so that the profile in the result is
 * the one that was run. */
static bool add(struct cli_run_arguments *arguments, char *text, struct base_error *error) {
    if (text == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    cli_texts_add(&arguments->own_settings, text);
    cli_texts_add(&arguments->profile.settings, text);
    return true;
}

static bool is_followed(const struct profile_plan *plan, uint32_t zone) {
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        for (uint32_t k = 0; k < plan->zones[i].after_count; k++) {
            if (plan->zones[i].after[k] == zone) {
                return true;
            }
        }
    }
    return false;
}

static bool is_routed_over(const struct profile_plan *plan, uint32_t zone) {
    for (uint32_t i = 0; i < plan->node_count; i++) {
        for (uint32_t k = 0; k < plan->nodes[i].route_count; k++) {
            if (plan->nodes[i].routes[k].zone == zone) {
                return true;
            }
        }
    }
    return false;
}

/* What others need to be there, and what a product does by itself, is no load of the user's. */
static bool carries_load(const struct profile_plan *plan, uint32_t index, const char *key) {
    const struct profile_zone *zone = &plan->zones[index];
    bool keeps_number = zone->after_count > 0;
    if (zone->type == PROFILE_ZONE_TUNNEL || is_followed(plan, index) ||
        is_routed_over(plan, index)) {
        return false;
    }
    return !keeps_number ||
           (strcmp(key, "connections") == 0 && zone->load.dialog != PROFILE_DIALOG_REGISTER);
}

static bool override(struct cli_run_arguments *arguments, const struct profile_plan *plan,
                     struct base_error *error) {
    const char *key = arguments->load_key;
    bool applies = false;
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        char *text = NULL;
        if (!carries_load(plan, i, key)) {
            continue;
        }
        if (asprintf(&text, "nodes.%s.zones.%s.%s=%s", plan->nodes[plan->zones[i].node].name,
                     plan->zones[i].name, key, arguments->load_value) < 0) {
            text = NULL;
        }
        if (!add(arguments, text, error)) {
            return false;
        }
        applies = true;
    }
    return applies ||
           base_error_set(error, BASE_ERROR_USAGE,
                          "no zone of the profile %s takes %s from the command line: tunnels and "
                          "what other zones need keep their own; name one by --set "
                          "nodes.NODE.zones.ZONE.%s=...",
                          plan->name, key, key);
}

/* Stages given here say how long the run lasts, unless --duration does. */
static bool fit_duration(struct cli_run_arguments *arguments, const struct profile_plan *plan,
                         struct base_error *error) {
    uint64_t warm_up_ns = plan->warm_up_ns;
    char *text = NULL;
    if (arguments->duration[0] != '\0' || arguments->stages_ns == 0) {
        return true;
    }
    if (arguments->warm_up[0] != '\0') {
        (void)profile_parse_duration(strchr(arguments->warm_up, '=') + 1, &warm_up_ns);
    }
    if (arguments->stages_ns <= warm_up_ns) {
        return true;
    }
    if (asprintf(&text, "load.duration=%" PRIu64 "us",
                 (arguments->stages_ns - warm_up_ns + 999) / 1000) < 0) {
        text = NULL;
    }
    return add(arguments, text, error);
}

bool cli_run_apply_load(struct cli_run_arguments *arguments, struct base_error *error) {
    const char *const shortcuts[] = {arguments->duration, arguments->warm_up, arguments->seed};
    struct profile_plan *plan;
    if (arguments->load_key != NULL) {
        if (!cli_load_profile(&plan, &arguments->profile, error)) {
            return false;
        }
        bool good = override(arguments, plan, error) && fit_duration(arguments, plan, error);
        profile_plan_destroy(plan);
        if (!good) {
            return false;
        }
    }
    /* Last, so that they win over --set. */
    for (size_t i = 0; i < sizeof shortcuts / sizeof shortcuts[0]; i++) {
        if (shortcuts[i][0] != '\0') {
            cli_texts_add(&arguments->profile.settings, shortcuts[i]);
        }
    }
    return true;
}

/* "30s:500/s" -> "{duration: 30s, target: 500/s}", behind the stages before it. */
bool cli_run_add_stage(struct cli_run_arguments *arguments, const char *text) {
    const char *colon = strchr(text, ':');
    const char *before = arguments->load_value == NULL ? "[" : arguments->load_value;
    char duration[32];
    char *value;
    uint64_t ns;
    size_t length = colon == NULL ? 0 : (size_t)(colon - text);
    if (length == 0 || length >= sizeof duration || colon[1] == '\0' ||
        strcspn(colon + 1, ",{}[]:#\"' \t\n") != strlen(colon + 1)) {
        return false;
    }
    memcpy(duration, text, length);
    duration[length] = '\0';
    if (!profile_parse_duration(duration, &ns)) {
        return false;
    }
    int kept = (int)strlen(before) - (arguments->load_value == NULL ? 0 : 1);
    if (asprintf(&value, "%.*s%s{duration: %s, target: %s}]", kept, before, kept > 1 ? ", " : "",
                 duration, colon + 1) < 0) {
        return false;
    }
    cli_texts_add(&arguments->own_settings, value);
    arguments->load_value = value;
    arguments->stages_ns += ns;
    return true;
}
