/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_FILE_H
#define CERTS_FILE_H

#include "base_bytes.h"
#include "base_error.h"

/*
 * Reads a PEM file as a whole, 1 MiB at most. The text is on the heap and may be a private key:
 * finish wipes it. Finish also after a failure.
 */
bool certs_file_read(const char *path, struct base_buffer *out, struct base_error *error);
void certs_file_finish(struct base_buffer *text);

#endif
