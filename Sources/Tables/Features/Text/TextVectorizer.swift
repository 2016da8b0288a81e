import Glibc

/// Turns texts into features: how much each term is a text's own, and what is counted beside.
///
/// A term's value is (1 + ln tf) · idf, tf = how often the text has it, idf = ln((1 + n) / (1 + df)) + 1 over the n training rows, of
/// which df have it; the values of a text are then brought to an L2 norm of `length`. Hashed terms have no idf and count with the
/// sign that their hash gives.
///
/// - Source: Salton and Buckley, "Term-weighting approaches in automatic text retrieval" (1988), as scikit-learn's
///   `TfidfVectorizer(sublinear_tf=True)`; Weinberger et al., "Feature hashing for large scale multitask learning" (2009).
package struct TextVectorizer: Sendable, Hashable, Codable {
    /// Never `none`.
    package let method: TextMethod
    /// The terms in the order of their features, by their bytes, and the idf of each; empty for hashed ones.
    package let terms: [String], weights: [Float]
    /// Features that hashed terms share; 0 for others.
    package let slotCount: Int
    /// L2 norm of a text's terms.
    package let length: Float
    /// What is counted beside.
    package let measures: [TextMeasure]
    /// Whether emoji and other symbols are words; nil in models of earlier versions, in which they are none.
    package let readsSymbols: Bool?

    /// Features of hashed text.
    static let hashedSlots = 4096

    /// Features of terms, which are the first ones.
    package var termCount: Int { slotCount > 0 ? slotCount : terms.count }
    var width: Int { termCount + measures.count }

    /// Names of the features of a column.
    func featureNames(_ column: String) -> [String] {
        (slotCount > 0 ? (0..<slotCount).map { "\(column) #\($0)" } : terms.map { "\(column) \"\($0)\"" })
            + measures.map { "\(column) (\($0.rawValue))" }
    }

    /// Writes the features of some rows. Position p begins at `p * stride + offset` of `target`. A missing text is an empty one.
    func write(
        _ text: (Int) -> String?, rows: [Int]?, positions: Range<Int>, into target: UnsafeMutableBufferPointer<Float>,
        offset: Int, stride: Int
    ) {
        let termCount = termCount, wanted = measures.map(\.index)
        var reader = TextTerms(method, readsSymbols: readsSymbols == true)
        let table = table()
        var counts = [Int32](repeating: 0, count: termCount), isUsed = [Bool](repeating: false, count: termCount),
            used: [Int] = []
        for position in positions {
            let start = position * stride + offset
            for index in start..<start + width { target[index] = 0 }
            guard let text = text(rows?[position] ?? position) else { continue }
            reader.read(text)
            for hash in reader.hashes {
                let number = slotCount > 0 ? Int(truncatingIfNeeded: hash % UInt64(slotCount)) : table.number(of: hash)
                guard let number else { continue }
                if !isUsed[number] {
                    isUsed[number] = true
                    used.append(number)
                }
                counts[number] += slotCount > 0 && hash >> 63 == 1 ? -1 : 1
            }
            var squares: Float = 0
            for number in used {
                let value = value(number, count: counts[number])
                target[start + number] = value
                squares += value * value
                (counts[number], isUsed[number]) = (0, false)
            }
            if squares > 0 {
                let scale = length / squares.squareRoot()
                for number in used { target[start + number] *= scale }
            }
            used.removeAll(keepingCapacity: true)
            for (place, index) in wanted.enumerated() {
                target[start + termCount + place] = log1pf(Float(reader.measures[index]))
            }
        }
    }

    private func value(_ number: Int, count: Int32) -> Float {
        if slotCount > 0 { return count == 0 ? 0 : (count > 0 ? 1 : -1) * (1 + logf(Float(abs(count)))) }
        return (count == 1 ? 1 : 1 + logf(Float(count))) * weights[number]
    }

    /// Distinct words, or pieces of words, of some texts, and those that are no features; of hashed texts none are unknown.
    func unknownTerms(of texts: [String]) -> (all: Int, unknown: Int, example: String?) {
        guard slotCount == 0 else { return (0, 0, nil) }
        let known = table()
        // Of pairs the words say it already.
        var reader = TextTerms(method == .ngrams ? .words : method, readsSymbols: readsSymbols == true)
        var seen = TermTable(), unknown = 0, example: String?
        for text in texts {
            reader.read(text)
            for (place, hash) in reader.hashes.enumerated() {
                let before = seen.count
                guard seen.add(hash) == before, known.number(of: hash) == nil else { continue }
                unknown += 1
                example = example ?? reader.text(of: place)
            }
        }
        return (seen.count, unknown, example)
    }

    /// The characters of a term that is a piece of a word, each of one scalar or, of symbols, of several.
    package func characters(of term: String) -> [[Unicode.Scalar]] { TextTerms.characters(of: term) }

    private func table() -> TermTable {
        var table = TermTable(capacity: terms.count)
        for term in terms { _ = table.add(TextTerms.hash(of: term, method)) }
        return table
    }

    /// What cannot be true of one that was learned; nil = all can.
    var fault: String? {
        guard method != .none, (method == .hash) == (slotCount > 0), slotCount >= 0, slotCount <= 1 << 20 else {
            return "reads text by \(method.rawValue) into \(slotCount) features"
        }
        guard terms.count == weights.count, terms.isEmpty || slotCount == 0, terms.count <= 1 << 20 else {
            return "has \(terms.count) terms with \(weights.count) weights"
        }
        guard length.isFinite, length > 0 else { return "has texts of length \(length)" }
        guard weights.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return "has terms whose weight is no number" }
        // A term's feature is its place among the distinct ones.
        guard Set(terms.map { TextTerms.hash(of: $0, method) }).count == terms.count else { return "has a term twice" }
        guard Set(measures).count == measures.count, width > 0 else { return "has no features of its text" }
        return nil
    }
}
