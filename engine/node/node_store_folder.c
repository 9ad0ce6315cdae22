/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_store_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)1024 * 1024)

bool node_store_folder_open(struct node_store_folder *folder, const char *path, bool to_change,
                            struct base_error *error) {
    folder->path = path;
    folder->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->descriptor < 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "cannot open the folder %.512s: %s", path,
                              strerror(errno));
    }
    if (flock(folder->descriptor, (to_change ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) {
        return true;
    }
    int cause = errno;
    node_store_folder_close(folder);
    return cause == EWOULDBLOCK
               ? base_error_set(error, BASE_ERROR_MACHINE,
                                "%.512s is in use by another `ekuload store`: try again", path)
               : base_error_set(error, BASE_ERROR_MACHINE, "cannot lock the folder %.512s: %s",
                                path, strerror(cause));
}

void node_store_folder_close(struct node_store_folder *folder) {
    close(folder->descriptor);
    folder->descriptor = -1;
}

bool node_store_folder_holds(const struct node_store_folder *folder, const char *name) {
    struct stat status;
    return fstatat(folder->descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Until the end, or until one octet more than is allowed. */
static bool fill(struct base_buffer *buffer, int descriptor) {
    while (buffer->length < buffer->capacity) {
        ssize_t count =
            read(descriptor, buffer->data + buffer->length, buffer->capacity - buffer->length);
        if (count == 0) {
            return true;
        }
        if (count < 0 && errno != EINTR) {
            return false;
        }
        buffer->length += count > 0 ? (size_t)count : 0;
    }
    return true;
}

bool node_store_text_read(struct node_store_text *out, const struct node_store_folder *folder,
                          const char *name, struct base_error *error) {
    *out = (struct node_store_text){.buffer = {.capacity = FILE_BYTES_MAX + 1}};
    snprintf(out->name, sizeof out->name, "%.700s%s%.300s", folder == NULL ? "" : folder->path,
             folder == NULL ? "" : "/", name);
    int descriptor =
        openat(folder == NULL ? AT_FDCWD : folder->descriptor, name, O_RDONLY | O_CLOEXEC);
    out->buffer.data = descriptor < 0 ? NULL : malloc(out->buffer.capacity);
    bool good = out->buffer.data != NULL && fill(&out->buffer, descriptor);
    int cause = errno;
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (good && out->buffer.length <= FILE_BYTES_MAX) {
        return true;
    }
    node_store_text_finish(out);
    return good ? base_error_set(error, BASE_ERROR_USAGE, "%s is larger than 1 MiB: not a PEM file",
                                 out->name)
                : base_error_set(error, BASE_ERROR_USAGE, "cannot read %s: %s", out->name,
                                 strerror(cause));
}

void node_store_text_finish(struct node_store_text *text) {
    if (text->buffer.data != NULL) {
        explicit_bzero(text->buffer.data, text->buffer.length);
    }
    free(text->buffer.data);
    text->buffer = (struct base_buffer){0};
}

struct names {
    char fresh[96];
    char former[96];
};

static struct names names_of(const char *name) {
    struct names names;
    snprintf(names.fresh, sizeof names.fresh, ".%.64s.new", name);
    snprintf(names.former, sizeof names.former, ".%.64s.old", name);
    return names;
}

static bool cannot_write(const struct node_store_folder *folder, const char *name,
                         struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "cannot write %.512s/%s: %s", folder->path,
                          name, strerror(errno));
}

static bool write_all(int descriptor, struct bytes content) {
    while (content.length > 0) {
        ssize_t count = write(descriptor, content.data, content.length);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        content = base_bytes_after(content, count > 0 ? (size_t)count : 0);
    }
    return true;
}

static bool write_fresh(const struct node_store_folder *folder,
                        const struct node_store_change *change, struct base_error *error) {
    struct names names = names_of(change->name);
    /* One that a crash left behind. */
    unlinkat(folder->descriptor, names.fresh, 0);
    int descriptor = openat(folder->descriptor, names.fresh,
                            O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, change->mode & 0600);
    if (descriptor < 0) {
        return cannot_write(folder, change->name, error);
    }
    bool good = write_all(descriptor, change->content) && fchmod(descriptor, change->mode) == 0 &&
                fsync(descriptor) == 0;
    good = good || cannot_write(folder, change->name, error);
    if (close(descriptor) != 0 && good) {
        good = cannot_write(folder, change->name, error);
    }
    return good;
}

/* A second name for what is there: the place itself is never empty. */
static bool keep_former(const struct node_store_folder *folder, const char *name,
                        struct base_error *error) {
    struct names names = names_of(name);
    struct stat status;
    unlinkat(folder->descriptor, names.former, 0);
    if (fstatat(folder->descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT || cannot_write(folder, name, error);
    }
    if (!S_ISREG(status.st_mode)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%.512s/%s is no regular file: it is not replaced", folder->path,
                              name);
    }
    return linkat(folder->descriptor, name, folder->descriptor, names.former, 0) == 0 ||
           cannot_write(folder, name, error);
}

static bool put_in_place(const struct node_store_folder *folder, const char *name,
                         struct base_error *error) {
    struct names names = names_of(name);
    return renameat(folder->descriptor, names.fresh, folder->descriptor, name) == 0 ||
           cannot_write(folder, name, error);
}

static void put_back(const struct node_store_folder *folder, const char *name) {
    struct names names = names_of(name);
    if (renameat(folder->descriptor, names.former, folder->descriptor, name) != 0 &&
        errno == ENOENT) {
        unlinkat(folder->descriptor, name, 0);
    }
}

static bool make_durable(const struct node_store_folder *folder, struct base_error *error) {
    /* A file system that cannot flush a folder keeps its own order. */
    return fsync(folder->descriptor) == 0 || errno == EINVAL || cannot_write(folder, ".", error);
}

static bool prepare(const struct node_store_folder *folder, const struct node_store_change *changes,
                    unsigned count, struct base_error *error) {
    for (unsigned i = 0; i < count; i++) {
        if (!write_fresh(folder, &changes[i], error) ||
            !keep_former(folder, changes[i].name, error)) {
            return false;
        }
    }
    return make_durable(folder, error);
}

bool node_store_folder_replace(const struct node_store_folder *folder,
                               const struct node_store_change *changes, unsigned count,
                               struct base_error *error) {
    bool prepared = prepare(folder, changes, count, error);
    unsigned placed = 0;
    while (prepared && placed < count && put_in_place(folder, changes[placed].name, error)) {
        placed++;
    }
    bool replaced = placed == count && make_durable(folder, error);
    for (unsigned i = 0; i < count; i++) {
        if (replaced || i >= placed) {
            unlinkat(folder->descriptor, names_of(changes[i].name).fresh, 0);
            node_store_folder_forget(folder, changes[i].name);
        } else {
            put_back(folder, changes[i].name);
        }
    }
    return replaced;
}

bool node_store_folder_has_former(const struct node_store_folder *folder, const char *name) {
    return node_store_folder_holds(folder, names_of(name).former);
}

bool node_store_folder_restore(const struct node_store_folder *folder, const char *name,
                               struct base_error *error) {
    return !node_store_folder_has_former(folder, name) ||
           renameat(folder->descriptor, names_of(name).former, folder->descriptor, name) == 0 ||
           cannot_write(folder, name, error);
}

void node_store_folder_forget(const struct node_store_folder *folder, const char *name) {
    unlinkat(folder->descriptor, names_of(name).former, 0);
}
