/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_SCENE_H
#define SUPPORT_SCENE_H

#include "support_net.h"

/*
 * What a test has to itself: a temporary folder and a loopback network. Open and close are a
 * suite's .init and .fini; closing kills the children that are left and removes the folder, unless
 * EKULOAD_TEST_KEEP is set.
 */
struct support_scene {
    char folder[64];
    struct support_net net;
};
extern struct support_scene support_scene;

void support_scene_open(void);
void support_scene_close(void);

/* Closes the scene and skips the test. */
void support_scene_skip(const char *reason);

/* A text, and a path in the scene's folder; both live until the scene closes. */
const char *support_scene_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *support_scene_path(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The scene's address with this last octet. */
const char *support_scene_address(unsigned host);

#endif
