/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_terminal.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/* What kills the process without asking. Those that end a run in order are not among them. */
static const int deadly[] = {SIGQUIT, SIGILL,    SIGTRAP, SIGABRT, SIGBUS,  SIGFPE,
                             SIGSEGV, SIGSYS,    SIGXCPU, SIGXFSZ, SIGALRM, SIGUSR1,
                             SIGUSR2, SIGVTALRM, SIGPROF, SIGIO};
#define DEADLY_COUNT (sizeof deadly / sizeof deadly[0])

static struct termios before; /* as it was before it was taken */
static volatile sig_atomic_t taken;

static bool is_ours(void) {
    return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

/* Safe in a signal handler. A shell that took the terminal back has set it as it likes. */
static void restore(void) {
    if (taken != 0 && is_ours()) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
    taken = 0;
}

/* Once: the action is the usual one again, and the signal is not blocked. */
static void restore_and_pass_on(int number) {
    restore();
    raise(number);
}

/* Leaves alone what somebody else handles, a sanitizer say, or ignores. */
static void watch(int number) {
    struct sigaction action = {.sa_flags = (int)(SA_RESETHAND | SA_NODEFER | SA_RESTART)};
    struct sigaction now;
    action.sa_handler = restore_and_pass_on;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
        sigaction(number, &action, NULL);
    }
}

void cli_terminal_begin(void) {
    static bool registered;
    if (!registered) {
        atexit(restore);
        registered = true;
    }
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        watch(deadly[i]);
    }
}

bool cli_terminal_take(void) {
    struct termios keyboard;
    if (!is_ours()) {
        taken = 0;
        return false;
    }
    if (taken != 0) {
        return true;
    }
    watch(SIGTSTP); /* again after each time */
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    keyboard = before;
    keyboard.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    keyboard.c_cc[VMIN] = 0;
    keyboard.c_cc[VTIME] = 0;
    taken = 1; /* before: a signal in between must find something to restore */
    if (tcsetattr(STDIN_FILENO, TCSANOW, &keyboard) != 0) {
        taken = 0;
        return false;
    }
    return true;
}

bool cli_terminal_read(char *key) {
    struct pollfd entry = {.fd = STDIN_FILENO, .events = POLLIN};
    /* Asked first: somebody may have made it wait for whole lines meanwhile. */
    return poll(&entry, 1, 0) == 1 && (entry.revents & POLLIN) != 0 &&
           read(STDIN_FILENO, key, 1) == 1;
}

void cli_terminal_end(void) {
    restore();
}
