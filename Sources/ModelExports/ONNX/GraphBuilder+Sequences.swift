/// Rows of whole numbers that say something of what stands beside each other; a truth is 0 or 1. - Shape: [n, d].
extension GraphBuilder {
    mutating func whole(_ value: Int) -> String { constant(.integers([value])) }

    /// What a table has at each place.
    mutating func looked(_ table: [Int], _ places: String) -> String {
        add("Gather", constant(.integers(table), [table.count]), places)
    }

    mutating func isSet(_ truth: String) -> String { cast(truth, to: .boolean) }

    mutating func not(_ truth: String) -> String { add("Sub", whole(1), truth) }

    /// The value where something is true, else 0.
    mutating func and(_ truth: String, _ value: String) -> String { add("Mul", truth, value) }

    mutating func equals(_ value: String, _ other: Int) -> String { equals(value, whole(other)) }

    mutating func equals(_ value: String, _ other: String) -> String { cast(add("Equal", value, other), to: .int64) }

    /// Sums up to and with each.
    mutating func cumulative(_ value: String) -> String { add("CumSum", value, whole(1)) }

    /// - Shape: returns [n, 1].
    mutating func total(_ value: String) -> String { add("ReduceSum", value, constant(.integers([1]), [1])) }

    /// Places in the row, from 0.
    mutating func positions(_ value: String) -> String {
        let one = whole(1), ones = add("Add", add("Sub", value, value), one)
        return add("Sub", cumulative(ones), one)
    }

    /// How long rows are. - Shape: returns [].
    mutating func width(_ value: String) -> String {
        add("Gather", add("Shape", value), whole(1))
    }

    mutating func slice(_ value: String, from start: Int, to end: Int) -> String {
        add(
            "Slice", value, constant(.integers([start]), [1]), constant(.integers([end]), [1]), constant(.integers([1]), [1]))
    }

    /// Each value so many places further (or, below 0, before), 0 where none comes from.
    mutating func shifted(_ value: String, by places: Int) -> String {
        guard places != 0 else { return value }
        let wide = add("Pad", value, constant(.integers(places > 0 ? [0, places, 0, 0] : [0, 0, 0, -places]), [4]))
        return places > 0 ? slice(wide, from: 0, to: -places) : slice(wide, from: -places, to: Int(Int32.max))
    }

    /// Values at other places of rows that are one longer, 0 where none comes to.
    /// - Parameter places: from 0 to d; no two of those that are moved are equal in a row.
    mutating func moved(_ value: String, to places: String, where isMoved: String) -> String {
        // A last place for what is not moved.
        let room = add("Pad", add("Sub", value, value), constant(.integers([0, 0, 0, 2]), [4]))
        let last = add("Add", width(value), whole(1))
        let goals = add("Where", isSet(isMoved), places, last)
        let moved = add("ScatterElements", room, goals, value, attributes: [.init("axis", .integer(1))])
        return slice(moved, from: 0, to: -1)
    }

    /// Values from other places.
    mutating func taken(_ value: String, _ places: String) -> String {
        add("GatherElements", value, places, attributes: [.init("axis", .integer(1))])
    }

    /// Places among some numbers, from 1; 0 = it is none of them.
    mutating func numbered(_ value: String, _ numbers: [Int]) -> String {
        add(
            "LabelEncoder", value,
            attributes: [
                .init("keys_int64s", .integers(numbers)), .init("values_int64s", .integers(Array(1...max(1, numbers.count)))),
                .init("default_int64", .integer(0)),
            ], domain: .learning)
    }

    /// How often rows have each of some terms, which are one number or two neighbours. - Shape: returns [n, terms.count], single precision.
    mutating func counted(_ value: String, _ terms: [[Int]]) -> String {
        let single = terms.indices.filter { terms[$0].count == 1 }, pairs = terms.indices.filter { terms[$0].count == 2 }
        return add(
            "TfIdfVectorizer", value,
            attributes: [
                .init("mode", .text("TF")), .init("min_gram_length", .integer(1)),
                .init("max_gram_length", .integer(pairs.isEmpty ? 1 : 2)), .init("max_skip_count", .integer(0)),
                .init("ngram_counts", .integers(pairs.isEmpty ? [0] : [0, single.count])),
                .init("ngram_indexes", .integers(single + pairs)),
                .init("pool_int64s", .integers(single.flatMap { terms[$0] } + pairs.flatMap { terms[$0] })),
            ])
    }
}
