import PrintableText

extension RunEdit {
    /// A name of another program's made one that can be typed: without what would be taken for an option or for `@latest`, on one
    /// line, not too long.
    public static func usable(_ name: String, else otherwise: String = "run") -> String {
        var name = name.printable[...]
        while let first = name.first, first == "@" || first == "-" || first.isWhitespace { name.removeFirst() }
        while name.last?.isWhitespace == true { name.removeLast() }
        let short = String(name.prefix(120))
        return problem(withName: short) == nil ? short : otherwise
    }

    /// What is wrong with a name for a run; nil when it can be used.
    public static func problem(withName name: String) -> String? {
        if name.allSatisfy(\.isWhitespace) { return "a run needs a name: type one" }
        if name.allSatisfy({ $0 == "." }) { return "a run's name is more than dots: choose another" }
        if name.hasPrefix("@") || name.hasPrefix("-") {
            return "a run's name does not begin with \(name.prefix(1)): choose another"
        }
        if name.count > 120 { return "a run's name has at most 120 characters: shorten it" }
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        return isPlain ? nil : "a run's name is one line of plain characters: choose another"
    }
}
