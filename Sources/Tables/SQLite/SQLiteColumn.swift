import CTableKernels
import Databases

/// A column of a database as it is read: SQLite keeps the type with each value, so that only the whole column tells what it is.
struct SQLiteColumn {
    private static let longestText = 1 << 24

    private typealias Form = Database.Row.Form

    /// Bits of a whole number or of a double, or the number of a text; by `forms`.
    private var words: [UInt64] = []
    private var forms: [Form] = []
    private let texts = TextNumbering()
    private var hasReals = false, hasTexts = false
    private var blobCount = 0
    /// Whether words for a missing value are texts like others.
    private let keepsWords: Bool

    init(keepsWords: Bool) { self.keepsWords = keepsWords }

    /// - Returns: whether the value can be kept.
    mutating func add(_ row: Database.Row, _ column: Int32) -> Bool {
        var form = row.form(column), word: UInt64 = 0
        switch form {
        case .null: break
        case .integer: word = UInt64(bitPattern: Int64(row.integer(column)))
        case .real:
            word = row.real(column).bitPattern
            hasReals = true
        case .text:
            let code = row.withText(column) { text -> Int32? in
                guard text.count < Self.longestText else { return nil }
                let isMissing = text.isEmpty || !keepsWords && dk_is_missing(text.baseAddress, text.count) != 0
                return isMissing ? -1 : texts.number(text)
            }
            guard let code else { return false }
            if code < 0 { form = .null } else { word = UInt64(code) }
            hasTexts = hasTexts || code >= 0
        case .blob:
            blobCount += 1
            form = .null
        }
        words.append(word)
        forms.append(form)
        return true
    }

    /// Adds it as numbers or, where there is a text, by the rules for text.
    func add(to typed: inout TypedColumns, name: String) {
        let isRounded =
            !hasReals
            && zip(words, forms).contains { $1 == .integer && NumberTyping.isRounded(Double(Int64(bitPattern: $0))) }
        if hasTexts || isRounded || typed.keepsText(name) {
            addTexts(to: &typed, name: name)
        } else {
            addNumbers(to: &typed, name: name)
        }
        if blobCount > 0 {
            typed.add(
                TableWarning(
                    .binaryValues, column: name,
                    "\(name) holds bytes in \(blobCount) of \(forms.count) rows, which count as missing: write what is in them as numbers or text"
                ))
        }
    }

    private func addNumbers(to typed: inout TypedColumns, name: String) {
        var hasInfinity = false, hasValue = false
        let numbers = zip(words, forms).map { word, form -> Double in
            guard form != .null else { return .nan }
            let number = form == .real ? Double(bitPattern: word) : Double(Int64(bitPattern: word))
            hasInfinity = hasInfinity || number.isInfinite
            hasValue = true
            return number
        }
        typed.add(numbers: numbers, name: name, kind: hasValue && !hasReals ? .integer : .numeric, hasInfinity: hasInfinity)
    }

    private func addTexts(to typed: inout TypedColumns, name: String) {
        let codes = zip(words, forms).map { word, form -> Int32 in
            switch form {
            case .integer: return number(String(Int64(bitPattern: word)))
            case .real: return number(String(Double(bitPattern: word)))
            case .text: return Int32(truncatingIfNeeded: word)
            case .null, .blob: return -1
            }
        }
        let hasBadBytes = (0..<texts.count).contains { code in
            let bytes = texts.bytes(of: code)
            return dk_utf8_invalid(bytes.baseAddress, bytes.count) < bytes.count
        }
        typed.add(TextColumn(name: name, codes: codes, dictionary: texts.texts, mayRepeat: hasBadBytes))
        if hasBadBytes {
            typed.add(
                TableWarning(
                    .invalidUTF8, column: name,
                    "\(name) holds text that is not valid: bad bytes are shown as \u{fffd}; correct it in the database"))
        }
    }

    private func number(_ text: String) -> Int32 {
        var text = text
        return text.withUTF8 { texts.number($0) }
    }
}
