/// What the numbers of cells with one style are.
enum CellStyle {
    case number
    /// Days, with a time of day or not.
    case date
    /// Times of day.
    case clock
    /// Times that go on beyond a day.
    case elapsed

    /// What a built-in or a custom format shows.
    init(format: Int, code: String?) {
        if let code {
            self.init(code: code)
            return
        }
        switch format {
        case 14...17, 22, 27...36, 50...58: self = .date
        case 18...21, 45, 47: self = .clock
        case 46: self = .elapsed
        default: self = .number
        }
    }

    /// A code has the letters y, m and d or h, m and s outside quoted and escaped characters, colours, languages and conditions.
    init(code: String) {
        var hasDay = false, hasClock = false, hasMonth = false, isElapsed = false
        var rest = Array(code.lowercased().utf8)[...]
        // What stands behind a semicolon is for negative numbers and texts.
        while let byte = rest.popFirst(), byte != UInt8(ascii: ";") {
            switch byte {
            case UInt8(ascii: "\""): while let quoted = rest.popFirst(), quoted != UInt8(ascii: "\"") {}
            // The character behind it is shown, left as wide as it is, or repeated.
            case UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "*"): _ = rest.popFirst()
            case UInt8(ascii: "["):
                let inner = Array(rest.prefix { $0 != UInt8(ascii: "]") })
                rest = rest.dropFirst(inner.count + 1)
                if let first = inner.first, "hms".utf8.contains(first), inner.allSatisfy({ $0 == first }) { isElapsed = true }
            case UInt8(ascii: "a"):
                // am/pm and a/p are part of the time, and their m is no month.
                for mark in ["m/pm", "/p"] where rest.starts(with: mark.utf8) {
                    rest = rest.dropFirst(mark.utf8.count)
                    hasClock = true
                    break
                }
            // "General" is a word, which no other part of a code begins like.
            case UInt8(ascii: "g") where rest.starts(with: "eneral".utf8): rest = rest.dropFirst(6)
            case UInt8(ascii: "y"), UInt8(ascii: "d"): hasDay = true
            case UInt8(ascii: "h"), UInt8(ascii: "s"): hasClock = true
            case UInt8(ascii: "m"): hasMonth = true
            default: break
            }
        }
        self = isElapsed ? .elapsed : hasDay ? .date : hasClock ? .clock : hasMonth ? .date : .number
    }
}

/// Reads the styles of cells: number formats and, in the order in which cells name them, the styles that use them.
final class StyleHandler: XMLHandler {
    private(set) var styles: [CellStyle] = []
    private var codes: [Int: String] = [:]
    private var isWithinCells = false
    private(set) var isDone = false
    let fault: TableError? = nil

    func start(_ name: XMLName, _ attributes: XMLAttributes) {
        switch name {
        case "numFmt": if let id = attributes.number("numFmtId") { codes[id] = attributes.text("formatCode") }
        case "cellXfs": isWithinCells = true
        case "xf" where isWithinCells:
            let format = attributes.number("numFmtId") ?? 0
            styles.append(CellStyle(format: format, code: codes[format]))
        default: break
        }
    }

    func end(_ name: XMLName) {
        guard "cellXfs" ~= name else { return }
        isDone = true
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}
