/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/tls-test-XXXXXX";
static char first[64];
static char second[64];

static void begin(void) {
    cr_assert_not_null(mkdtemp(folder));
    snprintf(first, sizeof first, "%s/first", folder);
    snprintf(second, sizeof second, "%s/second", folder);
    unsetenv("SSLKEYLOGFILE");
    lab_start();
}

static void end(void) {
    lab_stop();
    unlink(first);
    unlink(second);
    rmdir(folder);
}

TestSuite(tls_keylog, .init = begin, .fini = end);

static void connect_once(unsigned version) {
    struct certs_authority *authority = lab_authority("root", 0);
    struct certs_leaf_spec leaf = lab_leaf("serverAuth clientAuth");
    leaf.key = "ecdsa-p256";
    const struct tls_identity *identity = lab_identity(authority, &leaf);
    const struct tls_trust *trust = lab_trust_in(authority);
    struct tls_context_options client = lab_options(TLS_ROLE_CLIENT, &identity, trust, version);
    struct tls_context_options server = lab_options(TLS_ROLE_SERVER, &identity, trust, version);
    struct lab_pair pair = lab_connect(lab_context(&client), lab_context(&server));
    cr_assert(pair.client.fault == FAULT_NONE && pair.server.fault == FAULT_NONE);
}

static unsigned lines_of(const char *path) {
    FILE *file = fopen(path, "r");
    unsigned lines = 0;
    int octet;
    while (file != NULL && (octet = fgetc(file)) != EOF) {
        lines += octet == '\n';
    }
    if (file != NULL) {
        fclose(file);
    }
    return lines;
}

static void log_to(const char *path) {
    struct base_error error;
    cr_assert(tls_library_log_keys(path, &error), "%s", error.text);
}

Test(tls_keylog, a_run_has_a_log_of_its_own_for_as_long_as_it_asks) {
    struct stat status;
    log_to(first);
    connect_once(TLS_VERSION_1_2);
    cr_assert_eq(lines_of(first), 2, "one secret, told by both ends");
    connect_once(TLS_VERSION_1_3);
    cr_assert_eq(lines_of(first), 2 + 2 * 4);
    cr_assert_eq(stat(first, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0600);
    log_to(second);
    connect_once(TLS_VERSION_1_3);
    log_to(NULL);
    connect_once(TLS_VERSION_1_3);
    cr_assert_eq(lines_of(first), 2 + 2 * 4);
    cr_assert_eq(lines_of(second), 2 * 4);
}

Test(tls_keylog, a_log_that_cannot_be_written_is_named) {
    struct base_error error;
    cr_assert_not(tls_library_log_keys("/no/such/folder/keys", &error));
    cr_assert_not_null(strstr(error.text, "/no/such/folder/keys"), "%s", error.text);
}
