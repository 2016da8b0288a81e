// Shapley values of trees, leaf by leaf. On its own a leaf is a game: it pays its value where every feature on the way to it sends the
// row on, so a coalition's worth is a product of one factor a feature, and a Shapley value the integral over t in [0, 1] of the
// product of (present * t + absent * (1 - t)), whose degree Gauss's nodes meet exactly. What a row earns depends only on which of
// the leaf's features send it on, so rows of the same mask share one computation, whatever the depth.
#include "leaves.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EK_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))

enum { rows_at_once = 2048, memo_bits = 12, most_nodes = EK_MOST_FEATURES / 2 + 1 };

/// A feature on the way to a leaf: the shares of its splits multiplied, and where its splits stand among the path's.
typedef struct {
    int32_t feature;
    double share;
} player;

typedef struct {
    const ek_tree *tree;
    size_t row_count, feature_count, background_count;
    double *contributions, *interactions;
    /// Which rows of the chunk each node sends to the left, [nodes, rows_at_once]; of the background, [nodes, background_count].
    uint8_t *lefts, *background_lefts;
    /// The way to the leaf at hand: nodes, whether it goes left there, and which player decides.
    int32_t *path, *owner;
    uint8_t *turns;
    size_t path_length;
    player players[EK_MOST_FEATURES];
    size_t player_count;
    uint64_t *masks, *background_masks;
    uint8_t *sends;
    /// Distinct masks of the background and how many of its rows have each.
    uint64_t *known;
    double *known_weights;
    size_t known_count;
    int32_t *memo, *slots;
    uint64_t *distinct;
    double *table, *pair_table;
    double nodes[most_nodes], weights[most_nodes];
    size_t node_count;
    /// (u - 1)! v! / (u + v)!
    double beta[EK_MOST_FEATURES + 2][EK_MOST_FEATURES + 2];
} work;

/// Gauss's nodes and weights on [0, 1], exact for polynomials of degree 2 n - 1.
static void find_nodes(work *w, size_t n) {
    if (w->node_count == n) return;
    w->node_count = n;
    for (size_t i = 0; i < n; i++) {
        double x = cos(M_PI * (i + 0.75) / (n + 0.5)), slope = 1;
        for (int turn = 0; turn < 100; turn++) {
            double before = 1, here = x;
            for (size_t k = 2; k <= n; k++) {
                double next = ((2 * k - 1) * x * here - (k - 1) * before) / k;
                before = here;
                here = next;
            }
            slope = n * (x * here - before) / (x * x - 1);
            double step = here / slope;
            x -= step;
            if (fabs(step) < 1e-15) break;
        }
        w->nodes[i] = (1 + x) / 2;
        w->weights[i] = 1 / ((1 - x * x) * slope * slope);
    }
}

EK_CLONES static void compare(const float *values, size_t count, float split, uint8_t missing_left, uint8_t *lefts) {
    for (size_t i = 0; i < count; i++) {
        float x = values[i];
        lefts[i] = (uint8_t)(x < split) | ((uint8_t)(x != x) & missing_left);
    }
}

static void compare_all(const ek_tree *tree, const float *columns, size_t total, size_t first, size_t count, size_t stride,
                        uint8_t *lefts) {
    for (size_t node = 0; node < tree->node_count; node++) {
        if (tree->left[node] < 0) continue;
        compare(columns + (size_t)tree->feature[node] * total + first, count, tree->split[node], tree->default_left[node],
                lefts + node * stride);
    }
}

EK_CLONES static void keep_sent(uint8_t *sends, const uint8_t *lefts, uint8_t turn, size_t count) {
    for (size_t i = 0; i < count; i++) sends[i] &= lefts[i] == turn;
}

EK_CLONES static void add_bit(uint64_t *masks, const uint8_t *sends, size_t bit, size_t count) {
    for (size_t i = 0; i < count; i++) masks[i] |= (uint64_t)sends[i] << bit;
}

