/// The categories of a pipeline's columns, for whoever asks again and again whether training had a value.
public struct SeenValues: Sendable {
    /// By column, in the pipeline's order. Of models that are averaged, some may know what others do not.
    private let columns: [(name: String, values: Set<String>)]

    public init(_ pipeline: FeaturePipeline) {
        var order: [String] = [], values: [String: Set<String>] = [:]
        for column in pipeline.columns {
            guard let categories = column.categories else { continue }
            if values[column.name] == nil { order.append(column.name) }
            values[column.name, default: []].formUnion(categories)
        }
        columns = order.map { ($0, values[$0] ?? []) }
    }

    /// Warnings about values of a table that training did not have.
    public func warnings(for table: Table) -> [TableWarning] {
        columns.compactMap { name, _ in
            guard let dictionary = table.column(named: name)?.dictionary else { return nil }
            return warning(name, dictionary)
        }
    }

    /// - Parameter dictionary: the distinct values of a column.
    func warning(_ name: String, _ dictionary: [String]) -> TableWarning? {
        guard let values = columns.first(where: { $0.name == name })?.values else { return nil }
        var count = 0, example: String?
        for text in dictionary where !values.contains(text) {
            count += 1
            example = example ?? text
        }
        guard let example else { return nil }
        let words =
            count == 1
            ? "1 value that training did not have, '\(example)': it counts as (other)"
            : "\(count) values that training did not have, such as '\(example)': they count as (other)"
        return TableWarning(.unseenCategory, column: name, "\(name) has \(words)")
    }
}
