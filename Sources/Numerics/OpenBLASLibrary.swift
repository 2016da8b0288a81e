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
    private let config: cx_text, core: cx_text

    /// nil when there is none.
    static let found: OpenBLASLibrary? = {
        // Its other threads would wait for work by asking again and again, for as long as many a command takes. Programs that are started
        // later are not to have the settings.
        let settings = [
            cx_openblas_core().map { ("OPENBLAS_CORETYPE", String(cString: $0), false) }, ("OPENBLAS_NUM_THREADS", "1", true),
        ]
        let before = settings.compactMap(\.self).map { name, value, overrules in
            let known = getenv(name).map { String(cString: $0) }
            setenv(name, value, overrules ? 1 : 0)
            return (name, known)
        }
        defer { for (name, known) in before { if let known { setenv(name, known, 1) } else { unsetenv(name) } } }
        for name in ["libopenblas.so.0", "libopenblas.so"] {
            if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) { return OpenBLASLibrary(handle) }
        }
        return nil
    }()

    /// The library. Whoever multiplies must have asked `LinearAlgebraLibrary.isAvailable` first.
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
            let config = function("openblas_get_config", cx_text.self), let core = function("openblas_get_corename", cx_text.self)
        else { return nil }
        (self.sgemm, self.dgemm, self.dsyrk, self.dsyevd) = (sgemm, dgemm, dsyrk, dsyevd)
        (self.config, self.core) = (config, core)
    }
}
