extension TypedColumns {
    /// Numbers of a file that does not say which are whole.
    mutating func add(wholeOrNot numbers: [Double], name: String) {
        var isWhole = true, hasInfinity = false, hasValue = false
        for number in numbers where !number.isNaN {
            hasValue = true
            isWhole = isWhole && number == number.rounded()
            hasInfinity = hasInfinity || number.isInfinite
        }
        add(
            numbers: numbers, name: name, kind: hasValue && isWhole && !hasInfinity ? .integer : .numeric,
            hasInfinity: hasInfinity)
    }
}
