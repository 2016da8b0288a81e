#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "processes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

int descent_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno; }

int descent_child_descriptor(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int descent_pipe(int ends[2], int bytes) {
    int made[2];
    if (pipe2(made, O_CLOEXEC) != 0) return errno;
    for (int index = 0; index < 2; index++) ends[index] = fcntl(made[index], F_DUPFD_CLOEXEC, 16);
    int code = ends[0] < 0 || ends[1] < 0 ? errno : 0;
    close(made[0]);
    close(made[1]);
    if (code == 0 && bytes > 0) fcntl(ends[0], F_SETPIPE_SZ, bytes);
    return code;
}

void descent_close_on_exec_above(int last) {
#ifdef SYS_close_range
    // 4 is CLOSE_RANGE_CLOEXEC, of Linux 5.11.
    if (syscall(SYS_close_range, (unsigned)(last + 1), ~0U, 4U) == 0) return;
#endif
    for (int descriptor = last + 1; descriptor < 1024; descriptor++) {
        int flags = fcntl(descriptor, F_GETFD);
        if (flags >= 0) fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
    }
}

static void say(int report) {
    int code = errno;
    ssize_t written = write(report, &code, sizeof code);
    (void)written;
    _exit(127);
}

pid_t descent_run(const char *folder, char *const arguments[], int input, int output, int errors) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -errno;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) {
        int code = errno;
        close(report[0]);
        close(report[1]);
        return -code;
    }
    if (child == 0) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        // Who ended before that will not be heard of.
        if (getppid() != parent) _exit(127);
        for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) say(report[1]);
        descent_close_on_exec_above(2);
        if (chdir(folder) != 0) say(report[1]);
        execvp(arguments[0], arguments);
        say(report[1]);
    }
    close(report[1]);
    setpgid(child, child);
    int code = 0;
    ssize_t got;
    do got = read(report[0], &code, sizeof code);
    while (got < 0 && errno == EINTR);
    close(report[0]);
    return got == (ssize_t)sizeof code ? -code : child;
}
