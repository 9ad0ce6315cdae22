/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_store_lab.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(node_store_write, .init = store_lab_open, .fini = store_lab_close);

#define NOBODY 65534

static void expect_failure(enum base_error_kind kind, const char *words) {
    const struct node_store_upload upload =
        store_lab_upload(NODE_STORE_SERVER, "SECOND.pem", "SECOND.key");
    struct base_error error = {.kind = BASE_ERROR_NONE};
    cr_assert_not(node_store_upload(store_lab.folder, &upload, &error), "accepted: %s", words);
    cr_assert_eq(error.kind, kind, "%s", error.text);
    cr_assert_not_null(strstr(error.text, words), "no \"%s\" in \"%s\"", words, error.text);
}

/* What fails in `spoil` leaves the folder as it was; `mend` makes it readable again. */
static void expect_untouched(void (*spoil)(void), void (*mend)(void), const char *words) {
    store_lab_store(NODE_STORE_SERVER, "BOTH.pem", "BOTH.key");
    char *before = store_lab_snapshot();
    spoil();
    expect_failure(BASE_ERROR_MACHINE, words);
    mend();
    char *after = store_lab_snapshot();
    cr_assert_str_eq(after, before);
    free(before);
    free(after);
}

static void limit_files_to(rlim_t octets) {
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = octets;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The key (less than 300 octets) still fits: the second file is the one that does not. */
static void fill_disk(void) {
    limit_files_to(400);
}

static void free_disk(void) {
    limit_files_to(RLIM_INFINITY);
}

Test(node_store_write, a_disk_that_is_full_costs_nothing) {
    expect_untouched(fill_disk, free_disk, "cannot write");
}

static void forbid_writing(void) {
    cr_assert_eq(chmod(store_lab.folder, 0555), 0);
    cr_assert_eq(chmod(store_lab_path("SECOND.key"), 0644), 0);
    if (geteuid() == 0) {
        cr_assert_eq(seteuid(NOBODY), 0);
    }
}

static void allow_writing(void) {
    if (getuid() == 0) {
        cr_assert_eq(seteuid(0), 0);
    }
    cr_assert_eq(chmod(store_lab.folder, 0755), 0);
}

Test(node_store_write, a_folder_that_is_read_only_stays_as_it_was) {
    expect_untouched(forbid_writing, allow_writing, "privkey.pem: Permission denied");
}

/*
 * The library's calls end here, not in libc: the only way to make the second of two renames fail
 * after the first went well.
 */
static unsigned renames_left = UINT_MAX;

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    if (renames_left == 0) {
        renames_left = UINT_MAX;
        errno = EIO;
        return -1;
    }
    renames_left--;
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

static void allow_one_rename(void) {
    renames_left = 1;
}

static void allow_all_renames(void) {
    cr_assert_gt(renames_left, 1000, "no rename failed");
}

Test(node_store_write, what_was_put_in_place_goes_back_when_the_next_file_cannot_be) {
    expect_untouched(allow_one_rename, allow_all_renames, "server.pem: Input/output error");
}

Test(node_store_write, the_first_certificate_of_a_store_leaves_no_key_when_it_cannot_be_stored) {
    const struct node_store_upload upload =
        store_lab_upload(NODE_STORE_SERVER, "BOTH.pem", "BOTH.key");
    struct base_error error;
    char *before = store_lab_snapshot();
    renames_left = 1;
    cr_assert_not(node_store_upload(store_lab.folder, &upload, &error));
    char *after = store_lab_snapshot();
    cr_assert_str_eq(after, before);
    free(before);
    free(after);
}

static int lock;

static void lock_folder(void) {
    lock = open(store_lab.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    cr_assert_eq(flock(lock, LOCK_EX | LOCK_NB), 0);
}

static void unlock_folder(void) {
    close(lock);
}

Test(node_store_write, a_second_upload_at_once_is_told_to_try_again) {
    expect_untouched(lock_folder, unlock_folder, "is in use by another `ekuload store`");
}

Test(node_store_write, a_folder_that_is_missing_is_not_made) {
    cr_assert_eq(rmdir(store_lab.folder), 0);
    expect_failure(BASE_ERROR_USAGE, "cannot open the folder");
    cr_assert_not(store_lab_exists("store"));
    store_lab_write("store", base_bytes_of_text("a file"));
    expect_failure(BASE_ERROR_USAGE, "Not a directory");
}

Test(node_store_write, what_is_no_file_is_not_replaced) {
    cr_assert_eq(mkdir(store_lab_path("store/server.pem"), 0755), 0);
    expect_failure(BASE_ERROR_USAGE, "server.pem is no regular file");
    cr_assert_not(store_lab_exists("store/privkey.pem"));
}

Test(node_store_write, a_file_that_may_not_be_read_is_named) {
    cr_assert_eq(chmod(store_lab_path("SECOND.key"), 0), 0);
    if (geteuid() == 0) {
        cr_assert_eq(seteuid(NOBODY), 0);
    }
    expect_failure(BASE_ERROR_USAGE, "SECOND.key: Permission denied");
    if (getuid() == 0) {
        cr_assert_eq(seteuid(0), 0);
    }
}

static void put(const char *from, const char *to) {
    struct bytes content = store_lab_read(from);
    store_lab_write(to, content);
    free((void *)(uintptr_t)content.data);
}

/*
 * An upload of SECOND over BOTH that was killed: which file of which upload stands where. The next
 * one finds a pair, whatever becomes of itself.
 */
Test(node_store_write, a_crash_at_any_point_leaves_a_pair_to_the_next_upload) {
    static const struct {
        const char *files[6]; /* privkey.pem server.pem and their .new and .old */
        const char *pair;     /* afterwards */
    } rows[] = {
        {{"BOTH.key", "BOTH.pem", "SECOND.key", NULL, NULL, NULL}, "BOTH"},
        {{"BOTH.key", "BOTH.pem", "SECOND.key", "empty", "BOTH.key", NULL}, "BOTH"},
        {{"BOTH.key", "BOTH.pem", "SECOND.key", "SECOND.pem", "BOTH.key", "BOTH.pem"}, "BOTH"},
        {{"SECOND.key", "BOTH.pem", NULL, "SECOND.pem", "BOTH.key", "BOTH.pem"}, "BOTH"},
        {{"SECOND.key", "SECOND.pem", NULL, NULL, "BOTH.key", "BOTH.pem"}, "SECOND"},
        {{"SECOND.key", "SECOND.pem", NULL, NULL, NULL, "BOTH.pem"}, "SECOND"},
        {{"SECOND.key", "SECOND.pem", NULL, NULL, NULL, NULL}, "SECOND"},
    };
    static const char *const names[6] = {"store/privkey.pem",      "store/server.pem",
                                         "store/.privkey.pem.new", "store/.server.pem.new",
                                         "store/.privkey.pem.old", "store/.server.pem.old"};
    struct base_error error;
    store_lab_write("empty", base_bytes_of_text(""));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t file = 0; file < 6; file++) {
            remove(store_lab_path(names[file]));
            if (rows[i].files[file] != NULL) {
                put(rows[i].files[file], names[file]);
            }
        }
        struct node_store_view view;
        cr_assert(node_store_look(&view, store_lab.folder, &error), "%s", error.text);
        cr_assert_eq(view.interrupted, rows[i].files[4] != NULL || rows[i].files[5] != NULL,
                     "row %zu", i);
        const struct node_store_upload refused =
            store_lab_upload(NODE_STORE_SERVER, "empty", "BOTH.key");
        cr_assert_not(node_store_upload(store_lab.folder, &refused, &error));
        store_lab_expect(NODE_STORE_SERVER, rows[i].pair);
        cr_assert_not(store_lab_exists(names[4]), "row %zu", i);
        cr_assert_not(store_lab_exists(names[5]), "row %zu", i);
        store_lab_store(NODE_STORE_SERVER, "SERVER.pem", "SERVER.key");
        store_lab_expect(NODE_STORE_SERVER, "SERVER");
        cr_assert_not(store_lab_exists(names[2]), "row %zu", i);
        cr_assert_not(store_lab_exists(names[3]), "row %zu", i);
    }
}

