/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_inspect.h"
#include "cli_common.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEY_CACERT = 256, KEY_FORMAT };

static const struct argp_option options[] = {
    {"cacert", KEY_CACERT, "FILE", 0,
     "Whom far ends trust; default: a folder's own trusted CA library, else whoever stands last in "
     "the chain",
     0},
    {"output-format", KEY_FORMAT, "FORMAT", 0,
     "What to print on standard output: text (default) or json", 0},
    {0},
};

struct arguments {
    struct cli_texts names;
    const char *trust_path;
    bool json;
};

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_CACERT:
        arguments->trust_path = value;
        return 0;
    case KEY_FORMAT:
        arguments->json = cli_take_format(state, value);
        return 0;
    case ARGP_KEY_ARG:
        cli_texts_add(&arguments->names, value);
        return 0;
    case ARGP_KEY_END:
        if (arguments->names.count == 0) {
            argp_error(state, "which certificate? A file, a folder, or HOST:PORT");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse_option,
    .args_doc = "CERT.pem|FOLDER|HOST:PORT...",
    .doc = "What each certificate can do: stores, roles, policies, dates, chain, and what the end "
           "of clientAuth in public certificates does to it.\v"
           "CERT.pem: PEM or DER, the certificate first, then its issuers; \"-\" reads standard "
           "input. FOLDER: a store (server.pem, client.pem, ca.pem), a diagnostic bundle, a "
           "result, or any folder of certificates. HOST:PORT: what a TLS server sends ([::1]:5061 "
           "for IPv6). Exit status 0 when everything could be read, else 2.",
};

/* --cacert, in PEM or DER. */
static bool read_trust(struct tls_trust **out, const char *path, struct base_error *error) {
    static const struct tls_pem no_lists = {.name = "no lists"};
    struct cli_inspect_list list = {.count = 0};
    struct cli_inspect_chain *chain =
        cli_inspect_add_chain(cli_inspect_list_add(&list, path, "file"), path);
    bool good =
        cli_inspect_read(chain, path, error) &&
        tls_trust_create(out, (struct tls_pem){base_buffer_bytes(&chain->text), chain->name},
                         no_lists, error);
    cli_inspect_list_finish(&list);
    return good;
}

/* `trust` and its path override what a folder brought; NULL: they do not. */
static void inspect_target(struct cli_inspect_target *target, const struct tls_trust *trust,
                           const char *trust_path, int64_t now_s) {
    if (trust != NULL) {
        free(target->trust_name);
        target->trust_name = cli_inspect_text("%s", trust_path);
    }
    for (unsigned i = 0; i < target->chain_count; i++) {
        struct cli_inspect_chain *chain = &target->chains[i];
        const struct x509_set certificates = {chain->certificates.certificates,
                                              chain->certificates.count};
        if (!chain->is_list) {
            chain->inspection = cli_inspect_grow(NULL, 1, sizeof *chain->inspection);
            node_inspect(chain->inspection, certificates, trust != NULL ? trust : target->trust,
                         now_s);
        }
    }
}

static int print(const struct cli_inspect_list *list, bool json, int64_t now_s) {
    int status = CLI_PASS;
    if (!json) {
        cli_inspect_print_text(list, now_s, stdout);
    } else if (!cli_inspect_print_json(list, now_s, stdout)) {
        struct base_error error;
        (void)base_error_set(&error, BASE_ERROR_MACHINE, "cannot write the inspection as JSON");
        status = cli_complain(&error);
    }
    for (unsigned i = 0; i < list->count; i++) {
        for (unsigned j = 0; j < list->targets[i].complaint_count; j++) {
            fprintf(stderr, "ekuload: %s\n", list->targets[i].complaints[j]);
            status = status == CLI_PASS ? CLI_USAGE : status;
        }
    }
    return status;
}

int cli_inspect(int argc, char **argv) {
    struct arguments arguments = {.json = false};
    struct cli_inspect_list list = {.count = 0};
    struct tls_trust *trust = NULL;
    struct base_error error;
    int64_t now_s = (int64_t)time(NULL);
    int status;
    cli_parse(&argp, argc, argv, &arguments);
    if (arguments.trust_path != NULL && !read_trust(&trust, arguments.trust_path, &error)) {
        status = cli_complain(&error);
    } else {
        for (size_t i = 0; i < arguments.names.count; i++) {
            cli_inspect_collect(&list, arguments.names.items[i]);
        }
        for (unsigned i = 0; i < list.count; i++) {
            inspect_target(&list.targets[i], trust, arguments.trust_path, now_s);
        }
        status = print(&list, arguments.json, now_s);
    }
    cli_inspect_list_finish(&list);
    tls_trust_destroy(trust);
    free((void *)arguments.names.items);
    return status;
}
