/// Cuts texts into terms (words, pairs of words or pieces of words), each known by a hash of its lowercase letters.
///
/// Two terms of one hash count as one: among a million terms that is one chance in ten million.
///
/// - Source: words and pieces are those of scikit-learn's `TfidfVectorizer`, analyzers `word` and `char_wb`. Beyond them, vowel signs
///   belong to their words, of Chinese and Japanese, which do not part words, every two characters in a row are a word, and so is every
///   emoji or other symbol, with what changes its look or joins it to the next.
struct TextTerms {
    /// `words`, `ngrams` or `chars`; `hash` reads as `ngrams` does.
    let method: TextMethod
    /// Whether emoji and other symbols are words; in models of earlier versions they are none.
    let readsSymbols: Bool
    /// The terms of the text read last, in order; those that recur more than once.
    private(set) var hashes: [UInt64] = []
    /// What is counted beside the terms, in the order of `TextMeasure`.
    private(set) var measures = [Int](repeating: 0, count: TextMeasure.allCases.count)
    /// Where each term lies: one stretch of `bytes`, or two with a blank between.
    private var spans: [(first: Range<Int>, second: Range<Int>)] = []
    /// The text in lower case, each run of blanks as one, and one at either end.
    private var bytes: [UInt8] = []
    /// Where each character of `bytes` begins, and what it is.
    private var starts: [Int] = [], kinds: [Kind] = []
    /// Whether the next symbol belongs to the one before it.
    private var joins = false

    typealias Kind = TextScalar.Kind

    init(_ method: TextMethod, readsSymbols: Bool = true) {
        self.method = method
        self.readsSymbols = readsSymbols
    }

    /// Reads a text in place of the last one.
    mutating func read(_ text: String) {
        normalise(text)
        hashes.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
        if method == .chars { findPieces() } else { findWords() }
    }

    /// A term of the text read last, as it is written.
    func text(of term: Int) -> String {
        let (first, second) = spans[term]
        return String(decoding: bytes[first] + (second.isEmpty ? [] : [Self.blank] + bytes[second]), as: UTF8.self)
    }

    /// Whether a term of the text read last has a digit.
    func hasDigit(_ term: Int) -> Bool { bytes[spans[term].first].contains { $0 &- 48 < 10 } }

    /// The hash of a term that is known by its text.
    static func hash(of term: String, _ method: TextMethod) -> UInt64 {
        let bytes = Array(term.utf8)
        guard method != .chars, let gap = bytes.firstIndex(of: blank) else { return hash(bytes, 0..<bytes.count) }
        return pair(hash(bytes, 0..<gap), hash(bytes, gap + 1..<bytes.count))
    }

    /// The characters of a piece, each of one scalar or, of symbols, of several.
    static func characters(of term: String) -> [[Unicode.Scalar]] {
        var reader = TextTerms(.chars)
        reader.normalise(term)
        // Texts have a blank on either side, which a piece has where it ends with a word.
        let first = term.utf8.first == blank ? 0 : 1, last = reader.starts.count - (term.utf8.last == blank ? 0 : 1)
        return (first..<max(first, last)).map { character in
            let bytes = reader.bytes[reader.starts[character]..<reader.end(character)]
            return Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        }
    }

    private static let blank = UInt8(ascii: " ")

