/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_internal.h"

#include "base_nearest.h"
#include "run_command.h"
#include "run_control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One command on its way through the nodes that it is for. */
struct visit {
    struct run *run;
    const struct run_command *command;
    uint32_t only; /* node index, or PROFILE_NONE: all */
    FILE *answer;
};

static bool is_for(const struct visit *visit, uint32_t index) {
    return visit->run->runs_here[index] && (visit->only == PROFILE_NONE || visit->only == index);
}

static const struct profile_product *product_of(const struct visit *visit, uint32_t index) {
    return visit->run->plan->nodes[index].product;
}

/* A setting of a node that xConfiguration tells or changes. */
struct setting {
    bool (*is_known)(const struct profile_product *product);
    bool (*is_on)(const struct run *run, uint32_t index);
    void (*set)(struct run *run, uint32_t index, bool on);
};

static bool has_eku_switch(const struct profile_product *product) {
    return product->has_eku_switch;
}

static bool eku_checking(const struct run *run, uint32_t index) {
    return node_eku_checking(run->nodes[index]);
}

static void set_eku_checking(struct run *run, uint32_t index, bool on) {
    node_set_eku_checking(run->nodes[index], on);
}

static bool has_server_eku_upload(const struct profile_product *product) {
    return product->has_server_eku_upload;
}

static bool server_eku_upload(const struct run *run, uint32_t index) {
    return node_server_eku_upload(run->nodes[index]);
}

static void set_server_eku_upload(struct run *run, uint32_t index, bool on) {
    node_set_server_eku_upload(run->nodes[index], on);
}

static const struct setting settings[] = {
    [RUN_COMMAND_EKU_MODE] = {has_eku_switch, eku_checking, set_eku_checking},
    [RUN_COMMAND_SERVER_EKU_UPLOAD] = {has_server_eku_upload, server_eku_upload,
                                       set_server_eku_upload},
};

/* An earlier release of the product knows the command. The table has the newest release first. */
static bool is_deprecated(const struct profile_product *product, const struct setting *setting) {
    const struct profile_product *row;
    bool passed = false;
    for (uint32_t i = 0; (row = profile_product_at(i)) != NULL; i++) {
        if (passed && strcmp(row->product, product->product) == 0 && setting->is_known(row)) {
            return true;
        }
        passed |= row == product;
    }
    return false;
}

/* None of the nodes that it is for knows the command. */
static bool refuse_setting(const struct visit *visit, const struct setting *setting,
                           struct base_error *error) {
    for (uint32_t i = 0; i < visit->run->plan->node_count; i++) {
        const struct profile_product *product = product_of(visit, i);
        if (is_for(visit, i) && is_deprecated(product, setting)) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "this command is deprecated on %s: a certificate without "
                                  "clientAuth goes into the server store unasked",
                                  product->release);
        }
    }
    if (visit->only == PROFILE_NONE) {
        return base_error_set(error, BASE_ERROR_USAGE, "no node that runs here knows %s",
                              visit->command->name);
    }
    const struct profile_node *node = &visit->run->plan->nodes[visit->only];
    return base_error_set(error, BASE_ERROR_USAGE, "%s (%s%s%s) does not know %s", node->name,
                          node->product->product, node->release == NULL ? "" : " ",
                          node->release == NULL ? "" : node->release, visit->command->name);
}

static void tell_setting(const struct visit *visit, uint32_t index, const struct setting *setting,
                         bool alone) {
    fprintf(visit->answer, "%s%s*c %s: \"%s\"\n", alone ? "" : visit->run->plan->nodes[index].name,
            alone ? "" : ": ", visit->command->name,
            setting->is_on(visit->run, index) ? "On" : "Off");
}

static bool serve_setting(const struct visit *visit, struct base_error *error) {
    const struct setting *setting = &settings[visit->command->kind];
    uint32_t count = 0;
    for (uint32_t i = 0; i < visit->run->plan->node_count; i++) {
        count += is_for(visit, i) && setting->is_known(product_of(visit, i)) ? 1 : 0;
    }
    if (count == 0) {
        return refuse_setting(visit, setting, error);
    }
    for (uint32_t i = 0; i < visit->run->plan->node_count; i++) {
        if (!is_for(visit, i) || !setting->is_known(product_of(visit, i))) {
            continue;
        }
        if (visit->command->value == RUN_COMMAND_ASKS) {
            tell_setting(visit, i, setting, count == 1);
        } else {
            setting->set(visit->run, i, visit->command->value == RUN_COMMAND_ON);
        }
    }
    return true;
}

static void tell_status(const struct visit *visit) {
    const struct run_options *options = visit->run->options;
    const struct run_progress progress = run_sampler_progress(visit->run, base_clock_now_ns());
    if (options->status != NULL) {
        options->status(&progress, visit->answer);
    }
}

static bool find_node(struct visit *visit, struct base_error *error) {
    const struct run *run = visit->run;
    const char *name = visit->command->node;
    struct base_nearest nearest = base_nearest_begin(name);
    char hint[BASE_NEAREST_SIZE];
    visit->only = PROFILE_NONE;
    if (name[0] == '\0') {
        return true;
    }
    visit->only = profile_plan_find_node(run->plan, name);
    if (visit->only != PROFILE_NONE && run->runs_here[visit->only]) {
        return true;
    }
    for (uint32_t i = 0; i < run->plan->node_count; i++) {
        if (run->runs_here[i]) {
            base_nearest_offer(&nearest, run->plan->nodes[i].name);
        }
    }
    return base_error_set(error, BASE_ERROR_USAGE, "no node \"%s\" runs here%s", name,
                          base_nearest_hint(&nearest, hint));
}

