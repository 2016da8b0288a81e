#ifndef DESCENT_KERNELS_H
#define DESCENT_KERNELS_H
// Everything the C kernels offer, by topic.
#include "csv.h"
#include "linear.h"
#endif
