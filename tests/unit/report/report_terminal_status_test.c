/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_article.h"
#include "report_sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(report_terminal_status, .init = sample_begin, .fini = sample_end);

static bool write_plain(const struct report_facts *facts, FILE *out) {
    report_terminal_write(facts, out, false);
    return true;
}

/* The sample's nodes, named and of this product. */
static char *terminal_with(const struct profile_product *product) {
    for (uint32_t i = 0; i < sample.plan.node_count; i++) {
        sample.plan.nodes[i].product = product;
    }
    for (uint32_t i = 0; i < sample.plan.zone_count; i++) {
        sample.plan.zones[i].name = sample.plan.zones[i].full_name;
    }
    for (uint32_t i = 0; i < sample.plan.listener_count; i++) {
        sample.plan.listeners[i].name = sample.plan.listeners[i].full_name;
    }
    sample.plan.zones[ZONE_TUNNEL].type = PROFILE_ZONE_TUNNEL;
    return sample_written(write_plain);
}

Test(report_terminal_status, an_expressway_shows_the_pages_of_its_web_interface) {
    char *text = terminal_with(article.nodes[CORE].product);
    cr_assert_not_null(strstr(text, "\ncore Cisco Expressway-C\nZones\nName "), "%s", text);
    cr_assert_not_null(strstr(text, "\ncore.uc     Unified Communications traversal  - "), "%s",
                       text);
    cr_assert_not_null(strstr(text, "\nUnified Communications SSH tunnels status\nTarget"), "%s",
                       text);
    free(text);
}

Test(report_terminal_status, other_products_have_no_such_pages) {
    static const struct profile_product other = {.title = "Webex"};
    char *text = terminal_with(&other);
    cr_assert_null(strstr(text, "Zones\n"), "%s", text);
    cr_assert_null(strstr(text, "SSH tunnels status"), "%s", text);
    free(text);
}
