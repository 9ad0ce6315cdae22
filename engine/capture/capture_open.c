/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_open.h"

#include <stdio.h>
#include <string.h>

/* Segments on loopback are as long as an IP packet can be. */
#define PACKET_OCTETS_MAX 65550
/* Seconds of handshakes at full rate, should the disk stall. */
#define KERNEL_BUFFER_OCTETS (32 << 20)

static bool fail_to_activate(pcap_t *handle, int status, const struct capture_spec *spec,
                             struct base_error *error) {
    if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED) {
        return base_error_set(error, BASE_ERROR_MACHINE,
                              "this process may not capture packets: run it as root, or give the "
                              "program the right once: setcap cap_net_raw+ep PATH-OF-EKULOAD");
    }
    const char *detail = pcap_geterr(handle);
    return base_error_set(error, BASE_ERROR_MACHINE, "cannot capture on %s: %s%s%s", spec->device,
                          pcap_statustostr(status), detail[0] == '\0' ? "" : ": ", detail);
}

static bool set_up(pcap_t *handle, const struct capture_spec *spec, struct base_error *error) {
    char reason[PCAP_ERRBUF_SIZE];
    struct bpf_program program;
    pcap_set_snaplen(handle, PACKET_OCTETS_MAX);
    pcap_set_timeout(handle, CAPTURE_BLOCK_MS);
    pcap_set_buffer_size(handle, KERNEL_BUFFER_OCTETS);
    int status = pcap_activate(handle);
    if (status < 0) {
        return fail_to_activate(handle, status, spec, error);
    }
    if (pcap_compile(handle, &program, spec->filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        return base_error_set(error, BASE_ERROR_MACHINE, "cannot capture on %s: %s (%.400s)",
                              spec->device, pcap_geterr(handle), spec->filter);
    }
    status = pcap_setfilter(handle, &program);
    pcap_freecode(&program);
    if (status != 0 || pcap_setnonblock(handle, 1, reason) != 0) {
        return base_error_set(error, BASE_ERROR_MACHINE, "cannot capture on %s: %s", spec->device,
                              status != 0 ? pcap_geterr(handle) : reason);
    }
    return true;
}

pcap_t *capture_open(const struct capture_spec *spec, struct base_error *error) {
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *handle = pcap_create(spec->device, reason);
    if (handle == NULL) {
        base_error_set(error, BASE_ERROR_MACHINE, "cannot capture on %s: %s", spec->device, reason);
        return NULL;
    }
    if (!set_up(handle, spec, error)) {
        pcap_close(handle);
        return NULL;
    }
    return handle;
}
