/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_SCRIPT_H
#define PROFILE_SCRIPT_H

#include "profile_section.h"

/* `dialog` of a struct profile_zone_load: a name, or a file of steps, which is read at once. */
#define PROFILE_SCRIPT_FORM "`none`, `options`, `register`, `invite`, `http`, or a dialog file"
bool profile_script_read_dialog(struct profile_reader *reader, struct profile_tree *value,
                                void *target);

/* Keys of a step: of a struct sip_script_draft. */
bool profile_script_read_message(struct profile_reader *reader, struct profile_tree *value,
                                 void *target);
bool profile_script_read_pause(struct profile_reader *reader, struct profile_tree *value,
                               void *target);
bool profile_script_read_extracts(struct profile_reader *reader, struct profile_tree *value,
                                  void *target);

/* What the arena does not hold. */
void profile_script_destroy_all(struct profile_script *first);

extern const struct profile_section profile_section_dialog;
extern const struct profile_section profile_section_step;
extern const struct profile_section profile_section_extract;

#endif
