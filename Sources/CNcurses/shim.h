#ifndef CX_NCURSES_SHIM_H
#define CX_NCURSES_SHIM_H
// Wide characters are declared only with this define; without it the library would be used with its narrow half.
#define NCURSES_WIDECHAR 1
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#include <ncurses.h>
#include <term.h>

// Macros and globals that Swift does not import.

static inline WINDOW *cx_screen(void) { return stdscr; }
static inline void cx_forget_screen(void) { clearok(curscr, TRUE); }
static inline int cx_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }
static inline int cx_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }
static inline int cx_colors(void) { return COLORS; }
static inline int cx_color_pairs(void) { return COLOR_PAIRS; }
static inline attr_t cx_bold(void) { return WA_BOLD; }
static inline attr_t cx_dim(void) { return WA_DIM; }
static inline attr_t cx_underline(void) { return WA_UNDERLINE; }
static inline attr_t cx_reverse(void) { return WA_REVERSE; }
static inline attr_t cx_italic(void) { return WA_ITALIC; }

/// Makes cells[index] a character with attributes and a colour pair, which may lie beyond 255.
static inline int cx_set_cell(cchar_t *cells, int index, uint32_t scalar, attr_t attributes, int pair) {
    wchar_t text[2] = {(wchar_t)scalar, 0};
    return setcchar(&cells[index], text, attributes, pair > 255 ? 0 : (short)pair, &pair);
}

static inline int cx_window_size(int descriptor, int *across, int *down) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
    *across = size.ws_col;
    *down = size.ws_row;
    return 0;
}

/// The terminal's size in pixels; 0 where it tells none.
static inline int cx_window_pixels(int descriptor, int *across, int *down) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
    *across = size.ws_xpixel;
    *down = size.ws_ypixel;
    return 0;
}

/// Whether a terminfo string capability is there.
static inline int cx_has_string(const char *name) {
    char *value = tigetstr((char *)name);
    return value != NULL && value != (char *)-1;
}

static inline int cx_has_flag(const char *name) { return tigetflag((char *)name) > 0; }

/// Writes what a terminal is sent for a named capability with up to two numbers to `bytes`, without its delays.
/// Returns how many bytes that are; 0 if the terminal has no such capability, or they do not fit.
static inline int cx_sequence(const char *name, int first, int second, uint8_t *bytes, int capacity) {
    char *pattern = tigetstr((char *)name);
    if (pattern == NULL || pattern == (char *)-1) return 0;
    const char *text = tparm(pattern, (long)first, (long)second, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    if (text == NULL) return 0;
    int count = 0;
    while (*text != 0) {
        if (text[0] == '$' && text[1] == '<') {
            const char *end = strchr(text, '>');
            if (end == NULL) return 0;
            text = end + 1;
            continue;
        }
        if (count == capacity) return 0;
        bytes[count++] = (uint8_t)*text++;
    }
    return count;
}

/// A pipe that does not block and is closed in child processes.
static inline int cx_pipe(int ends[2]) {
    if (pipe(ends) != 0) return -1;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    }
    return 0;
}

// Signals. Handlers call nothing but async-signal-safe functions (signal-safety(7)).

struct cx_guard_state {
    volatile sig_atomic_t pipe;
    volatile sig_atomic_t armed;
    int output;
    int input;
    int has_modes;
    struct termios modes;
    size_t length;
    char bytes[256];
    struct sigaction previous[65];
};

// Weak, not static: Swift compiles this header into every object file that uses it, and the linker is to make one of the many.
__attribute__((weak)) struct cx_guard_state cx_guard = {.pipe = -1};

static inline void cx_on_signal(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    if (cx_guard.pipe >= 0) {
        ssize_t written = write(cx_guard.pipe, &byte, 1);
        (void)written;
    }
    errno = saved;
}

/// Gives the terminal back as it was found. Once; then nothing until it is armed again.
static inline void cx_restore_terminal(void) {
    if (!cx_guard.armed) return;
    cx_guard.armed = 0;
    ssize_t written = write(cx_guard.output, cx_guard.bytes, cx_guard.length);
    (void)written;
    if (cx_guard.has_modes) tcsetattr(cx_guard.input, TCSANOW, &cx_guard.modes);
}

/// Restores the terminal and lets the crash happen as it would have: the signal raised here is delivered to the handler that
/// was there before (the Swift runtime's backtracer, perhaps) as soon as this one returns.
static inline void cx_on_crash(int number) {
    cx_restore_terminal();
    sigaction(number, &cx_guard.previous[number], NULL);
    raise(number);
}

static inline int cx_catch(int number, int descriptor) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = cx_on_signal;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    cx_guard.pipe = descriptor;
    return sigaction(number, &action, number < 65 ? &cx_guard.previous[number] : NULL);
}

/// - is_crash: whether a handler that was there before, such as the Swift runtime's, is to run after ours; a signal that somebody
/// sent just ends the process.
static inline int cx_catch_crash(int number, int is_crash) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = cx_on_crash;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, &action, &cx_guard.previous[number]) != 0) return -1;
    // A signal that the caller had ignored, as nohup does, stays ignored.
    if (cx_guard.previous[number].sa_handler == SIG_IGN) return sigaction(number, &cx_guard.previous[number], NULL);
    if (!is_crash) {
        memset(&cx_guard.previous[number], 0, sizeof cx_guard.previous[number]);
        cx_guard.previous[number].sa_handler = SIG_DFL;
    }
    return 0;
}

static inline void cx_uncatch(int number) { sigaction(number, &cx_guard.previous[number], NULL); }

/// A stack for crash handlers of the calling thread, so that a stack overflow is handled too.
static inline int cx_use_crash_stack(void *memory, size_t size) {
    stack_t stack;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = memory;
    stack.ss_size = size;
    return sigaltstack(&stack, NULL);
}

static inline void cx_arm(int output, int input, const struct termios *modes, const char *bytes, size_t length) {
    cx_guard.armed = 0;
    cx_guard.output = output;
    cx_guard.input = input;
    cx_guard.has_modes = modes != NULL;
    if (modes != NULL) cx_guard.modes = *modes;
    cx_guard.length = length < sizeof cx_guard.bytes ? length : sizeof cx_guard.bytes;
    memcpy(cx_guard.bytes, bytes, cx_guard.length);
    cx_guard.armed = 1;
}

static inline void cx_disarm(void) { cx_guard.armed = 0; }
static inline int cx_restore_at_exit(void) { return atexit(cx_restore_terminal); }

/// Stops the process as Ctrl-Z does and returns when it is continued.
static inline void cx_stop_process(void) {
    struct sigaction ours, usual;
    memset(&usual, 0, sizeof usual);
    usual.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &usual, &ours);
    kill(getpid(), SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
}
#endif
