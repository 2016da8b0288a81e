import CTableKernels

/// The values of one column, row after row.
struct RowValues {
    let name: String
    /// nil where values are not read as plain numbers.
    let numberRule: ColumnRule?
    /// Whether any row said anything of the column.
    private(set) var isGiven = false
    private(set) var count = 0
    /// NaN = missing. One of the two is empty.
    private var numbers: [Double] = []
    /// Places in the dictionary; -1 = missing.
    private var codes: [Int32] = []
    private var hasTexts = false
    private var dictionary: [String] = [], places: [String: Int32] = [:]
    private var misfits: [(row: Int, text: String)] = [], misfitCount = 0

    private static let shownMisfits = 3
    /// Texts that are looked for one after the other, which costs less than a table of them.
    private static let fewTexts = 8

    init(_ name: String, _ rule: ColumnRule?) { (self.name, numberRule) = (name, rule) }

    /// - Parameter onlyEmpty: whether no word but an empty one stands for a missing value.
    mutating func add(_ text: UnsafeBufferPointer<UInt8>, onlyEmpty: Bool) {
        isGiven = true
        guard numberRule != nil else {
            if text.isEmpty || (!onlyEmpty && dk_is_missing(text.baseAddress, text.count) != 0) {
                addMissing()
            } else {
                addText(String(decoding: text, as: UTF8.self))
            }
            return
        }
        if let number = NumberText.value(text) { return append(number) }
        let word = String(decoding: text, as: UTF8.self)
        if !MissingWords.isUsual(word) {
            if misfits.count < Self.shownMisfits { misfits.append((count, word)) }
            misfitCount += 1
        }
        append(.nan)
    }

    mutating func add(_ number: Double) {
        isGiven = true
        if !hasTexts { append(number) } else if number.isNaN { addMissing() } else { addText(Column.text(of: number)) }
    }

    mutating func addMissing(isGiven: Bool = true) {
        self.isGiven = self.isGiven || isGiven
        guard hasTexts else { return append(.nan) }
        codes.append(-1)
        count += 1
    }

    private mutating func append(_ number: Double) {
        numbers.append(number)
        count += 1
    }

    private mutating func addText(_ text: String) {
        if !hasTexts {
            for number in numbers { codes.append(number.isNaN ? -1 : code(of: Column.text(of: number))) }
            (numbers, hasTexts) = ([], true)
        }
        codes.append(code(of: text))
        count += 1
    }

    private mutating func code(of text: String) -> Int32 {
        if dictionary.count <= Self.fewTexts {
            if let place = dictionary.firstIndex(of: text) { return Int32(place) }
        } else if let place = places[text] {
            return place
        }
        let place = Int32(dictionary.count)
        dictionary.append(text)
        if dictionary.count == Self.fewTexts + 1 {
            for (place, text) in dictionary.enumerated() { places[text] = Int32(place) }
        } else if dictionary.count > Self.fewTexts {
            places[text] = place
        }
        return place
    }

    /// The column of plain numbers; nil where it is none.
    var plainColumn: Column? {
        guard let numberRule else { return nil }
        return Column(name: name, kind: numberRule.kind, storage: .numbers(numbers))
    }

    /// That some of the values of a column of plain numbers are none; nil = all are.
    func warning(_ place: (Int) -> String) -> TableWarning? {
        guard let numberRule, misfitCount > 0 else { return nil }
        return ColumnApplying.strayWarning(numberRule, count: misfitCount, misfits.map { ($0.text, place($0.row)) })
    }

    /// Adds the column to others, which decide what it is.
    func add(to typed: inout TypedColumns) {
        if hasTexts {
            typed.add(TextColumn(name: name, codes: codes, dictionary: dictionary, mayRepeat: false))
        } else if numbers.allSatisfy(\.isNaN) {
            // Without a value it is what it was learned to be.
            let codes = [Int32](repeating: -1, count: numbers.count)
            typed.add(TextColumn(name: name, codes: codes, dictionary: [], mayRepeat: false))
        } else {
            let isWhole = numbers.allSatisfy { $0.isNaN || $0 == $0.rounded() }
            typed.add(numbers: numbers, name: name, kind: isWhole ? .integer : .numeric)
        }
    }
}