    /// - Source: Fowler, Noll and Vo's FNV-1a, its bits then mixed as in Appleby's MurmurHash3.
    private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return mixed(hash)
    }

    private static func mixed(_ hash: UInt64) -> UInt64 {
        var hash = hash
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return hash ^ (hash >> 33)
    }

    private static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 { mixed(first &* 0x9e37_79b9_7f4a_7c15 ^ second) }

    // MARK: words and pieces

    private mutating func findWords() {
        var index = 0
        while index < kinds.count {
            let kind = kinds[index], first = index
            while index < kinds.count, kinds[index] == kind { index += 1 }
            if kind == .word, index - first > 1 {
                add(starts[first]..<end(index - 1))
            } else if kind == .ideograph {
                for one in first..<max(first + 1, index - 1) { add(starts[one]..<end(min(one + 1, index - 1))) }
            } else if kind == .symbol {
                for one in first..<index { add(starts[one]..<end(one)) }
            }
        }
        guard method != .words else { return }
        for index in hashes.indices.dropFirst() {
            hashes.append(Self.pair(hashes[index - 1], hashes[index]))
            spans.append((spans[index - 1].first, spans[index].first))
        }
    }

    private mutating func findPieces() {
        var first = 0
        while let next = kinds[(first + 1)...].firstIndex(of: .blank) {
            // The word with a blank on either side; one shorter than a piece is a piece of its own, once.
            let length = next - first + 1
            for size in 2...4 {
                if length <= size {
                    add(starts[first]..<end(next))
                    break
                }
                for start in first...next + 1 - size { add(starts[start]..<end(start + size - 1)) }
            }
            first = next
            if first + 1 == kinds.count { return }
        }
    }

    private mutating func add(_ range: Range<Int>) {
        hashes.append(Self.hash(bytes, range))
        spans.append((range, 0..<0))
    }

    private func end(_ character: Int) -> Int { character + 1 < starts.count ? starts[character + 1] : bytes.count }

    // MARK: characters

    private mutating func normalise(_ text: String) {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        kinds.removeAll(keepingCapacity: true)
        for index in measures.indices { measures[index] = 0 }
        append(Self.blank, .blank)
        var text = text
        text.withUTF8 { source in
            var index = 0
            while index < source.count {
                let byte = source[index]
                if byte < 0x80 {
                    takeASCII(byte)
                    index += 1
                } else {
                    let (scalar, length) = Self.scalar(source, index)
                    take(scalar)
                    index += length
                }
            }
        }
        if kinds.last != .blank { append(Self.blank, .blank) }
        if kinds.count > 1 { countWords() }
    }

    private mutating func append(_ byte: UInt8, _ kind: Kind) {
        starts.append(bytes.count)
        kinds.append(kind)
        bytes.append(byte)
    }

    private mutating func takeASCII(_ byte: UInt8) {
        measures[TextMeasure.length.index] += 1
        switch byte {
        case 97...122, 95: append(byte, .word)
        case 65...90:
            measures[TextMeasure.capitals.index] += 1
            append(byte | 32, .word)
        case 48...57:
            measures[TextMeasure.digits.index] += 1
            append(byte, .word)
        case 9...13, 28...32: if kinds.last != .blank { append(Self.blank, .blank) }
        default:
            measures[TextMeasure.punctuation.index] += 1
            if byte == 33 { measures[TextMeasure.exclamations.index] += 1 }
            if byte == 36 { measures[TextMeasure.currencySigns.index] += 1 }
            append(byte, .other)
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        measures[TextMeasure.length.index] += 1
        let read = TextScalar(scalar, readsSymbols: readsSymbols)
        if read.kind == .blank {
            if kinds.last != .blank { append(Self.blank, .blank) }
            return
        }
        let follows = kinds.last == .symbol
        if read.kind == .symbol || follows && read.changesSymbols { return takeSymbol(scalar, read, follows: follows) }
        if read.isCapital { measures[TextMeasure.capitals.index] += 1 }
        if read.isDigit { measures[TextMeasure.digits.index] += 1 }
        if read.kind == .other { measures[TextMeasure.punctuation.index] += 1 }
        if read.isCurrency { measures[TextMeasure.currencySigns.index] += 1 }
        for scalar in TextScalar.lowercase(scalar, read) {
            starts.append(bytes.count)
            kinds.append(read.kind)
            bytes.append(contentsOf: String(scalar).utf8)
        }
    }

    /// Takes a symbol, or what belongs to the symbol before it.
    private mutating func takeSymbol(_ scalar: Unicode.Scalar, _ read: TextScalar, follows: Bool) {
        measures[TextMeasure.punctuation.index] += 1
        if !(follows && (read.changesSymbols || joins)) {
            starts.append(bytes.count)
            kinds.append(.symbol)
        }
        bytes.append(contentsOf: String(scalar).utf8)
        // Two letters make a flag.
        joins = read.isJoiner || read.isFlag && !(follows && joins)
    }

    private mutating func countWords() {
        for index in kinds.indices.dropLast() where kinds[index] == .blank {
            measures[TextMeasure.words.index] += 1
            let word = bytes[(starts[index] + 1)...]
            if word.starts(with: "http".utf8) || word.starts(with: "www.".utf8) { measures[TextMeasure.links.index] += 1 }
        }
    }

    /// The character that begins at a byte of valid UTF-8, and how many bytes it has.
    private static func scalar(_ source: UnsafeBufferPointer<UInt8>, _ index: Int) -> (Unicode.Scalar, Int) {
        let first = UInt32(source[index]), length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        guard index + length <= source.count else { return (Unicode.Scalar(0xfffd) ?? " ", source.count - index) }
        var value = first & (length == 2 ? 0x1f : length == 3 ? 0x0f : 0x07)
        for next in index + 1..<index + length { value = value << 6 | UInt32(source[next] & 0x3f) }
        return (Unicode.Scalar(value) ?? "\u{fffd}", length)
    }
}
