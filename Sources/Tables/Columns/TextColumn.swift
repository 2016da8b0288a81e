/// A column of text that may be something more definite.
struct TextColumn {
    let name: String
    let codes: [Int32]
    let dictionary: [String]
    /// Whether a text may stand in the dictionary twice.
    let mayRepeat: Bool

    /// The same column with its texts numbered in the order in which rows have them, and none that no row has.
    func compacted() -> TextColumn {
        var places = [Int32](repeating: -1, count: dictionary.count)
        var used: [Int] = []
        let codes = codes.map { code in
            if code < 0 { return Int32(-1) }
            if places[Int(code)] < 0 {
                places[Int(code)] = Int32(used.count)
                used.append(Int(code))
            }
            return places[Int(code)]
        }
        return TextColumn(name: name, codes: codes, dictionary: used.map { dictionary[$0] }, mayRepeat: mayRepeat)
    }

    /// The column as categories or as text.
    func categorised(as kind: ColumnKind? = nil) -> Column {
        let (codes, dictionary) = mayRepeat ? merged() : (codes, dictionary)
        let present = codes.reduce(into: 0) { $0 += $1 >= 0 ? 1 : 0 }
        let own: ColumnKind = TextColumn.isCategorical(dictionary, present: present) ? .categorical : .text
        return Column(name: name, kind: kind ?? own, storage: .codes(codes, dictionary: dictionary))
    }

    /// One code a text: two spellings may decode to the same (a quote doubled here, bad bytes there).
    private func merged() -> ([Int32], [String]) {
        var positions: [String: Int32] = [:]
        var distinct: [String] = []
        let merged = dictionary.map { text in
            if let position = positions[text] { return position }
            positions[text] = Int32(distinct.count)
            distinct.append(text)
            return Int32(distinct.count - 1)
        }
        guard distinct.count < dictionary.count else { return (codes, dictionary) }
        return (codes.map { $0 < 0 ? -1 : merged[Int($0)] }, distinct)
    }

    /// Few texts for the number of rows, and short ones.
    static func isCategorical(_ dictionary: [String], present: Int) -> Bool {
        if dictionary.count == present, present >= 10 { return false }
        let length = dictionary.reduce(0) { $0 + $1.utf8.count } / max(1, dictionary.count)
        if length > 64 { return false }
        return dictionary.count <= 20 || (dictionary.count <= 1000 && dictionary.count * 5 <= present)
    }
}
