/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_net.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void raise_loopback(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(ioctl(descriptor, SIOCSIFFLAGS, &request), 0, "lo: %s", strerror(errno));
    close(descriptor);
}

/* The lock goes with the process. */
static void wait_for_turn(void) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/ekuload-network-%u.lock", (unsigned)getuid());
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    cr_assert_geq(descriptor, 0, "%s: %s", path, strerror(errno));
    cr_assert_eq(flock(descriptor, LOCK_EX), 0, "%s: %s", path, strerror(errno));
}

void support_net_isolate(void) {
    if (unshare(CLONE_NEWNET) == 0) {
        raise_loopback();
        return;
    }
    wait_for_turn();
}
