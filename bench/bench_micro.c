/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench_micro.h"

#include "base_error.h"
#include "metrics_shard.h"
#include "sip_framer.h"
#include "sip_writer.h"
#include "tls_judge.h"
#include "x509_pem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What single steps of a connection cost, each alone and over and over again: nanoseconds, and
 * under callgrind, which collects inside bench_micro_repeat() alone, instructions.
 */

#define FILE_OCTETS    65536
#define MESSAGE_OCTETS 2048
/* More than any cache holds: each record then meets a histogram that nobody touched lately. */
#define COLD_HISTOGRAMS 8192
#define SERIAL_CELLS    64
/* Between two looks at the clock. */
#define BATCH 64

struct operation {
    const char *name;
    void (*prepare)(const char *pki);
    bench_micro_step *step;
};

struct arguments {
    const char *pki;
    const char *only;
    uint64_t milliseconds;
    uint64_t count;
};

static uint8_t der_octets[FILE_OCTETS];
static struct bytes sent_der[X509_PATH_MAX];
static unsigned sent_count;
static struct tls_trust *trust;
static uint8_t request_octets[MESSAGE_OCTETS];
static struct bytes request_text;
static struct metrics_histogram hot_histogram;
static struct metrics_histogram *cold_histograms;
static struct metrics_serial serial_cells[SERIAL_CELLS];
static struct metrics_serials serials = {.cells = serial_cells, .capacity = SERIAL_CELLS};
static metrics_counter counter;

static void must(bool good, const char *what) {
    if (!good) {
        bench_measure_give_up("bench-micro: %s failed", what);
    }
}

static struct bytes read_file(const char *pki, const char *name, uint8_t octets[FILE_OCTETS]) {
    char path[4096];
    snprintf(path, sizeof path, "%s/nodes/%s", pki, name);
    FILE *file = fopen(path, "re");
    must(file != NULL, path);
    size_t length = fread(octets, 1, FILE_OCTETS, file);
    must(length > 0 && length < FILE_OCTETS, path);
    fclose(file);
    return base_bytes(octets, length);
}

static void prepare_certificates(const char *pki) {
    static uint8_t pem_octets[FILE_OCTETS];
    static uint8_t trust_octets[FILE_OCTETS];
    struct base_buffer der = {.data = der_octets, .capacity = sizeof der_octets};
    struct base_error error;
    if (sent_count > 0) {
        return;
    }
    struct bytes rest = read_file(pki, "client/client.pem", pem_octets);
    while (sent_count < X509_PATH_MAX) {
        size_t start = der.length;
        if (x509_pem_next(&rest, "CERTIFICATE", &der) != X509_PEM_BLOCK) {
            break;
        }
        sent_der[sent_count++] = base_bytes(der_octets + start, der.length - start);
    }
    must(sent_count > 0, "reading the client's chain");
    struct tls_pem authorities = {.text = read_file(pki, "server/ca.pem", trust_octets),
                                  .name = "ca.pem"};
    struct tls_pem none = {.name = "none"};
    must(tls_trust_create(&trust, authorities, none, &error), "reading the trust");
}

static void read_leaf(void) {
    struct x509_certificate leaf;
    must(x509_certificate_parse(sent_der[0], &leaf), "reading the leaf");
    must(leaf.eku.present, "its extended key usage");
}

/* As a listener does it: every certificate that was sent is read, the path found and judged. */
static void judge_path(void) {
    static const struct tls_judge_rules rules = {.peer_role = TLS_ROLE_CLIENT,
                                                 .eku_policy = TLS_EKU_EXPRESSWAY};
    struct x509_certificate parsed[X509_PATH_MAX];
    bool leaf_checked = false;
    for (unsigned i = 0; i < sent_count; i++) {
        must(x509_certificate_parse(sent_der[i], &parsed[i]), "reading a certificate");
    }
    struct x509_set sent = {.certificates = parsed, .count = sent_count};
    must(tls_judge(&rules, sent, trust, &leaf_checked) == FAULT_NONE && leaf_checked,
         "judging the path");
}

static void write_request(void) {
    static const struct sip_endpoints endpoints = {.local_name = "client.example.test",
                                                   .remote_name = "server.example.test",
                                                   .user_agent = "ekuload"};
    struct base_buffer out = {.data = request_octets, .capacity = sizeof request_octets};
    const struct sip_request request = {
        .method = SIP_OPTIONS,
        .endpoints = &endpoints,
        .transaction = {.dialog = 0x0123456789abcdef, .branch = 0xfedcba9876543210, .cseq = 1},
        .uri = base_bytes("sip:server.example.test", 23),
        .to_uri = base_bytes("sip:server.example.test", 23),
    };
    must(sip_writer_request(&out, &request), "writing an OPTIONS");
    request_text = base_buffer_bytes(&out);
}

static void prepare_request(const char *pki) {
    (void)pki;
    write_request();
}

