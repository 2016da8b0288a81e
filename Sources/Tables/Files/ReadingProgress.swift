import Synchronization

/// How far large files are that are being read just now, for whoever waits for one.
public enum ReadingProgress {
    /// Bytes of a file from which on somebody may wait for it.
    static let leastBytes = 32 << 20
    /// A text is gone through twice: once to count and to fingerprint, once to parse.
    private static let passes = 2.0

    private struct Entry {
        weak var file: FileBytes?
    }

    private static let files = Mutex<[String: Entry]>([:])

    static func begin(_ file: FileBytes, at path: String) { files.withLock { $0[path] = Entry(file: file) } }

    static func end(at path: String) { files.withLock { if $0[path]?.file == nil { $0[path] = nil } } }

    /// The share of a file that was gone through, 0 to below 1; nil where nobody reads the path, the file is small, or its format
    /// does not tell.
    public static func share(ofFileAt path: String) -> Double? {
        guard let file = files.withLock({ $0[path]?.file }) else { return nil }
        let done = file.passedBytes
        return done > 0 ? min(0.99, Double(done) / (Double(file.count) * passes)) : nil
    }
}
