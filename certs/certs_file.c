/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    FILE_SIZE_MAX = 1 << 20,
};

/* Not stdio: its buffer would keep the text. */
static bool read_until_end(int fd, struct base_buffer *out) {
    while (out->length < out->capacity) {
        ssize_t got = read(fd, out->data + out->length, out->capacity - out->length);
        if (got == 0) {
            return true;
        }
        if (got < 0 && errno != EINTR) {
            return false;
        }
        out->length += got > 0 ? (size_t)got : 0;
    }
    errno = EFBIG;
    return false;
}

bool certs_file_read(const char *path, struct base_buffer *out, struct base_error *error) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool done;
    *out = (struct base_buffer){0};
    if (fd < 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s: %s", path, strerror(errno));
    }
    out->capacity = FILE_SIZE_MAX;
    out->data = malloc(out->capacity);
    done = out->data != NULL && read_until_end(fd, out);
    if (!done) {
        base_error_set(error, BASE_ERROR_USAGE, "%s: %s", path, strerror(errno));
    }
    close(fd);
    return done;
}

void certs_file_finish(struct base_buffer *text) {
    if (text->data != NULL) {
        explicit_bzero(text->data, text->capacity);
        free(text->data);
    }
    *text = (struct base_buffer){0};
}
