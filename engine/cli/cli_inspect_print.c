/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_inspect.h"

#include "x509_distinguished.h"
#include "x509_key.h"
#include "x509_name.h"
#include "x509_signature.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_PER_DAY 86400
#define WIDTH           100
#define TEXT_SIZE       4096

static void print_field(FILE *out, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void print_field(FILE *out, const char *label, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(out, "  %-13s ", label);
    vfprintf(out, format, arguments);
    fputc('\n', out);
    va_end(arguments);
}

/* A paragraph, broken at blanks; the cursor stands at `column`, further lines begin at `indent`. */
static void print_wrapped(FILE *out, const char *text, size_t column, size_t indent) {
    bool first = true;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (!first && column + 1 + length > WIDTH) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, length, out);
        column += length;
        text += length;
        text += strspn(text, " ");
        first = false;
    }
    fputc('\n', out);
}

static void print_dates(FILE *out, const struct x509_certificate *certificate, int64_t now_s) {
    char from[X509_DATE_SIZE];
    char until[X509_DATE_SIZE];
    x509_date_to_text(certificate->not_before, from);
    x509_date_to_text(certificate->not_after, until);
    int64_t days = (certificate->not_after - now_s) / SECONDS_PER_DAY;
    if (now_s > certificate->not_after) {
        print_field(out, "valid", "%s to %s: expired", from, until);
    } else if (now_s < certificate->not_before) {
        print_field(out, "valid", "%s to %s: not yet", from, until);
    } else {
        print_field(out, "valid", "%s to %s: %lld day%s left", from, until, (long long)days,
                    days == 1 ? "" : "s");
    }
}

static void print_usages(FILE *out, const struct x509_certificate *certificate) {
    char usages[512];
    x509_eku_to_text(certificate, usages, sizeof usages);
    if (!certificate->eku.present) {
        print_field(out, "usages", "none (no extended key usage: nothing is excluded)");
        return;
    }
    print_field(out, "usages", "%s%s", usages[0] == '\0' ? "an empty list" : usages,
                certificate->eku.critical ? " (critical)" : "");
}

static void print_certificate(FILE *out, const struct x509_certificate *certificate,
                              int64_t now_s) {
    char text[TEXT_SIZE];
    char key[64];
    char signature[128];
    x509_distinguished_to_text(certificate->subject, text, sizeof text);
    print_field(out, "subject", "%s", text[0] == '\0' ? "(empty)" : text);
    x509_name_list(certificate, text, sizeof text);
    print_field(out, "names", "%s", text[0] == '\0' ? "none" : text);
    x509_distinguished_to_text(certificate->issuer, text, sizeof text);
    print_field(out, "issuer", "%s", text[0] == '\0' ? "(empty)" : text);
    x509_serial_to_text(certificate, text, sizeof text);
    print_field(out, "serial", "%s", text);
    print_dates(out, certificate, now_s);
    x509_key_to_text(certificate, key, sizeof key);
    x509_signature_to_text(certificate, signature, sizeof signature);
    print_field(out, "key", "%s, signed with %s", key, signature);
    print_usages(out, certificate);
}

static void print_authority(FILE *out, const struct x509_certificate *authority, unsigned depth) {
    char name[TEXT_SIZE];
    char until[X509_DATE_SIZE];
    char key[64];
    char usages[256] = "";
    x509_distinguished_to_text(authority->subject, name, sizeof name);
    x509_date_to_text(authority->not_after, until);
    x509_key_to_text(authority, key, sizeof key);
    if (authority->eku.present) {
        x509_eku_to_text(authority, usages, sizeof usages);
    }
    print_field(out, depth == 1 ? "chain" : "", "%u  %s (%s, until %.10s%s%s)", depth, name, key,
                until, authority->eku.present ? ", restricted to " : "", usages);
}

