// Sorting, and what it makes quick.
#include "sorting.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Maps a double to a key whose unsigned order is the numbers' order, and back.
static inline uint64_t key_of(uint64_t bits) { return bits ^ ((uint64_t)((int64_t)bits >> 63) | 0x8000000000000000u); }
static inline uint64_t bits_of(uint64_t key) { return key ^ (((key >> 63) - 1) | 0x8000000000000000u); }

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void dk_sort_doubles(double *values, double *scratch, size_t count) {
    if (count < 512) {
        qsort(values, count, sizeof *values, ascending);
        return;
    }
    enum { bits = 11, passes = 6, buckets = 1 << bits };
    size_t (*counts)[buckets] = calloc(passes, sizeof *counts);
    if (!counts) abort();
    uint64_t *from = (uint64_t *)values, *to = (uint64_t *)scratch;
    for (size_t i = 0; i < count; i++) {
        uint64_t key = key_of(from[i]);
        from[i] = key;
        for (int pass = 0; pass < passes; pass++) counts[pass][(key >> (pass * bits)) & (buckets - 1)]++;
    }
    for (int pass = 0; pass < passes; pass++) {
        size_t *bucket = counts[pass], sum = 0;
        int shift = pass * bits;
        if (bucket[(from[0] >> shift) & (buckets - 1)] == count) continue;  // every key has the same digit here
        for (int b = 0; b < buckets; b++) {
            size_t n = bucket[b];
            bucket[b] = sum;
            sum += n;
        }
        for (size_t i = 0; i < count; i++) to[bucket[(from[i] >> shift) & (buckets - 1)]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    for (size_t i = 0; i < count; i++) ((uint64_t *)values)[i] = bits_of(from[i]);
    free(counts);
}

double dk_median(const double *values, double *scratch, size_t count) {
    enum { shift = 48, buckets = 1 << 16 };
    size_t low = (count - 1) / 2, high = count / 2, before = 0, first = 0, kept = 0;
    uint32_t *counts = calloc(buckets, sizeof *counts);
    if (!counts) abort();
    const uint64_t *bits = (const uint64_t *)values;
    for (size_t i = 0; i < count; i++) counts[key_of(bits[i]) >> shift]++;
    // The middle values lie in the buckets first to last; only those are sorted.
    while (before + counts[first] <= low) before += counts[first++];
    size_t last = first, below = before + counts[first];
    while (below <= high) below += counts[++last];
    for (size_t i = 0; i < count; i++) {
        size_t bucket = key_of(bits[i]) >> shift;
        if (bucket >= first && bucket <= last) scratch[kept++] = values[i];
    }
    free(counts);
    double *temporary = malloc(kept * sizeof *temporary);
    if (!temporary) abort();
    dk_sort_doubles(scratch, temporary, kept);
    free(temporary);
    double a = scratch[low - before], b = scratch[high - before];
    return a == b ? a : a + (b - a) / 2;
}
