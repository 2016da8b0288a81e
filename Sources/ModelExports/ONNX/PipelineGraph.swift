import Preparing
import Tables
import Training

/// What the steps of a pipeline make of a file's columns, as steps of a graph, in double precision as the steps themselves.
struct PipelineGraph {
    /// A column on its way through the steps. - Shape: [n, 1].
    enum Value {
        /// NaN where it is missing.
        case number(String)
        /// Seconds since 1 January 1970, UTC; NaN where it is missing.
        case moment(String)
        /// Empty where it is missing, unless a text stands for that.
        case text(String, missing: String?)
    }

    private let preparation: FittedPipeline
    private let needed: Set<String>
    private let kinds: [(name: String, kind: ColumnKind)]

    /// - Throws: `unsupported` with the number and the name of the first step that has no form in ONNX.
    init(_ preparation: FittedPipeline, _ model: Model) throws(ModelExportError) {
        (self.preparation, needed) = (preparation, Set(model.pipeline.columnNames))
        var kinds: [(name: String, kind: ColumnKind)] = []
        for name in model.neededColumns {
            guard let rule = model.schema?.rule(for: name) else {
                throw ModelExportError(.unsupported, "the model does not say what column '\(name)' holds: train it again")
            }
            kinds.append((name, rule.kind))
        }
        self.kinds = kinds
        // Before anything is built, so that what is refused is refused whatever comes first.
        for (branch, needed) in branches {
            for operation in branch.operations(for: needed) where !Self.hasForm(operation.does) {
                throw Self.refusal(branch, operation)
            }
        }
    }

    private var branches: [(pipeline: FittedPipeline, needed: Set<String>)] {
        guard preparation.isJoined else { return [(preparation, needed)] }
        return zip(preparation.branches, preparation.shares(of: needed)).map { ($0, $1) }
    }

    private static func hasForm(_ operation: ColumnOperation) -> Bool {
        switch operation {
        case .datePart, .count, .past: false
        case .drop, .rename, .retype, .fill, .clip, .scale, .indicators, .places, .means, .difference, .product, .ratio:
            true
        }
    }

    private static func refusal(_ pipeline: FittedPipeline, _ operation: FittedPipeline.Operation) -> ModelExportError {
        ModelExportError(
            .unsupported,
            "\(pipeline.words(of: operation)) of its pipeline has no form in ONNX: train on a file that descent data prepare wrote"
        )
    }

    var inputNames: [String] { kinds.map(\.name) }

    var ports: [ONNXGraph.Port] {
        kinds.map { name, kind in
            switch kind {
            case .numeric, .integer:
                ONNXGraph.Port(name: name, type: .double, width: 1, note: "a number; NaN = missing")
            case .date:
                ONNXGraph.Port(
                    name: name, type: .double, width: 1,
                    note: "a moment in seconds since 1970-01-01 UTC, or a time of day in seconds; NaN = missing")
            case .boolean, .categorical, .text:
                ONNXGraph.Port(name: name, type: .string, width: 1, note: "a text; empty = missing")
            }
        }
    }

    /// Adds the steps.
    /// - Returns: the columns that features are made of, by their names.
    /// - Throws: `unsupported` where a step does something to values of a kind that ONNX cannot.
    func build(_ builder: inout GraphBuilder) throws(ModelExportError) -> [String: Value] {
        var made: [String: Value] = [:]
        for (place, (branch, needed)) in branches.enumerated() {
            var values = Dictionary(uniqueKeysWithValues: kinds.map { ($0.name, Self.value($0.name, $0.kind)) })
            for operation in branch.operations(for: needed) {
                guard try Self.apply(operation.does, to: &values, &builder) else { throw Self.refusal(branch, operation) }
            }
            for name in needed {
                guard let value = values[name] else {
                    throw ModelExportError(.badModel, "its pipeline does not make the column '\(name)'")
                }
                made[preparation.isJoined ? preparation.name(name, ofBranch: place) : name] = value
            }
        }
        // Columns of the file that no pipeline of an average makes.
        for (name, kind) in kinds where needed.contains(name) && made[name] == nil { made[name] = Self.value(name, kind) }
        return made
    }

    private static func value(_ name: String, _ kind: ColumnKind) -> Value {
        switch kind {
        case .numeric, .integer: .number(name)
        case .date: .moment(name)
        case .boolean, .categorical, .text: .text(name, missing: nil)
        }
    }

