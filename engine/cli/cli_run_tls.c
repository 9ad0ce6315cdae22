/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --tickets, --cacert and --source-ip are settings, so that the profile in the result is the one
 * that was run; what they are called depends on the profile. */
struct settings {
    struct cli_run_arguments *arguments;
    const struct profile_plan *plan;
    bool good;
};

/* Takes `text` over; NULL: there was no memory for it. */
static void add(struct settings *settings, char *text) {
    settings->good &= text != NULL;
    if (text != NULL) {
        cli_texts_add(&settings->arguments->own_settings, text);
        cli_texts_add(&settings->arguments->profile.settings, text);
    }
}

static char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *text_of(const char *format, ...) {
    char *text = NULL;
    va_list values;
    va_start(values, format);
    int length = vasprintf(&text, format, values);
    va_end(values);
    return length < 0 ? NULL : text;
}

static bool runs_here(const struct settings *settings, const struct profile_node *node) {
    const struct cli_texts *only = &settings->arguments->only;
    bool found = only->count == 0;
    for (size_t i = 0; i < only->count; i++) {
        found |= strcmp(only->items[i], node->name) == 0;
    }
    return found && node->external == NULL;
}

static void add_tickets(struct settings *settings) {
    const struct profile_plan *plan = settings->plan;
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (plan->nodes[i].external == NULL) {
            add(settings, text_of("nodes.%s.resumption=tickets", plan->nodes[i].name));
        }
    }
    for (uint32_t i = 0; i < plan->zone_count; i++) {
        add(settings, text_of("nodes.%s.zones.%s.resumption=tickets",
                              plan->nodes[plan->zones[i].node].name, plan->zones[i].name));
    }
}

/* In double quotes, as YAML reads it. */
static char *quoted(const char *text) {
    char *out = malloc(2 * strlen(text) + 3);
    char *at = out;
    if (out == NULL) {
        return NULL;
    }
    *at++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            *at++ = '\\';
        }
        *at++ = *text;
    }
    *at++ = '"';
    *at = '\0';
    return out;
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
    char *text = text_of("nodes.%s.trust=[", node->name);
    for (uint32_t i = 0; text != NULL && i < node->trust_count; i++) {
        char *longer = text_of("%s%s, ", text, plan->authorities[node->trust[i]].name);
        free(text);
        text = longer;
    }
    char *whole = text == NULL ? NULL : text_of("%s%s]", text, more);
    free(text);
    return whole;
}

static void add_authority(struct settings *settings, const char *path) {
    const struct profile_plan *plan = settings->plan;
    char name[32];
    char *file = quoted(path);
    name_authority(name, plan);
    add(settings,
        file == NULL ? NULL : text_of("authorities.%s={kind: internal, cert: %s}", name, file));
    free(file);
    for (uint32_t i = 0; i < plan->node_count; i++) {
        if (runs_here(settings, &plan->nodes[i])) {
            add(settings, trust_of(plan, &plan->nodes[i], name));
        }
    }
}

/* An IPv6 address needs the quotes: its colons would be YAML's. */
static char *list_of(const char *texts) {
    char *list = text_of("[");
    for (const char *text = texts; list != NULL && *text != '\0';) {
        size_t length = strcspn(text, ",");
        char *longer = text_of("%s\"%.*s\", ", list, (int)length, text);
        free(list);
        list = longer;
        text += length + (text[length] == ',' ? 1 : 0);
    }
    char *whole = list == NULL ? NULL : text_of("%s]", list);
    free(list);
    return whole;
}

static void add_sources(struct settings *settings, const char *addresses) {
    const struct profile_plan *plan = settings->plan;
    char *list = list_of(addresses);
    settings->good &= list != NULL;
    for (uint32_t i = 0; list != NULL && i < plan->zone_count; i++) {
        const struct profile_node *node = &plan->nodes[plan->zones[i].node];
        if (runs_here(settings, node)) {
            add(settings,
                text_of("nodes.%s.zones.%s.source=%s", node->name, plan->zones[i].name, list));
        }
    }
    free(list);
}

bool cli_run_apply_tls(struct cli_run_arguments *arguments, struct profile_plan **plan,
                       struct base_error *error) {
    struct settings settings = {.arguments = arguments, .plan = *plan, .good = true};
    if (!arguments->tickets && arguments->cacert == NULL && arguments->source_ip == NULL) {
        return true;
    }
    if (arguments->tickets) {
        add_tickets(&settings);
    }
    if (arguments->cacert != NULL) {
        add_authority(&settings, arguments->cacert);
    }
    if (arguments->source_ip != NULL) {
        add_sources(&settings, arguments->source_ip);
    }
    profile_plan_destroy(*plan);
    *plan = NULL;
    if (!settings.good) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    return cli_load_profile(plan, &arguments->profile, error);
}

void cli_run_forget_tls(struct cli_run_arguments *arguments) {
    for (size_t i = 0; i < arguments->own_settings.count; i++) {
        free((void *)(uintptr_t)arguments->own_settings.items[i]);
    }
    free((void *)arguments->own_settings.items);
}