enum { UPLOADERS = 3, UPLOADS = 10 };

/* In a child: as often as the others let it. Exit status 0: every upload was done. */
static void upload_again_and_again(const char *certificate, const char *key) {
    const struct node_store_upload upload = store_lab_upload(NODE_STORE_SERVER, certificate, key);
    struct base_error error;
    for (unsigned done = 0; done < UPLOADS;) {
        if (node_store_upload(store_lab.folder, &upload, &error)) {
            done++;
        } else if (strstr(error.text, "is in use") == NULL) {
            _exit(1);
        }
    }
    _exit(0);
}

Test(node_store_write, uploads_at_once_never_mix) {
    static const char *const files[UPLOADERS][2] = {
        {"BOTH.pem", "BOTH.key"}, {"SECOND.pem", "SECOND.key"}, {"SERVER.pem", "SERVER.key"}};
    struct node_store_view view;
    struct base_error error;
    unsigned left = UPLOADERS;
    int status;
    store_lab_store(NODE_STORE_SERVER, "BOTH.pem", "BOTH.key");
    for (unsigned i = 0; i < UPLOADERS; i++) {
        pid_t child = fork();
        cr_assert_geq(child, 0);
        if (child == 0) {
            upload_again_and_again(files[i][0], files[i][1]);
        }
    }
    while (left > 0) {
        if (waitpid(-1, &status, WNOHANG) > 0) {
            cr_assert_eq(status, 0);
            left--;
        }
        if (node_store_look(&view, store_lab.folder, &error)) {
            cr_assert_eq(view.stores[NODE_STORE_SERVER].trouble.kind, BASE_ERROR_NONE, "%s",
                         view.stores[NODE_STORE_SERVER].trouble.text);
        }
    }
}
