import Glibc
import Tables

/// A pipeline's work as steps of a graph: an input a column, of one number or text a row, and what they become side by side.
struct FeatureGraph {
    /// What is known of a column's input.
    private enum Kind: Hashable {
        /// Numbers; wide ones have more digits than single precision.
        case number(isWide: Bool)
        case text
        /// Seconds since 1 January 1970, UTC.
        case moment
    }

    private let pipeline: FeaturePipeline
    private let kinds: [(name: String, kind: Kind)]
    /// The columns as the steps of a model's own pipeline made them, by name; nil = they are inputs.
    private let made: [String: PipelineGraph.Value]?

    /// Columns of free text, each for the features that it has, in their order.
    private let texts: [(name: String, vectorizer: TextVectorizer)]
    private let textGraph: TextGraph?

    /// - Throws: `unsupported` for columns that a step made something else of than features are made of, and for texts whose terms ONNX cannot
    ///   count.
    init(_ pipeline: FeaturePipeline, made: [String: PipelineGraph.Value]? = nil) throws(ModelExportError) {
        (self.pipeline, self.made) = (pipeline, made)
        var order: [String] = [], kinds: [String: Kind] = [:]
        for column in pipeline.columns {
            guard var kind = Self.kind(column) else { continue }
            if let made { kind = try Self.kind(column, made[column.name], wanted: kind) }
            let before = kinds[column.name]
            if before == nil { order.append(column.name) }
            switch (before, kind) {
            case (nil, _), (.number(isWide: false), .number): kinds[column.name] = kind
            case (.number(isWide: true), .number): break
            case (let before?, let kind) where before == kind: break
            default:
                throw ModelExportError(
                    .unsupported,
                    "column '\(column.name)' is read in two ways by the models of the average, which an ONNX input cannot be: export one of them"
                )
            }
        }
        self.kinds = order.map { ($0, kinds[$0] ?? .text) }
        texts = pipeline.columns.compactMap { column in
            if case .text(let vectorizer) = column.encoding { (column.name, vectorizer) } else { nil }
        }
        textGraph = texts.isEmpty ? nil : try TextGraph(texts)
    }

    /// What a column is that steps made.
    private static func kind(
        _ column: FeatureColumn, _ value: PipelineGraph.Value?, wanted: Kind
    ) throws(ModelExportError) -> Kind {
        switch (value, wanted) {
        case (.number?, .number): return .number(isWide: true)
        case (.text?, .text): return .text
        // Times of day are numbers of seconds.
        case (.moment?, .moment), (.number?, .moment): return .moment
        default:
            throw ModelExportError(
                .unsupported,
                "column '\(column.name)' is another kind of value in its file than the model takes, which has no form in ONNX: train on a file "
                    + "that descent data prepare wrote")
        }
    }

    private static func kind(_ column: FeatureColumn) -> Kind? {
        switch column.encoding {
        case .number(_, let isDate, let unit): return isDate ? .moment : .number(isWide: unit != nil)
        case .dates: return .moment
        case .missing: return nil
        case .boolean, .categories, .codes, .means, .frequent, .text: return .text
        }
    }

    /// The inputs, in the order of the columns.
    var ports: [ONNXGraph.Port] {
        kinds.map { name, kind in
            switch kind {
            case .number(let isWide):
                ONNXGraph.Port(name: name, type: isWide ? .double : .float, width: 1, note: "a number; NaN = missing")
            case .text: ONNXGraph.Port(name: name, type: .string, width: 1, note: "a text; empty = missing")
            case .moment:
                ONNXGraph.Port(
                    name: name, type: .double, width: 1,
                    note: "a moment in seconds since 1970-01-01 UTC, or a time of day in seconds; NaN = missing")
            }
        }
    }

    /// One number a row, NaN where it is missing, and what takes the place of NaN.
    private struct Single {
        var value: String
        var fill: Float
    }

