/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_keylog.h"
#include "base_bytes.h"

/* TLS 1.2's master secret has no public accessor in this configuration. */
#include <wolfssl/internal.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_OF_ENVIRONMENT, LOG_OF_RUN, LOGS };
static int log_descriptors[LOGS] = {-1, -1};

static bool is_on(void) {
    return log_descriptors[LOG_OF_ENVIRONMENT] >= 0 || log_descriptors[LOG_OF_RUN] >= 0;
}

static void close_log(unsigned log) {
    if (log_descriptors[log] >= 0) {
        close(log_descriptors[log]);
        log_descriptors[log] = -1;
    }
}

static bool open_log(unsigned log, const char *path) {
    log_descriptors[log] = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    return log_descriptors[log] >= 0;
}

bool tls_keylog_start(struct base_error *error) {
    const char *path = getenv("SSLKEYLOGFILE");
    if (path == NULL || path[0] == '\0' || log_descriptors[LOG_OF_ENVIRONMENT] >= 0 ||
        open_log(LOG_OF_ENVIRONMENT, path)) {
        return true;
    }
    return base_error_set(error, BASE_ERROR_USAGE, "SSLKEYLOGFILE %s cannot be written: %s", path,
                          strerror(errno));
}

bool tls_keylog_also(const char *path, struct base_error *error) {
    close_log(LOG_OF_RUN);
    return path == NULL || open_log(LOG_OF_RUN, path) ||
           base_error_set(error, BASE_ERROR_MACHINE, "the key log %s cannot be written: %s", path,
                          strerror(errno));
}

void tls_keylog_stop(void) {
    close_log(LOG_OF_ENVIRONMENT);
    close_log(LOG_OF_RUN);
}

static void write_line(const WOLFSSL *wolfssl, const char *label, struct bytes secret) {
    uint8_t client_random[RAN_LEN];
    char random_text[2 * sizeof client_random + 1];
    char secret_text[2 * WC_MAX_DIGEST_SIZE + 1];
    char line[256 + sizeof random_text + sizeof secret_text];
    if (wolfSSL_get_client_random(wolfssl, client_random, sizeof client_random) !=
        sizeof client_random) {
        return;
    }
    base_bytes_to_hex(base_bytes(client_random, sizeof client_random), random_text,
                      sizeof random_text);
    base_bytes_to_hex(secret, secret_text, sizeof secret_text);
    int length = snprintf(line, sizeof line, "%s %s %s\n", label, random_text, secret_text);
    /* Nothing hangs on it: a full disk costs the reader a line, not us a connection. */
    for (unsigned log = 0; log < LOGS; log++) {
        ssize_t written =
            log_descriptors[log] < 0 ? 0 : write(log_descriptors[log], line, (size_t)length);
        (void)written;
    }
    explicit_bzero(secret_text, sizeof secret_text);
    explicit_bzero(line, sizeof line);
}

static int log_secret(WOLFSSL *wolfssl, int id, const unsigned char *secret, int secret_size,
                      void *context) {
    (void)context;
    static const char *const labels[] = {
        [CLIENT_HANDSHAKE_TRAFFIC_SECRET] = "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
        [SERVER_HANDSHAKE_TRAFFIC_SECRET] = "SERVER_HANDSHAKE_TRAFFIC_SECRET",
        [CLIENT_TRAFFIC_SECRET] = "CLIENT_TRAFFIC_SECRET_0",
        [SERVER_TRAFFIC_SECRET] = "SERVER_TRAFFIC_SECRET_0",
    };
    if (id >= 0 && (size_t)id < sizeof labels / sizeof labels[0] && labels[id] != NULL) {
        write_line(wolfssl, labels[id], base_bytes(secret, (size_t)secret_size));
    }
    return 0;
}

void tls_keylog_attach(WOLFSSL *wolfssl) {
    if (!is_on()) {
        return;
    }
    wolfSSL_KeepArrays(wolfssl);
    (void)wolfSSL_set_tls13_secret_cb(wolfssl, log_secret, NULL);
}

void tls_keylog_conclude(WOLFSSL *wolfssl) {
    if (!is_on()) {
        return;
    }
    if (wolfSSL_GetVersion(wolfssl) == WOLFSSL_TLSV1_2 && wolfssl->arrays != NULL) {
        write_line(wolfssl, "CLIENT_RANDOM", base_bytes(wolfssl->arrays->masterSecret, SECRET_LEN));
    }
    wolfSSL_FreeArrays(wolfssl);
}