/* `later`: the answer follows in another turn. */
static bool carry_out(struct visit *visit, bool *later, struct base_error *error) {
    bool answered = true;
    if (!find_node(visit, error)) {
        return false;
    }
    switch (visit->command->kind) {
    case RUN_COMMAND_EKU_MODE:
    case RUN_COMMAND_SERVER_EKU_UPLOAD:
        return serve_setting(visit, error);
    case RUN_COMMAND_RELOAD:
        if (!run_reload_begin(visit->run, visit->only, &answered, error)) {
            return false;
        }
        *later = !answered;
        if (answered) {
            run_reload_describe(visit->run, visit->only, visit->answer);
        }
        return true;
    case RUN_COMMAND_RATE:
    case RUN_COMMAND_CONNECTIONS:
    case RUN_COMMAND_PAUSE:
    case RUN_COMMAND_RESUME:
    case RUN_COMMAND_DIAL:
        return run_load_serve(visit->run, visit->command, visit->answer, error);
    case RUN_COMMAND_STATUS:
        tell_status(visit);
        return true;
    case RUN_COMMAND_QUIT:
        visit->run->told_to_quit = true;
        return true;
    case RUN_COMMAND_HELP:
        run_command_help(visit->answer);
        return true;
    }
    return true;
}

/* Of those that are carried out at once. */
static bool changes_the_run(const struct run_command *command) {
    switch (command->kind) {
    case RUN_COMMAND_EKU_MODE:
    case RUN_COMMAND_SERVER_EKU_UPLOAD:
    case RUN_COMMAND_RATE:
    case RUN_COMMAND_CONNECTIONS:
        return command->value != RUN_COMMAND_ASKS;
    case RUN_COMMAND_PAUSE:
    case RUN_COMMAND_RESUME:
    case RUN_COMMAND_DIAL:
        return true;
    case RUN_COMMAND_RELOAD:
    case RUN_COMMAND_STATUS:
    case RUN_COMMAND_QUIT:
    case RUN_COMMAND_HELP:
    default:
        return false;
    }
}

static bool serve(void *context, const char *line, FILE *answer) {
    struct run_command command;
    struct visit visit = {.run = context, .command = &command, .answer = answer};
    struct base_error error;
    bool later = false;
    if (!run_command_read(&command, line, &error) || !carry_out(&visit, &later, &error)) {
        fprintf(answer, "ERROR: %s\n", error.text);
        return true;
    }
    if (changes_the_run(&command)) {
        run_load_note(visit.run, line, base_clock_now_ns());
    }
    if (!later) {
        fprintf(answer, "OK\n");
    }
    return !later;
}

/* Of whoever watches: the same commands, without the socket. */
static void serve_own(struct run *run, const char *line) {
    const struct run_options *options = run->options;
    char *text = NULL;
    size_t length = 0;
    FILE *answer = open_memstream(&text, &length);
    bool answered = answer != NULL && serve(run, line, answer);
    if (answer != NULL && fclose(answer) == 0 && answered && options->answer != NULL) {
        options->answer(options->command_context, line, text);
    }
    free(text);
}

static void note_reload(struct run *run, uint64_t now_ns) {
    char line[128];
    uint32_t only = run->reload.only;
    bool all = only == PROFILE_NONE;
    snprintf(line, sizeof line, "%s%s%sreload", all ? "" : "--node ",
             all ? "" : run->plan->nodes[only].name, all ? "" : " ");
    run_load_note(run, line, now_ns);
}

static void answer_reload(struct run *run, const struct base_error *error, uint64_t now_ns) {
    char *text = NULL;
    size_t length = 0;
    if (run->reload.is_renewal && error->kind != BASE_ERROR_NONE) {
        run_renew_complain(run, error);
        return;
    }
    FILE *answer = open_memstream(&text, &length);
    if (answer == NULL) {
        run_server_answer(run->server, "ERROR: out of memory\n", now_ns);
        return;
    }
    if (error->kind == BASE_ERROR_NONE) {
        run_reload_describe(run, run->reload.only, answer);
        fprintf(answer, "OK\n");
        note_reload(run, now_ns);
    } else {
        fprintf(answer, "ERROR: %s\n", error->text);
    }
    bool whole = fclose(answer) == 0;
    run_server_answer(run->server, whole ? text : "ERROR: out of memory\n", now_ns);
    free(text);
}

bool run_steer_open(struct run *run, struct base_error *error) {
    const struct run_options *options = run->options;
    char own_path[RUN_CONTROL_PATH_SIZE];
    if (options->control_path != NULL) {
        return run_server_open(&run->server, options->control_path, error);
    }
    if ((!run_control_own_path(own_path, error) ||
         !run_server_open(&run->server, own_path, error)) &&
        options->note != NULL) {
        char sentence[sizeof error->text + 64];
        snprintf(sentence, sizeof sentence, "%s; this run cannot be steered", error->text);
        options->note(sentence);
    }
    return true;
}

static void ask_own(struct run *run, uint64_t now_ns) {
    const struct run_options *options = run->options;
    const char *line = "";
    while (options->command != NULL && line != NULL) {
        const struct run_progress progress = run_sampler_progress(run, now_ns);
        line = options->command(options->command_context, &progress);
        if (line != NULL) {
            serve_own(run, line);
        }
    }
}

void run_steer_turn(struct run *run, uint64_t now_ns) {
    const struct run_server_desk desk = {.serve = serve, .context = run};
    struct base_error error;
    if (run_reload_turn(run, &error)) {
        answer_reload(run, &error, now_ns);
    }
    ask_own(run, now_ns);
    if (run->server != NULL) {
        run_server_turn(run->server, now_ns, &desk);
    }
}

void run_steer_close(struct run *run) {
    run_server_close(run->server);
    run->server = NULL;
}
