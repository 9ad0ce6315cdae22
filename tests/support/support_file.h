/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_FILE_H
#define SUPPORT_FILE_H

#include <stdbool.h>

/* The whole file as text on the heap; "" when there is none. */
char *support_file_read(const char *path);
void support_file_write(const char *path, const char *text);
bool support_file_exists(const char *path);

/* Permission bits; 0 when there is no such file. */
unsigned support_file_mode(const char *path);
void support_file_copy(const char *from, const char *to);
void support_file_copy_folder(const char *from, const char *to);
void support_file_remove_folder(const char *path);

/* Waits until the file holds `text`. False when the time is over. */
bool support_file_await_text(const char *path, const char *text, unsigned patience_ms);
unsigned support_file_count_text(const char *path, const char *text);

#endif
