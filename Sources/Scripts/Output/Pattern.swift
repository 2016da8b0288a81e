import CPCRE
import Glibc

/// A regular expression as PCRE2 understands them, which are those of Python but for little. Used from one thread.
package final class Pattern {
    private let library: PatternLibrary
    private let code: UnsafeMutableRawPointer
    private let data: UnsafeMutableRawPointer
    private let context: UnsafeMutableRawPointer
    package let captureCount: Int
    /// How many matches were given up because they cost too much.
    private(set) var givenUpCount = 0

    /// How much a match may cost before it counts as none: a pattern that backtracks for ever holds up nobody.
    private static let limit: UInt32 = 1_000_000
    /// What PCRE2 says where a match costs too much: PCRE2_ERROR_JIT_STACKLIMIT, MATCHLIMIT, DEPTHLIMIT and HEAPLIMIT.
    private static let limits: Set<Int32> = [-46, -47, -53, -63]

    /// - Throws: where the pattern is wrong and what is; that the library is not here.
    package init(_ text: String) throws(ScriptError) {
        let library = try PatternLibrary.loaded.get()
        self.library = library
        var error: Int32 = 0
        var offset = 0
        let bytes = Array(text.utf8)
        let options = UInt32(CX_PCRE_UTF | CX_PCRE_MATCH_INVALID_UTF | CX_PCRE_NEVER_BACKSLASH_C)
        guard
            let code = bytes.withUnsafeBufferPointer({ library.compile($0.baseAddress, $0.count, options, &error, &offset, nil) })
        else {
            let before = String(decoding: bytes.prefix(offset), as: UTF8.self)
            throw ScriptError("\(library.text(of: error)) after '\(before)'")
        }
        self.code = code
        _ = library.compileFurther(code, UInt32(CX_PCRE_JIT_COMPLETE))
        guard let data = library.makeData(code, nil), let context = library.makeContext(nil) else {
            library.freeCode(code)
            throw ScriptError("there is no memory for a pattern")
        }
        (self.data, self.context) = (data, context)
        _ = library.setLimit(context, Self.limit)
        var count: UInt32 = 0
        _ = library.info(code, UInt32(CX_PCRE_INFO_CAPTURECOUNT), &count)
        captureCount = Int(count)
    }

    deinit {
        library.freeContext(context)
        library.freeData(data)
        library.freeCode(code)
    }

    /// The number of a named group; nil where there is none.
    package func group(named name: String) -> Int? {
        let number = (Array(name.utf8) + [0]).withUnsafeBufferPointer { library.number(code, $0.baseAddress) }
        return number > 0 ? Int(number) : nil
    }

    /// The first match at or after a place: where each group stands, the whole first; nil = none. A group that took no part is empty.
    package func match(_ line: [UInt8], from start: Int = 0) -> [Range<Int>?]? {
        let count = line.withUnsafeBufferPointer { library.match(code, $0.baseAddress, $0.count, start, 0, data, context) }
        if Self.limits.contains(count) { givenUpCount += 1 }
        guard count > 0, let places = library.places(data) else { return nil }
        return (0...captureCount).map { group in
            guard group < count, places[2 * group] != .max, places[2 * group] <= places[2 * group + 1] else { return nil }
            return places[2 * group]..<places[2 * group + 1]
        }
    }

    /// All places where it matches, one after another.
    func matches(_ line: [UInt8]) -> [[Range<Int>?]] {
        var found: [[Range<Int>?]] = []
        var start = 0
        while start < line.count, let groups = match(line, from: start), let whole = groups[0] {
            start = max(whole.upperBound, start + 1)
            found.append(groups)
        }
        return found
    }
}

/// libpcre2-8, loaded when the first pattern is made.
// SAFETY: written once, before anybody else can see it; the library's functions are safe from any thread on objects of one's own.
final class PatternLibrary: @unchecked Sendable {
    let compile: cx_pcre_compile
    let compileFurther: cx_pcre_jit_compile
    let makeData: cx_pcre_match_data_create
    let makeContext: cx_pcre_match_context_create
    let setLimit: cx_pcre_set_match_limit
    let match: cx_pcre_match
    let places: cx_pcre_ovector
    let number: cx_pcre_name_number
    let info: cx_pcre_info
    let freeCode: cx_pcre_code_free
    let freeData: cx_pcre_match_data_free
    let freeContext: cx_pcre_match_context_free
    private let message: cx_pcre_message

    static let loaded: Result<PatternLibrary, ScriptError> = Result { () throws(ScriptError) in try PatternLibrary() }

    private init() throws(ScriptError) {
        guard let handle = dlopen("libpcre2-8.so.0", RTLD_NOW | RTLD_LOCAL) else {
            throw ScriptError("the PCRE2 library, which finds metrics in a script's output, is not here: install libpcre2-8-0")
        }
        func function<Function>(_ name: String, as type: Function.Type) throws(ScriptError) -> Function {
            guard let symbol = dlsym(handle, name + "_8") else {
                throw ScriptError("libpcre2-8.so.0 has no \(name): install a newer one")
            }
            return unsafeBitCast(symbol, to: type)
        }
        compile = try function("pcre2_compile", as: cx_pcre_compile.self)
        compileFurther = try function("pcre2_jit_compile", as: cx_pcre_jit_compile.self)
        makeData = try function("pcre2_match_data_create_from_pattern", as: cx_pcre_match_data_create.self)
        makeContext = try function("pcre2_match_context_create", as: cx_pcre_match_context_create.self)
        setLimit = try function("pcre2_set_match_limit", as: cx_pcre_set_match_limit.self)
        match = try function("pcre2_match", as: cx_pcre_match.self)
        places = try function("pcre2_get_ovector_pointer", as: cx_pcre_ovector.self)
        number = try function("pcre2_substring_number_from_name", as: cx_pcre_name_number.self)
        info = try function("pcre2_pattern_info", as: cx_pcre_info.self)
        freeCode = try function("pcre2_code_free", as: cx_pcre_code_free.self)
        freeData = try function("pcre2_match_data_free", as: cx_pcre_match_data_free.self)
        freeContext = try function("pcre2_match_context_free", as: cx_pcre_match_context_free.self)
        message = try function("pcre2_get_error_message", as: cx_pcre_message.self)
    }

    func text(of error: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = message(error, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(Int(count)), as: UTF8.self) : "error \(error)"
    }
}
