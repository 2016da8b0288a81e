import Tables

/// Columns of numbers that are named alike but for the numbers in their names: `pixel_0_0`, `pixel_0_1`, …
struct PixelFamily {
    /// The name with `#` for each number.
    var pattern: String
    /// In the file's order: the column's place, and the numbers in its name.
    var members: [(place: Int, name: String, numbers: [Int])] = []

    /// The families of a table's columns of numbers, the largest first.
    /// - Parameter left: a column that is no pixel.
    static func all(of table: Table, leaving left: String?) -> [PixelFamily] {
        var families: [String: PixelFamily] = [:]
        for (place, column) in table.columns.enumerated() where column.name != left && [.numeric, .integer].contains(column.kind)
        {
            let (pattern, numbers) = parts(of: column.name)
            guard !numbers.isEmpty else { continue }
            families[pattern, default: PixelFamily(pattern: pattern)].members.append((place, column.name, numbers))
        }
        return families.values.sorted { ($1.members.count, $0.pattern) < ($0.members.count, $1.pattern) }
    }

    private static func parts(of name: String) -> (pattern: String, numbers: [Int]) {
        var pattern = "", digits = "", numbers: [Int] = []
        func close() {
            guard !digits.isEmpty else { return }
            // A number too large to count with is a word like any other.
            if let number = Int(digits) { numbers.append(number) }
            pattern += "#"
            digits = ""
        }
        for character in name {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else {
                close()
                pattern.append(character)
            }
        }
        close()
        return (pattern, numbers)
    }

    /// `the 64 columns pixel_0_0 to pixel_7_7`.
    var words: String { "the \(members.count) columns \(members.first?.name ?? "") to \(members.last?.name ?? "")" }

    /// The shape that the names tell, with the columns in the order of their pixels; nil where they tell none.
    ///
    /// Two numbers are a row and a column, a third is a channel, and each place has to be there once. One number counts pixels
    /// along the rows, and has to make a square.
    var shape: (shape: PictureShape, places: [Int])? {
        guard let first = members.first, members.allSatisfy({ $0.numbers.count == first.numbers.count }) else { return nil }
        let sorted = members.sorted { $0.numbers.lexicographicallyPrecedes($1.numbers) }
        let places = sorted.map(\.place)
        switch first.numbers.count {
        case 1:
            var side = 1
            while side * side < members.count { side += 1 }
            guard side * side == members.count, isGapless(sorted.map { $0.numbers[0] }),
                let shape = PictureShape(height: side, width: side)
            else { return nil }
            return (shape, places)
        case 2, 3:
            let extents = (0..<first.numbers.count).map { part in Set(sorted.map { $0.numbers[part] }).sorted() }
            guard extents.allSatisfy(isGapless), extents.map(\.count).reduce(1, *) == members.count,
                Set(sorted.map(\.numbers)).count == members.count,
                let shape = PictureShape(
                    height: extents[0].count, width: extents[1].count, channels: extents.count == 3 ? extents[2].count : 1)
            else { return nil }
            return (shape, places)
        default: return nil
        }
    }

    private func isGapless(_ numbers: [Int]) -> Bool {
        guard let first = numbers.first, let last = numbers.last else { return false }
        return last - first == numbers.count - 1 && Set(numbers).count == numbers.count
    }
}
