import Numerics
import Tables

/// Free text as steps of a graph: characters, what they are, the terms that they make, and how much each is a text's own.
///
/// Texts are rows of characters side by side, as long as the longest, all of whole numbers. What holds for a stretch of characters (a word, an
/// emoji of several characters) is found by numbering stretches and moving what is known at one of their characters to the place of that number.
///
/// - Source: `TextTerms` and `TextVectorizer`, which it has to equal.
struct TextGraph {
    private typealias Role = TextAlphabet.Role

    private let vectorizers: [TextVectorizer]
    private let alphabet: TextAlphabet

    /// - Throws: `unsupported` for texts whose words are hashed, and for those that an earlier version learned.
    init(_ columns: [(name: String, vectorizer: TextVectorizer)]) throws(ModelExportError) {
        for (name, vectorizer) in columns {
            guard vectorizer.method != .hash else {
                throw ModelExportError(
                    .unsupported,
                    "the words of column '\(name)' are hashed, which operators of ONNX cannot do: train with --text \(name)=ngrams"
                )
            }
            guard vectorizer.readsSymbols == true else {
                throw ModelExportError(
                    .unsupported, "the text of column '\(name)' was learned by an earlier version: train it again")
            }
        }
        vectorizers = columns.map(\.vectorizer)
        alphabet = TextAlphabet(
            vectorizers.reduce(into: Set("htpw.".unicodeScalars)) { scalars, vectorizer in
                for term in vectorizer.terms { scalars.formUnion(term.unicodeScalars) }
            })
    }

    /// Adds the steps; returns the features of each column.
    /// - Shape: of each [n, 1], returns of each [n, width].
    func build(_ texts: [String], _ builder: inout GraphBuilder) -> [String] {
        let characters = builder.add(
            "Tokenizer", builder.concatenated(texts),
            attributes: [
                .init("mark", .integer(0)), .init("mincharnum", .integer(1)), .init("pad_value", .text("")),
                .init("separators", .texts([""])),
            ], domain: .runtime)
        builder.state(characters, .string)
        let codes = builder.add(
            "LabelEncoder", characters,
            attributes: [
                .init("keys_strings", .texts(alphabet.characters + [""])),
                .init("values_int64s", .integers(alphabet.codes + [0])),
                .init("default_int64", .integer(alphabet.otherCode)),
            ], domain: .learning)
        return vectorizers.enumerated().map { place, vectorizer in
            let own = builder.add("Gather", codes, builder.whole(place), attributes: [.init("axis", .integer(1))])
            return features(own, vectorizer, &builder)
        }
    }

    private func features(_ codes: String, _ vectorizer: TextVectorizer, _ builder: inout GraphBuilder) -> String {
        // A blank on either side of each text.
        let framed = builder.add("Pad", codes, builder.constant(.integers([0, 1, 0, 1]), [4]))
        let text = Letters(lowercased(framed, &builder), alphabet, &builder)
        let counts =
            vectorizer.method == .chars
            ? pieces(text, vectorizer, &builder) : words(text, vectorizer, &builder)
        let terms = weighed(counts, vectorizer, &builder)
        guard !vectorizer.measures.isEmpty else { return terms }
        let measures = vectorizer.measures.map { measure($0, framed, text, &builder) }
        let numbers = builder.cast(builder.concatenated(measures), to: .float)
        return builder.concatenated([terms, builder.add("Log", builder.add("Add", numbers, builder.row([Float(1)])))])
    }

    /// What a property of roles is for each code.
    private func property(_ codes: String, _ of: (Role) -> Int, _ builder: inout GraphBuilder) -> String {
        builder.looked(alphabet.roles.map(of), builder.add("Mod", codes, builder.whole(TextAlphabet.roleLimit)))
    }

