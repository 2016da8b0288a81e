import Glibc

extension XGBoostLibrary {
    /// Where the library may be, best first: `DESCENT_XGBOOST`, Python's packages, beside the program, the system's.
    static func candidates() -> [String] {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }
        var program = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = max(0, readlink("/proc/self/exe", &program, program.count))
        return candidates(
            named: variable("DESCENT_XGBOOST"), environment: variable("VIRTUAL_ENV"), home: variable("HOME"),
            program: String(decoding: program.prefix(length), as: UTF8.self))
    }

    /// The paths to try. One that was named is the only one: what a user asks for is not replaced by something else.
    static func candidates(named: String?, environment: String?, home: String?, program: String) -> [String] {
        if let named { return [named] }
        let file = "xgboost/lib/libxgboost.so"
        var patterns: [String] = []
        if let environment { patterns.append("\(environment)/lib/python3*/site-packages/\(file)") }
        if let home {
            patterns += [
                "\(home)/.local/lib/python3*/site-packages/\(file)",
                "\(home)/.pyenv/versions/*/lib/python3*/site-packages/\(file)",
            ]
        }
        patterns += [
            "/usr/local/lib/python3*/site-packages/\(file)", "/usr/local/lib/python3*/dist-packages/\(file)",
            "/usr/lib/python3/dist-packages/\(file)",
        ]
        let folder = program.lastIndex(of: "/").map { program[..<$0] } ?? "."
        return patterns.flatMap(matches) + ["\(folder)/../lib/libxgboost.so", "libxgboost.so", "libxgboost.so.0"]
    }

    /// Files that a pattern matches, the newest Python's first.
    private static func matches(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).reversed().compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
    }
}
