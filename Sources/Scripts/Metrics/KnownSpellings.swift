import CheckedNumbers
import Interop
import JSON
import MetricDirections

/// The lines in which the usual tools tell how training goes.
///
/// - Source: what Keras 3, Hugging Face Transformers 4 and 5, Lightning 2, XGBoost 3, LightGBM 4, CatBoost 1.2, fastai 2, MMEngine and
///   scikit-learn 1.9 print.
final class KnownSpellings {
    struct Found {
        var tool: String
        var fields: LogFields
    }

    private static let number = #"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?i:nan|inf(?:inity)?)"#
    /// Where a line says that it is: a word and a number, as in `Epoch 3/10`, `step=120`, `Iter(train) [50/300]`.
    static let place =
        #"(?i)\b(global_step|epoch|step|iter(?:ation)?|batch|round|update)s?(?:\(\w+\))?[ #:=\[]*\[?\s*(\d+(?:\.\d+)?)"#

    private let epochHeader: Pattern, kerasLine: Pattern, kerasPair: Pattern
    private let boostingLine: Pattern, xgboostPair: Pattern, lightGBMPair: Pattern
    private let catBoostLine: Pattern, catBoostPair: Pattern
    private let dictionaryPair: Pattern, barPair: Pattern, fastaiRow: Pattern, wordPair: Pattern, leadingSplit: Pattern
    private let placePattern: Pattern
    /// The epoch that a line of its own said it is in, as Keras and scikit-learn have them.
    private var epoch: Int?
    private var fastaiColumns: [String] = []
    /// What LightGBM called the first rows that were not those of training.
    private var lightGBMValidation: String?

