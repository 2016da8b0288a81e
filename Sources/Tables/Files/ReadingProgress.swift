import Synchronization

/// How far a large file is that is being read, for whoever waits for it: what reads it counts, others ask by its path.
public final class ReadingProgress: Sendable {
    /// Bytes of a file from which on somebody may wait for it.
    private static let leastBytes = 32 << 20
    /// A text is gone through twice: once to count and to fingerprint, once to parse.
    private static let passes = 2.0

    private struct Entry {
        weak var progress: ReadingProgress?
    }

    private static let files = Mutex<[String: Entry]>([:])

    private let path: String
    private let byteCount: Int
    private let passed = Atomic<Int>(0)

    /// nil for a file that nobody has to wait for.
    init?(path: String, byteCount: Int) {
        guard byteCount >= Self.leastBytes else { return nil }
        (self.path, self.byteCount) = (path, byteCount)
        Self.files.withLock { $0[path] = Entry(progress: self) }
    }

    deinit { Self.files.withLock { if $0[path]?.progress == nil { $0[path] = nil } } }

    /// So many bytes more were gone through.
    func pass(_ count: Int) { passed.add(max(0, count), ordering: .relaxed) }

    /// The share of a file that was gone through, 0 to below 1; nil where nobody reads the path, the file is small, or its format
    /// does not tell.
    public static func share(ofFileAt path: String) -> Double? {
        guard let file = files.withLock({ $0[path]?.progress }) else { return nil }
        let done = file.passed.load(ordering: .relaxed)
        return done > 0 ? min(0.99, Double(done) / (Double(file.byteCount) * passes)) : nil
    }
}
