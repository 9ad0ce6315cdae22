/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_pem.h"

#include "x509_pem.h"

#include <stdlib.h>
#include <string.h>

enum {
    BASE64_LINE = 64,
    ENCAPSULATION = 48, /* more than both boundary lines need beside the label */
};

static size_t block_size_max(const char *label, size_t length) {
    size_t characters = (length + 2) / 3 * 4;
    return 2 * strlen(label) + ENCAPSULATION + characters + characters / BASE64_LINE + 1;
}

char *certs_pem_text(const char *label, const struct bytes *ders, unsigned count) {
    struct base_buffer text = {0};
    for (unsigned i = 0; i < count; i++) {
        text.capacity += block_size_max(label, ders[i].length);
    }
    text.data = malloc(text.capacity + 1);
    if (text.data == NULL) {
        return NULL;
    }
    for (unsigned i = 0; i < count; i++) {
        if (!x509_pem_write(&text, label, ders[i])) {
            explicit_bzero(text.data, text.capacity);
            free(text.data);
            return NULL;
        }
    }
    text.data[text.length] = '\0';
    return (char *)text.data;
}
