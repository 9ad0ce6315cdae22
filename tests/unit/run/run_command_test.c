/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_command.h"

#include "run_control.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define MODE "xconfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode"

Test(run_command, is_read_as_people_write_it) {
    static const struct {
        const char *line;
        enum run_command_kind kind;
        enum run_command_value value;
        const char *node;
    } rows[] = {
        {MODE ": Off", RUN_COMMAND_EKU_MODE, RUN_COMMAND_OFF, ""},
        {MODE ": On:", RUN_COMMAND_EKU_MODE, RUN_COMMAND_ON, ""},
        {MODE ":On", RUN_COMMAND_EKU_MODE, RUN_COMMAND_ON, ""},
        {MODE ": \"On\"", RUN_COMMAND_EKU_MODE, RUN_COMMAND_ON, ""},
        {MODE ": \xe2\x80\x9cOff\xe2\x80\x9d", RUN_COMMAND_EKU_MODE, RUN_COMMAND_OFF, ""},
        {MODE ": 'off'", RUN_COMMAND_EKU_MODE, RUN_COMMAND_OFF, ""},
        {MODE " ON", RUN_COMMAND_EKU_MODE, RUN_COMMAND_ON, ""},
        {MODE, RUN_COMMAND_EKU_MODE, RUN_COMMAND_ASKS, ""},
        {MODE ":", RUN_COMMAND_EKU_MODE, RUN_COMMAND_ASKS, ""},
        {"  xConfiguration\tsip  TLS certificate EXTENDEDKEYUSAGE checking mode:   oFF \r",
         RUN_COMMAND_EKU_MODE, RUN_COMMAND_OFF, ""},
        {"--node edge " MODE ": Off", RUN_COMMAND_EKU_MODE, RUN_COMMAND_OFF, "edge"},
        {"--node=Edge-2 reload", RUN_COMMAND_RELOAD, RUN_COMMAND_ASKS, "Edge-2"},
        {"xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload: On",
         RUN_COMMAND_SERVER_EKU_UPLOAD, RUN_COMMAND_ON, ""},
        {"reload", RUN_COMMAND_RELOAD, RUN_COMMAND_ASKS, ""},
        {"Status", RUN_COMMAND_STATUS, RUN_COMMAND_ASKS, ""},
        {"pause", RUN_COMMAND_PAUSE, RUN_COMMAND_ASKS, ""},
        {"Resume", RUN_COMMAND_RESUME, RUN_COMMAND_ASKS, ""},
        {"dial", RUN_COMMAND_DIAL, RUN_COMMAND_ASKS, ""},
        {"quit\r", RUN_COMMAND_QUIT, RUN_COMMAND_ASKS, ""},
        {"help", RUN_COMMAND_HELP, RUN_COMMAND_ASKS, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct run_command command;
        struct base_error error;
        cr_assert(run_command_read(&command, rows[i].line, &error), "%s: %s", rows[i].line,
                  error.text);
        cr_assert_eq(command.kind, rows[i].kind, "%s", rows[i].line);
        cr_assert_eq(command.value, rows[i].value, "%s", rows[i].line);
        cr_assert_str_eq(command.node, rows[i].node, "%s", rows[i].line);
    }
}

Test(run_command, that_nobody_knows_gets_one_sentence_with_the_nearest) {
    static const struct {
        const char *line;
        const char *words;
    } rows[] = {
        {"", "a command was expected; `help` lists them"},
        {" :: ", "a command was expected"},
        {"relaod", "no command \"relaod\"; did you mean \"reload\"?"},
        {"xconfiguration SIP TLS Certificate ExtendedKeyUsage Cheking Mode: Off",
         "did you mean \"xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode\"?"},
        {"xconfiguration XCP TLS Certificate CVS EnableServerEku: On",
         "did you mean \"xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload\"?"},
        {"make coffee", "no command \"make coffee\"; `help` lists them"},
        {"quitt", "did you mean \"quit\"?"},
        {MODE "s: Off", "there is no command"},
        {MODE ": maybe", "On or Off was expected, not \"maybe\""},
        {MODE ": On Off", "On or Off was expected, not \"on off\""},
        {"reload edge", "reload stands alone: \"edge\" is too much"},
        {"set rat 5/s", "did you mean \"set rate\"?"},
        {"set rate fast core", "set rate: a rate from 1/h to 1000000/s, with a sign"},
        {"set rate 5", "was expected, not \"5\""},
        {"set rate 0/s", "was expected, not \"0/s\""},
        {"set rate 2000000/s", "was expected, not \"2000000/s\""},
        {"set rate --5/s", "was expected, not \"--5/s\""},
        {"set rate core.load 5/s now", "was expected, not \"5/s now\""},
        {"set connections 0", "set connections: a number from 1 to 1000000"},
        {"set connections 1e3", "was expected, not \"1e3\""},
        {"set connections 1000001", "was expected, not \"1000001\""},
        {"set connections 99999999999999999999", "was expected, not"},
        {"set connections core.uc 5/s", "was expected, not \"5/s\""},
        {"--node core set rate 5/s", "set rate is for the whole run"},
        {"--node edge quit", "quit is for the whole run: leave --node out"},
        {"--node", "the name of a node was expected"},
        {"--node   ", "the name of a node was expected"},
        {"--nodes edge reload", "the name of a node was expected"},
        {"\x1b[2J\x80", "no command \"?[2j?\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct run_command command;
        struct base_error error = {.kind = BASE_ERROR_NONE};
        cr_assert_not(run_command_read(&command, rows[i].line, &error), "%s", rows[i].line);
        cr_assert_eq(error.kind, BASE_ERROR_USAGE);
        cr_assert_not_null(strstr(error.text, rows[i].words), "no \"%s\" in \"%s\"", rows[i].words,
                           error.text);
        cr_assert_null(strpbrk(error.text, "\n\r\x1b"), "%s", error.text);
    }
}

Test(run_command, that_changes_the_load_says_of_which_zone_and_by_how_much) {
    static const struct {
        const char *line;
        enum run_command_kind kind;
        enum run_command_value value;
        const char *zone;
        double amount;
    } rows[] = {
        {"set rate", RUN_COMMAND_RATE, RUN_COMMAND_ASKS, "", 0},
        {"set rate core.load", RUN_COMMAND_RATE, RUN_COMMAND_ASKS, "core.load", 0},
        {"set rate 500/s", RUN_COMMAND_RATE, RUN_COMMAND_TO, "", 500},
        {"SET Rate Core.Load: 30/m", RUN_COMMAND_RATE, RUN_COMMAND_TO, "core.load", 0.5},
        {"set rate core.load +0.5/s", RUN_COMMAND_RATE, RUN_COMMAND_BY, "core.load", 0.5},
        {"set rate -10/s", RUN_COMMAND_RATE, RUN_COMMAND_BY, "", -10},
        {"set rate core.load profile", RUN_COMMAND_RATE, RUN_COMMAND_AS_PROFILE, "core.load", 0},
        {"set connections", RUN_COMMAND_CONNECTIONS, RUN_COMMAND_ASKS, "", 0},
        {"set connections core.uc 1000000", RUN_COMMAND_CONNECTIONS, RUN_COMMAND_TO, "core.uc",
         1000000},
        {"set connections -1", RUN_COMMAND_CONNECTIONS, RUN_COMMAND_BY, "", -1},
        {"set connections profile", RUN_COMMAND_CONNECTIONS, RUN_COMMAND_AS_PROFILE, "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct run_command command;
        struct base_error error;
        cr_assert(run_command_read(&command, rows[i].line, &error), "%s: %s", rows[i].line,
                  error.text);
        cr_assert_eq(command.kind, rows[i].kind, "%s", rows[i].line);
        cr_assert_eq(command.value, rows[i].value, "%s", rows[i].line);
        cr_assert_str_eq(command.zone, rows[i].zone, "%s", rows[i].line);
        cr_assert_float_eq(command.amount, rows[i].amount, 1e-9, "%s", rows[i].line);
    }
}

Test(run_command, may_be_as_long_as_a_line_can_be) {
    char line[RUN_CONTROL_LINE_MAX + 1];
    struct run_command command;
    struct base_error error;
    memset(line, 'x', sizeof line);
    line[RUN_CONTROL_LINE_MAX] = '\0';
    cr_assert_not(run_command_read(&command, line, &error));
    memset(line, ' ', RUN_CONTROL_LINE_MAX);
    memcpy(line + RUN_CONTROL_LINE_MAX - 6, "status", 6);
    cr_assert(run_command_read(&command, line, &error), "%s", error.text);
    cr_assert_eq(command.kind, RUN_COMMAND_STATUS);
    memset(line, 'n', RUN_CONTROL_LINE_MAX);
    memcpy(line, "--node ", 7);
    cr_assert_not(run_command_read(&command, line, &error), "a node's name has its bounds");
}

Test(run_command, help_names_every_one_so_that_it_is_understood) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    unsigned count = 0;
    run_command_help(out);
    fclose(out);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        struct run_command command;
        struct base_error error;
        if (line[0] == ' ') {
            continue; /* what it does */
        }
        cr_assert(run_command_read(&command, line, &error), "%s: %s", line, error.text);
        cr_assert_eq(command.kind, count);
        cr_assert_str_eq(command.name, line);
        count++;
    }
    cr_assert_eq(count, RUN_COMMAND_HELP + 1);
    free(text);
}
