import Glibc

extension TextVectorizer {
    /// What is wanted of the features.
    struct Limits {
        /// Features of terms at most.
        var terms: Int
        /// Rows that a term must occur in.
        var leastRows = 2
        /// L2 norm of a text's terms.
        var length: Float = 1
        /// Whether lengths, digits and the like are counted beside the terms.
        var takesMeasures = true
    }

    /// Texts that the terms come from at most; of more, every so-manieth.
    private static let textLimit = 200_000

    /// Learns the terms that most training rows have, and how telling each is.
    ///
    /// - Parameters:
    ///   - counts: training rows that have each text of the dictionary.
    ///   - rowCount: training rows, those without a text too.
    /// - Returns: nil when no term occurs in enough rows.
    init?(_ method: TextMethod, _ dictionary: [String], counts: [Int], rowCount: Int, _ limits: Limits) {
        var texts = dictionary.indices.filter { counts[$0] > 0 }
        var rowCount = rowCount
        if texts.count > Self.textLimit {
            let step = (texts.count + Self.textLimit - 1) / Self.textLimit
            texts = stride(from: 0, to: texts.count, by: step).map { texts[$0] }
            rowCount = texts.reduce(0) { $0 + counts[$1] }
        }
        var reader = TextTerms(method)
        var seen = [Set<Int>](repeating: [], count: TextMeasure.allCases.count)
        let isHashed = method == .hash
        var table = TermTable(), frequencies: [Int] = [], latest: [Int] = [], hashes: [UInt64] = []
        for text in texts {
            reader.read(dictionary[text])
            for (index, value) in reader.measures.enumerated() where seen[index].count < 2 { seen[index].insert(value) }
            guard !isHashed else { continue }
            for hash in reader.hashes {
                let number = table.add(hash)
                if number == hashes.count {
                    hashes.append(hash)
                    frequencies.append(0)
                    latest.append(-1)
                }
                if latest[number] != text {
                    latest[number] = text
                    frequencies[number] += counts[text]
                }
            }
        }
        measures = TextMeasure.allCases.filter { limits.takesMeasures && seen[$0.index].count > 1 }
        self.method = method
        readsSymbols = true
        length = limits.length
        guard !isHashed else {
            (terms, weights, slotCount) = ([], [], Self.hashedSlots)
            return
        }
        let frequent = hashes.indices.filter { frequencies[$0] >= limits.leastRows }
            // Terms of equally many rows by their hash, which is no reason but always the same.
            .sorted { (frequencies[$0], hashes[$1]) > (frequencies[$1], hashes[$0]) }.prefix(max(1, limits.terms))
        guard !frequent.isEmpty else { return nil }
        let names = Self.names(of: frequent.map { hashes[$0] }, texts.lazy.map { dictionary[$0] }, method)
        let idf = { (number: Int) in Float(log(Double(1 + rowCount) / Double(1 + frequencies[number])) + 1) }
        let found = zip(names, frequent).map { (name: $0, weight: idf($1)) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        (terms, weights, slotCount) = (found.map(\.name), found.map(\.weight), 0)
    }

    /// How the texts write terms that are known by their hashes.
    private static func names(of hashes: [UInt64], _ texts: some Sequence<String>, _ method: TextMethod) -> [String] {
        var table = TermTable(capacity: hashes.count), names = [String?](repeating: nil, count: hashes.count)
        for hash in hashes { _ = table.add(hash) }
        var reader = TextTerms(method), left = hashes.count
        for text in texts {
            if left == 0 { break }
            reader.read(text)
            for (index, hash) in reader.hashes.enumerated() {
                guard let number = table.number(of: hash), names[number] == nil else { continue }
                names[number] = reader.text(of: index)
                left -= 1
            }
        }
        return names.map { $0 ?? "" }
    }
}
