import Files

/// Small files that a script is given.
enum ScriptFile {
    static func write(_ text: String, to path: String) throws(ScriptError) {
        do throws(FileError) { try AtomicFile.write(Array(text.utf8), to: path) } catch { throw ScriptError("\(error)") }
    }
}