    init() throws(ScriptError) {
        let n = "(" + Self.number + ")"
        epochHeader = try Pattern(#"(?i)^\W*epoch:? (\d+)(?:\s*/\s*(\d+))?\W*$"#)
        kerasLine = try Pattern(#"^\s*(\d+)/(\d+|Unknown)\b.*/step - "#)
        kerasPair = try Pattern(#"(?:^|\s)([A-Za-z_][\w./-]*): "# + n + #"(?= - |\s*$)"#)
        boostingLine = try Pattern(#"^(?:\[\d\d:\d\d:\d\d\]\s*)?\[(\d+)\](?:\t|#011)"#)
        xgboostPair = try Pattern(#"(?:\t|#011)([\w.@]+)-([\w@.-]+):"# + n)
        lightGBMPair = try Pattern(#"(?:\t)([^\t]+?)'s ([^:\t]+): "# + n)
        catBoostLine = try Pattern(#"^(\d+):\t(?=learn|test)"#)
        catBoostPair = try Pattern(#"(?:^|\t)(learn|test\d*): "# + n)
        dictionaryPair = try Pattern(#"'([\w./-]+)': '?"# + n + #"'?(?=[,}])"#)
        barPair = try Pattern(#"(?<=[ ,\[])([A-Za-z_][\w./-]*)="# + n + #"(?=[,\]])"#)
        fastaiRow = try Pattern(#"^\s*(\d+)((?:\s+(?:"# + Self.number + #"))+)\s+(\d+:\d\d(?::\d\d)?)\s*$"#)
        wordPair = try Pattern(
            #"(?<![\w./-])([A-Za-z][\w@./-]*(?::[A-Za-z][\w@./-]*)?(?: [A-Za-z][\w@./-]*)?)\s*(?:[:=]|\bis\b)?\s*"# + n
                + #"(?:\s*/\s*(\d+)\b)?(?![\w:]|\.\d)"#)
        leadingSplit = try Pattern(#"(?i)^\W*(train(?:ing)?|val(?:id(?:ation)?)?|eval(?:uation)?|test|dev)(?: set)?\b(?![_/.-])"#)
        placePattern = try Pattern(Self.place)
    }

    /// What a line says, and as which tool writes it; nil = nothing that is known.
    func take(_ line: [UInt8]) -> Found? {
        guard line.count <= 4096, line.contains(where: { (0x30...0x39).contains($0) || $0 | 0x20 == 0x6E || $0 | 0x20 == 0x65 })
        else { return nil }
        // Most of what a talkative program prints looks like something that said nothing before.
        let shape = Self.shape(of: line)
        if barren.contains(shape) { return nil }
        if let groups = epochHeader.match(line) {
            epoch = integer(line, groups[1])
            return nil
        }
        if let groups = kerasLine.match(line) { return keras(line, groups) }
        let columns = fastaiColumns
        if let found = boosting(line) ?? catBoost(line) ?? dictionary(line) ?? fastai(line) ?? bar(line) ?? words(line) {
            return found
        }
        // What is a row or a bar may say something the next time.
        if columns == fastaiColumns, columns.isEmpty, !line.contains(UInt8(ascii: "|")) {
            if barren.count >= Self.shapeLimit { barren.removeAll(keepingCapacity: true) }
            barren.insert(shape)
        }
        return nil
    }

    /// Shapes of lines in which nothing was found.
    private var barren: Set<UInt64> = []
    private static let shapeLimit = 4096

    /// A hash of a line that is the same for other numbers in the same places; digits that are part of a word count.
    private static func shape(of line: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var isInNumber = false, isInWord = false
        for byte in line {
            let isDigit = byte &- 0x30 < 10
            if isDigit, !isInWord {
                if isInNumber { continue }
                isInNumber = true
                hash = (hash ^ 0x30) &* 0x100_0000_01B3
                continue
            }
            isInNumber = false
            isInWord = byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte == 0x5F || isDigit
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return hash
    }

    private func boosting(_ line: [UInt8]) -> Found? {
        guard let groups = boostingLine.match(line), let round = integer(line, groups[1]) else { return nil }
        let place: LogFields = [("iteration", .integer(round))]
        let xgboost = pairs(xgboostPair, line) { groups in
            ("\(self.text(line, groups[1]))-\(self.text(line, groups[2]))", groups[3])
        }
        if !xgboost.isEmpty { return Found(tool: "XGBoost writes them", fields: place + xgboost) }
        let lightGBM = pairs(lightGBMPair, line) { groups in
            let rows = self.text(line, groups[1])
            if rows != "training", self.lightGBMValidation == nil { self.lightGBMValidation = rows }
            let split = rows == "training" ? "train" : rows == self.lightGBMValidation ? "validation" : rows
            return ("\(split)/\(self.text(line, groups[2]))", groups[3])
        }
        return lightGBM.isEmpty ? nil : Found(tool: "LightGBM writes them", fields: place + lightGBM)
    }

    private func catBoost(_ line: [UInt8]) -> Found? {
        guard let groups = catBoostLine.match(line), let round = integer(line, groups[1]) else { return nil }
        let found = pairs(catBoostPair, line) { groups in
            let rows = self.text(line, groups[1])
            return (
                rows == "learn" ? "train/loss" : rows == "test" || rows == "test0" ? "validation/loss" : rows + "/loss", groups[2]
            )
        }
        return found.isEmpty ? nil : Found(tool: "CatBoost writes them", fields: [("iteration", .integer(round))] + found)
    }

    /// A dictionary as Python prints it: the Trainer of Hugging Face.
    private func dictionary(_ line: [UInt8]) -> Found? {
        guard let open = line.first(where: { $0 != 0x20 }), open == UInt8(ascii: "{") else { return nil }
        let found = pairs(dictionaryPair, line) { (self.text(line, $0[1]), $0[2]) }
        return found.isEmpty ? nil : Found(tool: "Hugging Face writes them", fields: found)
    }

    private func keras(_ line: [UInt8], _ groups: [Range<Int>?]) -> Found? {
        // A bar that has not reached its end says what a batch is at, not what the epoch is.
        let isWhole = text(line, groups[2]) == "Unknown" || text(line, groups[1]) == text(line, groups[2])
        let found = pairs(kerasPair, line) { (self.text(line, $0[1]), $0[2]) }
        guard isWhole, !found.isEmpty else { return nil }
        return Found(tool: "Keras writes them", fields: (epoch.map { [("epoch", .integer($0))] } ?? []) + found)
    }

    /// Whether a line begins and ends as the head of fastai's table does.
    private static func isFastaiHead(_ line: [UInt8]) -> Bool {
        guard let start = line.firstIndex(where: { $0 > 0x20 }), let end = line.lastIndex(where: { $0 > 0x20 }) else {
            return false
        }
        return line[start...].starts(with: "epoch".utf8) && line[...end].suffix(4).elementsEqual("time".utf8)
    }

    private func fastai(_ line: [UInt8]) -> Found? {
        guard !fastaiColumns.isEmpty || Self.isFastaiHead(line) else { return nil }
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        if words.first == "epoch", words.last == "time", words.count > 2 {
            fastaiColumns = Array(words.dropFirst().dropLast())
            return nil
        }
        guard !fastaiColumns.isEmpty, words.count == fastaiColumns.count + 2, fastaiRow.match(line) != nil,
            let epoch = Int(words[0])
        else { return nil }
        return Found(
            tool: "fastai writes them",
            fields: [("epoch", .integer(epoch))] + zip(fastaiColumns, words.dropFirst().map { .string($0) }))
    }

    /// A progress bar with values behind it, as tqdm and Lightning have them, when it has reached its end.
    private func bar(_ line: [UInt8]) -> Found? {
        guard line.contains(UInt8(ascii: "|")), line.contains(UInt8(ascii: "%")) else { return nil }
        let found = pairs(barPair, line) { (self.text(line, $0[1]), $0[2]) }
            .filter { !["v_num", "s", "ms"].contains($0.name) }
        guard !found.isEmpty, String(decoding: line, as: UTF8.self).contains("100%") else { return nil }
        return Found(tool: "progress bars have them", fields: Self.places(line, placePattern) + found)
    }

    /// Names of metrics beside numbers, in whatever order: `Epoch 3, loss: 0.41, acc=0.9`.
    private func words(_ line: [UInt8]) -> Found? {
        let split = leadingSplit.match(line).map { text(line, $0[1]).lowercased() }
        var fields: LogFields = []
        for groups in matches(wordPair, line) {
            guard let range = groups[2], let name = metric(text(line, groups[1])) else { continue }
            var value = LogNumber.value(of: String(decoding: line[range], as: UTF8.self)) ?? .nan
            if let whole = groups[3].flatMap({ Double(text(line, $0)) }) {
                // 9825/10000 of accuracy is a share; of anything else it is a place.
                guard whole > 0, Self.isShare(name) else { continue }
                value /= whole
            }
            let hasSplit =
                split == nil || name.contains("/") || ["train", "val", "eval", "test", "dev"].contains { name.hasPrefix($0) }
            fields.append((hasSplit ? name : "\(split ?? "")/\(name)", .number(value)))
        }
        guard !fields.isEmpty else { return nil }
        var places = Self.places(line, placePattern)
        if places.isEmpty, let epoch { places = [("epoch", .integer(epoch))] }
        return Found(tool: "words beside numbers", fields: places + fields)
    }

    private static func isShare(_ name: String) -> Bool {
        ["acc", "accuracy", "precision", "recall"].contains { name.hasSuffix($0) }
    }

    /// What words were found to name: they come again in every line.
    private var metricNames: [String: String?] = [:]

    private func metric(_ words: String) -> String? {
        if let known = metricNames[words] { return known }
        if metricNames.count >= Self.shapeLimit { metricNames.removeAll(keepingCapacity: true) }
        let name = Self.metric(words)
        metricNames.updateValue(name, forKey: words)
        return name
    }

    /// What the words before a number name, if that is a metric: `Average loss` → `loss`.
    private static func metric(_ words: String) -> String? {
        var parts = words.lowercased().split { $0 == " " || $0 == "." }.map(String.init)
        if parts.contains("best") { return nil }
        parts.removeAll {
            ["average", "avg", "mean", "total", "final", "current", "running", "set", "is", "epoch", "step"].contains($0)
        }
        guard !parts.isEmpty else { return nil }
        let name = parts.joined(separator: "_")
        if ["lr", "learning_rate", "grad_norm"].contains(name) { return name }
        return MetricDirection(ofMetric: name) == .unknown ? nil : name
    }

    /// Where a line says that it is.
    static func places(_ line: [UInt8], _ pattern: Pattern?) -> LogFields {
        guard let pattern else { return [] }
        var fields: LogFields = []
        var start = 0
        while start < line.count, let groups = pattern.match(line, from: start), let whole = groups[0] {
            start = max(whole.upperBound, start + 1)
            guard let word = groups[1], let number = groups[2] else { continue }
            var name = String(decoding: line[word], as: UTF8.self).lowercased()
            if name == "iter" { name = "iteration" }
            guard !fields.contains(where: { $0.name == name }) else { continue }
            fields.append((name, .string(String(decoding: line[number], as: UTF8.self))))
        }
        return fields
    }

    private func matches(_ pattern: Pattern, _ line: [UInt8]) -> [[Range<Int>?]] {
        var found: [[Range<Int>?]] = []
        var start = 0
        while start < line.count, let groups = pattern.match(line, from: start), let whole = groups[0] {
            start = max(whole.upperBound, start + 1)
            found.append(groups)
        }
        return found
    }

    private func pairs(
        _ pattern: Pattern, _ line: [UInt8], _ body: ([Range<Int>?]) -> (name: String, value: Range<Int>?)
    ) -> LogFields {
        matches(pattern, line).map { groups in
            let found = body(groups)
            return (found.name, .string(text(line, found.value)))
        }
    }

    private func text(_ line: [UInt8], _ range: Range<Int>?) -> String {
        range.map { String(decoding: line[$0], as: UTF8.self) } ?? ""
    }

    private func integer(_ line: [UInt8], _ range: Range<Int>?) -> Int? { Int(text(line, range)) }
}
