import Events
import Tables

// What is asked of features and target beside the columns themselves.
extension Preparation {
    /// What the learner and the user want of the features.
    static func featureOptions(_ request: JobRequest, _ columns: Columns, isImage: Bool = false) -> FeatureOptions {
        var options = Algorithms.featureOptions(request, isImage: isImage)
        options.kept = columns.kept
        return options
    }

    /// The target's encoding as the training rows ask for it.
    static func learningOrigin(
        _ encoding: TargetEncoding?, _ table: Table, _ rows: [Int], _ request: JobRequest
    ) throws(TableError) -> TargetEncoding? {
        guard Algorithms.takesTargetOrigin(request) else { return encoding }
        return try encoding?.learningOrigin(table, rows: rows)
    }
}
