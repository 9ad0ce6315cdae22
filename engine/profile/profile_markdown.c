/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_options.h"

#include "profile_example.h"
#include "profile_section.h"

static const char head[] =
    "# Profile reference\n"
    "\n"
    "Generated from the table that loads profiles; a test keeps it so.\n"
    "\n"
    "Durations are `100us`, `20ms`, `5s`, `3m`, `24h` or `0`; rates `400/s`, `30/m`, `10/h`; "
    "dates\n"
    "`2026-07-01` (midnight UTC), or relative to now: `-1d`, `+12h`, `+200d`. A list of one text "
    "may\n"
    "be that text alone. A text is one line of at most 255 characters. An unknown key, a key "
    "given\n"
    "twice and a value out of its range are errors that name file, line and key.\n"
    "\n"
    "`--set PATH=VALUE` puts a value of YAML flow style at a path of keys with dots between them, "
    "a\n"
    "number being an index of a list: `--set nodes.edge.eku_checking=off`, `--set\n"
    "nodes.core.tls.versions=[1.2]`, `--set expect.core.uc.state=active`. Missing mappings are "
    "made.\n"
    "One of `connections`, `rate`, `concurrency` and `stages` displaces the one in the file. "
    "Relative "
    "file names\n"
    "start at the profile's folder, those of `--set` at the working directory.\n";

static void write_form(FILE *out, const struct profile_option *option) {
    if (option->form != NULL) {
        fputs(option->form, out);
        return;
    }
    if (option->choices == NULL) {
        fputs(profile_option_type_name(option->type), out);
        return;
    }
    const char *joint = "";
    for (unsigned i = 0; option->choices[i] != NULL; i++) {
        if (option->choices[i][0] != '\0') {
            fprintf(out, "%s`%s`", joint, option->choices[i]);
            joint = ", ";
        }
    }
}

static void write_default(FILE *out, const struct profile_option *option) {
    if (option->derived != NULL) {
        fputs(option->derived, out);
    } else if (option->fallback != NULL) {
        fprintf(out, "`%s`", option->fallback);
    } else if (option->required) {
        fputs("required", out);
    }
}

static void write_row(FILE *out, const struct profile_option *option) {
    fprintf(out, "| `%s` | ", option->key);
    write_form(out, option);
    fputs(" | ", out);
    write_default(out, option);
    fputs(" | ", out);
    if (option->min != NULL) {
        fprintf(out, "`%s` to `%s`%s%s", option->min, option->max, option->unit == NULL ? "" : " ",
                option->unit == NULL ? "" : option->unit);
    }
    fprintf(out, " | %s |\n", option->help);
}

static void write_section(FILE *out, const struct profile_section *section) {
    fprintf(out, "\n## %s\n\nWhere: `%s`\n\n%s\n\n", section->title, section->path, section->help);
    fputs("| Key | Value | Default | Range | Meaning |\n|---|---|---|---|---|\n", out);
    for (size_t i = 0; i < section->option_count; i++) {
        write_row(out, &section->options[i]);
    }
}

static void write_services(FILE *out, const char *const *services) {
    const char *joint = "";
    for (unsigned i = 0; services[i] != NULL; i++) {
        fprintf(out, "%s`%s`", joint, services[i]);
        joint = ", ";
    }
}

static const char *may_switch_off(const struct profile_product *row) {
    if (row->stores == PROFILE_STORES_NONE) {
        return "";
    }
    return row->has_eku_switch || !row->is_expressway ? "yes" : "no";
}

static void write_products(FILE *out) {
    static const char *const stores[] = {
        [PROFILE_STORES_TWO] = "server and client",
        [PROFILE_STORES_ONE] = "one",
        [PROFILE_STORES_NONE] = "none: an endpoint",
    };
    const struct profile_product *row;
    fputs("\n## Products\n\n"
          "What `product` and `release` of a node stand for: the newest release is the "
          "default.\n\n"
          "| Product | Release | What it is | Stores | `eku_checking: off` | TLS | "
          "`listeners: default` | Not verified |\n|---|---|---|---|---|---|---|---|\n",
          out);
    for (uint32_t i = 0; (row = profile_product_at(i)) != NULL; i++) {
        fprintf(out, "| `%s` | %s | %s | %s | %s | %s | ", row->product,
                row->release == NULL ? "any" : row->release, row->title, stores[row->stores],
                may_switch_off(row), row->tls_versions == PROFILE_TLS_1_2 ? "1.2" : "1.2, 1.3");
        write_services(out, row->services);
        fprintf(out, " | %s |\n", row->unverified == NULL ? "" : row->unverified);
    }
}

void profile_options_write_markdown(FILE *out) {
    fputs(head, out);
    fprintf(out, "\n## A worked example\n\n```yaml\n%s```\n", profile_example);
    for (size_t i = 0; profile_sections[i] != NULL; i++) {
        write_section(out, profile_sections[i]);
    }
    write_products(out);
}
