/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_file.h"
#include "support_lab.h"
#include "support_run.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

TestSuite(bad_machine, .init = support_scene_open, .fini = support_scene_close);

/* Exit status 3, and one line in which the text stands. */
static void expect_machine_error(struct support_run *run, const char *named) {
    support_run_expect(run, SUPPORT_MACHINE);
    char *said = support_file_read(run->child.err_path);
    char *newline = strchr(said, '\n');
    cr_assert_eq(strncmp(said, "ekuload: ", 9), 0, "%s", said);
    cr_assert(newline != NULL && newline[1] == '\0', "not one line: %s", said);
    cr_assert_not_null(strstr(said, named), "\"%s\" is not named in: %s", named, said);
    free(said);
    support_run_finish(run);
}

Test(bad_machine, port_in_use_is_named) {
    struct support_run run;
    int taken = support_net_bind(support_scene_address(31), SUPPORT_LAB_PORT, true, NULL);
    support_run_prepare(&run, "wrong", support_lab_profile());
    expect_machine_error(&run,
                         support_scene_text("%s:%d", support_scene_address(31), SUPPORT_LAB_PORT));
    close(taken);
}

Test(bad_machine, port_that_another_process_would_share_is_not_stolen) {
    struct support_run run;
    int taken = support_net_bind_shared(support_scene_address(31), SUPPORT_LAB_PORT);
    support_run_prepare(&run, "wrong", support_lab_profile());
    expect_machine_error(&run,
                         support_scene_text("%s:%d", support_scene_address(31), SUPPORT_LAB_PORT));
    close(taken);
}

struct address_case {
    char setting[96];
};
static struct address_case address_cases[] = {{"nodes.acceptor.address=192.0.2.31"},
                                              {"nodes.initiator.address=192.0.2.31"},
                                              {"nodes.acceptor.listeners.sip.address=192.0.2.31"},
                                              {"nodes.initiator.zones.load.source=192.0.2.31"}};

ParameterizedTestParameters(bad_machine, address_of_another_machine_is_named) {
    return cr_make_param_array(struct address_case, address_cases,
                               sizeof address_cases / sizeof *address_cases);
}

ParameterizedTest(struct address_case *row, bad_machine, address_of_another_machine_is_named) {
    struct support_run run;
    support_run_prepare(&run, "wrong", support_lab_profile());
    support_run_set(&run, "%s", row->setting);
    expect_machine_error(&run, "192.0.2.31");
}

/* The kernel answers `*context` to io_uring_setup from here on. */
static void forbid_io_uring(void *context) {
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)*(const int *)context),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {.len = sizeof steps / sizeof *steps, .filter = steps};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        _exit(126);
    }
}

static int io_uring_answers[] = {EPERM, ENOSYS, ENOMEM};

ParameterizedTestParameters(bad_machine, io_uring_that_is_not_there_is_named) {
    return cr_make_param_array(int, io_uring_answers,
                               sizeof io_uring_answers / sizeof *io_uring_answers);
}

ParameterizedTest(int *answer, bad_machine, io_uring_that_is_not_there_is_named) {
    struct support_run run;
    support_run_prepare(&run, "wrong", support_lab_profile());
    run.options = (struct support_child_options){.before_exec = forbid_io_uring, .context = answer};
    expect_machine_error(&run, "io_uring");
}

static void allow_few_descriptors(void *context) {
    const rlim_t count = (rlim_t) * (const int *)context;
    const struct rlimit limit = {.rlim_cur = count, .rlim_max = count};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        _exit(126);
    }
}

static int descriptor_limits[] = {12, 40, 200};

ParameterizedTestParameters(bad_machine, too_few_descriptors_are_named) {
    return cr_make_param_array(int, descriptor_limits,
                               sizeof descriptor_limits / sizeof *descriptor_limits);
}

ParameterizedTest(int *limit, bad_machine, too_few_descriptors_are_named) {
    struct support_run run;
    support_run_prepare(&run, "wrong", support_lab_profile());
    support_run_set(&run, "nodes.initiator.zones.load.connections=20000");
    run.options =
        (struct support_child_options){.before_exec = allow_few_descriptors, .context = limit};
    expect_machine_error(&run, "file descriptors");
}

struct folder_case {
    char folder[48];
};
static struct folder_case folder_cases[] = {{"/dev/null/result"}, {"/proc/ekuload-result"}};

ParameterizedTestParameters(bad_machine, result_folder_that_cannot_be_made_is_named) {
    return cr_make_param_array(struct folder_case, folder_cases,
                               sizeof folder_cases / sizeof *folder_cases);
}

ParameterizedTest(struct folder_case *row, bad_machine,
                  result_folder_that_cannot_be_made_is_named) {
    struct support_run run;
    support_run_prepare(&run, "wrong", support_lab_profile());
    support_run_add(&run, support_scene_text("--out %s", row->folder));
    expect_machine_error(&run, support_scene_text("ekuload: --out %s: ", row->folder));
}

/* A disk that is full for files of any size worth speaking of; `*context` octets still fit. */
static void fill_the_disk(void *context) {
    const rlim_t octets = (rlim_t) * (const int *)context;
    const struct rlimit limit = {.rlim_cur = octets, .rlim_max = octets};
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0) {
        _exit(126);
    }
}

Test(bad_machine, what_was_measured_is_printed_even_when_the_disk_is_full) {
    int octets = 5000; /* the certificates and what is printed fit, the result does not */
    struct support_run run;
    support_run_prepare(&run, "full", support_lab_profile());
    run.options = (struct support_child_options){.before_exec = fill_the_disk, .context = &octets};
    support_run_expect(&run, SUPPORT_MACHINE);
    cr_assert_eq(support_file_count_text(run.child.err_path, "File too large"), 1, "%s",
                 support_file_read(run.child.err_path));
    cr_assert_eq(support_file_count_text(run.child.out_path, "PASS  1 expectation met"), 1, "%s",
                 support_file_read(run.child.out_path));
    cr_assert_eq(support_file_count_text(run.child.out_path, "/result.json"), 0, "there is none");
    support_run_finish(&run);
}
