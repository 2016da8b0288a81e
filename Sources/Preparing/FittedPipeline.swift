import PipelineSteps
import Tables

/// A pipeline with what it learned on the training rows: makes the same columns of any file with the same ones.
///
/// No row is left out or repeated here: steps that say which rows are learned from do so when the pipeline is learned, and never
/// where it is applied.
public struct FittedPipeline: Sendable, Hashable, Codable {
    /// An operation, and the step it is of, from 0.
    package struct Operation: Sendable, Hashable, Codable {
        package var step: Int
        package var does: ColumnOperation
    }

    /// 2 has the pipelines of an average beside each other.
    static let currentFormat = 2

    public let pipeline: DataPipeline
    let operations: [Operation]
    /// The columns that it was learned on, in their order.
    let inputs: [String]
    /// The columns that it makes of them, in their order.
    public let outputs: [String]
    /// Columns that steps left out, and that are needed for what they are beside features.
    public let carried: [String]
    public let target: String?
    /// What training rows count; nil = no step says.
    public let classWeights: ClassWeights?
    /// How the columns of the file that it was learned on were read, so that others are read alike; nil where a model keeps that.
    public var schema: TableSchema?
    /// What a user said of reading it.
    public var reading: [String: String] = [:]
    /// Pipelines that were each learned on rows of their own, whose columns stand beside each other; empty = it is one itself.
    public internal(set) var branches: [FittedPipeline] = []
    /// What stands between a column's name and the number of its pipeline.
    var branchMark = ""

    private enum CodingKeys: String, CodingKey {
        case format, pipeline, operations, inputs, outputs, carried, target, classWeights, schema, reading, branches,
            branchMark
    }

    init(
        _ pipeline: DataPipeline, _ operations: [Operation], inputs: [String], outputs: [String], carried: [String],
        target: String?, classWeights: ClassWeights?
    ) {
        (self.pipeline, self.operations, self.inputs, self.outputs) = (pipeline, operations, inputs, outputs)
        (self.carried, self.target, self.classWeights) = (carried, target, classWeights)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let format = try container.decode(Int.self, forKey: .format)
        func check(_ isSound: Bool, _ words: String) throws {
            if !isSound {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: words))
            }
        }
        try check(
            (1...Self.currentFormat).contains(format),
            "a pipeline of format \(format), and this version knows \(Self.currentFormat)")
        do throws(PipelineError) {
            pipeline = try DataPipeline(parsing: try container.decodedText(.pipeline))
        } catch { throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: error.message)) }
        operations = try container.decode([Operation].self, forKey: .operations)
        inputs = try container.decode([String].self, forKey: .inputs)
        outputs = try container.decode([String].self, forKey: .outputs)
        carried = try container.decode([String].self, forKey: .carried)
        target = try container.decodeIfPresent(String.self, forKey: .target)
        classWeights = try container.decodeIfPresent(ClassWeights.self, forKey: .classWeights)
        schema = try container.decodeIfPresent(TableSchema.self, forKey: .schema)
        reading = try container.decodeIfPresent([String: String].self, forKey: .reading) ?? [:]
        branches = try container.decodeIfPresent([FittedPipeline].self, forKey: .branches) ?? []
        branchMark = try container.decodeIfPresent(String.self, forKey: .branchMark) ?? ""
        try check(
            branches.isEmpty
                || branches.count > 1 && operations.isEmpty && !branchMark.isEmpty && !branches.contains(where: \.isJoined),
            "its pipelines do not stand beside each other")
        let places = operations.map(\.step)
        try check(
            zip(places, places.dropFirst()).allSatisfy { $0 <= $1 } && places.allSatisfy(pipeline.steps.indices.contains),
            "operations are not of its steps")
        for operation in operations {
            let fault = operation.does.fault
            try check(fault == nil, "step \(operation.step + 1) \(fault ?? "")")
        }
        try check(Set(inputs).count == inputs.count && Set(outputs).count == outputs.count, "columns stand there twice")
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isJoined ? Self.currentFormat : 1, forKey: .format)
        try container.encode(pipeline.text, forKey: .pipeline)
        try container.encode(operations, forKey: .operations)
        try container.encode(inputs, forKey: .inputs)
        try container.encode(outputs, forKey: .outputs)
        try container.encode(carried, forKey: .carried)
        try container.encodeIfPresent(target, forKey: .target)
        try container.encodeIfPresent(classWeights, forKey: .classWeights)
        try container.encodeIfPresent(schema, forKey: .schema)
        if !reading.isEmpty { try container.encode(reading, forKey: .reading) }
        guard isJoined else { return }
        try container.encode(branches, forKey: .branches)
        try container.encode(branchMark, forKey: .branchMark)
    }
}

extension KeyedDecodingContainer {
    /// A text, or nothing where there is none: what is wrong is told by whoever reads the text.
    fileprivate func decodedText(_ key: Key) throws(PipelineError) -> String {
        do { return try decode(String.self, forKey: key) } catch { throw PipelineError("it has no steps") }
    }
}

extension ColumnOperation {
    /// What cannot be true of one that was learned; nil = all can.
    var fault: String? {
        func areSorted(_ categories: [String]) -> Bool {
            !categories.isEmpty && zip(categories, categories.dropFirst()).allSatisfy { $0 < $1 }
        }
        switch self {
        case .drop, .rename, .retype, .datePart, .count: return nil
        case .product(let names, _): return names.isEmpty ? "multiplies nothing" : nil
        case .ratio: return nil
        case .fill(_, .number(let fill)): return fill.isFinite ? nil : "fills with no finite number"
        case .fill(_, .text): return nil
        case .clip(_, let lower, let upper):
            return [lower, upper].allSatisfy { $0?.isFinite != false } ? nil : "has bounds that are not finite"
        case .scale(_, let scaling): return scaling.isSound ? nil : "has a scale that is none"
        case .indicators(_, let categories), .places(_, let categories):
            return areSorted(categories) ? nil : "has categories out of order"
        case .means(let means): return means.fault
        case .difference(_, _, let unit, _): return unit.map(\.isNormal) != false ? nil : "counts time in no unit"
        case .past(let past):
            let isSound =
                !past.columns.isEmpty && past.lags.allSatisfy { (1...10_000).contains($0) }
                && (past.summaries.isEmpty ? past.window == 0 : (1...10_000).contains(past.window))
                && Set(past.names).count == past.names.count && !past.names.isEmpty
            return isSound ? nil : "looks back at no rows"
        }
    }
}
