/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_child.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KNOWN_MAX 64

static pid_t running[KNOWN_MAX];
static unsigned running_count;

static void remember(pid_t pid) {
    cr_assert(running_count < KNOWN_MAX, "too many children");
    running[running_count++] = pid;
}

static void forget(pid_t pid) {
    for (unsigned i = 0; i < running_count; i++) {
        if (running[i] == pid) {
            running[i] = running[--running_count];
            return;
        }
    }
}

static void redirect(const char *path, int flags, int target) {
    int descriptor = open(path, flags | O_CLOEXEC, 0644);
    if (descriptor < 0 || dup2(descriptor, target) < 0) {
        _exit(126);
    }
}

static void become(const struct support_child *child, const struct support_words *words,
                   const struct support_child_options *options, int input, pid_t parent) {
    sigset_t none;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(126);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    if (input < 0) {
        redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    } else if (dup2(input, STDIN_FILENO) < 0) {
        _exit(126);
    }
    redirect(child->out_path, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect(child->err_path, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    if (options != NULL && options->before_exec != NULL) {
        options->before_exec(options->context);
    }
    execvp(words->items[0], words->items);
    dprintf(STDERR_FILENO, "cannot run %s: %s\n", words->items[0], strerror(errno));
    _exit(127);
}

void support_child_start(struct support_child *child, const char *folder, const char *name,
                         const struct support_words *words,
                         const struct support_child_options *options) {
    int ends[2] = {-1, -1};
    *child = (struct support_child){.input = -1};
    snprintf(child->out_path, sizeof child->out_path, "%s/%s.out", folder, name);
    snprintf(child->err_path, sizeof child->err_path, "%s/%s.err", folder, name);
    if (options != NULL && options->wants_input) {
        cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
        signal(SIGPIPE, SIG_IGN);
    }
    pid_t parent = getpid();
    child->pid = fork();
    cr_assert_geq(child->pid, 0, "fork: %s", strerror(errno));
    if (child->pid == 0) {
        become(child, words, options, ends[0], parent);
    }
    setpgid(child->pid, child->pid); /* here too: whoever comes first */
    remember(child->pid);
    if (ends[0] >= 0) {
        close(ends[0]);
        child->input = ends[1];
    }
    child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
    cr_assert_geq(child->pidfd, 0, "pidfd_open: %s", strerror(errno));
}

/* True when it ended in time; it is still to be reaped. */
static bool await_end(const struct support_child *child, int patience_ms) {
    struct pollfd entry = {.fd = child->pidfd, .events = POLLIN};
    int result;
    do {
        result = poll(&entry, 1, patience_ms);
    } while (result < 0 && errno == EINTR);
    return result > 0;
}

bool support_child_is_running(const struct support_child *child) {
    return !await_end(child, 0);
}

int support_child_wait(struct support_child *child, unsigned patience_ms) {
    int state = 0;
    bool in_time = await_end(child, (int)patience_ms);
    /* The group: a server's own children go with it. */
    kill(-child->pid, SIGKILL);
    cr_assert_eq(waitpid(child->pid, &state, 0), child->pid);
    forget(child->pid);
    close(child->pidfd);
    if (child->input >= 0) {
        close(child->input);
        child->input = -1;
    }
    if (!in_time) {
        return SUPPORT_CHILD_TOO_LATE;
    }
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

int support_child_stop(struct support_child *child, int signal, unsigned patience_ms) {
    kill(child->pid, signal);
    return support_child_wait(child, patience_ms);
}

void support_child_write(const struct support_child *child, const char *text) {
    size_t length = strlen(text);
    cr_assert_eq(write(child->input, text, length), (ssize_t)length, "the child does not read: %s",
                 strerror(errno));
}

void support_child_kill_all(void) {
    while (running_count > 0) {
        pid_t pid = running[--running_count];
        kill(-pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
}
