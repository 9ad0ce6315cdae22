/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_options.h"

#include "base_fault.h"
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char upload_error[] =
    "> Invalid certificate: The file provided does not have a client usage attribute. Services "
    "requiring mutual TLS may not work.\n";

static char *generate(void) {
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    cr_assert_not_null(memory);
    profile_options_write_markdown(memory);
    fclose(memory);
    return text;
}

/* The source tree is where the built-in profiles are. */
static FILE *open_reference(const char *name) {
    struct profile_catalogue catalogue;
    struct base_error error;
    char path[4096];
    FILE *file;
    unsetenv("EKULOAD_PROFILES");
    cr_assert(profile_catalogue_init(&catalogue, &error), "%s", error.text);
    cr_assert_gt(catalogue.count, 0);
    *strrchr(catalogue.entries[0].path, '/') = '\0';
    snprintf(path, sizeof path, "%s/../docs/%s", catalogue.entries[0].path, name);
    profile_catalogue_finish(&catalogue);
    file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    return file;
}

Test(profile_options, reference_in_docs_is_what_the_table_says) {
    char *expected = generate();
    char *at = expected;
    char line[4096];
    FILE *file = open_reference("profiles.md");
    for (unsigned number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        size_t length = strlen(line);
        cr_assert_eq(strncmp(at, line, length), 0, "docs/profiles.md:%u is not as generated: %s",
                     number, line);
        at += length;
    }
    cr_expect_str_eq(at, "", "docs/profiles.md ends early");
    fclose(file);
    free(expected);
}

Test(profile_options, every_fault_that_can_be_expected_is_listed_in_docs_with_its_text) {
    char text[32768];
    FILE *file = open_reference("faults.md");
    size_t length = fread(text, 1, sizeof text - 1, file);
    cr_assert(feof(file));
    text[length] = '\0';
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        char row[256];
        snprintf(row, sizeof row, "\n| `%s` | %s |\n", base_fault_key((enum fault)fault),
                 base_fault_text((enum fault)fault));
        cr_expect(strstr(text, row) != NULL, "docs/faults.md lacks%s", row);
    }
    fclose(file);
}

Test(profile_options, reference_has_an_example_that_loads) {
    static const char opening[] = "```yaml\n";
    char *text = generate();
    char *example = strstr(text, opening);
    cr_assert_not_null(example);
    example += sizeof opening - 1;
    *strstr(example, "```") = '\0';
    struct profile_plan *plan = sample_must_load(example, NULL);
    cr_expect_eq(plan->node_count, 4);
    cr_expect_eq(plan->variants.count, 1);
    cr_expect(profile_plan_relays(plan));
    profile_plan_destroy(plan);
    free(text);
}

Test(profile_options, reference_names_keys_with_their_bounds) {
    static const char *const rows[] = {
        "| `timeout` | duration | `10s` | `1ms` to `1h` |",
        "| `port` | number | sip: 5061,",
        "| `kind` | `internal`, `public` | required |",
        "| `state` | `idle`, `failed`, `degraded`, `active` | any |",
        "| `expressway-e` | x15.4 | Cisco Expressway-E | one | no | 1.2, 1.3 |",
        "| `mra` | any | Mobile and remote access endpoint | none: an endpoint |",
        upload_error,
    };
    char *text = generate();
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        cr_expect_not_null(strstr(text, rows[i]), "%s", rows[i]);
    }
    free(text);
}
