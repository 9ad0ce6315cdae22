/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_tool.h"

#include "support_file.h"
#include "support_scene.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 20000u

void support_tool_run(struct support_tool *tool, const char *command) {
    struct support_words words = {.count = 0};
    struct support_child child;
    support_words_split(&words, command);
    support_child_start(&child, support_scene.folder, "tool", &words, NULL);
    tool->status = support_child_wait(&child, PATIENCE_MS);
    tool->out = support_file_read(child.out_path);
    tool->err = support_file_read(child.err_path);
    support_words_finish(&words);
}

void support_tool_finish(struct support_tool *tool) {
    free(tool->out);
    free(tool->err);
}

const char *support_tool_serial(const char *pem_path) {
    struct support_tool tool;
    support_tool_run(&tool, support_scene_text("openssl x509 -noout -serial -in %s", pem_path));
    cr_assert(tool.status == 0 && strncmp(tool.out, "serial=", 7) == 0, "%s: %s", pem_path,
              tool.err);
    char *serial = tool.out + strlen("serial=");
    serial[strcspn(serial, "\n")] = '\0';
    for (char *at = serial; *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    const char *kept = support_scene_text("%s", serial);
    support_tool_finish(&tool);
    return kept;
}
