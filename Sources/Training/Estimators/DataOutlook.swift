import CheckedNumbers
import Events
import Learners
import Tables

/// What a job would find in its data before anything is learned: for whoever decides what to train.
public struct DataOutlook: Sendable {
    public let table: Table
    /// How the profile sees it.
    public let profile: TableProfile
    /// Rows that have a target and count.
    public let rowCount: Int
    /// Columns but target and row weight, and those that are left out.
    public let columnCount: Int
    public let task: LearningTask
    /// The classes in order; nil for numbers.
    public let classes: [String]?
    /// Rows of each class.
    public let classCounts: [Int]
    /// What the target was taken for, in one line.
    public let goal: String
    /// What harms what is learned from it, or how it is judged, in words.
    public let findings: [String]
    /// How rows are best held out, where at random is not right: options and the reason.
    public let validation: DataAdvice?

    /// Reads the request's file.
    ///
    /// - Throws: `badData` with what is wrong with the file or the target; `badRequest`.
    public init(_ request: JobRequest) throws(TrainingError) {
        do throws(TableError) {
            let table = try Table(contentsOf: request.datasetPath, options: try ReadOptions(request.reading))
            let columns = try JobColumns(table, request)
            guard let encoding = columns.encoding else {
                throw TableError(.columnNotFound, "no target: name the column to predict", path: table.path)
            }
            let (rows, leftOut) = try columns.usableRows(of: table)
            let learned = table.dropping(columns.dropped + [columns.weight].compactMap { $0 })
            profile = try TableProfile(
                table.dropping(columns.dropped), target: columns.target, asClasses: encoding.classes != nil)
            (self.table, rowCount, classes) = (table, rows.count, encoding.classes)
            columnCount = learned.columns.count - 1
            task =
                switch encoding.task {
                case .regressor: .regressor
                case .binaryClassifier: .binaryClassifier
                case .multiclassClassifier: .multiclassClassifier
                }
            var counts = [Int](repeating: 0, count: encoding.classes?.count ?? 0)
            if !counts.isEmpty {
                for target in try encoding.encode(table, rows: rows) { counts[Int(nearestWithin: target)] += 1 }
            }
            classCounts = counts
            goal = encoding.summary(of: table, isAsked: request.task != nil)
            findings = Self.told(profile, leftOut, counts, encoding)
            validation = profile.advice.first { $0.topic == .validation }
        } catch {
            throw TrainingError(.badData, error.description, operation: "look at data")
        }
    }

    /// Leaks, ids, copies, and what else makes a model look better than it is; classes with too few rows to be judged.
    private static func told(
        _ profile: TableProfile, _ leftOut: [TableWarning], _ counts: [Int], _ encoding: TargetEncoding
    ) -> [String] {
        let harmful: Set<TableWarning.Code> = [
            .leakage, .duplicateRows, .rowName, .keyLike, .highCardinality, .constantColumn, .allMissing, .doubtfulTargets,
            .orderedByTarget, .orderedColumn,
            .imbalance,
        ]
        var words = leftOut.map(\.message) + profile.warnings.filter { harmful.contains($0.code) }.map(\.message)
        for (place, count) in counts.enumerated() where count < 2 {
            words.append(
                "class \(encoding.classes?[place] ?? "") has \(count) row: it is never both learned and judged")
        }
        for finding in profile.findings.found where finding.kind == .identifier || finding.kind == .contradictions {
            if !words.contains(where: { $0.hasPrefix(finding.summary) }) { words.append(finding.summary) }
        }
        return words
    }
}
