import Numerics

/// How to read a data file; what is not said is found out.
public struct ReadOptions: Sendable, Hashable {
    /// What the file is.
    public var format: DataFormat?
    /// What separates fields; a space stands for runs of blanks.
    public var delimiter: Character?
    /// `.` or `,`.
    public var decimal: Character?
    /// What groups digits.
    public var thousands: Mark?
    /// What stands around fields.
    public var quote: Mark?
    /// What a line that is left out begins with.
    public var comment: Mark?
    /// A name that iconv knows.
    public var encoding: String?
    /// Where the columns' names are.
    public var header: Header?
    /// Lines at the top that are not data.
    public var skippedLines: Int?
    /// Words for a missing value.
    public var missing: Missing?
    /// What columns are, by name.
    public var kinds: [String: ColumnKind]
    /// `dmy`, `mdy`, `ymd` or a pattern of `strptime`.
    public var dateFormat: String?
    /// Read only so many records; at least 1.
    public var rowLimit: Int?
    /// The sheet of a workbook, or the table of a database.
    public var part: String?
    /// Whether a value that does not fit its column is a fault instead of missing.
    public var isStrict = false
    /// Whether all values are texts as the file writes them, for whoever writes them out again.
    var keepsTexts = false
    /// Threads for large files; 0 = as many as there are cores, at most 8.
    public var threadCount: Int

    /// A character, or that there is none.
    public enum Mark: Sendable, Hashable {
        case character(Character)
        case none
    }

    /// Where the columns' names are.
    public enum Header: Sendable, Hashable {
        /// Nowhere: the first line is data.
        case none
        /// In the first line that is not skipped.
        case first
        /// In this line of the file, from 1; what stands above it is skipped.
        case line(Int)
    }

    /// Words for a missing value, beside an empty field.
    public struct Missing: Sendable, Hashable, Codable {
        public var words: [String]
        /// Whether they stand in place of the usual ones.
        public var replacesUsual: Bool

        public init(words: [String], replacesUsual: Bool = false) {
            self.words = words
            self.replacesUsual = replacesUsual
        }
    }

    /// Options with everything found out but what is given.
    public init(delimiter: Character? = nil, header: Header? = nil, threadCount: Int = 0) {
        self.delimiter = delimiter
        self.header = header
        self.threadCount = threadCount
        kinds = [:]
    }

    /// What stands around fields; 0 = nothing.
    var quoteByte: UInt8 {
        switch quote {
        case .character(let said)?: said.asciiValue ?? UInt8(ascii: "\"")
        case ReadOptions.Mark.none?: 0
        case nil: UInt8(ascii: "\"")
        }
    }

    /// The number of threads this comes to.
    var threads: Int { threadCount > 0 ? threadCount : min(8, WorkerThreads.coreCount) }
}
