/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_sample.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

TestSuite(report_tree, .init = sample_begin, .fini = sample_end);

Test(report_tree, says_when_the_disk_is_full) {
    FILE *full = fopen("/dev/full", "w");
    cr_assert_not_null(full);
    cr_assert_not(report_json_write(&sample.facts, full));
    fclose(full);
    full = fopen("/dev/full", "w");
    cr_assert_not_null(full);
    cr_assert_not(report_hgrm_write(&sample.facts, full));
    fclose(full);
}

/* Allocations that fail, one after the other, until one run needs no more of them. */
static long allocations_left;

static void *allocate(size_t size) {
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

Test(report_tree, says_when_memory_runs_out_wherever_that_is) {
    bool written = false;
    json_set_alloc_funcs(allocate, free);
    for (long allowed = 0; !written; allowed += 1 + allowed / 17) {
        FILE *out = fopen("/dev/null", "w");
        cr_assert_not_null(out);
        allocations_left = allowed;
        errno = 0;
        written = report_json_write(&sample.facts, out);
        fclose(out);
    }
    cr_assert_leq(allocations_left, 100000);
}

Test(report_tree, a_histogram_takes_one_line) {
    char *text = sample_written(report_json_write);
    const char *buckets = strstr(text, "\"buckets\": [[3,1],[6,1],");
    cr_assert_not_null(buckets);
    cr_assert_eq(strncmp(strchr(buckets, '\n') - 2, "]]\n", 3), 0);
    cr_assert_not_null(strstr(text, "\n  \"zones\": {\n    \"core.uc\": {\n      \"state\": "));
    free(text);
}

Test(report_tree, texts_that_are_no_utf8_do_not_spoil_the_result) {
    strcpy(sample.summary.tool.cpu, "CPU \xff\x80 \"quoted\"\t");
    char *text = sample_written(report_json_write);
    json_t *root = json_loads(text, 0, NULL);
    cr_assert_not_null(root);
    cr_assert_str_eq(json_string_value(json_object_get(json_object_get(root, "tool"), "cpu")),
                     "CPU ?? \"quoted\"\t");
    json_decref(root);
    free(text);
}