    /// Adds the steps; returns the features. - Shape: returns [n, featureCount].
    func build(_ builder: inout GraphBuilder) -> String {
        var parts: [String] = [], singles: [Single] = []
        func close(_ builder: inout GraphBuilder) {
            if singles.isEmpty { return }
            let values = builder.concatenated(singles.map(\.value))
            if singles.allSatisfy(\.fill.isNaN) {
                parts.append(values)
            } else {
                let isMissing = builder.add("IsNaN", values)
                parts.append(builder.add("Where", isMissing, builder.row(singles.map(\.fill)), values))
            }
            singles = []
        }
        var texts = textFeatures(&builder)[...]
        for (column, keepsMissing) in zip(pipeline.columns, pipeline.keeping) {
            if case .text = column.encoding, let features = texts.popFirst() {
                close(&builder)
                parts.append(features)
            } else if let single = single(column, keepsMissing: keepsMissing, &builder) {
                singles.append(single)
            } else {
                close(&builder)
                parts.append(several(column, keepsMissing: keepsMissing, &builder))
            }
        }
        close(&builder)
        var features = builder.concatenated(parts)
        if pipeline.standardises {
            features = builder.add("Sub", features, builder.row(pipeline.means))
            features = builder.add("Div", features, builder.row(pipeline.deviations))
        }
        return features
    }

    /// The value of a column.
    private func value(_ name: String) -> String {
        switch made?[name] {
        case .number(let value)?, .moment(let value)?, .text(let value, _)?: value
        case nil: name
        }
    }

    /// The text that stands for a missing one; nil where none does.
    private func standIn(_ name: String) -> String? {
        if case .text(_, let missing)? = made?[name] { missing } else { nil }
    }

    private func textFeatures(_ builder: inout GraphBuilder) -> [String] {
        guard let textGraph else { return [] }
        let values = texts.map { name, _ in
            guard let fill = standIn(name) else { return value(name) }
            let isMissing = builder.add(
                "LabelEncoder", value(name),
                attributes: [
                    .init("keys_strings", .texts([""])), .init("values_int64s", .integers([1])),
                    .init("default_int64", .integer(0)),
                ], domain: .learning)
            return builder.add("Where", builder.isSet(isMissing), builder.constant(.strings([fill])), value(name))
        }
        return textGraph.build(values, &builder)
    }

    private func isWide(_ name: String) -> Bool {
        kinds.contains { $0.name == name && $0.kind != .number(isWide: false) && $0.kind != .text }
    }

    /// A column that is one number, whose gaps are filled together with others'.
    private func single(_ column: FeatureColumn, keepsMissing: Bool, _ builder: inout GraphBuilder) -> Single? {
        switch column.encoding {
        case .number(let median, let isDate, let unit):
            let unit = isDate ? NumberUnit(scale: 1 / 86_400.0) : unit ?? NumberUnit()
            let fill = isDate ? median : (median - unit.origin) * unit.scale
            var value = value(column.name)
            if unit.origin != 0 { value = builder.add("Sub", value, builder.row([unit.origin])) }
            if unit.scale != 1 { value = builder.add("Mul", value, builder.row([unit.scale])) }
            if isWide(column.name) { value = builder.cast(value, to: .float) }
            return Single(value: value, fill: keepsMissing ? .nan : Float(fill))
        case .boolean(let no, let yes, let mean):
            var words = Self.spellings(no: no, yes: yes)
            if let fill = standIn(column.name), let known = words.first(where: { $0.word == fill }) {
                words.append(("", known.value))
            }
            let value = builder.add(
                "LabelEncoder", value(column.name),
                attributes: [
                    .init("keys_strings", .texts(words.map(\.word))), .init("values_floats", .floats(words.map(\.value))),
                    .init("default_float", .float(.nan)),
                ], domain: .learning)
            return Single(value: value, fill: keepsMissing ? .nan : Float(mean))
        default: return nil
        }
    }

