/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include <stdio.h>

static const struct argp argp = {
    .doc = "Lists the built-in profiles: name, what it proves, and its variants.",
};

int cli_profiles(int argc, char **argv) {
    struct profile_catalogue catalogue;
    struct base_error error;
    cli_parse(&argp, argc, argv, NULL);
    if (!profile_catalogue_init(&catalogue, &error)) {
        return cli_complain(&error);
    }
    for (size_t i = 0; i < catalogue.count; i++) {
        const struct profile_catalogue_entry *entry = &catalogue.entries[i];
        printf("%s\n    %s\n", entry->name, entry->proves);
        if (entry->variants[0] != '\0') {
            printf("    variants: %s\n", entry->variants);
        }
    }
    profile_catalogue_finish(&catalogue);
    return CLI_PASS;
}