    /// - Returns: whether it could be expressed for values of these kinds.
    private static func apply(
        _ operation: ColumnOperation, to values: inout [String: Value], _ builder: inout GraphBuilder
    ) throws(ModelExportError) -> Bool {
        func number(_ name: String) -> String? { if case .number(let value)? = values[name] { value } else { nil } }
        switch operation {
        case .drop(let names): for name in names { values[name] = nil }
        case .rename(let name, let new): (values[name], values[new]) = (nil, values[name])
        case .retype(let name, let kind):
            switch (values[name], kind) {
            case (.number?, .numeric), (.number?, .integer), (.text?, .categorical), (.text?, .text), (.text?, .boolean): break
            default: return false
            }
        case .fill(let name, .number(let fill)):
            switch values[name] {
            case .number(let value)?: values[name] = .number(filled(value, fill, &builder))
            case .moment(let value)?: values[name] = .moment(filled(value, fill, &builder))
            default: return false
            }
        case .fill(let name, .text(let fill)):
            guard case .text(let value, let missing)? = values[name] else { return false }
            values[name] = .text(value, missing: missing ?? fill)
        case .clip(let name, let lower, let upper):
            guard var value = number(name) else { return false }
            // What is no number is neither below nor above.
            for (bound, comparison) in [(lower, "Less"), (upper, "Greater")] {
                guard let bound else { continue }
                let row = builder.row([bound])
                value = builder.add("Where", builder.add(comparison, value, row), row, value)
            }
            values[name] = .number(value)
        case .scale(let name, let scaling):
            guard let value = number(name) else { return false }
            values[name] = .number(scaled(value, scaling, &builder))
        case .indicators(let name, let categories):
            guard case .text(let value, let missing)? = values[name] else { return false }
            values[name] = nil
            for category in categories {
                let keys = [category] + (missing == category ? [""] : [])
                values[ColumnOperation.indicatorName(name, category)] = .number(
                    looked(value, keys, keys.map { _ in 1 }, other: 0, &builder))
            }
        case .places(let name, let categories):
            guard case .text(let value, let missing)? = values[name] else { return false }
            var keys = categories, places = categories.indices.map { Float($0) }
            if let place = missing.flatMap({ categories.firstIndex(of: $0) }) {
                keys.append("")
                places.append(Float(place))
            }
            values[name] = .number(looked(value, keys, places, other: .nan, &builder))
        case .means(let means):
            guard case .text(let value, let missing)? = values[means.column] else { return false }
            values[means.column] = nil
            for (place, name) in means.names.enumerated() {
                let (keys, numbers, other) = means.table(place, missing: missing)
                let found = looked(value, keys, numbers, other: other, &builder)
                values[name] = .number(
                    means.origin == 0 ? found : builder.add("Add", found, builder.row([means.origin])))
            }
        case .difference(let name, let other, let unit, let new):
            switch (values[name], values[other]) {
            case (.number(let left)?, .number(let right)?) where unit == nil:
                values[new] = .number(builder.add("Sub", left, right))
            case (.moment(let left)?, .moment(let right)?):
                let seconds = builder.add("Sub", left, right)
                values[new] = .number(builder.add("Div", seconds, builder.row([unit ?? 1])))
            default: return false
            }
        case .product(let names, let new):
            let factors = names.compactMap(number)
            guard factors.count == names.count, var value = factors.first else { return false }
            for factor in factors.dropFirst() { value = builder.add("Mul", value, factor) }
            values[new] = .number(value)
        case .ratio(let over, let under, let new):
            guard let left = number(over), let right = number(under) else { return false }
            let isZero = builder.add("Equal", right, builder.row([Double(0)]))
            values[new] = .number(
                builder.add("Where", isZero, builder.row([Double.nan]), builder.add("Div", left, right)))
        case .datePart, .count, .past: return false
        }
        return true
    }

    private static func filled(_ value: String, _ fill: Double, _ builder: inout GraphBuilder) -> String {
        builder.add("Where", builder.add("IsNaN", value), builder.row([fill]), value)
    }

    /// A number for each text.
    private static func looked(
        _ value: String, _ keys: [String], _ numbers: [Float], other: Float, _ builder: inout GraphBuilder
    ) -> String {
        let found = builder.add(
            "LabelEncoder", value,
            attributes: [
                .init("keys_strings", .texts(keys)), .init("values_floats", .floats(numbers)),
                .init("default_float", .float(other)),
            ], domain: .learning)
        return builder.cast(found, to: .double)
    }

    private static func scaled(_ value: String, _ scaling: Scaling, _ builder: inout GraphBuilder) -> String {
        func standard(_ value: String, _ center: Double, _ width: Double) -> String {
            builder.add("Div", builder.add("Sub", value, builder.row([center])), builder.row([width]))
        }
        func logarithm(_ value: String) -> String { builder.add("Log", builder.add("Add", value, builder.row([Double(1)]))) }
        switch scaling {
        case .logarithm: return logarithm(value)
        case .linear(let center, let width): return standard(value, center, width)
        case .yeoJohnson(let lambda, let center, let width):
            let size = logarithm(builder.add("Abs", value))
            func bent(_ power: Double) -> String {
                guard abs(power) >= 1e-12 else { return size }
                let raised = builder.add("Exp", builder.add("Mul", size, builder.row([power])))
                return builder.add("Div", builder.add("Sub", raised, builder.row([Double(1)])), builder.row([power]))
            }
            let below = builder.add("Less", value, builder.row([Double(0)]))
            let upper = bent(lambda), lower = builder.add("Neg", bent(2 - lambda))
            return standard(builder.add("Where", below, lower, upper), center, width)
        }
    }
}