    /// The ways in which files write a truth value: as it was in training, in any case, and as 0 and 1.
    private static func spellings(no: String, yes: String) -> [(word: String, value: Float)] {
        var found: [(word: String, value: Float)] = []
        for (text, value) in [(no, Float(0)), (yes, 1)] {
            let lower = text.lowercased(), capital = lower.prefix(1).uppercased() + lower.dropFirst()
            for word in [text, lower, text.uppercased(), capital] where !found.contains(where: { $0.word == word }) {
                found.append((word, value))
            }
        }
        for (word, value) in [("0", Float(0)), ("1", 1)] where !found.contains(where: { $0.word == word }) {
            found.append((word, value))
        }
        return found
    }

    private func several(_ column: FeatureColumn, keepsMissing: Bool, _ builder: inout GraphBuilder) -> String {
        switch column.encoding {
        case .missing:
            guard case .text? = kinds.first(where: { $0.name == column.name })?.kind else {
                return builder.cast(builder.add("IsNaN", value(column.name)), to: .float)
            }
            let isMissing: Float = standIn(column.name) == nil ? 1 : 0
            return builder.add(
                "LabelEncoder", value(column.name),
                attributes: [
                    .init("keys_strings", .texts([""])), .init("values_floats", .floats([isMissing])),
                    .init("default_float", .float(0)),
                ], domain: .learning)
        case .categories(let categories, let hasMissing):
            let count = categories.count + (hasMissing ? 2 : 1)
            let place = self.place(column.name, categories, hasMissing: hasMissing, &builder)
            let hot = builder.add(
                "OneHot", builder.reshaped(place, [-1]), builder.constant(.integers([count]), [1]),
                builder.constant(.floats([0, 1]), [2]), attributes: [.init("axis", .integer(-1))])
            return hot
        case .codes(let categories, let hasMissing):
            return builder.cast(place(column.name, categories, hasMissing: hasMissing, &builder), to: .float)
        case .means(let means):
            let width = means.labels.count
            let rows = (0..<means.slots.count).flatMap { slot in
                means.means[slot * width..<(slot + 1) * width] + [Float(log1p(Double(means.counts[slot])))]
            }
            return rowsOfTable(rows, width: width + 1, means.slots, column.name, &builder)
        case .frequent(let frequent):
            let own = frequent.own,
                rows = (0..<frequent.slots.count).flatMap { slot in
                    var row = [Float](repeating: 0, count: own.count + 2)
                    row[own.firstIndex(of: slot) ?? own.count] = 1
                    row[own.count + 1] = Float(log1p(Double(frequent.counts[slot])))
                    return row
                }
            return rowsOfTable(rows, width: own.count + 2, frequent.slots, column.name, &builder)
        case .dates(let dates, _):
            return DateGraph(dates, keepsMissing: keepsMissing).build(value(column.name), &builder)
        case .number, .boolean, .text: preconditionFailure("column '\(column.name)' is one number, or refused")
        }
    }

    /// The place of a column's text among its categories. - Shape: [n, 1].
    private func place(
        _ column: String, _ categories: [String], hasMissing: Bool, _ builder: inout GraphBuilder
    ) -> String {
        let other = categories.count + (hasMissing ? 1 : 0)
        var keys = categories, places = Array(categories.indices)
        if let fill = standIn(column) {
            keys.append("")
            places.append(categories.firstIndex(of: fill) ?? other)
        } else if hasMissing {
            keys.append("")
            places.append(categories.count)
        }
        return builder.add(
            "LabelEncoder", value(column),
            attributes: [
                .init("keys_strings", .texts(keys)), .init("values_int64s", .integers(places)),
                .init("default_int64", .integer(other)),
            ], domain: .learning)
    }

    private func rowsOfTable(
        _ rows: [Float], width: Int, _ slots: CategorySlots, _ column: String, _ builder: inout GraphBuilder
    ) -> String {
        let place = place(column, slots.categories, hasMissing: slots.hasMissing, &builder)
        return builder.add(
            "Gather", builder.constant(.floats(rows), [rows.count / width, width]), builder.reshaped(place, [-1]),
            attributes: [.init("axis", .integer(0))])
    }
}
