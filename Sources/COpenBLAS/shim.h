#ifndef CX_OPENBLAS_SHIM_H
#define CX_OPENBLAS_SHIM_H
#include <cblas.h>

#endif
