import Cells

extension String {
    /// The text with spaces behind it, as wide as a column.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - TextWidth.of(self))) }

    /// The text with spaces before it, as numbers in a column have them.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - TextWidth.of(self))) + self }
}