/// Which of the leaf's features send each row on.
static void find_masks(work *w, const uint8_t *lefts, size_t stride, size_t count, uint64_t *masks) {
    memset(masks, 0, count * sizeof *masks);
    for (size_t p = 0; p < w->player_count; p++) {
        memset(w->sends, 1, count);
        for (size_t step = 0; step < w->path_length; step++) {
            if ((size_t)w->owner[step] == p) keep_sent(w->sends, lefts + (size_t)w->path[step] * stride, w->turns[step], count);
        }
        add_bit(masks, w->sends, p, count);
    }
}

/// What a row of some mask earns where the training rows stand for absent features. `values` [players], `pairs` [players, players].
static void earn_by_share(const work *w, uint64_t mask, double leaf, double *values, size_t stride, double *pairs) {
    size_t count = w->player_count;
    double gains[EK_MOST_FEATURES], factors[EK_MOST_FEATURES];
    for (size_t p = 0; p < count; p++) {
        gains[p] = (double)(mask >> p & 1) - w->players[p].share;
        values[p * stride] = 0;
    }
    if (pairs) for (size_t p = 0; p < count * count; p++) pairs[p * stride] = 0;
    for (size_t node = 0; node < w->node_count; node++) {
        double t = w->nodes[node], product = leaf * w->weights[node];
        for (size_t p = 0; p < count; p++) {
            factors[p] = (mask >> p & 1 ? t : 0) + w->players[p].share * (1 - t);
            product *= factors[p];
        }
        // A feature that neither sends the row on nor ever did in training: nothing reaches the leaf.
        if (product == 0) continue;
        for (size_t p = 0; p < count; p++) {
            double part = product / factors[p];
            values[p * stride] += gains[p] * part;
            if (!pairs) continue;
            for (size_t q = 0; q < p; q++) {
                double both = gains[p] * gains[q] * part / factors[q] / 2;
                pairs[(p * count + q) * stride] += both;
                pairs[(q * count + p) * stride] += both;
            }
        }
    }
}

/// The same where rows of the background stand for absent features, on average.
static void earn_by_background(const work *w, uint64_t mask, double leaf, double *values, size_t stride, double *pairs) {
    size_t count = w->player_count;
    uint64_t all = ((uint64_t)1 << count) - 1;
    for (size_t p = 0; p < count; p++) values[p * stride] = 0;
    if (pairs) for (size_t p = 0; p < count * count; p++) pairs[p * stride] = 0;
    for (size_t known = 0; known < w->known_count; known++) {
        uint64_t other = w->known[known];
        if ((mask | other) != all) continue;
        uint64_t present = mask & ~other, absent = other & ~mask;
        size_t u = (size_t)__builtin_popcountll(present), v = (size_t)__builtin_popcountll(absent);
        double weight = leaf * w->known_weights[known];
        double gain = u ? weight * w->beta[u][v] : 0, loss = v ? -weight * w->beta[v][u] : 0;
        for (size_t p = 0; p < count; p++) {
            values[p * stride] += present >> p & 1 ? gain : absent >> p & 1 ? loss : 0;
        }
        if (!pairs) continue;
        for (size_t p = 0; p < count; p++) {
            for (size_t q = 0; q < p; q++) {
                if (!((present | absent) >> p & (present | absent) >> q & 1)) continue;
                size_t up = present >> p & 1, uq = present >> q & 1;
                // Without the two, u' present ones and v' absent ones are left: the integral of t^u' (1 - t)^v'.
                size_t rest = u - up - uq, others = v - (1 - up) - (1 - uq);
                double both = (up == uq ? 1 : -1) * weight * w->beta[rest + 1][others] / 2;
                pairs[(p * count + q) * stride] += both;
                pairs[(q * count + p) * stride] += both;
            }
        }
    }
}

