/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool runs_here(const struct cli_run_arguments *arguments, const struct profile_node *node) {
    const struct cli_texts *only = &arguments->runs.only;
    bool found = only->count == 0;
    for (size_t i = 0; i < only->count; i++) {
        found |= strcmp(only->items[i], node->name) == 0;
    }
    return found && node->external == NULL;
}

static void add_tickets(struct cli_run_arguments *arguments, const struct profile_plan *plan) {
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (plan->nodes[i].external == NULL) {
            cli_runs_set(&arguments->runs, "--tickets",
                         cli_text("nodes.%s.resumption=tickets", plan->nodes[i].name));
        }
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        cli_runs_set(&arguments->runs, "--tickets",
                     cli_text("nodes.%s.zones.%s.resumption=tickets",
                              plan->nodes[plan->zones[i].node].name, plan->zones[i].name));
    }
}

/* `separator` and `text`, in double quotes as YAML reads it, behind `before`, which is taken over.
 */
static char *append_quoted(char *before, const char *separator, const char *text, size_t length) {
    char *whole = cli_text("%s%s\"", before, separator);
    free(before);
    for (size_t i = 0; i < length; i++) {
        bool is_special = text[i] == '"' || text[i] == '\\';
        char *longer = cli_text("%s%s%c", whole, is_special ? "\\" : "", text[i]);
        free(whole);
        whole = longer;
    }
    char *closed = cli_text("%s\"", whole);
    free(whole);
    return closed;
}

/* One that the profile does not use: "cacert", "cacert-1". */
static void name_authority(char out[32], const struct profile_plan *plan) {
    bool is_taken = true;
    for (uint32_t number = 0; is_taken; number++) {
        snprintf(out, 32, number == 0 ? "cacert" : "cacert-%u", number);
        is_taken = false;
        for (uint32_t i = 0; i < plan->authority_count; i++) {
            is_taken |= strcmp(plan->authorities[i].name, out) == 0;
        }
    }
}

static char *trust_of(const struct profile_plan *plan, const struct profile_node *node,
                      const char *more) {
    char *text = cli_text("nodes.%s.trust=[", node->name);
    for (uint32_t i = 0; i < node->trust_count; i++) {
        char *longer = cli_text("%s%s, ", text, plan->authorities[node->trust[i]].name);
        free(text);
        text = longer;
    }
    char *whole = cli_text("%s%s]", text, more);
    free(text);
    return whole;
}

/* As it was typed; it lives as long as the settings do. */
static const char *option_of(struct cli_run_arguments *arguments, const char *name,
                             const char *value) {
    char *option = cli_text("--%s %s", name, value);
    cli_texts_add(&arguments->runs.texts, option);
    return option;
}

static void add_authority(struct cli_run_arguments *arguments, const struct profile_plan *plan) {
    const char *path = arguments->cacert;
    const char *option = option_of(arguments, "cacert", path);
    char name[32];
    name_authority(name, plan);
    char *value = append_quoted(cli_text("{kind: internal, cert: "), "", path, strlen(path));
    cli_runs_set(&arguments->runs, option, cli_text("authorities.%s=%s}", name, value));
    free(value);
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (runs_here(arguments, &plan->nodes[i])) {
            cli_runs_set(&arguments->runs, option, trust_of(plan, &plan->nodes[i], name));
        }
    }
}

/* An IPv6 address needs the quotes: its colons would be YAML's. */
static char *list_of(const char *texts) {
    char *list = cli_text("[");
    for (const char *text = texts; *text != '\0';) {
        size_t length = strcspn(text, ",");
        list = append_quoted(list, text == texts ? "" : ", ", text, length);
        text += length + (text[length] == ',' ? 1 : 0);
    }
    char *whole = cli_text("%s]", list);
    free(list);
    return whole;
}

static void add_sources(struct cli_run_arguments *arguments, const struct profile_plan *plan) {
    const char *option = option_of(arguments, "source-ip", arguments->source_ip);
    char *list = list_of(arguments->source_ip);
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        const struct profile_node *node = &plan->nodes[plan->zones[i].node];
        if (runs_here(arguments, node)) {
            cli_runs_set(
                &arguments->runs, option,
                cli_text("nodes.%s.zones.%s.source=%s", node->name, plan->zones[i].name, list));
        }
    }
    free(list);
}

void cli_run_set_connections(struct cli_run_arguments *arguments, const struct profile_plan *plan) {
    if (arguments->tickets) {
        add_tickets(arguments, plan);
    }
    if (arguments->cacert != NULL) {
        add_authority(arguments, plan);
    }
    if (arguments->source_ip != NULL) {
        add_sources(arguments, plan);
    }
}
