import Glibc
import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Tables

@Suite struct TextFeatureTests {
    static let documents = [
        "Free entry: WIN cash, win a prize!", "Are you free tonight? Café at 8", "win the café prize tonight",
        "no entry tonight, see you", "Café café, you said",
    ]

    private func vectorizer(_ method: TextMethod, leastRows: Int = 2, terms: Int = 1000) throws -> TextVectorizer {
        try #require(
            TextVectorizer(
                method, Self.documents, counts: Self.documents.map { _ in 1 }, rowCount: Self.documents.count,
                .init(terms: terms, leastRows: leastRows)))
    }

    private func features(_ text: TextVectorizer, _ documents: [String?]) -> Matrix {
        Matrix(rowCount: documents.count, columnCount: text.width) { target in
            text.write(
                { documents[$0] }, rows: nil, positions: 0..<documents.count, into: target, offset: 0, stride: text.width)
        }
    }

    /// scikit-learn 1.9.1: `TfidfVectorizer(sublinear_tf=True, min_df=2).fit_transform(documents)`.
    @Test func `words have the weights of scikit-learn`() throws {
        let text = try vectorizer(.words)
        #expect(text.terms.sorted() == ["café", "entry", "free", "prize", "tonight", "win", "you"])
        let place = { (word: String) in text.terms.firstIndex(of: word) ?? 0 }
        let matrix = features(text, Self.documents.map { $0 })
        let expected: [[(String, Float)]] = [
            [("entry", 0.412859), ("free", 0.412859), ("prize", 0.412859), ("win", 0.699030), ("you", 0)],
            [("café", 0.473978), ("free", 0.570995), ("tonight", 0.473978), ("you", 0.473978), ("win", 0)],
            [("café", 0.451637), ("prize", 0.544081), ("tonight", 0.451637), ("win", 0.544081)],
        ]
        for (row, values) in expected.enumerated() {
            for (word, value) in values { #expect(abs(matrix[row, place(word)] - value) < 2e-6, "\(row) \(word)") }
        }
    }

    @Test func `every emoji is a word, with the skin, the flag and the family it is part of`() throws {
        var reader = TextTerms(.words)
        let words = { (text: String) -> [String] in
            reader.read(text)
            return reader.hashes.indices.map { reader.text(of: $0) }
        }
        #expect(words("😀😂 ok 🔥") == ["😀", "😂", "ok", "🔥"])
        #expect(words("👍🏽👍 ❤️☀ 🇫🇷🇩🇪 👨‍👩‍👧🐱") == ["👍🏽", "👍", "❤️", "☀", "🇫🇷", "🇩🇪", "👨‍👩‍👧", "🐱"])
        #expect(words("a 5 € + ?!") == [])
        reader = TextTerms(.chars)
        #expect(words("😀") == [" 😀", "😀 ", " 😀 "])
        // Models of earlier versions know no emoji.
        reader = TextTerms(.ngrams, readsSymbols: false)
        #expect(words("good 😀 day") == ["good", "day", "good day"])
    }

    @Test(arguments: [FeatureOptions.Style.linear, .network, .trees, .distances])
    func `a column of emoji alone is text`(style: FeatureOptions.Style) throws {
        let moods = [["😀", "😂", "🎉", "❤️"], ["😡", "💔", "👎🏽", "😢"]]
        var random = RandomSource(seed: 2)
        let lines = (0..<200).map { row in
            let mood = moods[row % 2]
            return (0..<6).map { _ in mood[Int(random.next() % 4)] }.joined() + ",\(row % 2)\n"
        }
        let table = try Table.of("mood,y\n" + lines.joined())
        let pipeline = try FeaturePipeline.fit(
            table, rows: Array(0..<200), target: "y", standardises: false, options: FeatureOptions(style: style))
        #expect(Set(pipeline.featureNames).isSuperset(of: (moods[0] + moods[1]).map { "mood \"\($0)\"" }))
        #expect(pipeline.warnings.map(\.code) == [.featureChoice])
    }

    /// scikit-learn 1.9.1: `TfidfVectorizer(analyzer='char_wb', ngram_range=(2, 4), sublinear_tf=True, min_df=3)`.
    @Test func `pieces of words have them too`() throws {
        let text = try vectorizer(.chars, leastRows: 3)
        let terms = [
            " c", " ca", " caf", " t", " to", " ton", " y", " yo", " you", ", ", "af", "afé", "afé ", "ca", "caf", "café", "e ",
            "ee",
            "ee ", "fé", "fé ", "gh", "ght", "ht", "ig", "igh", "ight", "ni", "nig", "nigh", "on", "oni", "onig", "ou", "ou ",
            "to",
            "ton", "toni", "u ", "yo", "you", "you ", "é ",
        ]
        #expect(Set(text.terms) == Set(terms))
        let place = { (piece: String) in text.terms.firstIndex(of: piece) ?? 0 }
        let matrix = features(text, Self.documents.map { $0 })
        for (piece, value) in [(" c", 0.348382), (", ", 0.414133), ("e ", 0.348382), ("ee ", 0.414133), ("ou", 0)]
            as [(String, Float)]
        {
            #expect(abs(matrix[0, place(piece)] - value) < 2e-6, "\(piece)")
        }
        for (piece, value) in [(" c", 0.129571), ("e ", 0.219383), ("onig", 0.154025), ("é ", 0.154025)] as [(String, Float)] {
            #expect(abs(matrix[1, place(piece)] - value) < 2e-6, "\(piece)")
        }
    }

    @Test func `pairs of words are terms of their own, and the most frequent terms are kept`() throws {
        let documents = ["win a big prize", "win the prize", "big prize here", "a big prize again"]
        let text = try #require(
            TextVectorizer(.ngrams, documents, counts: [1, 1, 1, 1], rowCount: 4, .init(terms: 100)))
        // "a" is no word, so that "win" stands before "big" in the first; pairs that occur once are left out.
        #expect(text.terms == ["big", "big prize", "prize", "win"])
        let few = try #require(TextVectorizer(.ngrams, documents, counts: [1, 1, 1, 1], rowCount: 4, .init(terms: 1)))
        #expect(few.terms == ["prize"])
        #expect(few.featureNames("message").prefix(2) == ["message \"prize\"", "message (length)"])
    }

    @Test func `what is counted beside words is counted, and what never varies is no feature`() throws {
        let text = try vectorizer(.words)
        #expect(text.measures == [.length, .words, .digits, .capitals, .punctuation, .exclamations])
        let row = Array(features(text, ["GO to www.x.com NOW!! £5"]).row(0).suffix(6))
        // log(1 + x) of 24 characters, 5 words, 1 digit, 5 capitals, 5 signs (two points, two marks and the pound) and 2 marks.
        let counts: [Float] = [24, 5, 1, 5, 5, 2]
        for (value, count) in zip(row, counts) { #expect(abs(value - Float(log1p(Double(count)))) < 1e-6, "\(count)") }
        #expect(features(text, [nil, ""]).elements.allSatisfy { $0 == 0 })
    }

    @Test func `hashed words need no rows to learn from, and weigh the same wherever they stand`() throws {
        let text = try vectorizer(.hash)
        #expect(text.terms.isEmpty && text.termCount == 4096)
        let matrix = features(text, ["never seen words", "words never seen", "never seen words"])
        #expect(matrix.row(0).elementsEqual(matrix.row(2)) && !matrix.row(0).elementsEqual(matrix.row(1)))
        let norm = matrix.row(0).prefix(4096).reduce(0) { $0 + $1 * $1 }
        #expect(abs(norm - 1) < 1e-5)
        // Three words and two pairs, one way and the other.
        #expect(matrix.row(0).prefix(4096).count { $0 != 0 } == 5)
        #expect(matrix.row(0).contains { $0 < 0 } || matrix.row(1).contains { $0 < 0 })
    }

    @Test func `languages without blanks have words of two characters`() {
        var reader = TextTerms(.words)
        reader.read("東京都に Straße ОДИН")
        #expect(reader.hashes.indices.map { reader.text(of: $0) } == ["東京", "京都", "都に", "straße", "один"])
    }

    @Test func `text whose words recur is read, keys and random letters are not`() {
        var random = RandomSource(seed: 4)
        let pick = { (words: [String], random: inout RandomSource) in words[Int(random.next() % UInt64(words.count))] }
        let words = "red green blue car boat house big small old new fast slow".split(separator: " ").map(String.init)
        let titles = (0..<300).map { number in "\(pick(words, &random)) \(pick(words, &random)) x\(number)" }
        #expect(FreeText.survey(titles).isText)
        let links = (0..<300).map { "https://example.org/\(pick(words, &random))/\(pick(words, &random))?id=\($0)" }
        #expect(FreeText.survey(links).isText)
        let hex = Array("0123456789abcdef")
        let letters = { (count: Int, random: inout RandomSource) in
            String((0..<count).map { _ in hex[Int(random.next() % 16)] })
        }
        let keys = (0..<20_000).map { _ in
            "\(letters(8, &random))-\(letters(4, &random))-4\(letters(3, &random))-a\(letters(3, &random))-\(letters(12, &random))"
        }
        #expect(!FreeText.survey(keys).isText)
        #expect(!FreeText.survey((0..<300).map { "customer no \($0)" }).isText)
        #expect(!FreeText.survey((0..<300).map { _ in letters(16, &random) }).isText)
    }

    private static let table =
        "id,message,y\n"
        + (0..<80).map { row in
            let word = ["alpha", "beta", "gamma", "delta"][row % 4], other = ["one", "two", "three"][row % 3]
            return "k\(row)z,\(word) \(other) is so word\(row),\(row % 4)\n"
        }.joined()

    @Test func `a pipeline reads text, leaves its terms unscaled and says so; ids it leaves out`() throws {
        let table = try Table.of(Self.table), rows = Array(0..<60)
        for style in [FeatureOptions.Style.linear, .network, .trees, .distances] {
            let pipeline = try FeaturePipeline.fit(
                table, rows: rows, target: "y", standardises: false, options: FeatureOptions(style: style))
            #expect(pipeline.columnNames == ["message"])
            #expect(pipeline.warnings.map(\.code) == [.rowName, .featureChoice])
            let terms = pipeline.unscaledFeatures
            #expect(terms.count == 1 && terms.first?.lowerBound == 0)
            #expect(terms.first.map { $0.upperBound } ?? 0 < pipeline.featureCount)
            if style == .distances { #expect(terms.first?.count == 9) }
            // Words of rows that it was not learned on are none.
            #expect(!pipeline.featureNames.contains { $0.contains("word6") && $0.contains("7") })
        }
    }

    @Test func `what is said of a column goes before what it holds`() throws {
        let table = try Table.of(Self.table), rows = Array(0..<60)
        func names(_ text: [String: TextMethod]) throws -> [String] {
            var options = FeatureOptions(style: .linear)
            options.text = text
            return try FeaturePipeline.fit(table, rows: rows, target: "y", standardises: false, options: options).columnNames
        }
        #expect(try names(["message": .none, "id": .chars]) == ["id"])
        #expect(try names(["message": .words]) == ["message"])
        #expect(try names(["id": .hash]) == ["id", "message"])
    }

    @Test func `a saved pipeline is the same, and a damaged one is refused`() throws {
        let table = try Table.of(Self.table)
        let pipeline = try FeaturePipeline.fit(
            table, rows: Array(0..<60), target: "y", standardises: false, options: FeatureOptions(style: .trees))
        let bytes = try JSONEncoder().encode(pipeline)
        #expect(try JSONDecoder().decode(FeaturePipeline.self, from: bytes) == pipeline)
        let text = String(decoding: bytes, as: UTF8.self)
        for (old, new) in [
            ("\"alpha\"", "\"beta\""), ("\"slotCount\":0", "\"slotCount\":-3"), ("\"weights\":[", "\"weights\":[1,"),
            ("\"method\":\"ngrams\"", "\"method\":\"none\""), ("\"measures\":[\"length\"", "\"measures\":[\"length\",\"length\""),
        ] {
            #expect(text.contains(old), "\(old)")
            #expect(throws: DecodingError.self, "\(new)") {
                try JSONDecoder().decode(FeaturePipeline.self, from: Array(text.replacing(old, with: new).utf8).data)
            }
        }
    }

    @Test func anASCIICharacterIsReadAsAnyOther() {
        for value in UInt8(0)..<128 {
            let scalar = Unicode.Scalar(value), read = TextScalar(scalar, readsSymbols: true)
            var reader = TextTerms(.chars)
            reader.read("x\(scalar)x")
            let pieces = reader.hashes.indices.map { reader.text(of: $0) }
            let inside = read.kind == .blank ? "x " : "x\(TextScalar.lowercase(scalar, read))"
            #expect(pieces.contains(inside), "\(value)")
            #expect(reader.measures[TextMeasure.digits.index] == (read.isDigit ? 1 : 0), "\(value)")
            #expect(reader.measures[TextMeasure.capitals.index] == (read.isCapital ? 1 : 0), "\(value)")
            #expect(reader.measures[TextMeasure.punctuation.index] == (read.kind == .other ? 1 : 0), "\(value)")
            #expect(reader.measures[TextMeasure.currencySigns.index] == (read.isCurrency ? 1 : 0), "\(value)")
        }
    }

    @Test func aPieceIsPartedWhereItsTextWas() {
        let parted = TextTerms.characters(of: " 👩‍👩‍👧🇩🇪🇫")
        #expect(parted.map(\.count) == [1, 5, 2, 1])
        #expect(TextTerms.characters(of: "ab ").count == 3)
        // A blank and what stands on it are one to Swift.
        #expect(TextTerms.characters(of: " \u{20e3},").map(\.count) == [1, 1, 1])
    }
}

extension [UInt8] {
    fileprivate var data: Data { Data(self) }
}