    /// Characters that are two in lower case become two.
    private func lowercased(_ codes: String, _ builder: inout GraphBuilder) -> String {
        let second = property(codes, \.second, &builder)
        let isTwo = builder.cast(builder.add("Greater", second, builder.whole(0)), to: .int64)
        let added = builder.cumulative(isTwo)
        let places = builder.add("Sub", builder.add("Add", builder.positions(codes), added), isTwo)
        let most = builder.reshaped(builder.add("ReduceMax", added, attributes: [.init("keepdims", .integer(0))]), [1])
        // Room for those, and a last place for what does not belong anywhere.
        let ends = builder.add(
            "Concat",
            [builder.constant(.integers([0, 0, 0]), [3]), builder.add("Add", most, builder.constant(.integers([1]), [1]))],
            attributes: [.init("axis", .integer(0))])[0]
        let room = builder.add("Pad", builder.add("Sub", codes, codes), ends)
        let first = builder.add("ScatterElements", room, places, codes, attributes: [.init("axis", .integer(1))])
        let last = builder.add("Sub", builder.width(room), builder.whole(1))
        let behind = builder.add(
            "Where", builder.isSet(isTwo), builder.add("Add", places, builder.whole(1)), last)
        let both = builder.add("ScatterElements", first, behind, second, attributes: [.init("axis", .integer(1))])
        return builder.slice(both, from: 0, to: -1)
    }

    // MARK: - Terms

    /// How often a text has each term of words. - Shape: [n, terms].
    private func words(_ text: Letters, _ vectorizer: TextVectorizer, _ builder: inout GraphBuilder) -> String {
        let isPart = builder.add("Equal", text.kinds, builder.whole(Role.symbol))
        let isSame = builder.and(builder.equals(text.kinds, text.before), builder.not(builder.equals(text.kinds, Role.ideograph)))
        let starts = builder.add("Where", isPart, builder.not(text.continues), builder.not(isSame))
        // By their scalars: texts of Swift are the same where Unicode takes them for the same.
        let terms = vectorizer.terms.map { term in
            vectorizer.method == .words
                ? [Array(term.unicodeScalars)] : term.unicodeScalars.split(separator: " ").map { Array($0) }
        }
        let all = Set(terms.joined()).sorted { $0.lexicographicallyPrecedes($1) }
        let spelled = all.map { $0.map { alphabet.numbers[$0] ?? 0 } }
        let sums = sums(spelled)
        let units = Units(text, starts, sums, &builder)
        // A word has two characters at least; ideographs are taken two by two, and one that stands alone is a word.
        let isWord = builder.and(
            builder.equals(units.kinds, Role.word),
            builder.cast(builder.add("Greater", units.lastPlaces, builder.whole(0)), to: .int64))
        let isIdeograph = builder.equals(units.kinds, Role.ideograph), isSymbol = builder.equals(units.kinds, Role.symbol)
        let isFollowed = builder.shifted(isIdeograph, by: -1)
        let isOne = builder.and(
            isIdeograph, builder.add("Max", isFollowed, builder.not(builder.shifted(isIdeograph, by: 1))))
        let next = builder.shifted(builder.and(isIdeograph, units.seconds), by: -1)
        let sum = builder.add("Add", units.sums, builder.and(isIdeograph, next))
        let isTerm = builder.add("Max", isWord, builder.add("Max", isOne, isSymbol))
        let numbers = builder.and(isTerm, builder.numbered(sum, spelled.map(sums.sum)))
        // Side by side, so that pairs of words are pairs of neighbours.
        let order = builder.add("Sub", builder.cumulative(isTerm), builder.whole(1))
        let row = builder.moved(numbers, to: order, where: isTerm)
        let known = Dictionary(uniqueKeysWithValues: zip(all, 1...))
        let features = terms.map { $0.map { known[$0] ?? 0 } }
        return builder.counted(row, features)
    }

