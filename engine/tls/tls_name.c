/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_name.h"

#include "x509_name.h"

#include <stdio.h>
#include <string.h>

/* Of one name in the sentence; the rest of it fits beside two. */
#define SHOWN_MAX 42

/* A common name may be in any script, and the wanted one is as the profile has it. */
static void shorten(const char *name, size_t length, char out[SHOWN_MAX + 1]) {
    bool is_cut = length > SHOWN_MAX;
    size_t shown = is_cut ? SHOWN_MAX - 2 : length;
    for (size_t i = 0; i < shown; i++) {
        out[i] = name[i] > ' ' && name[i] < 0x7f && name[i] != '"' ? name[i] : '?';
    }
    if (is_cut) {
        out[shown++] = '.';
        out[shown++] = '.';
    }
    out[shown] = '\0';
}

static unsigned count_more(const char *list) {
    unsigned count = 0;
    for (const char *at = strstr(list, ", "); at != NULL; at = strstr(at + 2, ", ")) {
        count++;
    }
    return count;
}

void tls_name_describe(const char *wanted, const struct x509_certificate *leaf,
                       char out[TLS_NAME_MISMATCH_SIZE]) {
    static const char dns[] = "DNS:";
    char names[1024];
    char expected[SHOWN_MAX + 1];
    char presented[SHOWN_MAX + 1];
    char more[24] = "";
    x509_name_list(leaf, names, sizeof names);
    unsigned rest = count_more(names);
    if (rest > 0) {
        snprintf(more, sizeof more, " (%u more)", rest);
    }
    if (names[0] == '\0') {
        x509_certificate_common_name(leaf, names, sizeof names);
    }
    const char *first = strncmp(names, dns, sizeof dns - 1) == 0 ? names + sizeof dns - 1 : names;
    shorten(wanted, strlen(wanted), expected);
    shorten(first, rest > 0 ? strcspn(first, ",") : strlen(first), presented);
    snprintf(out, TLS_NAME_MISMATCH_SIZE, "wanted %s, presented %s%s", expected,
             presented[0] == '\0' ? "no name" : presented, more);
}
