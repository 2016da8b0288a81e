#ifndef CX_OPENBLAS_SHIM_H
#define CX_OPENBLAS_SHIM_H
// The functions of OpenBLAS that are used, declared here because the library is loaded at run time. BLAS as in cblas.h of the
// reference implementation, with 32-bit integers; LAPACK by its Fortran entry points.

enum { CX_ROW_MAJOR = 101, CX_AS_STORED = 111, CX_TRANSPOSED = 112, CX_UPPER = 121 };

/// c = alpha a b + beta c, single and double precision.
typedef void (*cx_sgemm)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                         const float *b, int ldb, float beta, float *c, int ldc);
typedef void (*cx_dgemm)(int order, int transpose_a, int transpose_b, int m, int n, int k, double alpha, const double *a, int lda,
                         const double *b, int ldb, double beta, double *c, int ldc);
/// c = alpha a a' + beta c, one triangle.
typedef void (*cx_dsyrk)(int order, int triangle, int transpose, int n, int k, double alpha, const double *a, int lda, double beta,
                         double *c, int ldc);
/// Least squares by singular values: minimises |b - A x|; column-major A [m, n], b [max(m, n), nrhs].
/// Eigenvalues (ascending) and, with jobz = "V", eigenvectors of a symmetric matrix.
typedef void (*cx_dsyevd)(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
                          const int *lwork, int *iwork, const int *liwork, int *info);
typedef const char *(*cx_text)(void);

/// The set of kernels that suits this processor, by OpenBLAS's name for it; NULL = the library knows best.
static inline const char *cx_openblas_core(void) {
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        return "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
    return 0;
}
#endif
