import Numerics

/// Turns a table's columns into a matrix of features. Everything it knows was learned on the training rows alone.
///
/// Numbers: missing values take the training median, and an indicator says that they were missing where several training rows were and
/// the learner adds features up; what single precision would not keep is brought to a unit of its own (`NumberUnit`). Dates: the parts
/// of the calendar and the clock that vary in training rows and come again, in the form that the learner makes most of, and the time
/// gone by since the first of them (`DateFitting`); times of day also sines and cosines of the day. Holidays are not known. Truth
/// values: 0 and 1, missing ones the training mean. Categories: one feature each, one for missing values if there were any, one for
/// values unseen in training; or, where they are many, one feature in all, the category's number, where the learner takes
/// codes; the mean of their rows' targets, out of fold for training rows, for trees; the frequent ones for distances. Text whose words
/// recur: its words by TF-IDF, or pieces of them. Columns that only name the row (`RowNames`), other text, constant columns and columns
/// without values are left out, each with a warning; columns that the user keeps are not.
public struct FeaturePipeline: Sendable, Hashable, Codable {
    package let columns: [FeatureColumn]
    /// Mean and deviation of each feature over the training rows; empty when features are not standardised.
    package let means: [Float], deviations: [Float]
    /// One name a feature: the column's, `column=category`, or `column (part)`.
    public let featureNames: [String]
    /// What was left out, and why.
    public let warnings: [TableWarning]
    /// Whether features are shifted and scaled to mean 0 and deviation 1 on the training rows.
    public let standardises: Bool

    /// Whether missing numbers and truth values stay NaN, for learners that have a use for them; nil = no.
    private var keepsMissing: Bool?
    /// The same of each column, where they differ; nil = they do not.
    private var keepingColumns: [Bool]?

    /// Whether missing values of each column stay NaN.
    package var keeping: [Bool] { keepingColumns ?? [Bool](repeating: keepsMissing ?? false, count: columns.count) }

    enum CodingKeys: String, CodingKey {
        case columns, means, deviations, featureNames, warnings, standardises, keepsMissing, keepingColumns
    }

    /// Columns of a table the pipeline reads.
    public var columnNames: [String] { columns.map(\.name) }
    /// The column that each feature is made from.
    public var featureColumns: [String] { columns.flatMap { [String](repeating: $0.name, count: $0.width) } }
    /// Features that are the indicators of one column's categories each, in ascending order.
    public var categoryGroups: [Range<Int>] {
        var start = 0
        return columns.compactMap { column in
            let range = start..<start + column.featureNames.count
            start = range.upperBound
            guard case .categories = column.encoding else { return nil }
            return range
        }
    }
    /// Features that a learner leaves at their own scale, in ascending order: indicators of categories, of parts of dates and of missing
    /// values, and terms of texts. Divided by its deviation, which is next to nothing, a rare one would outweigh all others.
    public var unscaledFeatures: [Range<Int>] {
        var start = 0
        return columns.flatMap { column in
            defer { start += column.width }
            return column.indicators.map { start + $0.lowerBound..<start + $0.upperBound }
        }
    }
    /// The unit of each feature: what it is of its column is `(value - origin) * scale`, unless the feature is no plain number.
    public var units: [NumberUnit] {
        columns.flatMap { column in
            if case .number(_, _, let unit?) = column.encoding { return [unit] }
            return [NumberUnit](repeating: NumberUnit(), count: column.width)
        }
    }
    /// Values of each of the last features, which are codes of categories.
    public var cardinalities: [Int] { columns.compactMap(\.cardinality) }
    /// One name a weight of a linear model: a feature's, or a category's of those that are codes.
    public var weightNames: [String] { columns.flatMap(\.weightNames) }
    /// Features a row becomes.
    public var featureCount: Int { featureNames.count }

    init(
        columns: [FeatureColumn], means: [Float], deviations: [Float], featureNames: [String], warnings: [TableWarning],
        standardises: Bool, keepsMissing: Bool?, keepingColumns: [Bool]? = nil
    ) {
        self.columns = columns
        (self.means, self.deviations) = (means, deviations)
        self.featureNames = featureNames
        self.warnings = warnings
        self.standardises = standardises
        (self.keepsMissing, self.keepingColumns) = (keepsMissing, keepingColumns)
    }

