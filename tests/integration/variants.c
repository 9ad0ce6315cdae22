/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_result.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* The lab's profile passes; with the check on and serverAuth only its variants do not, and do. */
static const char variants[] = "variants:\n"
                               "  refused:\n"
                               "    set: { nodes.initiator.client_store.eku: [serverAuth] }\n"
                               "  let-in:\n"
                               "    set: { nodes.initiator.client_store.eku: [serverAuth], "
                               "nodes.acceptor.eku_checking: off }\n";

TestSuite(variants, .init = support_scene_open, .fini = support_scene_close);

static const char *profile_with_variants(void) {
    const char *path = support_scene_path("variants.yaml");
    char *lab = support_file_read(support_lab_profile());
    support_file_write(path, support_scene_text("%s%s", lab, variants));
    free(lab);
    return path;
}

static void expect_told(const struct support_run *run, const char *text) {
    cr_assert_eq(support_file_count_text(run->child.out_path, text), 1, "not once \"%s\" in %s",
                 text, support_file_read(run->child.out_path));
}

Test(variants, follow_the_profile_and_are_told_of_together) {
    struct support_run run;
    support_run_prepare(&run, "all", profile_with_variants());
    support_run_expect(&run, SUPPORT_FAIL);
    cr_assert_str_eq(support_result_text(&run, "verdict"), "pass", "the profile itself");
    expect_told(&run, "\nlab with its variants\n"
                      "  PASS  the profile itself\n"
                      "  FAIL  variant refused\n"
                      "  PASS  variant let-in\n");
    support_run_finish(&run);
}

Test(variants, are_inside_the_profile_s_result_as_json) {
    struct support_run run;
    json_error_t error;
    support_run_prepare(&run, "json", profile_with_variants());
    support_run_add(&run, "--output-format json");
    support_run_expect(&run, SUPPORT_FAIL);
    json_t *printed = json_load_file(run.child.out_path, 0, &error);
    cr_assert_not_null(printed, "%d: %s", error.line, error.text);
    const json_t *inside = json_object_get(printed, "variants");
    static const char *const verdicts[][2] = {{"refused", "fail"}, {"let-in", "pass"}};
    cr_assert_str_eq(json_string_value(json_object_get(printed, "verdict")), "pass");
    for (unsigned i = 0; i < 2; i++) {
        const json_t *one = json_object_get(inside, verdicts[i][0]);
        cr_assert_str_eq(json_string_value(json_object_get(one, "verdict")), verdicts[i][1]);
        cr_assert_str_eq(json_string_value(json_object_get(one, "variant")), verdicts[i][0]);
    }
    json_decref(printed);
    support_run_finish(&run);
}

Test(variants, run_alone_by_name) {
    struct support_run run;
    support_run_prepare(&run, "one", profile_with_variants());
    support_run_add(&run, "--variant let-in");
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_str_eq(support_result_text(&run, "variant"), "let-in");
    cr_assert_eq(support_file_count_text(run.child.out_path, "with its variants"), 0);
    support_run_finish(&run);
}

Test(variants, leave_real_equipment_s_switch_to_its_user) {
    struct support_run run;
    support_run_prepare(&run, "external", profile_with_variants());
    support_run_set(&run, "nodes.acceptor.external=%s", support_scene_address(99));
    support_run_set(&run, "expect={initiator.load: {state: failed}}");
    support_run_expect(&run, SUPPORT_PASS);
    cr_assert_eq(support_file_count_text(run.child.err_path,
                                         "variant let-in was left out: it sets eku_checking of "
                                         "acceptor, which is real equipment"),
                 1, "%s", support_file_read(run.child.err_path));
    expect_told(&run, "  PASS  variant refused\n");
    cr_assert_eq(support_file_count_text(run.child.out_path, "variant let-in"), 0);
    support_run_finish(&run);
}
