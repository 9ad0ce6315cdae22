/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"
#include "cli_store_show.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { KEY_AS_CLIENT = 256, KEY_PRODUCT, KEY_RELEASE, KEY_SERVER_EKU };

static const struct argp_option options[] = {
    {"as-client", KEY_AS_CLIENT, NULL, 0,
     "upload-server: copy certificate and key to the client store, too, unchecked (Upload server "
     "certificate file as client certificate)",
     0},
    {"product", KEY_PRODUCT, "NAME", 0, "Whose rules hold; default: expressway-e", 0},
    {"release", KEY_RELEASE, "RELEASE", 0, "Of the product; default: the newest, x15.5", 0},
    {"server-eku-upload", KEY_SERVER_EKU, "on|off", 0,
     "x15.4: what xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload says; default: off",
     0},
    {0},
};

enum { WORDS_MAX = 4 };

struct arguments {
    const char *words[WORDS_MAX]; /* DIR ACTION CERT KEY */
    unsigned count;
    bool as_client;
    bool server_eku_upload;
    const char *product;
    const char *release;
};

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_AS_CLIENT:
        arguments->as_client = true;
        return 0;
    case KEY_PRODUCT:
        arguments->product = value;
        return 0;
    case KEY_RELEASE:
        arguments->release = value;
        return 0;
    case KEY_SERVER_EKU:
        if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0) {
            argp_error(state, "--server-eku-upload is on or off, not \"%s\"", value);
        }
        arguments->server_eku_upload = strcmp(value, "on") == 0;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->count == WORDS_MAX) {
            argp_error(state, "\"%s\" is too much", value);
        }
        arguments->words[arguments->count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (arguments->count < 2) {
            argp_error(state, "a folder and an action are needed");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse_option,
    .args_doc = "DIR upload-server CERT [KEY]\nDIR upload-client CERT [KEY]\nDIR upgrade\nDIR show",
    .doc = "A node's certificate folder with the product's file names (server.pem, privkey.pem, "
           "client.pem, clientprivkey.pem, ca.pem ...). An upload is refused as the product "
           "refuses it, and leaves the folder as it was.\v"
           "CERT: PEM, the node's own certificate first, then its issuers in order. Without KEY "
           "the store's private key stays, as when a signing request was signed. `upgrade`, from "
           "x15.4 or earlier, copies the server store to the client store.",
};

struct job {
    const char *folder;
    const struct arguments *arguments;
    const struct profile_product *product;
    int64_t now;
};

static int upload(const struct job *job, enum node_store_role role) {
    const struct arguments *arguments = job->arguments;
    const struct node_store_upload upload = {
        .product = job->product,
        .server_eku_upload = arguments->server_eku_upload,
        .role = role,
        .certificate_path = arguments->words[2],
        .key_path = arguments->words[3],
        .as_client = arguments->as_client,
        .now = job->now,
    };
    struct base_error error;
    return node_store_upload(job->folder, &upload, &error)
               ? cli_store_show(job->folder, job->product, job->now)
               : cli_complain(&error);
}

static int upload_server(const struct job *job) {
    return upload(job, NODE_STORE_SERVER);
}

static int upload_client(const struct job *job) {
    return upload(job, NODE_STORE_CLIENT);
}

static int upgrade(const struct job *job) {
    struct base_error error;
    return node_store_upgrade(job->folder, job->product, &error)
               ? cli_store_show(job->folder, job->product, job->now)
               : cli_complain(&error);
}

static int show(const struct job *job) {
    return cli_store_show(job->folder, job->product, job->now);
}

static const struct action {
    const char *name;
    int (*run)(const struct job *job);
    bool takes_files;
    bool copies; /* knows --as-client */
} actions[] = {
    {"upload-server", upload_server, true, true},
    {"upload-client", upload_client, true, false},
    {"upgrade", upgrade, false, false},
    {"show", show, false, false},
};

static const struct action *find_action(const char *name) {
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, name) == 0) {
            return &actions[i];
        }
    }
    return NULL;
}

static const struct action *choose_action(const struct arguments *arguments,
                                          struct base_error *error) {
    const char *name = arguments->words[1];
    const struct action *action = find_action(name);
    if (action == NULL) {
        (void)base_error_set(error, BASE_ERROR_USAGE,
                             "there is no action \"%.256s\": upload-server, upload-client, upgrade "
                             "or show",
                             name);
        return NULL;
    }
    if (action->takes_files != (arguments->count > 2)) {
        (void)base_error_set(error, BASE_ERROR_USAGE, "%s takes %s", name,
                             action->takes_files ? "a certificate's file" : "no file");
        return NULL;
    }
    if (arguments->as_client && !action->copies) {
        (void)base_error_set(error, BASE_ERROR_USAGE, "--as-client belongs to upload-server");
        return NULL;
    }
    return action;
}

static const struct profile_product *choose_product(const struct arguments *arguments,
                                                    struct base_error *error) {
    const struct profile_product *row =
        profile_product_find(arguments->product, arguments->release);
    if (row == NULL) {
        (void)base_error_set(error, BASE_ERROR_USAGE, "there is no product \"%.128s %.128s\"",
                             arguments->product,
                             arguments->release == NULL ? "" : arguments->release);
    }
    return row;
}

int cli_store(int argc, char **argv) {
    struct arguments arguments = {.product = "expressway-e"};
    struct base_error error;
    cli_parse(&argp, argc, argv, &arguments);
    const struct action *action = choose_action(&arguments, &error);
    const struct profile_product *product =
        action == NULL ? NULL : choose_product(&arguments, &error);
    if (product == NULL) {
        return cli_complain(&error);
    }
    const struct job job = {
        .folder = arguments.words[0],
        .arguments = &arguments,
        .product = product,
        .now = (int64_t)time(NULL),
    };
    return action->run(&job);
}
