#include "include/guard.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { most_regions = 1024 };

/// A region is watched while its length is not 0; the start is written before the length.
static struct {
    _Atomic uintptr_t start;
    _Atomic size_t length;
} regions[most_regions];

static struct sigaction before;
static uintptr_t page_mask;

/// Puts zeros in place of what is missing, from the page that was asked for to the end of its region.
static void on_missing_page(int signal, siginfo_t *info, void *context) {
    uintptr_t place = (uintptr_t)info->si_addr & page_mask;
    for (int i = 0; info->si_code == BUS_ADRERR && i < most_regions; i++) {
        size_t length = atomic_load(&regions[i].length);
        uintptr_t start = atomic_load(&regions[i].start);
        if (length == 0 || place < start || place - start >= length) continue;
        void *zeros = mmap((void *)place, length - (place - start), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (zeros != MAP_FAILED) return;
        break;
    }
    // Somebody else's fault: as it would have been without this.
    sigaction(SIGBUS, &before, NULL);
    if (before.sa_flags & SA_SIGINFO && before.sa_sigaction) before.sa_sigaction(signal, info, context);
}

static void install(void) {
    page_mask = ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    action.sa_sigaction = on_missing_page;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &before);
}

int dk_guard(const void *start, size_t length) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    for (int i = 0; i < most_regions && length; i++) {
        uintptr_t none = 0;
        if (!atomic_compare_exchange_strong(&regions[i].start, &none, (uintptr_t)start)) continue;
        atomic_store(&regions[i].length, length);
        return i;
    }
    return -1;
}

void dk_unguard(int number) {
    if (number < 0) return;
    atomic_store(&regions[number].length, 0);
    atomic_store(&regions[number].start, 0);
}
