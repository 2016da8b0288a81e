/// A column to write behind those of a file: its name and one value for each written row, in the file's order.
public struct AddedColumn: Sendable, Hashable {
    /// The values.
    public enum Values: Sendable, Hashable {
        /// Written in the shortest form that reads back as the same number; NaN is a missing value where the format has one.
        case numbers([Float])
        case doubles([Double])
        case texts([String])
    }

    /// The name; made unique if the file has it already.
    public var name: String
    public var values: Values

    /// A column of texts.
    public init(name: String, values: [String]) {
        self.init(name: name, values: .texts(values))
    }

    /// A column to add.
    public init(name: String, values: Values) {
        self.name = name
        self.values = values
    }

    /// Values.
    var count: Int {
        switch values {
        case .texts(let texts): texts.count
        case .numbers(let numbers): numbers.count
        case .doubles(let numbers): numbers.count
        }
    }

    /// The value of a written row.
    func value(_ row: Int) -> SourceValue {
        switch values {
        case .texts(let texts): .text(texts[row])
        case .numbers(let numbers): .number("\(numbers[row])")
        case .doubles(let numbers): .number("\(numbers[row])")
        }
    }

    /// The same column for some of the written rows.
    func slice(_ rows: Range<Int>) -> AddedColumn {
        switch values {
        case .texts(let texts): AddedColumn(name: name, values: Array(texts[rows]))
        case .numbers(let numbers): AddedColumn(name: name, values: .numbers(Array(numbers[rows])))
        case .doubles(let numbers): AddedColumn(name: name, values: .doubles(Array(numbers[rows])))
        }
    }

    /// Names for the columns that none of those taken has, and none of them twice.
    static func uniqueNames(_ columns: [AddedColumn], beside names: [String]) -> [String] {
        var taken = Set(names)
        return columns.map { column in
            var name = column.name, number = 2
            while taken.contains(name) {
                name = "\(column.name)_\(number)"
                number += 1
            }
            taken.insert(name)
            return name
        }
    }
}
