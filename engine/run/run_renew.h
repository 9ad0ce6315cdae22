/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_RENEW_H
#define RUN_RENEW_H

#include "run_pki.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct run;

/*
 * The profile's own renewals of all certificates that were issued for the run: keys are made in a
 * thread of their own, for they take their time; then the files of the nodes are replaced and taken
 * up as by the command `reload`.
 */
enum run_renew_phase { RUN_RENEW_WAITS, RUN_RENEW_ISSUES, RUN_RENEW_READY };

struct run_renew {
    enum run_renew_phase phase;
    uint64_t next_ns; /* 0: none yet */
    pthread_t thread; /* while it issues */
    _Atomic bool issued;
    bool good;
    struct run_pki pki;
    struct base_error error;
};

/* Certificates that were loaded cannot be renewed: a sentence. */
bool run_renew_check(const struct run *run, struct base_error *error);
/* Of `certificates` at a time, how many different ones a run may come to see, within reason. */
uint32_t run_renew_serials(const struct run *run, uint32_t certificates);

/* Tells whoever watches that certificates were not renewed. */
void run_renew_complain(const struct run *run, const struct base_error *error);

void run_renew_turn(struct run *run, uint64_t now_ns);
void run_renew_finish(struct run *run);

#endif
