import Tables

/// The place of each row's category among known ones.
struct CategoryPlaces {
    private let column: Column
    private let categories: [String]
    /// -1 = missing, or not known.
    private let rows: [Int]
    /// What is told of categories that are not known.
    let warning: String?

    init(_ column: Column, _ categories: [String]) throws(ColumnFault) {
        (self.column, self.categories) = (column, categories)
        let (codes, dictionary) = try column.texts()
        let known = Dictionary(categories.enumerated().map { ($1, $0) }) { first, _ in first }
        let places = dictionary.map { known[$0] ?? -1 }
        rows = codes.map { $0 < 0 ? -1 : places[Int($0)] }
        let unseen = zip(codes, rows).count { $0 >= 0 && $1 < 0 }
        let example = zip(codes, rows).first { $0 >= 0 && $1 < 0 }.map { dictionary[Int($0.0)] }
        warning = example.map { Self.warning(column.name, unseen, $0) }
    }

    /// What is told of rows whose category training did not have.
    static func warning(_ name: String, _ count: Int, _ example: String) -> String {
        "'\(name)': \(count) \(count == 1 ? "row has" : "rows have") a category that training did not have, such as '\(example)'"
    }

    /// A column of 0 and 1 for each category.
    func indicators(_ name: (String) -> String) -> [Column] {
        categories.enumerated().map { place, category in
            Column(name: name(category), kind: .integer, storage: .numbers(rows.map { $0 == place ? 1 : 0 }))
        }
    }

    var places: Column {
        Column(name: column.name, kind: .integer, storage: .numbers(rows.map { $0 < 0 ? .nan : Double($0) }))
    }
}
