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
    public static func problem(withName name: String) -> String? { problem(withName: name, of: "run") }
}
