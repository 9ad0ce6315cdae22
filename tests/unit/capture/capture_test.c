/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A network that nothing else in this project uses. */
#define RECEIVER "127.211.7.1"
#define PACKETS  300u

static char folder[] = "/tmp/capture-test-XXXXXX";
static char path[64];

static void begin(void) {
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.pcap", folder);
}

static void end(void) {
    unlink(path);
    rmdir(folder);
}

TestSuite(capture, .init = begin, .fini = end);

/* What a receiver on loopback gets; nobody reads there. */
static int receiver(struct sockaddr_in *address) {
    socklen_t length = sizeof *address;
    int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET};
    cr_assert_eq(inet_pton(AF_INET, RECEIVER, &address->sin_addr), 1);
    cr_assert_eq(bind(socket_fd, (struct sockaddr *)address, length), 0);
    cr_assert_eq(getsockname(socket_fd, (struct sockaddr *)address, &length), 0);
    return socket_fd;
}

static void send_packets(const struct sockaddr_in *to, size_t octets) {
    static const char zeros[2048];
    int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    for (unsigned i = 0; i < PACKETS; i++) {
        cr_assert_eq(sendto(socket_fd, zeros, octets, 0, (const struct sockaddr *)to, sizeof *to),
                     (ssize_t)octets);
    }
    close(socket_fd);
}

/* Skips the test where nobody may capture; a wrong sentence fails it. */
static struct capture *start(const struct capture_spec *spec) {
    struct capture *capture;
    struct base_error error;
    if (!capture_start(&capture, spec, &error)) {
        cr_assert_not_null(strstr(error.text, "setcap cap_net_raw+ep"), "%s", error.text);
        cr_assert_neq(access(path, F_OK), 0);
        cr_skip_test("%s", error.text);
    }
    return capture;
}

static unsigned packets_in_file(void) {
    char reason[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *header;
    const u_char *octets;
    unsigned count = 0;
    int result;
    pcap_t *file = pcap_open_offline(path, reason);
    cr_assert_not_null(file, "%s", reason);
    while ((result = pcap_next_ex(file, &header, &octets)) == 1) {
        cr_assert_eq(header->caplen, header->len);
        count++;
    }
    cr_assert_eq(result, PCAP_ERROR_BREAK, "%s", pcap_geterr(file));
    pcap_close(file);
    return count;
}

Test(capture, holds_each_packet_once_that_passes_the_filter) {
    struct sockaddr_in wanted;
    struct sockaddr_in other;
    struct capture_counts counts;
    struct base_error error;
    char filter[128];
    int wanted_fd = receiver(&wanted);
    int other_fd = receiver(&other);
    snprintf(filter, sizeof filter, "udp and host %s and port %u", RECEIVER,
             ntohs(wanted.sin_port));
    const struct capture_spec spec = {.path = path, .device = "lo", .filter = filter};
    struct capture *capture = start(&spec);
    send_packets(&wanted, 100);
    send_packets(&other, 100);
    cr_assert(capture_stop(capture, &counts, &error), "%s", error.text);
    cr_assert_eq(counts.written, PACKETS);
    cr_assert_eq(counts.dropped, 0);
    cr_assert_not(counts.is_full);
    cr_assert_eq(packets_in_file(), PACKETS);
    close(wanted_fd);
    close(other_fd);
}

Test(capture, ends_at_its_limit_with_whole_packets_and_says_so) {
    struct sockaddr_in to;
    struct capture_counts counts;
    struct base_error error;
    char filter[128];
    int socket_fd = receiver(&to);
    snprintf(filter, sizeof filter, "udp and dst port %u", ntohs(to.sin_port));
    const struct capture_spec spec = {
        .path = path, .device = "lo", .filter = filter, .file_octets_max = 20000};
    struct capture *capture = start(&spec);
    send_packets(&to, 1000);
    cr_assert(capture_stop(capture, &counts, &error), "%s", error.text);
    cr_assert(counts.is_full);
    /* A file header of 24 octets; 16 of a record, 14 + 20 + 8 of headers, 1000 of content each. */
    cr_assert_eq(counts.written, (20000 - 24) / (16 + 14 + 20 + 8 + 1000));
    cr_assert_eq(packets_in_file(), counts.written);
    close(socket_fd);
}

Test(capture, names_what_it_cannot_do_and_leaves_no_file) {
    static const struct {
        const char *device;
        const char *filter;
        const char *sentence;
    } cases[] = {
        {"lo", "no such host or port", "cannot capture on lo: "},
        {"no-such-device", "tcp", "cannot capture on no-such-device: "},
    };
    struct capture *capture;
    struct base_error error;
    const struct capture_spec right = {.path = path, .device = "lo", .filter = "tcp port 9"};
    struct capture_counts counts;
    cr_assert(capture_stop(start(&right), &counts, &error), "%s", error.text);
    unlink(path);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct capture_spec spec = {
            .path = path, .device = cases[i].device, .filter = cases[i].filter};
        cr_assert_not(capture_start(&capture, &spec, &error));
        cr_assert_null(capture);
        cr_assert_eq(strncmp(error.text, cases[i].sentence, strlen(cases[i].sentence)), 0, "%s",
                     error.text);
        cr_assert_neq(access(path, F_OK), 0);
    }
    const struct capture_spec nowhere = {
        .path = "/no/such/folder/a.pcap", .device = "lo", .filter = "tcp port 9"};
    cr_assert_not(capture_start(&capture, &nowhere, &error));
    cr_assert_not_null(strstr(error.text, "/no/such/folder/a.pcap"), "%s", error.text);
}

Test(capture, is_checked_with_the_answer_that_its_start_would_give) {
    struct base_error checked = {.text = ""};
    struct base_error started = {.text = ""};
    struct capture *capture;
    const struct capture_spec spec = {.path = path, .device = "lo", .filter = "tcp"};
    bool starts = capture_start(&capture, &spec, &started);
    cr_assert_eq(capture_check(&checked), starts, "%s", checked.text);
    cr_assert_str_eq(checked.text, started.text);
    if (starts) {
        struct capture_counts counts;
        cr_assert(capture_stop(capture, &counts, &started), "%s", started.text);
        unlink(path);
    }
}
