/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_server.h"

#include "run_control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum client_phase { CLIENT_FREE, CLIENT_ASKS, CLIENT_WAITS, CLIENT_HEARS };

struct client {
    enum client_phase phase;
    int socket;
    uint64_t deadline_ns; /* not while it waits for us */
    char line[RUN_CONTROL_LINE_MAX + 1];
    size_t line_length;
    char *answer;
    size_t answer_length;
    size_t answer_sent;
};

struct run_server {
    int socket;
    char path[RUN_CONTROL_PATH_SIZE];
    struct client clients[RUN_SERVER_CLIENTS];
};

static bool refused(const char *path, const char *why, struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "the control socket %s: %s", path, why);
}

/* Makes way for a new socket, unless somebody still uses the name. */
static bool clear_path(const char *path, struct base_error *error) {
    struct stat status;
    struct base_error unheard;
    if (lstat(path, &status) != 0) {
        return errno == ENOENT || refused(path, strerror(errno), error);
    }
    if (!S_ISSOCK(status.st_mode)) {
        return refused(path, "there is a file of this name already", error);
    }
    int descriptor = run_control_connect(path, &unheard);
    if (descriptor >= 0) {
        close(descriptor);
        return refused(path, "another run listens there", error);
    }
    /* Of a program that listens for something else, or is too busy: not ours to remove. */
    if (unheard.kind != BASE_ERROR_USAGE) {
        return refused(path, "another program uses it", error);
    }
    return unlink(path) == 0 || refused(path, strerror(errno), error);
}

static bool listen_on(struct run_server *server, struct base_error *error) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, server->path, strlen(server->path) + 1);
    server->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    /* The mode before the name: nobody else gets in between. */
    if (server->socket < 0 || fchmod(server->socket, 0600) != 0 ||
        bind(server->socket, (const struct sockaddr *)&address, sizeof address) != 0) {
        return refused(server->path, strerror(errno), error);
    }
    if (listen(server->socket, RUN_SERVER_CLIENTS) != 0) {
        refused(server->path, strerror(errno), error);
        unlink(server->path);
        return false;
    }
    return true;
}

bool run_server_open(struct run_server **out, const char *path, struct base_error *error) {
    *out = NULL;
    size_t length = strlen(path);
    if (length == 0 || length >= RUN_CONTROL_PATH_SIZE) {
        return base_error_set(
            error, BASE_ERROR_MACHINE,
            "the control socket %.60s%s: a socket's path has 1 to %d octets, not %zu", path,
            length > 60 ? "..." : "", RUN_CONTROL_PATH_SIZE - 1, length);
    }
    struct run_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    memcpy(server->path, path, length + 1);
    server->socket = -1;
    if (!clear_path(path, error) || !listen_on(server, error)) {
        if (server->socket >= 0) {
            close(server->socket);
        }
        free(server);
        return false;
    }
    *out = server;
    return true;
}

static void dismiss(struct client *client) {
    close(client->socket);
    free(client->answer);
    *client = (struct client){.phase = CLIENT_FREE};
}

static void accept_clients(struct run_server *server, uint64_t now_ns) {
    for (unsigned i = 0; i < RUN_SERVER_CLIENTS; i++) {
        struct client *client = &server->clients[i];
        if (client->phase != CLIENT_FREE) {
            continue;
        }
        int descriptor = accept4(server->socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) {
            return;
        }
        client->phase = CLIENT_ASKS;
        client->socket = descriptor;
        client->deadline_ns = now_ns + RUN_SERVER_PATIENCE_NS;
    }
}

static void begin_answer(struct client *client, char *answer, size_t length, uint64_t now_ns) {
    client->phase = CLIENT_HEARS;
    client->answer = answer;
    client->answer_length = length;
    client->deadline_ns = now_ns + RUN_SERVER_PATIENCE_NS;
}

static void serve_line(struct client *client, const struct run_server_desk *desk, uint64_t now_ns) {
    char *text = NULL;
    size_t length = 0;
    FILE *answer = open_memstream(&text, &length);
    bool now = answer == NULL || desk->serve(desk->context, client->line, answer);
    bool whole = answer != NULL && fclose(answer) == 0;
    if (!whole) {
        free(text);
        dismiss(client);
        return;
    }
    if (now) {
        begin_answer(client, text, length, now_ns);
        return;
    }
    free(text);
    client->phase = CLIENT_WAITS;
}

static void answer_too_long(struct client *client, uint64_t now_ns) {
    static const char sentence[] = "ERROR: a command is one line of at most 1024 octets\n";
    _Static_assert(RUN_CONTROL_LINE_MAX == 1024, "the sentence names it");
    char *answer = strdup(sentence);
    begin_answer(client, answer, answer == NULL ? 0 : sizeof sentence - 1, now_ns);
}

/* Octets before a line's end are kept; whatever follows it is not read. */
static void read_line(struct client *client, const struct run_server_desk *desk, uint64_t now_ns) {
    size_t room = sizeof client->line - client->line_length;
    ssize_t got = recv(client->socket, client->line + client->line_length, room, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        dismiss(client);
        return;
    }
    char *end = memchr(client->line + client->line_length, '\n', (size_t)got);
    client->line_length += (size_t)got;
    if (end != NULL) {
        *end = '\0';
        serve_line(client, desk, now_ns);
    } else if (client->line_length == sizeof client->line) {
        answer_too_long(client, now_ns);
    }
}

static void send_answer(struct client *client) {
    ssize_t sent = send(client->socket, client->answer + client->answer_sent,
                        client->answer_length - client->answer_sent, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    client->answer_sent += sent > 0 ? (size_t)sent : 0;
    if (sent <= 0 || client->answer_sent == client->answer_length) {
        dismiss(client);
    }
}

void run_server_turn(struct run_server *server, uint64_t now_ns,
                     const struct run_server_desk *desk) {
    accept_clients(server, now_ns);
    for (unsigned i = 0; i < RUN_SERVER_CLIENTS; i++) {
        struct client *client = &server->clients[i];
        if (client->phase == CLIENT_ASKS) {
            read_line(client, desk, now_ns);
        }
        if (client->phase == CLIENT_HEARS) {
            send_answer(client);
        }
        if ((client->phase == CLIENT_ASKS || client->phase == CLIENT_HEARS) &&
            now_ns >= client->deadline_ns) {
            dismiss(client);
        }
    }
}

void run_server_answer(struct run_server *server, const char *text, uint64_t now_ns) {
    for (unsigned i = 0; server != NULL && i < RUN_SERVER_CLIENTS; i++) {
        struct client *client = &server->clients[i];
        char *answer = client->phase == CLIENT_WAITS ? strdup(text) : NULL;
        if (answer != NULL) {
            begin_answer(client, answer, strlen(answer), now_ns);
            send_answer(client);
        }
    }
}

void run_server_close(struct run_server *server) {
    if (server == NULL) {
        return;
    }
    for (unsigned i = 0; i < RUN_SERVER_CLIENTS; i++) {
        if (server->clients[i].phase != CLIENT_FREE) {
            dismiss(&server->clients[i]);
        }
    }
    close(server->socket);
    unlink(server->path);
    free(server);
}
