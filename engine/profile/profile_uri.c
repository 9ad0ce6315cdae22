/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_uri.h"

#include "profile_value.h"

#include <stddef.h>
#include <string.h>

#define ALPHANUMERIC "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

enum {
    USER_MAX = 63,
    AUTHORITY_MAX = 255,
};

bool profile_uri_is_host(const char *text) {
    struct profile_endpoint endpoint;
    return profile_value_endpoint(text, &endpoint) && endpoint.port == 0;
}

bool profile_uri_is_match(const char *text) {
    if (strcmp(text, "*") == 0) {
        return true;
    }
    return profile_uri_is_host(strncmp(text, "*.", 2) == 0 ? text + 2 : text);
}

/* RFC 3261 section 25.1, unreserved and a part of user-unreserved. */
static bool is_user(const char *text, size_t length) {
    return length > 0 && length <= USER_MAX &&
           strspn(text, ALPHANUMERIC "-_.!~*'()&=+$,") >= length;
}

bool profile_uri_is_user(const char *text) {
    return is_user(text, strlen(text));
}

bool profile_uri_is_sip_target(const char *text) {
    const char *at = strchr(text, '@');
    return at == NULL ? profile_uri_is_host(text)
                      : is_user(text, (size_t)(at - text)) && profile_uri_is_host(at + 1);
}

bool profile_uri_is_https_target(const char *text) {
    static const char scheme[] = "https://";
    struct profile_endpoint endpoint;
    char authority[AUTHORITY_MAX + 1];
    size_t length;
    if (strncmp(text, scheme, sizeof scheme - 1) != 0) {
        return false;
    }
    text += sizeof scheme - 1;
    length = strcspn(text, "/");
    if (length > AUTHORITY_MAX) {
        return false;
    }
    memcpy(authority, text, length);
    authority[length] = '\0';
    text += length;
    /* RFC 3986 section 3.3; a fragment stays with the client. */
    return profile_value_endpoint(authority, &endpoint) &&
           text[strspn(text, ALPHANUMERIC "-._~!$&'()*+,;=:@%/?")] == '\0';
}
