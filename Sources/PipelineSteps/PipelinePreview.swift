import JSON

/// What the steps of a pipeline did to a file, step by step.
public struct PipelinePreview: Sendable, Hashable {
    /// A column at some point of the pipeline.
    public struct Look: Sendable, Hashable {
        /// Such as `numeric`.
        public var kind: String
        /// Of the rows that are learned from.
        public var missing: Int, distinct: Int
        /// nil where the column holds no numbers.
        public var mean: Double?, minimum: Double?, maximum: Double?
        /// The share of the target's variation that the column explains by itself, 0 to 1; nil where there is no target.
        public var power: Double?

        public init(
            kind: String, missing: Int, distinct: Int, mean: Double? = nil, minimum: Double? = nil, maximum: Double? = nil,
            power: Double? = nil
        ) {
            (self.kind, self.missing, self.distinct, self.power) = (kind, missing, distinct, power)
            (self.mean, self.minimum, self.maximum) = (mean, minimum, maximum)
        }
    }

    /// A column that a step changed, made or left out.
    public struct Change: Sendable, Hashable {
        public var name: String
        /// nil where the step made it, or left it out.
        public var before: Look?, after: Look?

        public init(name: String, before: Look?, after: Look?) { (self.name, self.before, self.after) = (name, before, after) }
    }

    public struct Step: Sendable, Hashable {
        /// From 1.
        public var number: Int
        public var kind: StepKind
        public var words: String
        /// Rows that are learned from, and columns, before and after.
        public var rowsBefore: Int, rowsAfter: Int, columnsBefore: Int, columnsAfter: Int
        public var changes: [Change]
        /// What was learned or decided, for people.
        public var notes: [String]

        public init(
            number: Int, kind: StepKind, words: String, rows: (before: Int, after: Int), columns: (before: Int, after: Int),
            changes: [Change], notes: [String]
        ) {
            (self.number, self.kind, self.words, self.changes, self.notes) = (number, kind, words, changes, notes)
            (rowsBefore, rowsAfter, columnsBefore, columnsAfter) = (rows.before, rows.after, columns.before, columns.after)
        }
    }

    public var steps: [Step]
    /// The column that is predicted; nil = none is known.
    public var target: String?
    /// Rows of the file, and those of them that are held out.
    public var rowCount: Int, heldOutCount: Int
    /// Whether more rows follow in the file than were looked at.
    public var isOfFirstRows = false
    /// What stopped the pipeline; nil = nothing did, and every step is there.
    public var fault: String?

    public init(steps: [Step] = [], target: String? = nil, rowCount: Int = 0, heldOutCount: Int = 0, fault: String? = nil) {
        (self.steps, self.target, self.fault) = (steps, target, fault)
        (self.rowCount, self.heldOutCount) = (rowCount, heldOutCount)
    }
}

extension PipelinePreview.Step {
    /// One line of `--json`.
    public var json: JSONValue {
        .object([
            "kind": .string("pipelineStep"), "step": .integer(number), "does": .string(kind.rawValue), "words": .string(words),
            "rows": Self.pair(.integer(rowsBefore), .integer(rowsAfter)),
            "columns": Self.pair(.integer(columnsBefore), .integer(columnsAfter)),
            "changes": .array(
                changes.map {
                    .object([
                        "column": .string($0.name), "before": $0.before?.json ?? .null, "after": $0.after?.json ?? .null,
                    ])
                }),
            "notes": .array(notes.map { .string($0) }),
        ])
    }

    private static func pair(_ before: JSONValue, _ after: JSONValue) -> JSONValue {
        .object(["before": before, "after": after])
    }
}

extension PipelinePreview.Look {
    var json: JSONValue {
        .object([
            "kind": .string(kind), "missing": .integer(missing), "distinct": .integer(distinct),
            "mean": mean.map { .number($0) }, "min": minimum.map { .number($0) }, "max": maximum.map { .number($0) },
            "targetPower": power.map { .number($0) },
        ])
    }
}
