import Glibc

/// Files and folders that a process needs for a while: in the folder that `TMPDIR` names, else in /tmp.
public enum TemporaryPlace {
    /// The folder that they are made in.
    public static var folder: String {
        guard let named = getenv("TMPDIR").map({ String(cString: $0) }), named.hasPrefix("/") else { return "/tmp" }
        return named
    }

    /// Makes a folder of 0700 that nobody else has.
    ///
    /// - Parameter purpose: the beginning of its name, such as `descent-demo`.
    /// - Throws: `refused`.
    public static func makeFolder(_ purpose: String) throws(FileError) -> String {
        var name = template(purpose)
        guard let made = mkdtemp(&name) else { throw FileError(failing: "make a temporary folder", folder) }
        return String(cString: made)
    }

    /// Makes an empty file of 0600 that nobody else has.
    ///
    /// - Throws: `refused`.
    public static func makeFile(_ purpose: String) throws(FileError) -> (path: String, descriptor: Int32) {
        var name = template(purpose)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw FileError(failing: "make a temporary file", folder) }
        return (name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }, descriptor)
    }

    /// With six letters at its end that the system chooses.
    private static func template(_ purpose: String) -> [CChar] {
        Array("\(folder)/\(purpose)-\(String(repeating: "X", count: 6))".utf8CString)
    }
}
