/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_context.h"
#include "tls_keylog.h"

#include <user_settings.h>
#include <wolfssl/ssl.h>

bool tls_library_start(struct base_error *error) {
    if (wolfSSL_Init() != WOLFSSL_SUCCESS) {
        return base_error_set(error, BASE_ERROR_MACHINE, "wolfSSL could not be started");
    }
    return tls_keylog_start(error);
}

bool tls_library_log_keys(const char *path, struct base_error *error) {
    return tls_keylog_also(path, error);
}

void tls_library_stop(void) {
    tls_keylog_stop();
    (void)wolfSSL_Cleanup();
}

const char *tls_library_version(void) {
    return wolfSSL_lib_version();
}
