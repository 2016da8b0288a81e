// Numbering distinct fields, for columns of text.
#include "csv.h"
#include <stdlib.h>
#include <string.h>

struct dk_interner {
    const uint8_t *bytes;
    uint64_t *slots;  // high half of the hash, then code + 1; 0 = free; a power of two of them
    size_t slot_count, count, capacity;
    struct { dk_span span; uint64_t hash; } *entries;
};

dk_interner *dk_interner_create(const uint8_t *bytes) {
    dk_interner *t = calloc(1, sizeof *t);
    if (!t) abort();
    t->bytes = bytes;
    t->slot_count = 64;
    t->capacity = 32;
    t->slots = calloc(t->slot_count, sizeof *t->slots);
    t->entries = malloc(t->capacity * sizeof *t->entries);
    if (!t->slots || !t->entries) abort();  // out of memory, as Swift's own containers do
    return t;
}

void dk_interner_destroy(dk_interner *t) {
    free(t->slots);
    free(t->entries);
    free(t);
}

static inline uint64_t slot_value(uint64_t hash, size_t code) { return (hash & 0xffffffff00000000u) | (uint32_t)(code + 1); }

static void grow(dk_interner *t) {
    t->capacity *= 2;
    t->slot_count *= 2;
    t->entries = realloc(t->entries, t->capacity * sizeof *t->entries);
    free(t->slots);
    t->slots = calloc(t->slot_count, sizeof *t->slots);
    if (!t->slots || !t->entries) abort();
    for (size_t i = 0; i < t->count; i++) {
        size_t slot = t->entries[i].hash & (t->slot_count - 1);
        while (t->slots[slot]) slot = (slot + 1) & (t->slot_count - 1);
        t->slots[slot] = slot_value(t->entries[i].hash, i);
    }
}

static int same_field(const uint8_t *bytes, dk_span a, dk_span b) {
    size_t length = dk_span_length(a);
    return dk_span_length(b) == length && dk_span_escaped(a) == dk_span_escaped(b) &&
           !memcmp(bytes + dk_span_offset(a), bytes + dk_span_offset(b), length);
}

static int32_t intern(dk_interner *t, dk_span span, uint64_t hash) {
    if (t->count == t->capacity) grow(t);
    size_t slot = hash & (t->slot_count - 1);
    while (t->slots[slot]) {
        uint32_t code = (uint32_t)t->slots[slot] - 1;
        if (t->slots[slot] >> 32 == hash >> 32 && t->entries[code].hash == hash && same_field(t->bytes, t->entries[code].span, span))
            return (int32_t)code;
        slot = (slot + 1) & (t->slot_count - 1);
    }
    t->entries[t->count].span = span;
    t->entries[t->count].hash = hash;
    t->slots[slot] = slot_value(hash, t->count);
    return (int32_t)t->count++;
}

void dk_interner_add(dk_interner *t, const dk_span *spans, size_t count, int32_t *codes) {
    // In blocks: hash all, fetch what the lookups will read, look up. The tables do not fit the caches when values are many.
    enum { block = 64 };
    uint64_t hashes[block];
    for (size_t start = 0; start < count; start += block) {
        size_t n = count - start < block ? count - start : block;
        for (size_t i = 0; i < n; i++) {
            dk_span span = spans[start + i];
            if (span == DK_SPAN_MISSING) continue;
            hashes[i] = dk_hash(t->bytes + dk_span_offset(span), dk_span_length(span), (uint64_t)dk_span_escaped(span));
            __builtin_prefetch(&t->slots[hashes[i] & (t->slot_count - 1)]);
        }
        for (size_t i = 0; i < n; i++) {
            if (spans[start + i] == DK_SPAN_MISSING) continue;
            uint64_t value = t->slots[hashes[i] & (t->slot_count - 1)];
            if (value && value >> 32 == hashes[i] >> 32) __builtin_prefetch(&t->entries[(uint32_t)value - 1]);
        }
        for (size_t i = 0; i < n; i++) {
            if (spans[start + i] == DK_SPAN_MISSING) continue;
            uint64_t value = t->slots[hashes[i] & (t->slot_count - 1)];
            if (value && value >> 32 == hashes[i] >> 32)
                __builtin_prefetch(t->bytes + dk_span_offset(t->entries[(uint32_t)value - 1].span));
        }
        for (size_t i = 0; i < n; i++) {
            dk_span span = spans[start + i];
            codes[start + i] = span == DK_SPAN_MISSING ? -1 : intern(t, span, hashes[i]);
        }
    }
}

size_t dk_interner_count(const dk_interner *t) { return t->count; }
dk_span dk_interner_span(const dk_interner *t, size_t code) { return t->entries[code].span; }
