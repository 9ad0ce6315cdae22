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

static int log_descriptor = -1;

bool tls_keylog_start(struct base_error *error) {
    const char *path = getenv("SSLKEYLOGFILE");
    if (path == NULL || path[0] == '\0' || log_descriptor >= 0) {
        return true;
    }
    log_descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (log_descriptor < 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "SSLKEYLOGFILE %s cannot be written: %s",
                              path, strerror(errno));
    }
    return true;
}

void tls_keylog_stop(void) {
    if (log_descriptor >= 0) {
        close(log_descriptor);
        log_descriptor = -1;
    }
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
    ssize_t written = write(log_descriptor, line, (size_t)length);
    (void)written;
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
    if (log_descriptor < 0) {
        return;
    }
    wolfSSL_KeepArrays(wolfssl);
    (void)wolfSSL_set_tls13_secret_cb(wolfssl, log_secret, NULL);
}

void tls_keylog_conclude(WOLFSSL *wolfssl) {
    if (log_descriptor < 0) {
        return;
    }
    if (wolfSSL_GetVersion(wolfssl) == WOLFSSL_TLSV1_2 && wolfssl->arrays != NULL) {
        write_line(wolfssl, "CLIENT_RANDOM", base_bytes(wolfssl->arrays->masterSecret, SECRET_LEN));
    }
    wolfSSL_FreeArrays(wolfssl);
}
