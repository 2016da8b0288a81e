import CheckedNumbers
import PipelineSteps

/// What was in a file at some time: a version of its data.
public struct DatasetVersion: Hashable, Sendable {
    /// A run that read it.
    public struct Use: Hashable, Sendable {
        public var run: RunID
        public var name: String
        /// Whether it was judged by these rows, and did not learn from them.
        public var isValidation: Bool

        public init(run: RunID, name: String, isValidation: Bool) {
            (self.run, self.name, self.isValidation) = (run, name, isValidation)
        }
    }

    /// Steps that the workspace keeps for the data at its path.
    public struct KeptSteps: Hashable, Sendable {
        /// As a pipeline is written.
        public var json: String
        /// When they were kept, in seconds since 1970.
        public var time: Double

        public init(json: String, time: Double) { (self.json, self.time) = (json, time) }

        /// The steps in one line, or what is wrong with them.
        public var words: String {
            do throws(PipelineError) { return try DataPipeline(parsing: json).words } catch { return error.message }
        }
    }

    /// From 1, in the order in which they were last seen at the path.
    public var number: Int
    public var dataset: DatasetSummary
    /// When it was last seen there, in seconds since 1970.
    public var lastSeen: Double
    /// Whether it is what was seen there last.
    public var isLatest: Bool
    /// What is otherwise than in the version before; empty for the first, and where one of the two was never profiled.
    public var changes: [ProfileChange]
    public var uses: [Use]
    /// The steps that were kept when this lay at the path; nil = none, or those that are kept are another version's.
    public var steps: KeptSteps?

    public init(
        number: Int, dataset: DatasetSummary, lastSeen: Double, isLatest: Bool, changes: [ProfileChange], uses: [Use]
    ) {
        (self.number, self.dataset, self.lastSeen) = (number, dataset, lastSeen)
        (self.isLatest, self.changes, self.uses) = (isLatest, changes, uses)
    }
}

/// Something that is otherwise in a later profile of a file.
public struct ProfileChange: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case rows, added, removed, kind, missing, range, mean, values, order
    }

    public var kind: Kind
    public var column: String?
    /// What it was and what it is, for people; empty where there is nothing.
    public var before: String, after: String

    public init(_ kind: Kind, column: String? = nil, before: String = "", after: String = "") {
        (self.kind, self.column, self.before, self.after) = (kind, column, before, after)
    }

    /// In one line, such as `age: mean 40.2 → 51.7`.
    public var words: String {
        let name = column ?? ""
        return switch kind {
        case .rows: "rows \(before) → \(after)"
        case .added: "new column \(name)\(after.isEmpty ? "" : " (\(after))")"
        case .removed: "column \(name) is gone"
        case .order: "columns stand in another order"
        case .values: "\(name): new \(after)"
        case .kind, .missing, .range, .mean: "\(name): \(kind == .kind ? "" : kind.rawValue + " ")\(before) → \(after)"
        }
    }

    /// What is otherwise in `new` than in `old`: the schema first, then each column's figures.
    ///
    /// A mean is told where it moved by a tenth of a standard deviation, a share of missing values by a hundredth.
    public static func between(_ old: DatasetProfile, _ new: DatasetProfile) -> [ProfileChange] {
        var changes: [ProfileChange] = []
        if old.rowCount != new.rowCount {
            changes.append(ProfileChange(.rows, before: "\(old.rowCount)", after: "\(new.rowCount)"))
        }
        let known = Dictionary(old.columns.map { ($0.name, $0) }) { first, _ in first }
        let names = Set(new.columns.map(\.name))
        changes += old.columns.filter { !names.contains($0.name) }.map { ProfileChange(.removed, column: $0.name) }
        for column in new.columns where known[column.name] == nil {
            changes.append(ProfileChange(.added, column: column.name, after: column.kindAsWritten))
        }
        let (before, after) = (
            old.columns.map(\.name).filter(names.contains), new.columns.map(\.name).filter { known[$0] != nil }
        )
        if before != after { changes.append(ProfileChange(.order)) }
        for column in new.columns { if let own = known[column.name] { changes += between(own, column) } }
        return changes
    }

    private static func between(_ old: ColumnProfile, _ new: ColumnProfile) -> [ProfileChange] {
        guard old.kindAsWritten == new.kindAsWritten else {
            return [ProfileChange(.kind, column: new.name, before: old.kindAsWritten, after: new.kindAsWritten)]
        }
        var changes: [ProfileChange] = []
        let missing = [old, new].map { Double($0.missing) / Double(max(1, $0.count + $0.missing)) }
        if abs(missing[0] - missing[1]) >= 0.01 || (missing[0] == 0) != (missing[1] == 0) {
            changes.append(ProfileChange(.missing, column: new.name, before: percent(missing[0]), after: percent(missing[1])))
        }
        if let before = old.statistics, let after = new.statistics, new.kind != "date" {
            if abs(before.mean - after.mean) > before.standardDeviation / 10 {
                changes.append(ProfileChange(.mean, column: new.name, before: short(before.mean), after: short(after.mean)))
            }
            if after.minimum < before.minimum || after.maximum > before.maximum {
                changes.append(
                    ProfileChange(
                        .range, column: new.name, before: "\(short(before.minimum)) to \(short(before.maximum))",
                        after: "\(short(after.minimum)) to \(short(after.maximum))"))
            }
        }
        // Ten values are kept: of columns with no more, all.
        if new.statistics == nil, old.distinct <= old.mostFrequent.count {
            let known = Set(old.mostFrequent.map(\.value)), unseen = new.mostFrequent.map(\.value).filter { !known.contains($0) }
            if !unseen.isEmpty {
                changes.append(ProfileChange(.values, column: new.name, after: unseen.prefix(3).joined(separator: ", ")))
            }
        }
        return changes
    }

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

    private static func short(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return String(Int(nearestWithin: number)) }
        let scale = abs(number) >= 100 ? 10.0 : abs(number) >= 1 ? 1000 : 1e6
        let rounded = (number * scale).rounded() / scale
        return rounded.isFinite ? String(rounded) : String(number)
    }
}
