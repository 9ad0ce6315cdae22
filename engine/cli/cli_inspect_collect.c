/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_inspect.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool are_all_authorities(const struct tls_certificates *certificates) {
    for (unsigned i = 0; i < certificates->count; i++) {
        if (!certificates->certificates[i].is_ca) {
            return false;
        }
    }
    return certificates->count > 1;
}

static void collect_file(struct cli_inspect_list *list, const char *path) {
    struct cli_inspect_target *target = cli_inspect_list_add(list, path, "file");
    struct cli_inspect_chain *chain = cli_inspect_add_chain(target, path);
    struct base_error error;
    if (!cli_inspect_read(chain, path, &error)) {
        cli_inspect_drop_chain(target);
        cli_inspect_complain(target, &error);
        return;
    }
    chain->is_list = are_all_authorities(&chain->certificates);
}

static void collect_peer(struct cli_inspect_list *list, const char *argument, const char *host,
                         const char *port) {
    struct cli_inspect_target *target = cli_inspect_list_add(list, argument, "peer");
    struct cli_inspect_chain *chain = cli_inspect_add_chain(target, argument);
    struct base_buffer text;
    struct base_error error;
    if (!cli_inspect_fetch(&text, host, port, &error) || !cli_inspect_parse(chain, &text, &error)) {
        cli_inspect_drop_chain(target);
        cli_inspect_complain(target, &error);
    }
}

void cli_inspect_collect(struct cli_inspect_list *list, const char *argument) {
    char host[CLI_INSPECT_HOST_SIZE];
    const char *port;
    struct stat status;
    if (strcmp(argument, "-") == 0) {
        collect_file(list, argument);
        return;
    }
    if (stat(argument, &status) == 0) {
        if (S_ISDIR(status.st_mode)) {
            cli_inspect_collect_folder(list, argument);
        } else {
            collect_file(list, argument);
        }
        return;
    }
    if (errno == ENOENT && cli_inspect_is_peer(argument, host, &port)) {
        collect_peer(list, argument, host, port);
        return;
    }
    collect_file(list, argument);
}