static void earn(const work *w, uint64_t mask, double leaf, double *values, size_t stride, double *pairs) {
    if (w->background_count) earn_by_background(w, mask, leaf, values, stride, pairs);
    else earn_by_share(w, mask, leaf, values, stride, pairs);
}

EK_CLONES static void scatter(double *column, const double *table, const int32_t *slots, size_t count) {
    for (size_t i = 0; i < count; i++) column[i] += table[slots[i]];
}

/// Gives rows of the same mask the same slot; returns how many there are. Small leaves have a slot for every mask there is.
static size_t find_slots(work *w, size_t count) {
    size_t all = (size_t)1 << w->player_count;
    if (w->player_count <= memo_bits && all <= count / 8) {
        for (size_t i = 0; i < count; i++) w->slots[i] = (int32_t)w->masks[i];
        for (size_t i = 0; i < all; i++) w->distinct[i] = i;
        return all;
    }
    size_t found = 0;
    if (w->player_count <= memo_bits) {
        memset(w->memo, 0xff, all * sizeof *w->memo);
        for (size_t i = 0; i < count; i++) {
            int32_t *slot = w->memo + w->masks[i];
            if (*slot < 0) {
                *slot = (int32_t)found;
                w->distinct[found++] = w->masks[i];
            }
            w->slots[i] = *slot;
        }
        return found;
    }
    for (size_t i = 0; i < count; i++) {
        w->slots[i] = (int32_t)i;
        w->distinct[i] = w->masks[i];
    }
    return count;
}

