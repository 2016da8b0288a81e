// Numbering distinct fields, and sorting. Both serve the profile and the columns of text.
#include "csv.h"
#include <stdlib.h>
#include <string.h>

struct dk_interner {
    const uint8_t *bytes;
    int32_t *slots;  // code + 1, 0 = free; a power of two of them
    size_t slot_count, count, capacity;
    dk_span *spans;
    uint64_t *hashes;
};

dk_interner *dk_interner_create(const uint8_t *bytes) {
    dk_interner *t = calloc(1, sizeof *t);
    if (!t) abort();
    t->bytes = bytes;
    t->slot_count = 64;
    t->capacity = 32;
    t->slots = calloc(t->slot_count, sizeof *t->slots);
    t->spans = malloc(t->capacity * sizeof *t->spans);
    t->hashes = malloc(t->capacity * sizeof *t->hashes);
    if (!t->slots || !t->spans || !t->hashes) abort();  // out of memory, as Swift's own containers do
    return t;
}

void dk_interner_destroy(dk_interner *t) {
    free(t->slots);
    free(t->spans);
    free(t->hashes);
    free(t);
}

static void grow(dk_interner *t) {
    t->capacity *= 2;
    t->slot_count *= 2;
    t->spans = realloc(t->spans, t->capacity * sizeof *t->spans);
    t->hashes = realloc(t->hashes, t->capacity * sizeof *t->hashes);
    free(t->slots);
    t->slots = calloc(t->slot_count, sizeof *t->slots);
    if (!t->slots || !t->spans || !t->hashes) abort();
    for (size_t i = 0; i < t->count; i++) {
        size_t slot = t->hashes[i] & (t->slot_count - 1);
        while (t->slots[slot]) slot = (slot + 1) & (t->slot_count - 1);
        t->slots[slot] = (int32_t)i + 1;
    }
}

static int32_t intern(dk_interner *t, dk_span span) {
    const uint8_t *text = t->bytes + dk_span_offset(span);
    size_t length = dk_span_length(span);
    int escaped = dk_span_escaped(span);
    uint64_t hash = dk_hash(text, length, (uint64_t)escaped);
    size_t slot = hash & (t->slot_count - 1);
    while (t->slots[slot]) {
        int32_t code = t->slots[slot] - 1;
        dk_span other = t->spans[code];
        if (t->hashes[code] == hash && dk_span_length(other) == length && dk_span_escaped(other) == escaped &&
            !memcmp(t->bytes + dk_span_offset(other), text, length))
            return code;
        slot = (slot + 1) & (t->slot_count - 1);
    }
    if (t->count == t->capacity) {
        grow(t);
        return intern(t, span);
    }
    t->spans[t->count] = span;
    t->hashes[t->count] = hash;
    t->slots[slot] = (int32_t)++t->count;
    return (int32_t)t->count - 1;
}

void dk_interner_add(dk_interner *t, const dk_span *spans, size_t count, int32_t *codes) {
    for (size_t i = 0; i < count; i++) codes[i] = spans[i] == DK_SPAN_MISSING ? -1 : intern(t, spans[i]);
}

size_t dk_interner_count(const dk_interner *t) { return t->count; }
dk_span dk_interner_span(const dk_interner *t, size_t code) { return t->spans[code]; }

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
