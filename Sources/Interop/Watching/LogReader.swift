/// Reads one source: a file, a folder of files that are one run, a database of many runs. Used from one thread.
protocol LogReader: AnyObject {
    /// Absolute path that stays the same from one reading to the next.
    var path: String { get }
    /// The program that writes such logs, as the runs' algorithm.
    var writer: String { get }
    /// Whether such logs say when a run ended, so that silence without an end means that it was killed.
    var tellsEnd: Bool { get }
    /// The files to look at for changes.
    var files: [String] { get }
    /// Reads what was added. Call again while `hasMore`.
    func read() -> [RunUpdate]
    /// Whether the last call stopped before the end, so as not to take too much at once.
    var hasMore: Bool { get }
    /// Reads a last record whose end is not there, because nobody will write it any more.
    func readUnfinished() -> [RunUpdate]
}

extension LogReader {
    var hasMore: Bool { false }
    func readUnfinished() -> [RunUpdate] { [] }
}
