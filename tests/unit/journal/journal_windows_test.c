/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal_windows.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS_MAX = 80, ROWS = 4 };

static char lines[ROWS][4096];

/* A run, a zone and a listener of one window; the first line is the head. */
static void write_rows(void) {
    static const struct metrics_window window = {
        .begin_s = 60, .end_s = 120, .usage = {.cpu_share = 0.5, .slots = 31}, .met = true};
    static const struct metrics_window_zone zone = {
        .state = METRICS_ACTIVE,
        .attempts = 1,
        .sip_timeouts = 13,
        .latency = {[METRICS_ESTABLISH] = {.count = 1, .p50 = 21, .p99 = 22}}};
    static const struct metrics_window_listener listener = {.accepted = 41, .aborted = 44};
    struct journal_windows *windows;
    struct base_error error;
    char path[] = "/tmp/ekuload-windows-XXXXXX";
    close(mkstemp(path));
    cr_assert(journal_windows_open(&windows, path, &error), "%s", error.text);
    journal_windows_run(windows, &window);
    journal_windows_zone(windows, &window, "core.uc", &zone);
    journal_windows_listener(windows, &window, "edge.sip", &listener);
    cr_assert(journal_windows_close(windows, &error));
    FILE *file = fopen(path, "r");
    for (unsigned i = 0; i < ROWS; i++) {
        cr_assert_not_null(fgets(lines[i], sizeof lines[i], file));
        lines[i][strcspn(lines[i], "\n")] = '\0';
    }
    fclose(file);
    unlink(path);
}

static unsigned split(char *line, char *cells[COLUMNS_MAX]) {
    unsigned count = 0;
    for (char *rest = line; rest != NULL && count < COLUMNS_MAX;) {
        cells[count++] = strsep(&rest, ",");
    }
    return count;
}

Test(journal_windows, every_value_stands_below_its_name) {
    static const struct {
        unsigned row;
        const char *name;
        const char *value;
    } cases[] = {
        {1, "begin_s", "60.000"},  {1, "subject", ""},         {1, "met", "yes"},
        {1, "cpu_share", "0.500"}, {1, "slots", "31"},         {1, "attempts", ""},
        {2, "subject", "core.uc"}, {2, "state", "active"},     {2, "attempts", "1"},
        {2, "sip_timeouts", "13"}, {2, "establish_p50", "21"}, {2, "establish_p99", "22"},
        {2, "refusal_p50", ""},    {2, "accepted", ""},        {3, "subject", "edge.sip"},
        {3, "accepted", "41"},     {3, "aborted", "44"},       {3, "attempts", ""},
    };
    char *cells[ROWS][COLUMNS_MAX];
    unsigned counts[ROWS];
    write_rows();
    for (unsigned i = 0; i < ROWS; i++) {
        counts[i] = split(lines[i], cells[i]);
        cr_assert_eq(counts[i], counts[0], "row %u has %u cells of %u", i, counts[i], counts[0]);
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned column = 0;
        while (column < counts[0] && strcmp(cells[0][column], cases[i].name) != 0) {
            column++;
        }
        cr_assert_lt(column, counts[0], "no column %s", cases[i].name);
        cr_assert_str_eq(cells[cases[i].row][column], cases[i].value, "%s of row %u", cases[i].name,
                         cases[i].row);
    }
}

Test(journal_windows, a_folder_that_is_not_there_is_told) {
    struct journal_windows *windows;
    struct base_error error;
    cr_assert_not(journal_windows_open(&windows, "/nonexistent/windows.csv", &error));
    cr_assert_not_null(strstr(error.text, "/nonexistent/windows.csv"));
    cr_assert_null(windows);
    cr_assert(journal_windows_close(NULL, &error));
}
