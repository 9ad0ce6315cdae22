/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_tree.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 15 /* what a double surely holds: 15.004 stays 15.004 */
#define INDENT 2

json_t *report_tree_with(json_t *object, const char *key, json_t *value) {
    if (object == NULL) {
        json_decref(value);
        return NULL;
    }
    /* It takes the value in any case, and refuses NULL. */
    if (json_object_set_new(object, key, value) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *report_tree_append(json_t *array, json_t *value) {
    if (array == NULL) {
        json_decref(value);
        return NULL;
    }
    if (json_array_append_new(array, value) != 0) {
        json_decref(array);
        return NULL;
    }
    return array;
}

json_t *report_tree_integer(uint64_t value) {
    return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

json_t *report_tree_real(double value) {
    return json_real(round(value * 1000) / 1000);
}

static json_t *text_of_ascii(const char *text) {
    char *copy = strdup(text);
    if (copy == NULL) {
        return NULL;
    }
    for (char *c = copy; *c != '\0'; c++) {
        if ((unsigned char)*c > 0x7e) {
            *c = '?';
        }
    }
    json_t *value = json_string(copy);
    free(copy);
    return value;
}

json_t *report_tree_text(const char *text) {
    if (text == NULL) {
        return json_null();
    }
    json_t *value = json_string(text);
    return value != NULL ? value : text_of_ascii(text);
}

static bool print_plain(const json_t *value, FILE *out) {
    const size_t flags = JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(DIGITS);
    return json_dumpf(value, out, flags) == 0;
}

static bool print_line_end(unsigned depth, FILE *out) {
    return fprintf(out, "\n%*s", (int)(depth * INDENT), "") >= 0;
}

static bool holds_objects(const json_t *array) {
    return json_is_object(json_array_get(array, 0));
}

static bool print(const json_t *value, unsigned depth, FILE *out);

static bool print_object(const json_t *object, unsigned depth, FILE *out) {
    const char *separator = "{";
    void *iterator = json_object_iter((json_t *)(uintptr_t)object);
    for (; iterator != NULL;
         iterator = json_object_iter_next((json_t *)(uintptr_t)object, iterator)) {
        json_t *key = json_string(json_object_iter_key(iterator));
        bool good = key != NULL && fputs(separator, out) >= 0 && print_line_end(depth + 1, out) &&
                    print_plain(key, out) && fputs(": ", out) >= 0 &&
                    print(json_object_iter_value(iterator), depth + 1, out);
        json_decref(key);
        if (!good) {
            return false;
        }
        separator = ",";
    }
    return print_line_end(depth, out) && fputs("}", out) >= 0;
}

static bool print_array(const json_t *array, unsigned depth, FILE *out) {
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (fputs(i == 0 ? "[" : ",", out) < 0 || !print_line_end(depth + 1, out) ||
            !print(json_array_get(array, i), depth + 1, out)) {
            return false;
        }
    }
    return print_line_end(depth, out) && fputs("]", out) >= 0;
}

static bool print(const json_t *value, unsigned depth, FILE *out) {
    if (json_is_object(value) && json_object_size(value) > 0) {
        return print_object(value, depth, out);
    }
    if (json_is_array(value) && holds_objects(value)) {
        return print_array(value, depth, out);
    }
    return print_plain(value, out);
}

bool report_tree_print(const json_t *root, FILE *out) {
    if (root == NULL) {
        errno = ENOMEM;
        return false;
    }
    return print(root, 0, out) && fputs("\n", out) >= 0 && fflush(out) == 0;
}
