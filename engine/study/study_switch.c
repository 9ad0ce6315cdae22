/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "study_internal.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* A run blocks the signals that end it: the command is to be ended by them as ever. */
static int start(const char *command, pid_t *child) {
    char shell[] = "sh";
    char option[] = "-c";
    char *copy = strdup(command);
    char *const arguments[] = {shell, option, copy, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    if (copy == NULL) {
        return ENOMEM;
    }
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    int result = posix_spawn(child, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(copy);
    return result;
}

bool study_switch(const char *option, const char *command, struct base_error *error) {
    pid_t child;
    int status;
    int result = start(command, &child);
    if (result != 0) {
        return base_error_set(error, BASE_ERROR_MACHINE, "%s: cannot run \"%.400s\": %s", option,
                              command, strerror(result));
    }
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return base_error_set(error, BASE_ERROR_MACHINE, "%s: cannot wait for \"%.400s\": %s",
                                  option, command, strerror(errno));
        }
    }
    if (WIFSIGNALED(status)) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s: \"%.400s\" was ended by signal %d",
                              option, command, WTERMSIG(status));
    }
    if (WEXITSTATUS(status) != 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s: \"%.400s\" ended with exit status %d",
                              option, command, WEXITSTATUS(status));
    }
    return true;
}
