import Numerics

/// A data file as pieces of consecutive rows, each read when it is wanted, so that a file of any size can be looked at.
///
/// Plain delimited text is gone through once to find where pieces begin (`extend`), and what was found so far can be read
/// meanwhile. Parquet says where its row groups are. Other formats, folders and packed files are read as a whole.
///
/// Memory: of a file in pieces, 24 bytes a piece and the piece that is read; else the table.
public struct TablePieces: Sendable {
    /// The file.
    public let path: String
    /// The columns with their kinds, and the first rows: of a small file all of them.
    public let sample: Table
    private var source: Source

    private enum Source: Sendable {
        case table(Table)
        case text(CSVPieces)
        case groups(ParquetPieces)
    }

    /// A file of up to so many bytes has its columns' kinds decided by all its values, a larger one by its first ones.
    static let smallBytes = 8 << 20

    /// Looks at the beginning of a file; of one that cannot be read in pieces, at all of it.
    ///
    /// - Throws: as `Table.init(contentsOf:)`.
    public init(path: String, options: ReadOptions = ReadOptions()) throws(TableError) {
        if options.rowLimit == nil {
            if CSVBlocks.canRead(path, options: options), let (sample, pieces) = try Self.text(path, options) {
                self.init(path, sample, .text(pieces))
                return
            }
            if let groups = try ParquetPieces(path: path, options: options) {
                self.init(path, groups.sample, .groups(groups))
                return
            }
        }
        self.init(try Table(contentsOf: path, options: options))
    }

    /// A table in memory, as one piece.
    public init(_ table: Table) { self.init(table.path, table, .table(table)) }

    private init(_ path: String, _ sample: Table, _ source: Source) {
        (self.path, self.sample, self.source) = (path, sample, source)
    }

    /// Delimited text in pieces; nil where that would show other rows than reading all of it.
    private static func text(_ path: String, _ options: ReadOptions) throws(TableError) -> (Table, CSVPieces)? {
        let isSmall = try ByteRegion(path: path).count <= smallBytes
        var sample = isSmall ? try Table(contentsOf: path, options: options) : try Table.preview(of: path, options: options).table
        // Reading went another way than by the text's layout alone.
        guard !sample.warnings.contains(where: { $0.code == .quotesOff }) else { return nil }
        do throws(TableError) {
            var pieces = try CSVPieces(path: path, options: options, sample: sample)
            if isSmall {
                try pieces.extend(by: smallBytes)
                guard pieces.rowCount == sample.rowCount else { return nil }
            }
            sample.reading.options = options
            return (sample, pieces)
        } catch {
            guard error.code == .unsupportedFormat || isSmall else { throw error }
            return nil
        }
    }

    /// Rows found so far: all of them when `isComplete`.
    public var rowCount: Int {
        switch source {
        case .table(let table): table.rowCount
        case .text(let pieces): pieces.rowCount
        case .groups(let groups): groups.rowCount
        }
    }

    /// Whether all rows were found.
    public var isComplete: Bool { if case .text(let pieces) = source { pieces.isComplete } else { true } }

    /// The share of the file that was gone through, from 0 to 1.
    public var progress: Double { if case .text(let pieces) = source { pieces.progress } else { 1 } }

    /// Size of the file; 0 for a table made in memory.
    public var byteCount: Int {
        switch source {
        case .table(let table): table.byteCount
        case .text(let pieces): pieces.byteCount
        case .groups(let groups): groups.byteCount
        }
    }

    /// Whether it is all in memory.
    public var isInMemory: Bool { if case .table = source { true } else { false } }

    /// Pieces found so far.
    public var count: Int {
        switch source {
        case .table: 1
        case .text(let pieces): pieces.ranges.count
        case .groups(let groups): groups.count
        }
    }

    /// Finds more pieces.
    ///
    /// - Parameter bytes: how much of the file to go through at least.
    /// - Throws: `openQuote`, `textAfterQuote`, `fieldTooLong` with the place.
    public mutating func extend(by bytes: Int) throws(TableError) {
        guard case .text(var pieces) = source, !pieces.isComplete else { return }
        source = .table(sample)
        defer { source = .text(pieces) }
        try pieces.extend(by: bytes)
    }

    /// The rows of a piece.
    public func rows(of piece: Int) -> Range<Int> {
        switch source {
        case .table(let table): 0..<table.rowCount
        case .text(let pieces): pieces.firstRows[piece]..<pieces.firstRows[piece + 1]
        case .groups(let groups): groups.firstRows[piece]..<groups.firstRows[piece + 1]
        }
    }

    /// The piece that holds a row; nil when it was not found.
    public func piece(of row: Int) -> Int? {
        guard row >= 0, row < rowCount else { return nil }
        var low = 0, high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if rows(of: middle).upperBound > row { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The rows of a piece as a table. A column has values of the same kind in all pieces, but where the first rows had none;
    /// values that do not fit are missing, and counted in its `reading`.
    ///
    /// - Parameter asWritten: gives the texts that stand in the file, where it is text.
    /// - Throws: as `Table.init(contentsOf:)`; `unreadable` when the file is no longer what it was.
    public func table(_ piece: Int, asWritten: Bool = false) throws(TableError) -> Table {
        switch source {
        case .table(let table): table
        case .text(let pieces): try pieces.table(piece, asWritten: asWritten)
        case .groups(let groups): try groups.table(piece)
        }
    }
}
