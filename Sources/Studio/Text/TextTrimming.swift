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
        // A text of many kilobytes that was pasted into a filter is not looked for in every name.
        if other.utf8.count > 4 * utf8.count { return false }
        return lowercased().contains(other.lowercased())
    }
}
