// Numbering distinct fields, for columns of text.
#include "csv.h"
#include <stdlib.h>
#include <string.h>

struct dk_interner {
    const uint8_t *bytes;
    uint8_t *kept;  // copies of the texts put, when there are no bytes to point at
    size_t kept_count, kept_capacity;
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
    free(t->kept);
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

/// The code of a text, or -1 and the free slot where it belongs.
static inline int64_t lookup(const dk_interner *t, uint64_t hash, const uint8_t *text, size_t length, int escaped, size_t *slot) {
    size_t s = hash & (t->slot_count - 1);
    while (t->slots[s]) {
        uint32_t code = (uint32_t)t->slots[s] - 1;
        if (t->slots[s] >> 32 == hash >> 32 && t->entries[code].hash == hash) {
            dk_span span = t->entries[code].span;
            if (dk_span_length(span) == length && dk_span_escaped(span) == escaped &&
                !memcmp(t->bytes + dk_span_offset(span), text, length))
                return code;
        }
        s = (s + 1) & (t->slot_count - 1);
    }
    *slot = s;
    return -1;
}

static inline int32_t intern(dk_interner *t, dk_span span, uint64_t hash) {
    if (t->count == t->capacity) grow(t);
    size_t slot;
    int64_t code = lookup(t, hash, t->bytes + dk_span_offset(span), dk_span_length(span), dk_span_escaped(span), &slot);
    if (code >= 0) return (int32_t)code;
    t->entries[t->count].span = span;
    t->entries[t->count].hash = hash;
    t->slots[slot] = slot_value(hash, t->count);
    return (int32_t)t->count++;
}

int32_t dk_interner_find(const dk_interner *t, const uint8_t *text, size_t length) {
    size_t slot;
    return (int32_t)lookup(t, dk_hash(text, length, 0), text, length, 0, &slot);
}

int32_t dk_interner_put(dk_interner *t, const uint8_t *text, size_t length) {
    size_t slot;
    uint64_t hash = dk_hash(text, length, 0);
    int64_t code = lookup(t, hash, text, length, 0, &slot);
    if (code >= 0) return (int32_t)code;
    if (t->kept_count + length > t->kept_capacity) {
        t->kept_capacity = (t->kept_count + length) * 2 + 256;
        t->kept = realloc(t->kept, t->kept_capacity);
        if (!t->kept) abort();
    }
    if (length) memcpy(t->kept + t->kept_count, text, length);
    t->bytes = t->kept;
    dk_span span = dk_span_of(t->kept_count, length, 0);
    t->kept_count += length;
    return intern(t, span, hash);
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
const uint8_t *dk_interner_bytes(const dk_interner *t) { return t->bytes; }
