#ifndef CLEARNERKERNELS_SUBNORMALS_H
#define CLEARNERKERNELS_SUBNORMALS_H

#include <stdint.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/// Takes numbers too small for full precision as 0 on this thread from now on. Returns the mode before, for `dk_restore_mode`.
///
/// Moments of a gradient that has become 0 shrink by the same factor each step until they are such numbers, and arithmetic on
/// these is up to a hundred times slower.
static inline uint64_t dk_flush_subnormals(void) {
#if defined(__x86_64__)
    unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8040);  // flush to zero, subnormals are zeros
    return mode;
#elif defined(__aarch64__)
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | (UINT64_C(1) << 24)));
    return mode;
#else
    return 0;
#endif
}

/// Puts back what `dk_flush_subnormals` returned.
static inline void dk_restore_mode(uint64_t mode) {
#if defined(__x86_64__)
    _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
    (void)mode;
#endif
}

#endif