static void print_path(FILE *out, const struct cli_inspect_chain *chain, const char *trust_name) {
    const struct node_inspection *inspection = chain->inspection;
    for (unsigned i = 1; i < inspection->path.length; i++) {
        print_authority(out, inspection->path.certificates[i], i);
    }
    if (inspection->path.length == 1) {
        print_field(out, "chain", "the certificate alone");
    }
    if (trust_name != NULL) {
        print_field(out, "trust", "%s: the chain %s", trust_name,
                    inspection->trusted ? "ends there" : "does not end there");
    }
}

static void print_row(FILE *out, const struct node_inspection *inspection, unsigned index,
                      const char **last_hint) {
    const struct node_inspection_row *row = &inspection->rows[index];
    bool usages_were_asked = row->fault == FAULT_NONE || row->fault != inspection->chain_fault;
    const char *otherwise = row->purpose_accepted ? "; its usages would do"
                            : usages_were_asked   ? ""
                                                  : "; its usages would not do either";
    /* One line: sentences are searched for. */
    if (row->accepted) {
        fprintf(out, "    %-34s accepted\n", row->where);
    } else {
        fprintf(out, "    %-34s refused   %s%s\n", row->where, row->sentence, otherwise);
    }
    /* One remark for rows that share it. */
    if (row->hint != NULL && row->hint != *last_hint) {
        fprintf(out, "      (%s)\n", row->hint);
        *last_hint = row->hint;
    }
}

static void print_inspection(FILE *out, const struct cli_inspect_chain *chain) {
    const struct node_inspection *inspection = chain->inspection;
    const char *last_hint = NULL;
    fprintf(out, "\n  where it is accepted\n");
    for (unsigned i = 0; i < inspection->row_count; i++) {
        print_row(out, inspection, i, &last_hint);
    }
    fprintf(out, "\n  the end of clientAuth\n    ");
    print_wrapped(out, inspection->sunset.sentence, 4, 4);
    if (inspection->note_count > 0) {
        fprintf(out, "\n  to know\n");
    }
    for (unsigned i = 0; i < inspection->note_count; i++) {
        fprintf(out, "    - ");
        print_wrapped(out, inspection->notes[i].sentence, 6, 6);
    }
}

static void print_key(FILE *out, const struct cli_inspect_chain *chain) {
    if (chain->key_name == NULL) {
        return;
    }
    if (chain->key_trouble.kind == BASE_ERROR_NONE) {
        print_field(out, "private key", "%s belongs to it", chain->key_name);
    } else {
        print_field(out, "private key", "%s", chain->key_trouble.text);
    }
}

static void print_chain(FILE *out, const struct cli_inspect_chain *chain, const char *trust_name,
                        int64_t now_s) {
    const char *role = cli_inspect_role_text(chain->store);
    fprintf(out, "%s%s\n", chain->name, chain->was_der ? " (DER; products want PEM)" : "");
    if (role[0] != '\0') {
        fprintf(out, "  %s\n", role);
    }
    if (chain->is_list) {
        fprintf(out, "  %u authorities, each for itself\n", chain->certificates.count);
    }
    for (unsigned i = 0; i < (chain->is_list ? chain->certificates.count : 1); i++) {
        fputc('\n', out);
        print_certificate(out, &chain->certificates.certificates[i], now_s);
    }
    if (!chain->is_list) {
        print_path(out, chain, trust_name);
        print_key(out, chain);
        print_inspection(out, chain);
    }
    fputc('\n', out);
}

void cli_inspect_print_text(const struct cli_inspect_list *list, int64_t now_s, FILE *out) {
    for (unsigned i = 0; i < list->count; i++) {
        const struct cli_inspect_target *target = &list->targets[i];
        bool has_two_stores;
        bool same = cli_inspect_same_certificate(target, &has_two_stores);
        for (unsigned j = 0; j < target->chain_count; j++) {
            print_chain(out, &target->chains[j], target->trust_name, now_s);
        }
        if (has_two_stores) {
            fprintf(out, "%s\n  both stores hold %s\n\n", target->name,
                    same ? "the same certificate, as after an upgrade or a copy by the checkbox"
                         : "a certificate of their own");
        }
    }
}