    /// Columns that keep their missing values each as they do.
    init(
        columns: [FeatureColumn], means: [Float], deviations: [Float], featureNames: [String], warnings: [TableWarning],
        standardises: Bool, keeping: [Bool]
    ) {
        let isUniform = Set(keeping).count <= 1
        self.init(
            columns: columns, means: means, deviations: deviations, featureNames: featureNames, warnings: warnings,
            standardises: standardises, keepsMissing: isUniform && keeping.first == true ? true : nil,
            keepingColumns: isUniform ? nil : keeping)
    }

    /// Learns how to encode every column but the target, on the given rows.
    ///
    /// - Throws: `noRows`; `columnNotFound` for the target; `infiniteValue`; `noFeatures` when no column is of use.
    public static func fit(
        _ table: Table, rows: [Int], target: String?, standardises: Bool, options: FeatureOptions = FeatureOptions()
    ) throws(TableError) -> FeaturePipeline {
        try FeaturePipeline(table, rows: rows, target: target, standardises: standardises, options)
    }

    private init(
        _ table: Table, rows: [Int], target: String?, standardises: Bool, _ options: FeatureOptions
    ) throws(TableError) {
        let path = table.path.isEmpty ? nil : table.path
        guard !rows.isEmpty else { throw TableError(.noRows, "no rows to learn from: give a file with records", path: path) }
        let targetName: String?
        if let target { targetName = try table.column(matching: target).name } else { targetName = nil }
        var options = options
        options.textColumnCount = max(1, table.columns.count { $0.kind == .text && $0.name != targetName })
        let (found, warnings) = Self.columns(table, rows: rows, target: targetName, options)
        let fitted = FeatureFitting.affordable(found, rowCount: rows.count)
        guard !fitted.isEmpty else {
            let reasons = warnings.prefix(3).map(\.message).joined(separator: "; ")
            throw TableError(
                .noFeatures, "no column can be a feature: \(reasons.isEmpty ? "there is only the target" : reasons)", path: path)
        }
        // Learners expect codes last.
        let learned = fitted.filter { $0.cardinality == nil } + fitted.filter { $0.cardinality != nil }
        columns = learned
        featureNames = learned.flatMap(\.featureNames)
        self.warnings =
            warnings + learned.compactMap { $0.notice(options.style) }
            + learned.compactMap { $0.numberHint(table, rows: rows, options) }
        self.standardises = standardises
        if standardises {
            let raw = try FeaturePipeline.encode(table, learned, rows: rows, width: featureNames.count)
            let scales = FeatureFitting.scales(raw)
            let coded = learned.count { $0.cardinality != nil }
            means = scales.means.dropLast(coded) + [Float](repeating: 0, count: coded)
            deviations = scales.deviations.dropLast(coded) + [Float](repeating: 1, count: coded)
        } else {
            (means, deviations) = ([], [])
        }
    }

    /// What each column becomes. Those that name the rows are left out when there are others.
    private static func columns(
        _ table: Table, rows: [Int], target: String?, _ options: FeatureOptions
    ) -> ([FeatureColumn], [TableWarning]) {
        var learned: [FeatureColumn] = [], names: [Column] = []
        var warnings: [TableWarning] = [], nameWarnings: [TableWarning] = []
        var scratch: [Double] = []
        let rules = table.schema.rulesByName
        func learn(_ column: Column) {
            switch FeatureFitting.fit(column, rows: rows, options, scratch: &scratch) {
            case .use(let encoding):
                learned.append(FeatureColumn(name: column.name, encoding: encoding))
                let isTime = rules[column.name]?.numbers?.isDuration == true
                learned += FeatureFitting.companions(of: column, encoding, isTime: isTime, rows: rows, options)
            case .drop(let warning): warnings.append(warning)
            }
        }
        for column in table.columns where column.name != target {
            let warning =
                options.kept.contains(column.name) || options.text[column.name].map { $0 != .none } == true
                ? nil
                : RowNames.warning(
                    column, rows: rows, rowNumbers: options.rowNumbers, counts: options.counts[column.name])
            guard let warning else {
                learn(column)
                continue
            }
            names.append(column)
            nameWarnings.append(warning)
        }
        guard learned.isEmpty else { return (learned, warnings + nameWarnings) }
        for column in names { learn(column) }
        return (learned, warnings)
    }