static void parse_request(void) {
    struct sip_message message;
    struct sip_frame frame = sip_framer_next(request_text, false);
    must(frame.kind == SIP_FRAME_MESSAGE && sip_message_parse(request_text, &message),
         "reading an OPTIONS");
}

static void record_hot(void) {
    static uint64_t value;
    metrics_histogram_record(&hot_histogram, 100 + (value++ & 1023));
}

static void prepare_cold(const char *pki) {
    (void)pki;
    if (cold_histograms != NULL) {
        return;
    }
    cold_histograms = malloc(COLD_HISTOGRAMS * sizeof *cold_histograms);
    must(cold_histograms != NULL, "allocating histograms");
    /* Their pages are there before anything is measured. */
    memset(cold_histograms, 1, COLD_HISTOGRAMS * sizeof *cold_histograms);
}

static void record_cold(void) {
    static uint64_t value;
    /* In no order that could be foreseen. */
    value = value * 6364136223846793005u + 1442695040888963407u;
    metrics_histogram_record(&cold_histograms[(value >> 33) % COLD_HISTOGRAMS],
                             100 + (value >> 50 & 1023));
}

static void count_serial(void) {
    static const uint8_t serial[] = {0x46, 0xdf, 0x76, 0xaa, 0, 0, 0, 0, 0, 0x29};
    metrics_serials_record(&serials, serial, sizeof serial);
}

static void add_to_counter(void) {
    metrics_add(&counter, 1);
}

static const struct operation operations[] = {
    {"x509-leaf", prepare_certificates, read_leaf},
    {"judge-path", prepare_certificates, judge_path},
    {"sip-parse", prepare_request, parse_request},
    {"sip-write", prepare_request, write_request},
    {"histogram-record", NULL, record_hot},
    {"histogram-record-cold", prepare_cold, record_cold},
    {"serial-record", NULL, count_serial},
    {"counter-add", NULL, add_to_counter},
    {"ring-round-trip", bench_micro_ring_prepare, bench_micro_ring_step},
};

/* Not inlined: callgrind knows it by its name. */
__attribute__((noinline)) void bench_micro_repeat(bench_micro_step *step, uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        step();
    }
}

static void measure(const struct operation *operation, const struct arguments *arguments) {
    uint64_t count = 0;
    if (operation->prepare != NULL) {
        operation->prepare(arguments->pki);
    }
    for (unsigned i = 0; i < BATCH; i++) {
        operation->step(); /* what happens the first time only */
    }
    struct bench_measure start = bench_measure_now();
    struct bench_measure end = start;
    if (arguments->count > 0) {
        count = arguments->count;
        bench_micro_repeat(operation->step, count);
        end = bench_measure_now();
    }
    while (count == 0 || (arguments->count == 0 &&
                          end.wall_ns - start.wall_ns < arguments->milliseconds * BASE_NS_PER_MS)) {
        bench_micro_repeat(operation->step, BATCH);
        count += BATCH;
        end.wall_ns = base_clock_now_ns();
    }
    end = bench_measure_now();
    bench_measure_print("micro", operation->name, 1, count, &start, &end);
}

enum { KEY_PKI = 256, KEY_ONLY, KEY_MILLISECONDS, KEY_COUNT };

static const struct argp_option options[] = {
    {"pki", KEY_PKI, "DIR", 0, "Folder written by `ekuload certs`; needed", 0},
    {"only", KEY_ONLY, "NAME", 0, "This operation alone", 0},
    {"milliseconds", KEY_MILLISECONDS, "N", 0, "For so long, each; default: 200", 0},
    {"count", KEY_COUNT, "N", 0, "So many times each, instead of a time", 0},
    {0},
};

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_PKI:
        arguments->pki = value;
        return 0;
    case KEY_ONLY:
        arguments->only = value;
        return 0;
    case KEY_MILLISECONDS:
        arguments->milliseconds = bench_measure_number(state, "milliseconds", value, 3600000);
        return 0;
    case KEY_COUNT:
        arguments->count = bench_measure_number(state, "count", value, UINT32_MAX);
        return 0;
    case ARGP_KEY_END:
        if (arguments->pki == NULL) {
            argp_error(state, "--pki DIR is needed");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv) {
    static const struct argp argp = {
        .options = options,
        .parser = parse_option,
        .doc = "What single steps of a connection cost; one JSON object a line.",
    };
    struct arguments arguments = {.milliseconds = 200};
    bool known = false;
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    if (!bench_measure_pin(0)) {
        bench_measure_give_up("no core to stay on");
    }
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (arguments.only == NULL || strcmp(arguments.only, operations[i].name) == 0) {
            known = true;
            measure(&operations[i], &arguments);
        }
    }
    tls_trust_destroy(trust);
    free(cold_histograms);
    if (!known) {
        bench_measure_give_up("bench-micro: there is no operation %s", arguments.only);
    }
    return EXIT_SUCCESS;
}
