extension NumberSpelling {
    /// The number a text is by this spelling, the nearest in double precision; nil when it is none.
    func value(_ text: String) -> Double? {
        if isDuration { return DurationText.seconds(text) }
        guard let cell = NumberCell(text) else { return nil }
        return value(cell)
    }

    func value(_ cell: NumberCell) -> Double? {
        guard cell.isPercent == isPercent || cell.isZero, let value = cell.value(self) else { return nil }
        return isPercent ? value / 100 : value
    }
}
