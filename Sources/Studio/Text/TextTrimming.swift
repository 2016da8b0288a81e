extension StringProtocol {
    /// The text without spaces and tabs at both ends.
    package var trimmingSpaces: SubSequence {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" || first == "\r" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" || last == "\r" { text = text.dropLast() }
        return text
    }

    /// Case-insensitive search.
    package func containsIgnoringCase(_ other: some StringProtocol) -> Bool {
        if other.isEmpty { return true }
        return lowercased().contains(other.lowercased())
    }
}
