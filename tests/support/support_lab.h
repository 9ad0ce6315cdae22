/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_LAB_H
#define SUPPORT_LAB_H

/*
 * A small profile of the tests' own, in the scene: `initiator.load` dials `acceptor.sip`, both with
 * certificates of `ca`; `other` is an authority that nobody trusts. Everything else is for --set.
 */
#define SUPPORT_LAB_PORT 5061

/* Writes the profile; returns its path. The acceptor has the scene's .31, the initiator .16. */
const char *support_lab_profile(void);

/* Issues its certificates with `ekuload certs` into <scene>/NAME; `settings` are --set words. */
const char *support_lab_certificates(const char *name, const char *settings);

struct support_run;

/* Starts the acceptor alone, for a minute, with these certificates; returns when it listens. */
void support_lab_start_acceptor(struct support_run *run, const char *pki);

#endif
