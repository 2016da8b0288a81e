import Numerics

/// The part of a stream of rows that is in memory: some batches of an epoch, in random order among each other.
struct StreamedWindow {
    let stream: any RowStream
    /// Whole batches, but for the end of an epoch.
    private let rowLimit: Int
    private let seed: UInt64
    private var epoch = -1
    private(set) var range = 0..<0
    private(set) var rows: LinearRows?
    /// Order in which the window's rows are taken.
    private(set) var order: [Int32] = []

    init(_ stream: any RowStream, batchSize: Int, seed: UInt64) {
        self.stream = stream
        self.seed = seed
        rowLimit = max(batchSize, stream.windowRowCount / batchSize * batchSize)
    }

    /// Reads the window that holds a row of an epoch, unless it is here already.
    mutating func move(to row: Int, epoch: Int, data: LinearData, shuffles: Bool) throws(LearnerError) {
        guard epoch != self.epoch || !range.contains(row) else { return }
        let start = row / rowLimit * rowLimit, next = start..<min(start + rowLimit, stream.rowCount)
        // The old window is let go first: there may not be memory for two.
        (rows, order) = (nil, [])
        let read = try stream.rows(next, epoch: epoch)
        try read.check("training", classCount: nil, cardinalities: data.cardinalities)
        rows = data.rows(read)
        order = (0..<Int32(next.count)).map { $0 }
        if shuffles {
            var random = RandomSource(seed: seed &+ UInt64(epoch + 1) &* 0xd134_2543_de82_ef95 &+ UInt64(start))
            random.shuffle(&order)
        }
        (range, self.epoch) = (next, epoch)
    }
}
