/// Places of a column's categories among its values: the categories in order, then missing values if training had any, then all that
/// training did not have.
package struct CategorySlots: Sendable, Hashable, Codable {
    /// In ascending order, so that they are found by halving.
    package let categories: [String]
    package let hasMissing: Bool

    /// Categories at most: their places are single-precision numbers, which count so far.
    static let limit = 1 << 23

    package init(categories: [String], hasMissing: Bool) { (self.categories, self.hasMissing) = (categories, hasMissing) }

    /// Places in all.
    package var count: Int { categories.count + (hasMissing ? 2 : 1) }
    /// The place of values that training did not have.
    package var other: Int { count - 1 }

    /// The place of each row's value.
    func ofRow(_ column: Column) -> (Int) -> Int {
        let other = other, missing = hasMissing ? categories.count : other
        switch column.storage {
        case .codes(let codes, let dictionary):
            let slotOfCode = dictionary.map { place(of: $0) ?? other }
            return { codes[$0] < 0 ? missing : slotOfCode[Int(codes[$0])] }
        case .numbers(let numbers):
            // Categories whose few new values all look like numbers or dates.
            return { row in
                if column.isMissing(at: row) { return missing }
                return place(of: column.text(at: row) ?? Column.text(of: numbers[row])) ?? other
            }
        }
    }

    /// Rows whose value is none that training had, and the first of these; nil = there are none.
    package func unseen(in column: Column) -> (count: Int, example: String)? {
        let slot = ofRow(column), other = other
        let rows = (0..<column.rowCount).filter { slot($0) == other && !column.isMissing(at: $0) }
        return rows.first.flatMap { column.text(at: $0) }.map { (rows.count, $0) }
    }

    /// Where a text stands. A table of all of them would take longer to make than a few look-ups do.
    private func place(of text: String) -> Int? {
        var low = 0, high = categories.count
        while low < high {
            let middle = (low + high) / 2
            if categories[middle] < text { low = middle + 1 } else { high = middle }
        }
        return low < categories.count && categories[low] == text ? low : nil
    }

    /// One name a place, for a column's features: `column=category`. A category that is called as values without one or others are here
    /// stands in quotes.
    func names(_ column: String) -> [String] {
        (0..<count).map { name(of: $0, column) }
    }

    /// The name of one place.
    func name(of place: Int, _ column: String) -> String {
        guard categories.indices.contains(place) else { return "\(column)=\(place == other ? Self.otherName : Self.missingName)" }
        let category = categories[place]
        return category == Self.otherName || category == Self.missingName ? "\(column)='\(category)'" : "\(column)=\(category)"
    }

    /// What earlier versions called a feature, whose names did not tell a category apart from values without one.
    static func olderName(_ name: String) -> String {
        for word in [missingName, otherName] where name.hasSuffix("='\(word)'") { return name.dropLast(word.count + 2) + word }
        return name
    }

    private static let missingName = "(missing)", otherName = "(other)"

    /// What cannot be true of categories that were learned; nil = all can.
    var fault: String? {
        if categories.isEmpty || categories.count > Self.limit { return "has \(categories.count) categories" }
        return zip(categories, categories.dropFirst()).allSatisfy { !($1 < $0) } ? nil : "has categories out of order"
    }
}
