#ifndef DESCENT_LEAVES_H
#define DESCENT_LEAVES_H
#include <stddef.h>
#include <stdint.h>

/// A tree whose root is node 0. A node without children (`left` -1) is a leaf and has a `value`; another sends a row to the left where
/// its `feature` is below `split`, and a missing one where `default_left` says. `share` is the part of the rows of a node's parent
/// that training sent to it (1 for the root).
typedef struct {
    const int32_t *left, *right, *feature;
    const float *split;
    const uint8_t *default_left;
    const double *value, *share;
    size_t node_count;
} ek_tree;

/// Most different features on the way to a leaf.
#define EK_MOST_FEATURES 62

/// Adds the tree's Shapley values of rows to `contributions`; of absent features the training rows decide, as their shares say.
///
/// `columns` [features, row_count] holds the rows column after column, and so does `contributions`. With `interactions`
/// [features, features, row_count] not NULL also the Shapley interaction values, both halves of each pair; what is left of a
/// feature's own value stands on the diagonal. `background` NULL; or columns of rows [features, background_count] that absent
/// features take their values from, in turn.
///
/// Returns 0; -1 without memory; -2 where the way to a leaf has more than `EK_MOST_FEATURES` features.
int ek_tree_shapley(const ek_tree *tree, const float *columns, size_t row_count, const float *background,
                    size_t background_count, size_t feature_count, double *contributions, double *interactions);
#endif
