/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_inspect.h"

#include "cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void *or_exit(void *memory) {
    if (memory == NULL) {
        fprintf(stderr, "ekuload: out of memory\n");
        exit(CLI_MACHINE);
    }
    return memory;
}

void *cli_inspect_grow(void *array, unsigned count, size_t size) {
    return or_exit(realloc(array, count * size));
}

char *cli_inspect_text(const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    return or_exit(text);
}

struct cli_inspect_target *cli_inspect_list_add(struct cli_inspect_list *list, const char *name,
                                                const char *kind) {
    list->targets = cli_inspect_grow(list->targets, list->count + 1, sizeof *list->targets);
    struct cli_inspect_target *target = &list->targets[list->count++];
    *target = (struct cli_inspect_target){.name = cli_inspect_text("%s", name), .kind = kind};
    return target;
}

struct cli_inspect_chain *cli_inspect_add_chain(struct cli_inspect_target *target,
                                                const char *name) {
    target->chains =
        cli_inspect_grow(target->chains, target->chain_count + 1, sizeof *target->chains);
    struct cli_inspect_chain *chain = &target->chains[target->chain_count++];
    *chain =
        (struct cli_inspect_chain){.name = cli_inspect_text("%s", name), .store = NODE_STORE_ROLES};
    return chain;
}

static void finish_chain(struct cli_inspect_chain *chain) {
    tls_certificates_finish(&chain->certificates);
    cli_inspect_wipe(&chain->text);
    free(chain->inspection);
    free(chain->key_name);
    free(chain->name);
}

void cli_inspect_drop_chain(struct cli_inspect_target *target) {
    finish_chain(&target->chains[--target->chain_count]);
}

void cli_inspect_complain(struct cli_inspect_target *target, const struct base_error *error) {
    target->complaints =
        cli_inspect_grow((void *)target->complaints, target->complaint_count + 1, sizeof(char *));
    target->complaints[target->complaint_count++] = cli_inspect_text("%s", error->text);
}

static void finish_target(struct cli_inspect_target *target) {
    while (target->chain_count > 0) {
        cli_inspect_drop_chain(target);
    }
    for (unsigned i = 0; i < target->complaint_count; i++) {
        free(target->complaints[i]);
    }
    tls_trust_destroy(target->trust);
    free(target->trust_name);
    free((void *)target->complaints);
    free(target->chains);
    free(target->name);
}

void cli_inspect_list_finish(struct cli_inspect_list *list) {
    for (unsigned i = 0; i < list->count; i++) {
        finish_target(&list->targets[i]);
    }
    free(list->targets);
    *list = (struct cli_inspect_list){.count = 0};
}

bool cli_inspect_same_certificate(const struct cli_inspect_target *target, bool *known) {
    const struct cli_inspect_chain *first[NODE_STORE_ROLES] = {NULL, NULL};
    for (unsigned i = target->chain_count; i > 0; i--) {
        const struct cli_inspect_chain *chain = &target->chains[i - 1];
        if (chain->store != NODE_STORE_ROLES) {
            first[chain->store] = chain;
        }
    }
    *known = first[NODE_STORE_SERVER] != NULL && first[NODE_STORE_CLIENT] != NULL;
    return *known && base_bytes_equal(first[NODE_STORE_SERVER]->certificates.certificates[0].der,
                                      first[NODE_STORE_CLIENT]->certificates.certificates[0].der);
}

const char *cli_inspect_role_text(enum node_store_role store) {
    switch (store) {
    case NODE_STORE_SERVER:
        return "server store: presented when the node accepts a connection";
    case NODE_STORE_CLIENT:
        return "client store: presented when the node opens a connection";
    case NODE_STORE_ROLES:
        break;
    }
    return "";
}
