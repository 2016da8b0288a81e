import COpenBLAS
import Glibc

/// OpenBLAS, loaded when the first product is asked for, so that the program starts without it.
///
/// The library picks its kernels by the processor's model, and takes the slowest for models newer than itself; here the
/// processor's abilities decide. `OPENBLAS_CORETYPE` in the environment overrules both.
// SAFETY: immutable after loading; the functions live as long as the process, which never unloads them.
struct OpenBLASLibrary: @unchecked Sendable {
    let sgemm: cx_sgemm
    let dgemm: cx_dgemm
    let dsyrk: cx_dsyrk
    let dsyevd: cx_dsyevd
    let setThreads: cx_set_threads
    let getThreads: cx_get_threads
    private let config: cx_text, core: cx_text

    /// nil when there is none.
    static let found: OpenBLASLibrary? = {
        if let core = cx_openblas_core() { setenv("OPENBLAS_CORETYPE", core, 0) }
        for name in ["libopenblas.so.0", "libopenblas.so"] {
            if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) { return OpenBLASLibrary(handle) }
        }
        return nil
    }()

    /// The library. Whoever multiplies must have asked `BLASThreads.isAvailable` first.
    static var shared: OpenBLASLibrary {
        guard let found else { preconditionFailure("a product was asked for, and there is no OpenBLAS") }
        return found
    }

    /// Name, version, options and the kernels in use.
    var description: String {
        let name = config().map { String(cString: $0) } ?? "OpenBLAS"
        return core().map { "\(name), kernels for \(String(cString: $0))" } ?? name
    }

    private init?(_ handle: UnsafeMutableRawPointer) {
        func function<Function>(_ name: String, _ type: Function.Type) -> Function? {
            dlsym(handle, name).map { unsafeBitCast($0, to: type) }
        }
        guard let sgemm = function("cblas_sgemm", cx_sgemm.self), let dgemm = function("cblas_dgemm", cx_dgemm.self),
            let dsyrk = function("cblas_dsyrk", cx_dsyrk.self),
            let dsyevd = function("dsyevd_", cx_dsyevd.self),
            let setThreads = function("openblas_set_num_threads", cx_set_threads.self),
            let getThreads = function("openblas_get_num_threads", cx_get_threads.self),
            let config = function("openblas_get_config", cx_text.self), let core = function("openblas_get_corename", cx_text.self)
        else { return nil }
        (self.sgemm, self.dgemm, self.dsyrk, self.dsyevd) = (sgemm, dgemm, dsyrk, dsyevd)
        (self.setThreads, self.getThreads, self.config, self.core) = (setThreads, getThreads, config, core)
    }
}
