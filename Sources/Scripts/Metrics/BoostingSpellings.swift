/// What libraries that boost trees print: XGBoost 3, LightGBM 4, CatBoost 1.2, scikit-learn 1.9.
final class BoostingSpellings {
    private let roundLine: Pattern, xgboostPair: Pattern, lightGBMPair: Pattern
    private let catBoostLine: Pattern, catBoostPair: Pattern
    private let tableHead: Pattern, tableRow: Pattern
    private let places: PlaceCounts
    /// What LightGBM called the first rows that were not those of training.
    private var lightGBMValidation: String?
    /// LightGBM prints its best round again.
    private var repeatsRound = false
    private var isInTable = false

    /// - Parameters:
    ///   - number: a pattern with one group.
    ///   - places: where rounds are counted.
    init(number: String, places: PlaceCounts) throws(ScriptError) {
        roundLine = try Pattern(#"^(?:\[\d\d:\d\d:\d\d\]\s*)?\[(\d+)\](?:\t|#011)"#)
        xgboostPair = try Pattern(#"(?:\t|#011)([\w.@]+)-([\w@.-]+):"# + number)
        lightGBMPair = try Pattern(#"(?:\t)([^\t]+?)'s ([^:\t]+): "# + number)
        catBoostLine = try Pattern(#"^(\d+):\t(?=learn|test)"#)
        catBoostPair = try Pattern(#"(?:^|\t)(learn|test\d*): "# + number)
        tableHead = try Pattern(#"^\s*Iter\s+Train Loss\s+(?:OOB Improve\s+)?Remaining Time\s*$"#)
        tableRow = try Pattern(#"^\s*(\d+)\s+"# + number + #"(?:\s+"# + number + #")?\s+[\d.]+[smh]\s*$"#)
        self.places = places
    }

    /// Whether the next line may be a row of a table.
    var awaits: Bool { isInTable }

    /// What a line says; nil = nothing that is known.
    func take(_ line: [UInt8]) -> SpelledFields? {
        if let groups = roundLine.match(line), let round = line.integer(groups[1]) { return self.round(line, round) }
        if let groups = catBoostLine.match(line), let round = line.integer(groups[1]) { return catBoost(line, round) }
        return table(line)
    }

    /// Whether a line says something of LightGBM's own affairs, or again what its best round had measured.
    func isRemark(_ line: [UInt8]) -> Bool {
        if line.starts(with: Array("[LightGBM] [".utf8)) { return true }
        if repeatsRound {
            repeatsRound = false
            return roundLine.match(line) != nil
        }
        repeatsRound = line.ends(with: Array("est iteration is:".utf8))
        return repeatsRound
    }

    private func round(_ line: [UInt8], _ number: Int) -> SpelledFields? {
        let xgboost = xgboostPair.matches(line).map {
            (name: "\(line.text($0[1]))-\(line.text($0[2]))", value: line.value($0[3]))
        }
        if !xgboost.isEmpty { return found(xgboost, number, "XGBoost") }
        let lightGBM = lightGBMPair.matches(line).map { groups in
            let rows = line.text(groups[1])
            if rows != "training", rows != "train", lightGBMValidation == nil { lightGBMValidation = rows }
            let split = rows == "training" ? "train" : rows == lightGBMValidation ? "validation" : rows
            return (name: "\(split)/\(line.text(groups[2]))", value: line.value(groups[3]))
        }
        return lightGBM.isEmpty ? nil : found(lightGBM, number, "LightGBM")
    }

    private func found(_ fields: LogFields, _ number: Int, _ tool: String) -> SpelledFields {
        let place = places.count(number, of: "\(tool)'s rounds")
        return SpelledFields(tool: "\(tool) writes them", fields: [("iteration", .integer(place))] + fields)
    }

    private func catBoost(_ line: [UInt8], _ number: Int) -> SpelledFields? {
        let pairs = catBoostPair.matches(line).map { groups in
            let rows = line.text(groups[1])
            let split = rows == "learn" ? "train" : rows == "test" || rows == "test0" ? "validation" : rows
            return (name: split + "/loss", value: line.value(groups[2]))
        }
        return pairs.isEmpty ? nil : found(pairs, number, "CatBoost")
    }

    /// The rows under the head that scikit-learn's gradient boosting prints.
    private func table(_ line: [UInt8]) -> SpelledFields? {
        if tableHead.match(line) != nil {
            isInTable = true
            return nil
        }
        guard isInTable else { return nil }
        guard let groups = tableRow.match(line), let number = line.integer(groups[1]) else {
            isInTable = false
            return nil
        }
        return found([("train/loss", line.value(groups[2]))], number, "scikit-learn")
    }
}