    /// The same pipeline, but missing numbers and truth values stay NaN.
    public func keepingMissing() -> FeaturePipeline {
        precondition(!standardises, "the mean of a column with NaN is NaN")
        var copy = self
        (copy.keepsMissing, copy.keepingColumns) = (true, nil)
        return copy
    }

    /// The features of the rows that the pipeline was learned on: those of `transform`, but for what was learned from the rows' targets,
    /// in which no row's own target has a part.
    ///
    /// - Parameter outcome: the one that the pipeline was learned with; nil where nothing was learned from targets.
    /// - Shape: [rows.count, featureCount].
    /// - Throws: as `transform`.
    public func trainingMatrix(_ table: Table, rows: [Int], outcome: TrainingOutcome?) throws(TableError) -> Matrix {
        var matrix = try transform(table, rows: rows)
        var start = 0
        for learned in columns {
            defer { start += learned.width }
            guard case .means(let means) = learned.encoding, let outcome, let column = table.column(named: learned.name) else {
                continue
            }
            let values = means.outOfFold(column, rows: rows, outcome), width = means.labels.count
            for row in rows.indices {
                for index in 0..<width {
                    let value = values[row * width + index], feature = start + index
                    matrix[row, feature] = standardises ? (value - self.means[feature]) / deviations[feature] : value
                }
            }
        }
        return matrix
    }

    /// The features of some rows, or of all.
    ///
    /// - Shape: [rows.count, featureCount]; every value finite, but for missing ones that are kept.
    /// - Throws: `columnNotFound` when the table lacks a column, `columnUnusable` when it is of another kind than in training,
    ///   `infiniteValue`.
    public func transform(_ table: Table, rows: [Int]? = nil) throws(TableError) -> Matrix {
        let matrix = try FeaturePipeline.encode(
            table, columns, rows: rows, width: featureCount, keeping: keeping)
        guard standardises else { return matrix }
        return Matrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount) { target in
            let width = matrix.columnCount
            matrix.elements.withUnsafeBufferPointer { source in
                for row in 0..<matrix.rowCount {
                    for column in 0..<width {
                        target[row * width + column] = (source[row * width + column] - means[column]) / deviations[column]
                    }
                }
            }
        }
    }

    private static func encode(
        _ table: Table, _ columns: [FeatureColumn], rows: [Int]?, width: Int, keeping: [Bool]? = nil
    ) throws(TableError) -> Matrix {
        let rowCount = rows?.count ?? table.rowCount
        if let rows, let outside = rows.first(where: { !(0..<table.rowCount).contains($0) }) {
            preconditionFailure("row \(outside) of a table of \(table.rowCount)")
        }
        precondition(columns.reduce(0) { $0 + $1.width } == width, "columns of other than \(width) features")
        var found: [Column] = []
        for learned in columns { if let column = table.column(named: learned.name) { found.append(column) } }
        guard found.count == columns.count else { throw missing(columns, in: table) }
        var failure: TableError?
        let matrix = Matrix(rowCount: rowCount, columnCount: width) { target in
            do throws(TableError) {
                var offset = 0
                let places = columns.map { column in
                    defer { offset += column.width }
                    return offset
                }
                func write(_ index: Int, _ positions: Range<Int>) throws(TableError) {
                    try columns[index].write(
                        found[index], rows: rows, positions: positions, into: target, offset: places[index], stride: width,
                        keepsMissing: keeping?[index] ?? false)
                }
                for index in columns.indices where !columns[index].writesInPieces { try write(index, 0..<rowCount) }
                // As many rows at a time as stay in the processor's nearest memory while all columns are written.
                let numbers = columns.indices.filter { columns[$0].writesInPieces }, piece = max(16, 8192 / max(1, width))
                for start in stride(from: 0, to: rowCount, by: piece) {
                    for index in numbers { try write(index, start..<min(start + piece, rowCount)) }
                }
            } catch {
                failure = error
                target.initialize(repeating: 0)
            }
        }
        if var failure {
            failure.path = table.path.isEmpty ? nil : table.path
            throw failure
        }
        return matrix
    }
}