    /// How often a text has each piece of two to four characters. - Shape: [n, terms].
    private func pieces(_ text: Letters, _ vectorizer: TextVectorizer, _ builder: inout GraphBuilder) -> String {
        let starts = builder.not(builder.add("Max", text.continues, text.isRepeated))
        let terms = vectorizer.terms.map { vectorizer.characters(of: $0) }
        let all = Set(terms.joined()).sorted { $0.lexicographicallyPrecedes($1) }
        let spelled = all.map { $0.map { alphabet.numbers[$0] ?? 0 } }
        let sums = sums(spelled)
        let units = Units(text, starts, sums, &builder)
        // Behind a text's end there is none.
        let numbers = builder.and(
            builder.cast(builder.add("Greater", units.kinds, builder.whole(0)), to: .int64),
            builder.numbered(units.sums, spelled.map(sums.sum)))
        let base = all.count + 1, known = Dictionary(uniqueKeysWithValues: zip(all, 1...))
        let isKnown = builder.cast(builder.add("Greater", numbers, builder.whole(0)), to: .int64)
        var windows: [String] = [], window = numbers
        for size in 2...4 {
            let next = builder.shifted(numbers, by: 1 - size)
            window = builder.add("Add", builder.add("Mul", window, builder.whole(base)), next)
            // Numbers begin with 1: only a first character that is unknown could make one size look like another.
            windows.append(builder.and(isKnown, window))
        }
        let keys = terms.map { $0.reduce(0) { $0 * base + (known[$1] ?? 0) } }
        let found = builder.numbered(builder.concatenated(windows), keys)
        return builder.counted(found, keys.indices.map { [$0 + 1] })
    }

    /// Numbers whose sums tell what is spelled apart.
    private func sums(_ spelled: [[Int]]) -> TextAlphabet.Sums {
        let places = max(2, (spelled.map(\.count).max() ?? 0) + 1)
        var source = RandomSource(seed: 1)
        while true {
            let values = (0..<alphabet.count * places).map { _ in Int(source.next() >> 16) }
            let sums = TextAlphabet.Sums(places: places, values: values)
            if Set(spelled.map(sums.sum)).count == spelled.count { return sums }
        }
    }

    /// What counts mean: (1 + ln tf) · idf, brought to a length. - Shape: counts [n, terms].
    private func weighed(_ counts: String, _ vectorizer: TextVectorizer, _ builder: inout GraphBuilder) -> String {
        let one = builder.row([Float(1)]), axis = ONNXGraph.Attribute("axes", .integers([1]))
        let isThere = builder.cast(builder.add("Greater", counts, builder.row([Float(0)])), to: .float)
        let sizes = builder.add("Add", builder.add("Log", builder.add("Max", counts, one)), isThere)
        // The logarithm is 0 where there is none.
        let values = builder.add("Mul", sizes, builder.row(vectorizer.weights))
        let length = builder.add("ReduceL2", values, attributes: [axis])
        let scale = builder.add(
            "Div", builder.row([vectorizer.length]), builder.add("Max", length, builder.row([Float.leastNormalMagnitude])))
        return builder.add("Mul", values, scale)
    }

    // MARK: - Measures

    private func measure(
        _ measure: TextMeasure, _ codes: String, _ text: Letters, _ builder: inout GraphBuilder
    ) -> String {
        func share(_ has: @escaping (Role) -> Bool) -> String { builder.total(property(codes, { has($0) ? 1 : 0 }, &builder)) }
        switch measure {
        case .length: return share(\.isCounted)
        case .digits: return share(\.isDigit)
        case .capitals: return share(\.isCapital)
        case .punctuation: return share { $0.isCounted && ($0.kind == Role.other || $0.kind == Role.symbol) }
        case .exclamations: return share(\.isExclamation)
        case .currencySigns: return share(\.isCurrency)
        case .words: return builder.total(wordStarts(text, &builder))
        case .links:
            let starts = wordStarts(text, &builder)
            let kinds = ["http", "www."].map { beginning in
                beginning.unicodeScalars.enumerated().reduce(starts) { found, letter in
                    let own = builder.shifted(text.numbers, by: -letter.offset)
                    return builder.and(found, builder.equals(own, alphabet.numbers[letter.element] ?? 0))
                }
            }
            return builder.total(builder.add("Add", kinds[0], kinds[1]))
        }
    }

