/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char sample_profile[] = "name: sample\n"                                           /* 1 */
                              "authorities:\n"                                           /* 2 */
                              "  inside: { kind: internal }\n"                           /* 3 */
                              "  outside: { kind: public }\n"                            /* 4 */
                              "nodes:\n"                                                 /* 5 */
                              "  edge:\n"                                                /* 6 */
                              "    product: expressway-e\n"                              /* 7 */
                              "    address: 127.0.0.31\n"                                /* 8 */
                              "    trust: [inside, outside]\n"                           /* 9 */
                              "    server_store: { issuer: outside }\n"                  /* 10 */
                              "    client_store: copy-of-server\n"                       /* 11 */
                              "    listeners:\n"                                         /* 12 */
                              "      sip: 5061\n"                                        /* 13 */
                              "      uc-traversal: {}\n"                                 /* 14 */
                              "      tunnel: { verify_name: core.example.test }\n"       /* 15 */
                              "  core:\n"                                                /* 16 */
                              "    product: expressway-c\n"                              /* 17 */
                              "    address: 127.0.0.16\n"                                /* 18 */
                              "    trust: [inside, outside]\n"                           /* 19 */
                              "    server_store: { issuer: outside }\n"                  /* 20 */
                              "    client_store: { issuer: inside }\n"                   /* 21 */
                              "    zones:\n"                                             /* 22 */
                              "      uc: { peer: edge.uc-traversal, connections: 50 }\n" /* 23 */
                              "      tunnel: { peer: edge.tunnel }\n"                    /* 24 */
                              "      sip: { peer: edge.sip }\n"                          /* 25 */
                              "load:\n"                                                  /* 26 */
                              "  duration: 15s\n"                                        /* 27 */
                              "expect:\n"                                                /* 28 */
                              "  core.uc: { state: active }\n"                           /* 29 */
                              "thresholds:\n"                                            /* 30 */
                              "  - core.uc.established > 0\n";                           /* 31 */

bool sample_load_octets(struct profile_plan **out, const void *octets, size_t length,
                        const char *const *settings, size_t setting_count,
                        struct base_error *error) {
    char path[64];
    int file = memfd_create("profile", MFD_CLOEXEC);
    bool loaded;
    cr_assert_geq(file, 0);
    cr_assert_eq(write(file, octets, length), (ssize_t)length);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    *error = (struct base_error){0};
    loaded = profile_load(out, path, NULL, settings, setting_count, SAMPLE_NOW, error);
    close(file);
    cr_assert_eq(loaded, *out != NULL, "a refused profile leaves no plan");
    cr_assert_eq(loaded, error->kind == BASE_ERROR_NONE);
    cr_assert_eq(loaded, error->text[0] == '\0');
    return loaded;
}

struct profile_plan *sample_load(const char *yaml, const char *setting, struct base_error *error) {
    struct profile_plan *plan;
    sample_load_octets(&plan, yaml, strlen(yaml), &setting, setting != NULL, error);
    return plan;
}

struct profile_plan *sample_must_load(const char *yaml, const char *setting) {
    struct base_error error;
    struct profile_plan *plan = sample_load(yaml, setting, &error);
    cr_assert_not_null(plan, "%s: %s", setting == NULL ? "" : setting, error.text);
    return plan;
}

static void write_changed(char *out, size_t out_size, const struct sample_error *changed) {
    const char *at = sample_profile;
    FILE *memory = fmemopen(out, out_size, "w");
    cr_assert_not_null(memory);
    for (unsigned line = 1; *at != '\0'; line++) {
        const char *end = strchr(at, '\n') + 1;
        int indent = (int)strspn(at, " ");
        if (line == changed->line) {
            fprintf(memory, "%.*s%s\n", indent, at, changed->text);
        } else {
            fprintf(memory, "%.*s", (int)(end - at), at);
        }
        at = end;
    }
    if (changed->line == 0) {
        fprintf(memory, "%s\n", changed->text);
    }
    fclose(memory);
}

void sample_check_errors(const struct sample_error *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char yaml[4096];
        struct base_error error;
        struct profile_plan *plan;
        write_changed(yaml, sizeof yaml, &cases[i]);
        plan = sample_load(yaml, NULL, &error);
        const char *colon = strchr(error.text, ':');
        if (cases[i].error == NULL) {
            cr_expect_not_null(plan, "%s: %s", cases[i].text, error.text);
        } else {
            cr_expect_null(plan, "%s", cases[i].text);
            cr_expect_eq(error.kind, BASE_ERROR_USAGE);
            cr_expect_str_eq(colon == NULL ? error.text : colon, cases[i].error);
        }
        profile_plan_destroy(plan);
    }
}
