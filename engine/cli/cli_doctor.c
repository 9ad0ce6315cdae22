/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"
#include "cli_cpus.h"

#include "capture.h"
#include "net_ring.h"
#include "tls_context.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>

static const struct argp_child children[] = {{.argp = &cli_profile_argp}, {0}};

/* Without a parser of its own: the child gets the input. */
static const struct argp argp = {
    .children = children,
    .args_doc = "[PROFILE]",
    .doc = "Says whether this machine can run ekuload, and a profile: kernel, io_uring, limits, "
           "processor, packet capture; with a profile also its products, addresses, ports, "
           "what names lead to, capacity and the files of certificates that it names.",
};

static void print_row(const char *what, const char *value) {
    printf("  %-14s %s\n", what, value);
}

static void print_limit(const char *what, int resource, const char *unit) {
    struct rlimit limit;
    char soft[32] = "unlimited";
    char hard[32] = "unlimited";
    char text[96];
    if (getrlimit(resource, &limit) != 0) {
        return;
    }
    if (limit.rlim_cur != RLIM_INFINITY) {
        snprintf(soft, sizeof soft, "%llu", (unsigned long long)limit.rlim_cur);
    }
    if (limit.rlim_max != RLIM_INFINITY) {
        snprintf(hard, sizeof hard, "%llu", (unsigned long long)limit.rlim_max);
    }
    snprintf(text, sizeof text, "%s%s (hard limit %s)", soft, unit, hard);
    print_row(what, text);
}

/* The features that the TLS library's assembler chooses by, as /proc/cpuinfo spells them. */
static void print_cpu_features(void) {
    static const char *const wanted[] = {" aes ", " pclmulqdq ", " avx2 ", " bmi2 ", " adx "};
    char line[8192];
    char found[96] = "";
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "flags", 5) != 0) {
            continue;
        }
        line[strcspn(line, "\n")] = ' ';
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
            if (strstr(line, wanted[i]) != NULL) {
                strncat(found, wanted[i] + 1, sizeof found - strlen(found) - 1);
            }
        }
        break;
    }
    if (file != NULL) {
        fclose(file);
    }
    print_row("CPU features", found[0] == '\0' ? "none of aes pclmulqdq avx2 bmi2 adx" : found);
}

static bool is_kernel_that_tells_peers(const struct utsname *kernel) {
    unsigned major = 0;
    unsigned minor = 0;
    return sscanf(kernel->release, "%u.%u", &major, &minor) == 2 &&
           (major > 6 || (major == 6 && minor >= 7));
}

static void print_machine(void) {
    struct utsname kernel;
    char cores[160];
    if (uname(&kernel) == 0) {
        char text[200];
        snprintf(text, sizeof text, "%s%s", kernel.release,
                 is_kernel_that_tells_peers(&kernel)
                     ? ""
                     : " (before 6.7: event logs cannot name the address of a refused peer)");
        print_row("kernel", text);
    }
    cli_cpus_describe(cores, sizeof cores);
    print_row("cores", cores);
    print_cpu_features();
    print_row("wolfSSL", tls_library_version());
    print_row("liburing", net_ring_library_version());
    print_limit("descriptors", RLIMIT_NOFILE, "");
    print_limit("locked memory", RLIMIT_MEMLOCK, " bytes");
}

/* Nothing but `run --diagnostics` hangs on it. */
static void print_capture(void) {
    struct base_error error;
    print_row("packet capture", capture_check(&error) ? "works" : error.text);
}

static void tell_name(void *context, const char *name, const char *trail) {
    char text[1200];
    (void)context;
    snprintf(text, sizeof text, "%s (%s)", name, trail);
    print_row("name", text);
}

static int check_profile(const struct cli_profile *profile) {
    struct profile_plan *plan = NULL;
    struct base_error error;
    bool good = cli_load_profile(&plan, profile, &error) &&
                run_check_telling(plan, tell_name, NULL, &error);
    print_row("profile",
              good ? "can run here: products, addresses, ports, capacity and files are fine"
                   : "cannot run here");
    profile_plan_destroy(plan);
    return good ? CLI_PASS : cli_complain(&error);
}

int cli_doctor(int argc, char **argv) {
    struct cli_profile profile = {.name = NULL};
    struct base_error error;
    cli_parse(&argp, argc, argv, &profile);
    print_machine();
    bool works = net_ring_probe(&error);
    print_row("io_uring", works ? "works" : "does not work");
    print_capture();
    int status = works ? CLI_PASS : cli_complain(&error);
    if (works && profile.name != NULL) {
        status = check_profile(&profile);
    }
    cli_profile_finish(&profile);
    return status;
}