    /// Where a blank is followed by something else.
    private func wordStarts(_ text: Letters, _ builder: inout GraphBuilder) -> String {
        builder.and(builder.equals(text.before, Role.blank), builder.not(builder.equals(text.kinds, Role.blank)))
    }
}

/// The characters of texts in lower case, and what they are there, where they stand.
private struct Letters {
    typealias Role = TextAlphabet.Role

    /// Which each is, and of what kind it and the one before it are.
    let numbers: String, kinds: String, before: String
    /// Whether it belongs to the symbol before it; whether it is a blank behind a blank, which are one.
    let continues: String, isRepeated: String

    init(_ codes: String, _ alphabet: TextAlphabet, _ builder: inout GraphBuilder) {
        let limit = builder.whole(TextAlphabet.roleLimit)
        let roles = builder.add("Mod", codes, limit)
        numbers = builder.add("Div", codes, limit)
        let own = builder.looked(alphabet.roles.map(\.kind), roles)
        let changes = builder.looked(alphabet.roles.map { $0.changesSymbols ? 1 : 0 }, roles)
        // What changes symbols is one where the last that does not only change them is one.
        let leads = builder.not(builder.looked(alphabet.roles.map { $0.changesSymbols && $0.kind != Role.symbol ? 1 : 0 }, roles))
        let leaders = builder.cumulative(leads)
        let isIn = builder.taken(builder.moved(builder.equals(own, Role.symbol), to: leaders, where: leads), leaders)
        // A joiner joins; of flags' letters each second one belongs to the one before it, counted from where none or a joiner stood before.
        let joiner = builder.and(isIn, builder.looked(alphabet.roles.map { $0.isJoiner ? 1 : 0 }, roles))
        let flag = builder.looked(alphabet.roles.map { $0.isFlag ? 1 : 0 }, roles), isNone = builder.not(flag)
        let flags = builder.cumulative(flag), groups = builder.cumulative(isNone), two = builder.whole(2)
        let last = builder.taken(
            builder.moved(builder.add("Add", flags, joiner), to: groups, where: isNone), groups)
        let isOdd = builder.add("Mod", builder.add("Add", flags, last), two)
        let joins = builder.add("Where", builder.isSet(flag), isOdd, joiner)
        let follows = builder.shifted(isIn, by: 1)
        continues = builder.and(builder.and(isIn, follows), builder.add("Max", changes, builder.shifted(joins, by: 1)))
        kinds = builder.add("Where", builder.isSet(isIn), builder.whole(Role.symbol), own)
        before = builder.shifted(kinds, by: 1)
        isRepeated = builder.and(builder.equals(kinds, Role.blank), builder.equals(before, Role.blank))
    }
}

/// Stretches of characters that belong together, side by side; behind the last one of a text their kind is 0.
private struct Units {
    let kinds: String
    /// What their characters' numbers make, and the number that the first would have in the second place.
    let sums: String, seconds: String
    /// The place of each one's last character, from 0.
    let lastPlaces: String

    init(_ text: Letters, _ starts: String, _ table: TextAlphabet.Sums, _ builder: inout GraphBuilder) {
        let one = builder.whole(1)
        let units = builder.add("Sub", builder.cumulative(starts), one)
        let positions = builder.positions(text.kinds)
        let places = builder.add(
            "Sub", positions, builder.taken(builder.moved(positions, to: units, where: starts), units))
        let cells = builder.add("Mul", text.numbers, builder.whole(table.places))
        let own = builder.add("Add", cells, builder.add("Min", places, builder.whole(table.places - 1)))
        let ends = builder.not(builder.shifted(builder.not(starts), by: -1))
        let values = builder.and(builder.not(text.isRepeated), builder.looked(table.values, own))
        let totals = builder.moved(builder.cumulative(values), to: units, where: ends)
        sums = builder.add("Sub", totals, builder.shifted(totals, by: 1))
        seconds = builder.moved(builder.looked(table.values, builder.add("Add", cells, one)), to: units, where: starts)
        kinds = builder.moved(text.kinds, to: units, where: starts)
        lastPlaces = builder.moved(places, to: units, where: ends)
    }
}
