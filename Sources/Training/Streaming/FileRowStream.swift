import Learners
import Numerics
import Tables

/// Training rows read from their file block by block: the blocks of an epoch in random order, or in the file's.
///
/// - Source: shuffling blocks and then rows within a window of several blocks comes close to shuffling rows, at the price of
///   sequential reads (Xu et al., "In-database machine learning with CorgiPile", 2022).
final class FileRowStream: RowStream {
    let rowCount: Int
    let windowRowCount: Int
    private let survey: StreamSurvey
    private let pipeline: FeaturePipeline
    private let encoding: TargetEncoding?
    private let shuffles: Bool
    /// The order of one epoch's blocks, and where each begins among its rows.
    private var order: (epoch: Int, blocks: [Int], starts: [Int])?
    /// The block read last: windows end within blocks.
    private var latest: (block: Int, rows: LabelledMatrix)?

    init(
        _ survey: StreamSurvey, pipeline: FeaturePipeline, encoding: TargetEncoding?, windowRowCount: Int, shuffles: Bool
    ) {
        self.survey = survey
        self.pipeline = pipeline
        self.encoding = encoding
        self.windowRowCount = windowRowCount
        self.shuffles = shuffles
        rowCount = survey.usableCounts.reduce(0, +)
    }

    func rows(_ range: Range<Int>, epoch: Int) throws(LearnerError) -> LabelledMatrix {
        let (blocks, starts) = blockOrder(epoch)
        let width = pipeline.featureCount
        var features = [Float](), targets = [Float]()
        features.reserveCapacity(range.count * width)
        targets.reserveCapacity(range.count)
        for (block, start) in zip(blocks, starts) {
            let part = range.clamped(to: start..<start + survey.usableCounts[block])
            guard !part.isEmpty else { continue }
            let read = try rows(ofBlock: block)
            features += read.features.elements[(part.lowerBound - start) * width..<(part.upperBound - start) * width]
            targets += read.targets[part.lowerBound - start..<part.upperBound - start]
        }
        return LabelledMatrix(
            features: Matrix(rowCount: targets.count, columnCount: width, elements: features), targets: targets)
    }

    private func blockOrder(_ epoch: Int) -> (blocks: [Int], starts: [Int]) {
        if let order, order.epoch == epoch { return (order.blocks, order.starts) }
        var blocks = Array(survey.usableCounts.indices)
        if shuffles {
            var random = RandomSource(seed: survey.seed &+ UInt64(epoch + 1) &* 0xa076_1d64_78bd_642f)
            random.shuffle(&blocks)
        }
        var next = 0
        let starts = blocks.map { block in
            defer { next += survey.usableCounts[block] }
            return next
        }
        order = (epoch, blocks, starts)
        return (blocks, starts)
    }

    private func rows(ofBlock block: Int) throws(LearnerError) -> LabelledMatrix {
        if let latest, latest.block == block { return latest.rows }
        latest = nil
        do throws(TableError) {
            let table = try survey.blocks.table(block)
            let usable = try survey.usableRows(of: table, block: block)
            guard usable.count == survey.usableCounts[block] else {
                throw TableError(.unreadable, "changed while it was being read: start the run again", path: survey.blocks.path)
            }
            let rows = try LabelledMatrix(table, usable, pipeline, encoding: encoding)
            latest = (block, rows)
            return rows
        } catch {
            throw LearnerError(.streamFailed, error.description)
        }
    }
}
