/// A number for each row of some columns that is equal where the rows are, in any table.
struct RowHashes {
    private(set) var values: [UInt64]

    init(_ columns: [Column], rowCount: Int) {
        values = [UInt64](repeating: 0x9e37_79b9_7f4a_7c15, count: rowCount)
        for column in columns { add(column) }
    }

    /// Takes another column in.
    mutating func add(_ column: Column) {
        switch column.storage {
        case .numbers(let numbers):
            for row in values.indices {
                let bits = numbers[row].isNaN ? Double.nan.bitPattern : (numbers[row] + 0).bitPattern
                values[row] = Self.mix(values[row], bits)
            }
        case .codes(let codes, let dictionary):
            // Another table may have numbered its texts otherwise.
            let hashes = dictionary.map { $0.utf8.reduce(0x9e37_79b9_7f4a_7c15) { Self.mix($0, UInt64($1)) } }
            for row in values.indices {
                values[row] = Self.mix(values[row], codes[row] < 0 ? Double.nan.bitPattern : hashes[Int(codes[row])])
            }
        }
    }

    private static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
        let product = (hash ^ value).multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
        return (product.high ^ product.low) &+ 0x9e37_79b9_7f4a_7c15
    }
}
