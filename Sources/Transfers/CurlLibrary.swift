import CCurl
import Glibc

/// libcurl, loaded when something is first sent.
// SAFETY: written once, before anybody else can see it; the library's functions are safe from any thread on objects of one's own.
package final class CurlLibrary: @unchecked Sendable {
    let makeTransfer: cx_curl_easy_init
    let set: cx_curl_easy_setopt
    let perform: cx_curl_easy_perform
    let get: cx_curl_easy_getinfo
    let freeTransfer: cx_curl_easy_cleanup
    let append: cx_curl_slist_append
    let freeList: cx_curl_slist_free_all
    private let message: cx_curl_easy_strerror
    private let optionNamed: cx_curl_easy_option_by_name
    private let versionText: cx_curl_version

    package static let loaded: Result<CurlLibrary, TransferError> = Result { () throws(TransferError) in try CurlLibrary() }

    private init() throws(TransferError) {
        guard let handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL) else {
            throw TransferError(.noLibrary, "the curl library, which sends notices, is not here: install libcurl4")
        }
        func function<Function>(_ name: String, as type: Function.Type) throws(TransferError) -> Function {
            guard let symbol = dlsym(handle, name) else {
                throw TransferError(.noLibrary, "libcurl.so.4 has no \(name): install a newer one")
            }
            return unsafeBitCast(symbol, to: type)
        }
        makeTransfer = try function("curl_easy_init", as: cx_curl_easy_init.self)
        set = try function("curl_easy_setopt", as: cx_curl_easy_setopt.self)
        perform = try function("curl_easy_perform", as: cx_curl_easy_perform.self)
        get = try function("curl_easy_getinfo", as: cx_curl_easy_getinfo.self)
        freeTransfer = try function("curl_easy_cleanup", as: cx_curl_easy_cleanup.self)
        append = try function("curl_slist_append", as: cx_curl_slist_append.self)
        freeList = try function("curl_slist_free_all", as: cx_curl_slist_free_all.self)
        message = try function("curl_easy_strerror", as: cx_curl_easy_strerror.self)
        optionNamed = try function("curl_easy_option_by_name", as: cx_curl_easy_option_by_name.self)
        versionText = try function("curl_version", as: cx_curl_version.self)
        let code = try function("curl_global_init", as: cx_curl_global_init.self)(Int(CX_CURL_GLOBAL_ALL))
        guard code == 0 else { throw TransferError(.noLibrary, "curl_global_init failed: \(text(of: code))") }
    }

    /// What libcurl says of a code, without names or addresses.
    func text(of code: Int32) -> String { message(code).map { String(cString: $0) } ?? "error \(code)" }

    /// The library's version and those of what it uses, as it says them.
    package var version: String { versionText().map { String(cString: $0) } ?? "" }

    /// An option's number by its name without `CURLOPT_`; nil where the library has none.
    package func number(ofOption name: String) -> Int32? { optionNamed(name).map { $0.pointee.id } }
}
