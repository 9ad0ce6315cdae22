/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include <stdio.h>

static const struct argp argp = {
    .doc = "Lists the built-in profiles: name, and what it proves.",
};

int cli_profiles(int argc, char **argv) {
    struct profile_catalogue catalogue;
    struct base_error error;
    cli_parse(&argp, argc, argv, NULL);
    if (!profile_catalogue_init(&catalogue, &error)) {
        return cli_complain(&error);
    }
    for (size_t i = 0; i < catalogue.count; i++) {
        printf("%s\n    %s\n", catalogue.entries[i].name, catalogue.entries[i].proves);
    }
    profile_catalogue_finish(&catalogue);
    return CLI_PASS;
}
