/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_TOOL_H
#define SUPPORT_TOOL_H

#include "support_child.h"

/* A program that runs to its end within the scene. `command` is split at blanks. */
struct support_tool {
    int status;
    char *out;
    char *err;
};
void support_tool_run(struct support_tool *tool, const char *command);
void support_tool_finish(struct support_tool *tool);

/* The serial of a PEM certificate as `openssl x509 -serial` prints it, in lower case. */
const char *support_tool_serial(const char *pem_path);

#endif
