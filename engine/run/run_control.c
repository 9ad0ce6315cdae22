/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_control.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* sudo may keep the variable of another user, whose directory is none of ours. */
static bool is_own_directory(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid();
}

static bool too_long(const char *path, struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE,
                          "the control socket %.60s...: a socket's path has at most %d octets",
                          path, RUN_CONTROL_PATH_SIZE - 1);
}

/* The name alone: neither made nor looked at. */
static bool name_folder(char out[RUN_CONTROL_PATH_SIZE], struct base_error *error) {
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    int length;
    /* A relative one is to be ignored (XDG Base Directory Specification). */
    if (runtime != NULL && runtime[0] == '/' && is_own_directory(runtime)) {
        length = snprintf(out, RUN_CONTROL_PATH_SIZE, "%s/ekuload", runtime);
    } else {
        length = snprintf(out, RUN_CONTROL_PATH_SIZE, "/tmp/ekuload-%u", (unsigned)geteuid());
    }
    return length < RUN_CONTROL_PATH_SIZE || too_long(out, error);
}

/* In /tmp anybody could have made it first, and would then decide who steers. */
static bool check_folder(const char *folder, struct base_error *error) {
    struct stat status;
    if (lstat(folder, &status) != 0) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              errno == ENOENT ? "there is no control folder %s"
                                              : "the control folder %s: %s",
                              folder, strerror(errno));
    }
    if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid()) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "the control folder %s belongs to somebody else, or is no folder",
                              folder);
    }
    if ((status.st_mode & 077) != 0) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "the control folder %s is open to others: its mode must be 0700",
                              folder);
    }
    return true;
}

bool run_control_folder(char out[RUN_CONTROL_PATH_SIZE], struct base_error *error) {
    return name_folder(out, error) && check_folder(out, error);
}

/* A connected socket, or -1 with errno. `path` fits. */
static int dial(const char *path, int flags) {
    /* A stopped process whose queue is full must not stop us as well. */
    static const struct timeval patience = {.tv_sec = 10};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path) + 1);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (descriptor >= 0) {
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }
    if (descriptor < 0 ||
        connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        int cause = errno;
        if (descriptor >= 0) {
            close(descriptor);
        }
        errno = cause;
        return -1;
    }
    return descriptor;
}

int run_control_connect(const char *path, struct base_error *error) {
    if (strlen(path) >= RUN_CONTROL_PATH_SIZE) {
        too_long(path, error);
        return -1;
    }
    int descriptor = dial(path, 0);
    if (descriptor < 0) {
        int cause = errno;
        bool nobody = cause == ENOENT || cause == ECONNREFUSED;
        base_error_set(error, nobody ? BASE_ERROR_USAGE : BASE_ERROR_MACHINE,
                       nobody ? "no run listens on %s" : "cannot connect to %s: %s", path,
                       strerror(cause));
    }
    return descriptor;
}

/* The process of "123.sock"; 0: it is no such name. */
static long pid_of(const char *name) {
    char *end;
    if (name[0] < '1' || name[0] > '9') {
        return 0;
    }
    errno = 0;
    long pid = strtol(name, &end, 10);
    return errno == 0 && pid <= INT32_MAX && strcmp(end, ".sock") == 0 ? pid : 0;
}

static bool answers(const char *path) {
    int descriptor = dial(path, SOCK_NONBLOCK);
    if (descriptor >= 0) {
        close(descriptor);
        return true;
    }
    return errno == EAGAIN; /* others queue there */
}

/* False: too long. */
static bool socket_path(char out[RUN_CONTROL_PATH_SIZE], const char *folder, long pid) {
    return snprintf(out, RUN_CONTROL_PATH_SIZE, "%s/%ld.sock", folder, pid) < RUN_CONTROL_PATH_SIZE;
}

static int by_pid(const void *left, const void *right) {
    const struct run_control_found *a = left;
    const struct run_control_found *b = right;
    return (a->pid > b->pid) - (a->pid < b->pid);
}

size_t run_control_find(struct run_control_found *out, size_t room) {
    char folder[RUN_CONTROL_PATH_SIZE];
    struct run_control_found candidate;
    struct base_error error;
    const struct dirent *entry;
    size_t count = 0;
    DIR *entries = run_control_folder(folder, &error) ? opendir(folder) : NULL;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        candidate.pid = pid_of(entry->d_name);
        if (candidate.pid == 0 || !socket_path(candidate.path, folder, candidate.pid) ||
            !answers(candidate.path)) {
            continue;
        }
        if (count < room) {
            out[count] = candidate;
        }
        count++;
    }
    if (entries != NULL) {
        closedir(entries);
    }
    size_t told = count < room ? count : room;
    if (told > 1) {
        qsort(out, told, sizeof *out, by_pid);
    }
    return count;
}

/* Killed ones leave their sockets. A process we cannot see (another container's) still answers. */
static void remove_stale(const char *folder) {
    char path[RUN_CONTROL_PATH_SIZE];
    const struct dirent *entry;
    DIR *entries = opendir(folder);
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        long pid = pid_of(entry->d_name);
        if (pid != 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH &&
            socket_path(path, folder, pid) && !answers(path)) {
            unlink(path);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
}

bool run_control_path_of(char out[RUN_CONTROL_PATH_SIZE], long pid, struct base_error *error) {
    char folder[RUN_CONTROL_PATH_SIZE];
    return run_control_folder(folder, error) &&
           (socket_path(out, folder, pid) || too_long(folder, error));
}

bool run_control_own_path(char out[RUN_CONTROL_PATH_SIZE], struct base_error *error) {
    char folder[RUN_CONTROL_PATH_SIZE];
    if (!name_folder(folder, error)) {
        return false;
    }
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return base_error_set(error, BASE_ERROR_MACHINE, "cannot make the control folder %s: %s",
                              folder, strerror(errno));
    }
    if (!check_folder(folder, error)) {
        return false;
    }
    remove_stale(folder);
    return socket_path(out, folder, (long)getpid()) || too_long(folder, error);
}
