import Tables
import Training

/// The raw columns of a model's rows: which it needs, and which a row without names has.
struct InputColumns: Sendable {
    /// The columns that are read, in the order of their places in a `RowTable`.
    let needed: [String]
    /// By name, the place of a column that is read.
    let places: [String: Int]
    /// Columns of the training data that are not read: the target, and what the pipeline left out.
    let ignored: Set<String>
    /// The columns that rows without names may have, the likeliest first, each with its place in the table; nil = it is passed over.
    let orders: [[Int?]]
    /// The numbers of columns called `f0`, `f1`, …, as libsvm's and RecordIO's readers name them; nil where columns have other names.
    let featureNumbers: [Int]?
    let layout: RowLayout

    init(_ model: Model) {
        var seen: Set<String> = []
        let features = model.neededColumns, used = Set(features)
        let known = model.inputs ?? model.schema?.columns.map(\.name) ?? features
        // In the order of the training data, which is not that of the pipeline.
        let needed = (known + features).filter { used.contains($0) && seen.insert($0).inserted }
        let places = Dictionary(needed.enumerated().map { ($1, $0) }) { first, _ in first }
        self.needed = needed
        self.places = places
        let all = (model.inputs ?? needed).filter { $0 != model.target?.column }
        ignored = Set(all + [model.target?.column, model.weightColumn].compactMap { $0 }).subtracting(needed)
        let widths = [all, all.filter { $0 != model.weightColumn }, needed]
        var orders: [[Int?]] = []
        for names in widths where !orders.contains(where: { $0.count == names.count }) { orders.append(names.map { places[$0] }) }
        self.orders = orders
        let numbers = needed.map { name in name.hasPrefix("f") ? Int(name.dropFirst()) : nil }
        featureNumbers = numbers.contains(nil) ? nil : numbers.compactMap { $0 }
        layout = RowLayout(columns: needed, schema: model.schema, options: ReadOptions().taking(model.reading).options)
    }

    /// Where the values of a row without names belong.
    func order(width: Int) -> [Int?]? { orders.first { $0.count == width } }

    /// The numbers of values that rows may have, in words.
    var widthsInWords: String {
        let widths = orders.map(\.count).sorted(by: >)
        return widths.dropLast().isEmpty
            ? "\(widths.first ?? 0)" : widths.dropLast().map(String.init).joined(separator: ", ") + " or \(widths.last ?? 0)"
    }

    /// The first few of the columns, for messages.
    var shown: String {
        needed.prefix(6).joined(separator: ", ") + (needed.count > 6 ? ", … (\(needed.count) in all)" : "")
    }
}
