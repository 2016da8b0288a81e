/// What is said about a column.
extension ColumnTyping {
    func misfit(_ place: Int) -> (row: Int, text: String) {
        (text.codes.firstIndex { $0 == Int32(place) } ?? 0, text.dictionary[place])
    }

    /// The first places of some texts: `'x' (line 3), 'y' (lines 7 and 9)`.
    func places(of misfits: [Int]) -> String {
        var rows: [Int: [Int]] = [:]
        let wanted = Set(misfits.prefix(3).map { Int32($0) })
        for (row, code) in text.codes.enumerated() where wanted.contains(code) && rows[Int(code), default: []].count < 3 {
            rows[Int(code), default: []].append(row)
        }
        let shown = misfits.prefix(3).map { misfit in
            let lines = rows[misfit, default: []].map(place)
            let more = counts[misfit] > lines.count ? ", …" : ""
            return "'\(text.dictionary[misfit].shortened)' (\(lines.joined(separator: ", "))\(more))"
        }
        return shown.joined(separator: ", ") + (misfits.count > 3 ? " and \(misfits.count - 3) more" : "")
    }

    func strays(_ misfits: [Int], noun: String) -> TableWarning {
        let rows = misfits.reduce(0) { $0 + counts[$1] }
        return TableWarning(
            .strayValues, column: text.name,
            "\(text.name): \(rows) \(rows == 1 ? "value is" : "values are") no \(noun) and \(rows == 1 ? "counts" : "count") as missing: \(places(of: misfits))"
        )
    }

    func mixed(_ found: Candidate) -> TableWarning {
        let advice =
            "correct them, leave them empty, or say --type '\(text.name)=\(found.decision.rule.kind.rawValue)' to take them as missing"
        if let (first, second) = found.contradiction {
            return TableWarning(
                .mixedColumn, column: text.name,
                "\(text.name) holds \(found.noun) written in two ways, '\(first)' and '\(second)': it is read as text; write them in one way"
            )
        }
        let rows = found.present - found.fitting
        return TableWarning(
            .mixedColumn, column: text.name,
            "\(text.name) is \(found.noun) but for \(rows) \(rows == 1 ? "value" : "values"), \(places(of: found.misfits)): it is read as text; \(advice)"
        )
    }
}
