import CMicroHTTPD
import Glibc

/// libmicrohttpd, loaded when the first endpoint is served.
// SAFETY: written once, before anybody else can see it; the library's functions that are used here are safe from any thread.
package final class HTTPLibrary: @unchecked Sendable {
    let start: cx_mhd_start_daemon
    let stop: cx_mhd_stop_daemon
    let quiesce: cx_mhd_quiesce_daemon
    let makeResponse: cx_mhd_make_response
    let addHeader: cx_mhd_add_header
    let queue: cx_mhd_queue_response
    let destroy: cx_mhd_destroy_response
    let suspend: cx_mhd_suspend
    let resume: cx_mhd_resume
    let values: cx_mhd_get_values
    let info: cx_mhd_get_info
    private let versionText: cx_mhd_get_version
    private let isSupported: cx_mhd_is_supported

    package static let loaded: Result<HTTPLibrary, ServingError> = Result { () throws(ServingError) in try HTTPLibrary() }

    private init() throws(ServingError) {
        guard let handle = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL) else {
            throw ServingError(
                .noLibrary, "libmicrohttpd, which hears requests, is not here: install libmicrohttpd12 (make deps does)")
        }
        func function<Function>(_ name: String, as type: Function.Type) throws(ServingError) -> Function {
            guard let symbol = dlsym(handle, "MHD_" + name) else {
                throw ServingError(.noLibrary, "libmicrohttpd.so.12 has no MHD_\(name): install 0.9.75 or later")
            }
            return unsafeBitCast(symbol, to: type)
        }
        start = try function("start_daemon", as: cx_mhd_start_daemon.self)
        stop = try function("stop_daemon", as: cx_mhd_stop_daemon.self)
        quiesce = try function("quiesce_daemon", as: cx_mhd_quiesce_daemon.self)
        makeResponse = try function("create_response_from_buffer", as: cx_mhd_make_response.self)
        addHeader = try function("add_response_header", as: cx_mhd_add_header.self)
        queue = try function("queue_response", as: cx_mhd_queue_response.self)
        destroy = try function("destroy_response", as: cx_mhd_destroy_response.self)
        suspend = try function("suspend_connection", as: cx_mhd_suspend.self)
        resume = try function("resume_connection", as: cx_mhd_resume.self)
        values = try function("get_connection_values", as: cx_mhd_get_values.self)
        info = try function("get_connection_info", as: cx_mhd_get_info.self)
        versionText = try function("get_version", as: cx_mhd_get_version.self)
        isSupported = try function("is_feature_supported", as: cx_mhd_is_supported.self)
    }

    /// The library's version, as it says it.
    package var version: String { versionText().map { String(cString: $0) } ?? "" }

    /// Whether it was built with TLS.
    var knowsTLS: Bool { isSupported(Int32(CX_MHD_FEATURE_TLS)) == 1 }
}
