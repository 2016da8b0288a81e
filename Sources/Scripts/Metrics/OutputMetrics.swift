import CheckedNumbers
import Events
import Interop
import JSON

/// Finds metrics in the lines that a script writes: by what the user defined, or else by the spellings of the usual tools.
package struct OutputMetrics {
    private struct Definition {
        let name: String
        let pattern: Pattern
        let value: Int
        let step: Int?
        let epoch: Int?
        var count = 0
        /// What its group held where that is no number; nil = it always is one.
        var strange: String?
        var isGivenUp = false
    }

    /// A pattern that takes too long on so many lines is not tried any more.
    private static let patience = 100

    private var definitions: [Definition] = []
    private var known: KnownSpellings?
    private var source = QuotedSource()
    private var columns: LogColumns
    private let place: Pattern?
    private(set) var notes: [String] = []
    private var said: Set<String> = []
    private var lastStep = 0
    /// Rows of training so far, where the output has neither steps nor whole epochs.
    private var counted = 0

    /// - Parameter definitions: empty = the usual spellings.
    /// - Throws: what is wrong with a pattern; that the library for them is not here.
    package init(_ definitions: [MetricDefinition]) throws(ScriptError) {
        var names: [String: MetricName] = [:]
        for definition in definitions {
            let pattern = try definition.compiled()
            names[definition.name] = MetricName(definition.name)
            let step = pattern.group(named: "step"), epoch = pattern.group(named: "epoch")
            let first = (1...max(1, pattern.captureCount)).first { $0 != step && $0 != epoch }
            guard let value = pattern.group(named: "value") ?? first else {
                throw ScriptError("\(definition.name)='\(definition.pattern)': no group is left for the number")
            }
            self.definitions.append(
                Definition(name: definition.name, pattern: pattern, value: value, step: step, epoch: epoch))
        }
        columns = LogColumns(LogColumnNames(metrics: names))
        place = definitions.isEmpty ? nil : try Pattern(KnownSpellings.place)
        if definitions.isEmpty {
            // Without the library the output is a log and nothing else, which is said.
            do throws(ScriptError) { known = try KnownSpellings() } catch { notes.append("\(error)") }
        }
    }

    mutating func takeNotes() -> [String] {
        defer { notes = [] }
        return notes + columns.takeNotes() + (known?.takeNotes() ?? [])
    }

    /// What a line says.
    package mutating func take(_ line: [UInt8]) -> [LoggedValue] {
        if let fields = JSONLine.fields(line) {
            return fields.contains { JSONLine.isTelling($0.name) } ? values(fields, writtenBy: "JSON lines have them") : []
        }
        guard known != nil else { return definitions.isEmpty ? [] : defined(line) }
        return source.takes(line) ? [] : values(known?.take(line) ?? [])
    }

    /// What a progress bar says that was written over.
    package mutating func takeOverwritten(_ line: [UInt8]) -> [LoggedValue] { values(known?.takeOverwritten(line) ?? []) }

    /// What was held back until it was sure that nothing more follows.
    package mutating func finish() -> [LoggedValue] { values(known?.finish() ?? []) }

    private mutating func values(_ found: [SpelledFields]) -> [LoggedValue] {
        var values: [LoggedValue] = []
        for one in found { values += self.values(one.fields, writtenBy: one.tool) }
        return values
    }

    /// Whether a line says what was measured.
    func isMetric(_ line: String) -> Bool {
        var reader = self
        return !reader.take(Array(line.utf8)).isEmpty
    }

    private mutating func values(_ fields: LogFields, writtenBy tool: String) -> [LoggedValue] {
        let values = columns.values(of: placed(fields))
        if let last = values.last { lastStep = last.step }
        if !values.isEmpty, said.insert(tool).inserted {
            let names = values.prefix(4).map(\.name).joined(separator: ", ")
            let counted = counted > 0 ? ", which tells no whole steps: its lines are counted" : ""
            notes.append("metrics are read from its output, as \(tool) (\(names))\(counted): --metric NAME=REGEX says otherwise")
        }
        return values
    }

    /// Rows that say neither step nor whole epoch are counted: those of training count, others stand where training is.
    private mutating func placed(_ fields: LogFields) -> LogFields {
        let names = fields.map { $0.name.lowercased() }
        let steps = names.indices.filter { LogColumns.steps.contains(names[$0]) }
        if !steps.isEmpty {
            if steps.contains(where: { Self.isStep(fields[$0].value) }) { return fields }
            if said.insert("no step").inserted {
                notes.append("a step in its output is none: its values are at the step before")
            }
            return fields.indices.filter { !steps.contains($0) }.map { fields[$0] } + [("step", .integer(lastStep))]
        }
        let epoch = fields.first { LogColumns.epochs.contains($0.name.lowercased()) }.flatMap { LogNumber.value($0.value) }
        if let epoch, epoch == epoch.rounded(), counted == 0 { return fields }
        let isTraining = names.contains { !LogColumns.epochs.contains($0) && !Self.isOfOtherRows($0) }
        if isTraining { counted += 1 }
        return fields + [("step", .integer(max(1, counted)))]
    }

    private static func isStep(_ value: JSONValue) -> Bool {
        LogNumber.value(value).flatMap { Int(nearest: $0) }.map(LoggedValue.isStep) ?? false
    }

    /// What was wrong with patterns, now that the output has ended.
    var complaints: [String] {
        definitions.compactMap { definition in
            if definition.pattern.givenUpCount > 0 {
                return definition.isGivenUp ? nil : Self.tooLong(definition)
            }
            guard definition.count == 0, let strange = definition.strange else { return nil }
            return strange.isEmpty
                ? "\(definition.name): its group held nothing"
                : "\(definition.name): its group held '\(strange)', which is no number"
        }
    }

    /// Whether some pattern matched, or may have: that nothing matches is not true.
    var hasMatched: Bool { definitions.contains { $0.count > 0 || $0.strange != nil || $0.pattern.givenUpCount > 0 } }

    private static func tooLong(_ definition: Definition) -> String {
        let count = definition.pattern.givenUpCount
        return "the pattern \(definition.name) takes too long on \(count) \(count == 1 ? "line" : "lines"): make it simpler"
    }

    private static func isOfOtherRows(_ name: String) -> Bool {
        ["val", "eval", "valid", "test", "dev"].contains { name.hasPrefix($0) }
    }

    private mutating func defined(_ line: [UInt8]) -> [LoggedValue] {
        var values: [LoggedValue] = []
        for index in definitions.indices {
            let definition = definitions[index]
            if definition.isGivenUp { continue }
            guard let groups = definition.pattern.match(line) else {
                if definition.pattern.givenUpCount >= Self.patience {
                    definitions[index].isGivenUp = true
                    notes.append(Self.tooLong(definition) + "; it is not tried any more")
                }
                continue
            }
            let text = groups[definition.value].map { String(decoding: line[$0], as: UTF8.self) } ?? ""
            guard let measured = LogNumber.value(of: text) else {
                if definition.strange == nil { definitions[index].strange = String(text.prefix(80)) }
                continue
            }
            definitions[index].count += 1
            func number(_ group: Int?) -> Double? {
                group.flatMap { groups[$0] }.flatMap { LogNumber.value(of: String(decoding: line[$0], as: UTF8.self)) }
            }
            var fields: LogFields = []
            let own = number(definition.step), epoch = number(definition.epoch)
            if let own { fields.append(("step", .number(own))) }
            if let epoch { fields.append(("epoch", .number(epoch))) }
            if own == nil, epoch == nil { fields += KnownSpellings.places(line, place) }
            if fields.isEmpty { fields.append(("step", .integer(definitions[index].count))) }
            values += columns.values(of: fields + [(definition.name, .number(measured))])
        }
        return values
    }
}
