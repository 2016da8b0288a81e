import Numerics
import Tables

/// What one pass over a file too large for memory tells: a sample to learn encodings and scales from, rows to validate on, and
/// how many rows each block has to train on.
struct StreamSurvey {
    let blocks: CSVBlocks
    let sample: Table, heldOut: Table?
    /// Where in the file the sample's rows stand, from 0.
    let sampleRows: [Int]
    /// Rows of each block that have a target and are not held out.
    let usableCounts: [Int]
    /// The first row of each block, among all of the file.
    let firstRows: [Int]
    let rowCount: Int, missingTargetCount: Int
    /// By column of text, how often each value occurs; without columns of more than a million values.
    let textCounts: [String: [String: Int]]
    let heldOutFraction: Double
    let target: String?
    let seed: UInt64
    /// What reading found odd: of each kind and column the first.
    let warnings: [TableWarning]

    /// - Parameter sampleLimit: about the most rows to learn encodings and scales from and measure `train:` metrics on, and the
    ///   most to hold out.
    /// - Throws: `badData` faults of the file, as `Table.init(contentsOf:)`.
    init(
        _ blocks: CSVBlocks, target: String?, heldOutFraction: Double, seed: UInt64, sampleLimit: Int,
        isStopped: () -> Bool = { false }
    ) throws(TableError) {
        self.target = target
        self.seed = seed
        guard blocks.count > 0 else {
            throw TableError(.noRows, "no rows to learn from: give a file with records", path: blocks.path)
        }
        let first = try blocks.table(0)
        let expected = max(1, Double(first.rowCount) * Double(blocks.count))
        let held = min(heldOutFraction, Double(sampleLimit) / expected)
        let shares = Shares(heldOut: held, sample: min(1, Double(sampleLimit) / expected))
        self.heldOutFraction = held
        let (read, pass) = try Self.agreedPass(blocks, first: first, target: target, seed, shares, isStopped)
        self.blocks = read
        sample = Table.joined(pass.samples)
        sampleRows = pass.sampleRows
        heldOut = held > 0 ? Table.joined(pass.held) : nil
        textCounts = pass.texts.counts
        (usableCounts, firstRows, rowCount, missingTargetCount) = (pass.counts, pass.starts, pass.row, pass.missing)
        warnings = pass.warnings
    }

    /// Shares of the rows to hold out and to sample.
    private struct Shares {
        let heldOut: Double, sample: Double
    }

    /// Reads the file until every block is read by the schema of the whole.
    private static func agreedPass(
        _ blocks: CSVBlocks, first: Table, target: String?, _ seed: UInt64, _ shares: Shares, _ isStopped: () -> Bool
    ) throws(TableError) -> (CSVBlocks, Pass) {
        var blocks = blocks
        var pass = try Pass(blocks, first: first, target: target, seed, shares, isStopped)
        var agreed = pass.schema
        (agreed.encoding, agreed.missing) = (first.schema.encoding, first.schema.missing)
        blocks.schema = agreed
        guard !pass.holds(for: agreed) else { return (blocks, pass) }
        pass = try Pass(blocks, target: target, seed, shares, isStopped)
        let (mixed, warnings) = TableSchema.mixedColumns(pass.misfits, rowCount: pass.row, said: Set(first.reading.kindsSaid))
        guard !mixed.isEmpty else { return (blocks, pass) }
        blocks.schema = agreed.taking(mixed, as: .categorical)
        pass = try Pass(blocks, target: target, seed, shares, isStopped)
        pass.warnings += warnings
        return (blocks, pass)
    }

    /// What reading all blocks once tells.
    private struct Pass {
        var samples: [Table] = [], held: [Table] = [], counts: [Int] = [], starts: [Int] = []
        var sampleRows: [Int] = []
        var row = 0, missing = 0, texts = TextCounts(), misfits: [String: Int] = [:], warnings: [TableWarning] = []
        private var pieces: [TableSchema.Piece] = []

        /// The schema that fits most of the file.
        var schema: TableSchema { TableSchema(agreeing: pieces) }

        /// Whether every block was read by a schema.
        func holds(for schema: TableSchema) -> Bool { pieces.allSatisfy { schema.holds(for: $0) } }

        init(
            _ blocks: CSVBlocks, first: Table? = nil, target: String?, _ seed: UInt64, _ shares: Shares,
            _ isStopped: () -> Bool
        ) throws(TableError) {
            var classes: Set<String> = []
            for index in 0..<blocks.count {
                try TableError.check(isStopped)
                let table = if index == 0, let first { first } else { try blocks.table(index) }
                let column = try target.map { name throws(TableError) in try table.column(matching: name) }
                var picked: [Int] = [], heldRows: [Int] = [], usable = 0
                for own in 0..<table.rowCount {
                    if column?.isMissing(at: own) == true {
                        missing += 1
                        continue
                    }
                    if StreamSurvey.draw(seed, row + own) < shares.heldOut {
                        heldRows.append(own)
                        continue
                    }
                    usable += 1
                    // A class that is rare must be known all the same.
                    let isNew = classes.count <= TargetEncoding.classLimit && StreamSurvey.insert(column, own, into: &classes)
                    if isNew || StreamSurvey.draw(~seed, row + own) < shares.sample { picked.append(own) }
                }
                texts.add(table)
                samples.append(table.selecting(rows: picked))
                sampleRows += picked.map { row + $0 }
                held.append(table.selecting(rows: heldRows))
                counts.append(usable)
                starts.append(row)
                row += table.rowCount
                note(table)
            }
        }

        private mutating func note(_ table: Table) {
            misfits.merge(table.reading.misfits) { $0 + $1 }
            let known = Set(warnings.map { [$0.code.rawValue, $0.column ?? ""] })
            warnings += table.warnings.filter { !known.contains([$0.code.rawValue, $0.column ?? ""]) }
            pieces.append(TableSchema.Piece(table))
        }
    }

    fileprivate static func insert(_ column: Column?, _ row: Int, into classes: inout Set<String>) -> Bool {
        guard let column, column.kind != .numeric, let text = column.text(at: row) else { return false }
        return classes.insert(text).inserted
    }

    /// A number in 0..<1 that depends on seed and row alone (the finaliser of splitmix64).
    static func draw(_ seed: UInt64, _ row: Int) -> Double {
        var word = seed &+ (UInt64(row) &+ 1) &* 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
    }

    /// A block's rows to train on.
    func usableRows(of table: Table, block: Int) throws(TableError) -> [Int] {
        let column = try target.map { name throws(TableError) in try table.column(matching: name) }
        let first = firstRows[block]
        return (0..<table.rowCount).filter { row in
            column?.isMissing(at: row) != true && Self.draw(seed, first + row) >= heldOutFraction
        }
    }
}
