#ifndef CX_OPENBLAS_SHIM_H
#define CX_OPENBLAS_SHIM_H
#include <cblas.h>

// LAPACK's Fortran entry points; Debian's OpenBLAS carries them without lapacke.h.

/// Least squares by singular values: minimises |b - A x|; column-major A [m, n], b [max(m, n), nrhs].
void dgelsd_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb, double *s,
             const double *rcond, int *rank, double *work, const int *lwork, int *iwork, int *info);
/// Eigenvalues (ascending) and, with jobz = "V", eigenvectors of a symmetric matrix.
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);
#endif
