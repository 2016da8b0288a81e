extension StringProtocol {
    /// The text as one cell of a CSV file that a spreadsheet may open.
    ///
    /// Spreadsheets run what begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula. A name or a tag that begins
    /// so gets an apostrophe before it, which they take for "this is text"; a number stays a number.
    ///
    /// - Source: OWASP, "CSV injection".
    public var csvCell: String {
        let isFormula = unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } == true && Double(self) == nil
        let text = isFormula ? "'" + self : String(self)
        guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
