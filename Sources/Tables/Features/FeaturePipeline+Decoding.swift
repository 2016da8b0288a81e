import CheckedNumbers

extension FeaturePipeline {
    /// Reads a pipeline and checks that its parts fit together: features are written where `featureNames` says, without asking
    /// again whether there is room.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let columns = try container.decode([FeatureColumn].self, forKey: .columns)
        let names = try container.decode([String].self, forKey: .featureNames)
        let means = try container.decode([Float].self, forKey: .means)
        let deviations = try container.decode([Float].self, forKey: .deviations)
        let standardises = try container.decode(Bool.self, forKey: .standardises)
        let keepsMissing = try container.decodeIfPresent(Bool.self, forKey: .keepsMissing)
        let keepingColumns = try container.decodeIfPresent([Bool].self, forKey: .keepingColumns)
        try decoder.check(!columns.isEmpty, "the pipeline has no columns")
        try decoder.check(
            keepingColumns.map { $0.count == columns.count && !standardises } ?? true,
            "the pipeline keeps missing values of other than its columns")
        for column in columns {
            if let fault = column.fault { try decoder.check(false, "column '\(column.name)' of the pipeline \(fault)") }
        }
        // Only now that the columns are known to be sound: their widths are numbers of the file.
        let current = columns.flatMap(\.featureNames)
        try decoder.check(
            names.count == current.count && zip(names, current).allSatisfy { $0 == $1 || $0 == CategorySlots.olderName($1) },
            "the pipeline's \(columns.count) columns do not give its \(names.count) features")
        let firstCode = columns.firstIndex { $0.cardinality != nil } ?? columns.count
        try decoder.check(
            columns[firstCode...].allSatisfy { $0.cardinality != nil }, "the pipeline's coded columns are not its last")
        let scaleCount = standardises ? names.count : 0
        try decoder.check(
            means.count == scaleCount && deviations.count == scaleCount,
            "the pipeline has \(means.count) means and \(deviations.count) deviations for \(scaleCount) features to scale")
        try decoder.check(!(standardises && keepsMissing == true), "the pipeline scales features and keeps missing ones")
        self.init(
            columns: columns, means: means, deviations: deviations, featureNames: current,
            warnings: try container.decode([TableWarning].self, forKey: .warnings), standardises: standardises,
            keepsMissing: keepsMissing, keepingColumns: keepingColumns)
    }
}

extension FeatureColumn {
    /// What cannot be true of a column that was learned; nil = all can.
    fileprivate var fault: String? {
        switch encoding {
        case .number(let median, let isDate, let unit):
            if !median.isFinite {
                "has no finite median"
            } else {
                unit.map { $0.isSound && !isDate } ?? true ? nil : "has a unit that is none"
            }
        case .dates(let dates, _): dates.fault
        case .missing: nil
        case .boolean(_, _, let mean): (0...1).contains(mean) ? nil : "has a mean of truth values of \(mean)"
        case .categories(let categories, _), .codes(let categories, _):
            CategorySlots(categories: categories, hasMissing: false).fault
        case .text(let text): text.fault
        case .means(let means): means.fault
        case .frequent(let frequent): frequent.fault
        }
    }
}
