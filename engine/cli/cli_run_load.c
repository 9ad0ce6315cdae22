/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <inttypes.h>
#include <string.h>

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
    if (zone->type == PROFILE_ZONE_TUNNEL ||
        profile_plan_find_follower(plan, index) != PROFILE_NONE || is_routed_over(plan, index)) {
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
        if (carries_load(plan, i, key)) {
            cli_runs_set(&arguments->runs, arguments->load_option,
                         cli_text("nodes.%s.zones.%s.%s=%s", plan->nodes[plan->zones[i].node].name,
                                  plan->zones[i].name, key, arguments->load_value));
            applies = true;
        }
    }
    return applies ||
           base_error_set(error, BASE_ERROR_USAGE,
                          "no zone of the profile %s takes %s from the command line: tunnels and "
                          "what other zones need keep their own; name one by --set "
                          "nodes.NODE.zones.ZONE.%s=...",
                          plan->name, key, key);
}

/* Stages given here say how long the run lasts, unless --duration does. */
static void fit_duration(struct cli_run_arguments *arguments, const struct profile_plan *plan) {
    uint64_t warm_up_ns = arguments->has_warm_up ? arguments->warm_up_ns : plan->warm_up_ns;
    if (!arguments->has_duration && arguments->stages_ns > warm_up_ns) {
        cli_runs_set(&arguments->runs, arguments->load_option,
                     cli_text("load.duration=%" PRIu64 "us",
                              (arguments->stages_ns - warm_up_ns + 999) / 1000));
    }
}

bool cli_run_set_load(struct cli_run_arguments *arguments, const struct profile_plan *plan,
                      struct base_error *error) {
    if (arguments->load_key == NULL) {
        return true;
    }
    fit_duration(arguments, plan);
    return override(arguments, plan, error);
}

void cli_run_note_load(struct cli_run_arguments *arguments, const char *name, const char *value) {
    const char *before = arguments->load_option;
    char *option = cli_text("%s%s--%s %s", before == NULL ? "" : before, before == NULL ? "" : " ",
                            name, value);
    cli_texts_add(&arguments->stages, option);
    arguments->load_option = option;
}

/* "30s:500/s" -> "{duration: 30s, target: 500/s}", behind the stages before it. */
bool cli_run_add_stage(struct cli_run_arguments *arguments, const char *text) {
    const char *colon = strchr(text, ':');
    const char *before = arguments->load_value == NULL ? "[]" : arguments->load_value;
    char duration[32];
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
    int kept = (int)strlen(before) - 1;
    char *value = cli_text("%.*s%s{duration: %s, target: %s}]", kept, before, kept > 1 ? ", " : "",
                           duration, colon + 1);
    cli_texts_add(&arguments->stages, value);
    arguments->load_value = value;
    cli_run_note_load(arguments, "stage", text);
    arguments->stages_ns += ns;
    return true;
}