static int by_mask(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void find_known(work *w) {
    find_masks(w, w->background_lefts, w->background_count, w->background_count, w->background_masks);
    qsort(w->background_masks, w->background_count, sizeof *w->background_masks, by_mask);
    w->known_count = 0;
    for (size_t i = 0; i < w->background_count; i++) {
        if (i == 0 || w->background_masks[i] != w->background_masks[i - 1]) {
            w->known[w->known_count] = w->background_masks[i];
            w->known_weights[w->known_count++] = 0;
        }
        w->known_weights[w->known_count - 1] += 1.0 / w->background_count;
    }
}

static void explain_leaf(work *w, size_t first, size_t count, double leaf) {
    size_t players = w->player_count;
    if (players == 0) return;
    find_masks(w, w->lefts, rows_at_once, count, w->masks);
    if (w->background_count) find_known(w);
    else find_nodes(w, players / 2 + 1);
    size_t found = find_slots(w, count);
    // Tables stand player after player, so that one player's gains lie close together.
    for (size_t slot = 0; slot < found; slot++) {
        earn(w, w->distinct[slot], leaf, w->table + slot, found, w->interactions ? w->pair_table + slot : NULL);
    }
    for (size_t p = 0; p < players; p++) {
        size_t feature = (size_t)w->players[p].feature;
        scatter(w->contributions + feature * w->row_count + first, w->table + p * found, w->slots, count);
        if (!w->interactions) continue;
        for (size_t q = 0; q < players; q++) {
            if (p == q) continue;
            size_t place = (feature * w->feature_count + (size_t)w->players[q].feature) * w->row_count + first;
            scatter(w->interactions + place, w->pair_table + (p * players + q) * found, w->slots, count);
        }
    }
}

/// Goes to every leaf below a node; returns -2 where one has too many features.
static int explain_below(work *w, size_t node, size_t first, size_t count) {
    const ek_tree *tree = w->tree;
    if (tree->left[node] < 0) {
        if (tree->value[node] != 0) explain_leaf(w, first, count, tree->value[node]);
        return 0;
    }
    size_t p = 0;
    while (p < w->player_count && w->players[p].feature != tree->feature[node]) p++;
    int is_new = p == w->player_count;
    if (is_new) {
        if (p == EK_MOST_FEATURES) return -2;
        w->players[p] = (player){tree->feature[node], 1};
        w->player_count++;
    }
    double share = w->players[p].share;
    size_t step = w->path_length++;
    w->path[step] = (int32_t)node;
    w->owner[step] = (int32_t)p;
    int result = 0;
    for (int turn = 1; turn >= 0 && result == 0; turn--) {
        size_t child = (size_t)(turn ? tree->left : tree->right)[node];
        w->players[p].share = share * tree->share[child];
        w->turns[step] = (uint8_t)turn;
        result = explain_below(w, child, first, count);
    }
    w->players[p].share = share;
    w->path_length--;
    if (is_new) w->player_count--;
    return result;
}

static size_t most_players(const ek_tree *tree, size_t feature_count) {
    size_t inner = tree->node_count / 2;
    size_t most = inner < feature_count ? inner : feature_count;
    return most < EK_MOST_FEATURES ? most : EK_MOST_FEATURES;
}

static int prepare(work *w) {
    size_t nodes = w->tree->node_count, rows = w->row_count < rows_at_once ? w->row_count : rows_at_once;
    size_t background = w->background_count, wide = rows > background ? rows : background;
    size_t players = most_players(w->tree, w->feature_count) + 1, slots = rows > 1 << memo_bits ? rows : 1 << memo_bits;
    w->lefts = malloc(nodes * rows_at_once);
    w->background_lefts = malloc(nodes * background + 1);
    w->path = malloc(nodes * sizeof *w->path);
    w->owner = malloc(nodes * sizeof *w->owner);
    w->turns = malloc(nodes);
    w->masks = malloc(rows * sizeof *w->masks);
    w->background_masks = malloc((background + 1) * sizeof *w->background_masks);
    w->sends = malloc(wide + 1);
    w->known = malloc((background + 1) * sizeof *w->known);
    w->known_weights = malloc((background + 1) * sizeof *w->known_weights);
    w->memo = malloc(((size_t)1 << memo_bits) * sizeof *w->memo);
    w->slots = malloc(rows * sizeof *w->slots);
    w->distinct = malloc(slots * sizeof *w->distinct);
    w->table = malloc(slots * players * sizeof *w->table);
    w->pair_table = malloc(w->interactions ? slots * players * players * sizeof *w->pair_table : 1);
    return w->lefts && w->background_lefts && w->path && w->owner && w->turns && w->masks && w->background_masks && w->sends
        && w->known && w->known_weights && w->memo && w->slots && w->distinct && w->table && w->pair_table;
}

static void release(work *w) {
    void *parts[] = {w->lefts, w->background_lefts, w->path, w->owner, w->turns, w->masks, w->background_masks, w->sends,
                     w->known, w->known_weights, w->memo, w->slots, w->distinct, w->table, w->pair_table};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) free(parts[i]);
    free(w);
}

int ek_tree_shapley(const ek_tree *tree, const float *columns, size_t row_count, const float *background,
                    size_t background_count, size_t feature_count, double *contributions, double *interactions) {
    work *w = calloc(1, sizeof *w);
    if (!w) return -1;
    w->tree = tree;
    w->row_count = row_count;
    w->feature_count = feature_count;
    w->background_count = background_count;
    w->contributions = contributions;
    w->interactions = interactions;
    if (!prepare(w)) {
        release(w);
        return -1;
    }
    for (size_t u = 1; u < EK_MOST_FEATURES + 2; u++) {
        w->beta[u][0] = 1.0 / u;
        for (size_t v = 1; v < EK_MOST_FEATURES + 2; v++) w->beta[u][v] = w->beta[u][v - 1] * v / (u + v);
    }
    if (background_count) compare_all(tree, background, background_count, 0, background_count, background_count, w->background_lefts);
    int result = 0;
    for (size_t first = 0; first < row_count && result == 0; first += rows_at_once) {
        size_t count = row_count - first < rows_at_once ? row_count - first : rows_at_once;
        compare_all(tree, columns, row_count, first, count, rows_at_once, w->lefts);
        result = explain_below(w, 0, first, count);
    }
    release(w);
    return result;
}
