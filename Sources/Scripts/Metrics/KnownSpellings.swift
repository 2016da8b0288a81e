import CheckedNumbers
import Interop
import JSON
import MetricDirections

/// The lines in which the usual tools tell how training goes.
///
/// - Source: what Keras 3, Hugging Face Transformers 4 and 5, Lightning 2, XGBoost 3, LightGBM 4, CatBoost 1.2, fastai 2, MMEngine and
///   scikit-learn 1.9 print. `python/tests/test_output.py` compares what is found with what the tools themselves keep.
final class KnownSpellings {
    private static let number = #"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?i:nan|inf(?:inity)?)"#
    /// Where a line says that it is: a word and a number, as in `Epoch 3/10`, `step=120`, `Iter(train) [50/300]`.
    static let place =
        #"(?i)\b(global_step|epoch|step|iter(?:ation)?|batch|round|update)s?(?:\(\w+\))?[ #:=\[]*\[?\s*(\d+(?:\.\d+)?)"#

    private let epochHeader: Pattern, kerasLine: Pattern, kerasPair: Pattern
    private let dictionaryPair: Pattern, barPair: Pattern, fastaiRow: Pattern, wordPair: Pattern, leadingSplit: Pattern
    private let placePattern: Pattern, iterationLine: Pattern
    private let boosting: BoostingSpellings, lightning: LightningSpellings
    private let places = PlaceCounts()
    /// The epoch that a line of its own said it is in, as Keras and scikit-learn have them.
    private var epoch: Int?
    /// Of Keras, such lines whose epoch is not over, and whether one ever was.
    private var openEpochs = 0, hasEpochEnded = false
    private var fastaiColumns: [String] = []
    private var fastaiBegins = false
    /// A bar at its end: while its epoch lasts it may be written again with newer values.
    private var heldBar: (place: String, placeCount: Int, fields: LogFields)?
    /// The epoch of the bar that was taken last.
    private var barEpoch: Int?
    /// Where the last line of words said that it is, and what has been told of that place.
    private var lastWords: (places: LogFields, names: Set<String>) = ([], [])

    init() throws(ScriptError) {
        let n = "(" + Self.number + ")"
        epochHeader = try Pattern(#"(?i)^\W*epoch:? (\d+)(?:\s*/\s*(\d+))?\W*$"#)
        kerasLine = try Pattern(#"^\s*(\d+)/(\d+|Unknown)\b.*/step - "#)
        kerasPair = try Pattern(#"(?:^|\s)([A-Za-z_][\w./-]*): "# + n + #"(?= - |\s*$)"#)
        iterationLine = try Pattern(#"^Iteration (\d+), loss = "#)
        boosting = try BoostingSpellings(number: n, places: places)
        lightning = try LightningSpellings(number: n)
        dictionaryPair = try Pattern(#"'([\w./-]+)': '?"# + n + #"'?(?=[,}])"#)
        barPair = try Pattern(#"(?<=[ ,\[])([A-Za-z_][\w./-]*)="# + n + #"(?=[,\]])"#)
        fastaiRow = try Pattern(#"^\s*(\d+)((?:\s+(?:"# + Self.number + #"))+)\s+(\d+:\d\d(?::\d\d)?)\s*$"#)
        wordPair = try Pattern(
            #"(?<![\w./-])([A-Za-z][\w@./-]*(?::[A-Za-z][\w@./-]*)?(?: [A-Za-z][\w@./-]*)?)\s*(?:[:=]|\bis\b)?\s*"# + n
                + #"(?:\s*/\s*(\d+)\b)?(?![\w:]|\.\d)"#)
        leadingSplit = try Pattern(#"(?i)^\W*(train(?:ing)?|val(?:id(?:ation)?)?|eval(?:uation)?|test|dev)(?: set)?\b(?![_/.-])"#)
        placePattern = try Pattern(Self.place)
    }

    /// What was decided since the last call.
    func takeNotes() -> [String] { places.takeNotes() }

    /// What a line says, and as which tool writes it.
    func take(_ line: [UInt8]) -> [SpelledFields] {
        guard line.count <= 4096 else { return [] }
        if OutputLines.isBar(line) {
            let earlier = releaseBar(unlessOf: line)
            if let found = barAtItsEnd(line) { return earlier + found }
            return earlier + (look(at: line).map { [$0] } ?? [])
        }
        if let found = lightning.take(line) {
            guard !found.fields.isEmpty else { return [] }
            let earlier = finish()
            if let epoch = found.epoch { barEpoch = places.count(epoch, of: Self.bars) }
            let place: LogFields = barEpoch.map { [("global_step", .integer($0)), ("epoch", .integer($0))] } ?? []
            return earlier + [SpelledFields(tool: "Lightning writes them at its end", fields: place + found.fields)]
        }
        // What another line says was said after the bar.
        return look(at: line).map { finish() + [$0] } ?? []
    }

    /// What a progress bar says that was written over.
    func takeOverwritten(_ line: [UInt8]) -> [SpelledFields] {
        let earlier = releaseBar(unlessOf: line)
        // One that says no epoch is at its end when its line is.
        return Self.places(line, placePattern).isEmpty ? earlier : earlier + (barAtItsEnd(line) ?? [])
    }

    /// What was held back until nothing more follows.
    func finish() -> [SpelledFields] {
        guard let held = heldBar else { return [] }
        heldBar = nil
        var fields = held.fields
        if held.placeCount == 1, let number = Int(fields[0].value.string ?? "") {
            let place = places.count(number, of: Self.bars)
            fields[0].value = .integer(place)
            if fields[0].name == "epoch" { barEpoch = place }
        }
        return [SpelledFields(tool: "progress bars have them", fields: fields)]
    }

    private static let bars = "progress bars"

    private func look(at line: [UInt8]) -> SpelledFields? {
        guard line.contains(where: { (0x30...0x39).contains($0) || $0 | 0x20 == 0x6E || $0 | 0x20 == 0x65 }) else { return nil }
        // Most of what a talkative program prints looks like something that said nothing before.
        let shape = Self.shape(of: line)
        if boosting.isRemark(line) || barren.contains(shape) { return nil }
        if let groups = epochHeader.match(line) {
            epoch = line.integer(groups[1]).map {
                places.count($0, of: "epochs", isAgain: openEpochs == 0 && hasEpochEnded)
            }
            openEpochs += 1
            return nil
        }
        if let groups = kerasLine.match(line) { return keras(line, groups) }
        let before = (fastaiColumns, boosting.awaits)
        if let found = boosting.take(line) ?? dictionary(line) ?? fastai(line) ?? bar(line) ?? words(line) { return found }
        // What is a row or a bar may say something the next time.
        if before.0 == fastaiColumns, fastaiColumns.isEmpty, !before.1, !boosting.awaits, !line.contains(UInt8(ascii: "|")) {
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

    /// A dictionary as Python prints it: the Trainer of Hugging Face.
    private func dictionary(_ line: [UInt8]) -> SpelledFields? {
        guard let open = line.first(where: { $0 != 0x20 }), open == UInt8(ascii: "{") else { return nil }
        let found = pairs(dictionaryPair, line) { (line.text($0[1]), $0[2]) }
        // The last one sums training up: its `train_loss` is the mean of all that was.
        if found.contains(where: { $0.name == "train_runtime" }) { return nil }
        let measured = found.filter { !Self.isCost($0.name) }
        return measured.isEmpty ? nil : SpelledFields(tool: "Hugging Face writes them", fields: measured)
    }

    /// Whether a name of Hugging Face's says what an evaluation cost.
    private static func isCost(_ name: String) -> Bool {
        ["_runtime", "_per_second", "_jit_compilation_time"].contains { name.hasSuffix($0) }
            || ["total_flos", "memory/max_active (GiB)"].contains(name)
    }

    private func keras(_ line: [UInt8], _ groups: [Range<Int>?]) -> SpelledFields? {
        // A bar that has not reached its end says what a batch is at, not what the epoch is.
        let isWhole = line.text(groups[2]) == "Unknown" || line.text(groups[1]) == line.text(groups[2])
        let found = pairs(kerasPair, line) { (line.text($0[1]), $0[2]) }
        guard isWhole, !found.isEmpty else { return nil }
        // After an epoch's end and before the next one begins, `evaluate` prints such a line, of whatever rows it was given.
        let isEvaluation = openEpochs == 0 && hasEpochEnded
        if openEpochs > 0 { (openEpochs, hasEpochEnded) = (openEpochs - 1, true) }
        let fields = isEvaluation ? found.map { ("test/" + $0.name, $0.value) } : found
        // What comes again in an epoch is said by another process.
        let place: LogFields = epoch.map { [("global_step", .integer($0)), ("epoch", .integer($0))] } ?? []
        return SpelledFields(tool: "Keras writes them", fields: place + fields)
    }

    /// Whether a line begins and ends as the head of fastai's table does.
    private static func isFastaiHead(_ line: [UInt8]) -> Bool {
        guard let start = line.firstIndex(where: { $0 > 0x20 }), let end = line.lastIndex(where: { $0 > 0x20 }) else {
            return false
        }
        return line[start...].starts(with: "epoch".utf8) && line[...end].suffix(4).elementsEqual("time".utf8)
    }

    private func fastai(_ line: [UInt8]) -> SpelledFields? {
        guard !fastaiColumns.isEmpty || Self.isFastaiHead(line) else { return nil }
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        if words.first == "epoch", words.last == "time", words.count > 2 {
            (fastaiColumns, fastaiBegins) = (Array(words.dropFirst().dropLast()), true)
            return nil
        }
        guard !fastaiColumns.isEmpty, words.count == fastaiColumns.count + 2, fastaiRow.match(line) != nil,
            let epoch = Int(words[0])
        else { return nil }
        let place = places.count(epoch, of: "epochs", isAgain: fastaiBegins)
        fastaiBegins = false
        return SpelledFields(
            tool: "fastai writes them",
            fields: [("epoch", .integer(place))] + zip(fastaiColumns, words.dropFirst().map { .string($0) }))
    }

    /// A progress bar with values behind it, as tqdm and Lightning have them, when it has reached its end.
    private func bar(_ line: [UInt8]) -> SpelledFields? {
        guard line.contains(UInt8(ascii: "|")), line.contains(UInt8(ascii: "%")) else { return nil }
        let found = pairs(barPair, line) { (line.text($0[1]), $0[2]) }
            .filter { !["v_num", "s", "ms"].contains($0.name) }
        guard !found.isEmpty, String(decoding: line, as: UTF8.self).contains("100%") else { return nil }
        return SpelledFields(tool: "progress bars have them", fields: Self.places(line, placePattern) + found)
    }

    /// Of a bar at its end, what it says, unless that is held; nil for another one.
    private func barAtItsEnd(_ line: [UInt8]) -> [SpelledFields]? {
        guard let found = bar(line) else { return nil }
        let count = Self.places(line, placePattern).count
        guard count > 0 else { return [found] }
        heldBar = (Self.placeText(line, placePattern), count, found.fields)
        return []
    }

    /// What is held, when a bar says that it is elsewhere.
    private func releaseBar(unlessOf line: [UInt8]) -> [SpelledFields] {
        guard let held = heldBar else { return [] }
        let place = Self.placeText(line, placePattern)
        return place.isEmpty || place == held.place ? [] : finish()
    }

    private static func placeText(_ line: [UInt8], _ pattern: Pattern) -> String {
        places(line, pattern).map { "\($0.name) \($0.value.string ?? "")" }.joined(separator: " ")
    }

    /// Names of metrics beside numbers, in whatever order: `Epoch 3, loss: 0.41, acc=0.9`.
    private func words(_ line: [UInt8]) -> SpelledFields? {
        let split = leadingSplit.match(line).map { line.text($0[1]).lowercased() }
        var fields: LogFields = []
        for groups in wordPair.matches(line) {
            guard let range = groups[2], let name = metric(line.text(groups[1])) else { continue }
            var value = LogNumber.value(of: String(decoding: line[range], as: UTF8.self)) ?? .nan
            if let whole = groups[3].flatMap({ Double(line.text($0)) }) {
                // 9825/10000 of accuracy is a share; of anything else it is a place.
                guard whole > 0, Self.isShare(name) else { continue }
                value /= whole
            }
            let hasSplit =
                split == nil || name.contains("/") || ["train", "val", "eval", "test", "dev"].contains { name.hasPrefix($0) }
            fields.append((hasSplit ? name : "\(split ?? "")/\(name)", .number(value)))
        }
        guard !fields.isEmpty else { return nil }
        return SpelledFields(tool: "words beside numbers", fields: wordPlaces(line, Set(fields.map(\.name))) + fields)
    }

    /// Where a line of words is: where it says, or the line of its own before it; else where the line before it was, which told others.
    private func wordPlaces(_ line: [UInt8], _ names: Set<String>) -> LogFields {
        var found = Self.places(line, placePattern)
        if let groups = iterationLine.match(line), let number = line.integer(groups[1]) {
            found = [("iteration", .integer(places.count(number, of: "iterations")))]
        }
        if !found.isEmpty {
            lastWords = (found, names)
        } else if let epoch {
            found = [("epoch", .integer(epoch))]
        } else if lastWords.names.isDisjoint(with: names) {
            found = lastWords.places
            lastWords.names.formUnion(names)
        }
        return found
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
        for groups in pattern.matches(line) {
            guard let word = groups[1], let number = groups[2] else { continue }
            var name = String(decoding: line[word], as: UTF8.self).lowercased()
            if name == "iter" { name = "iteration" }
            guard !fields.contains(where: { $0.name == name }) else { continue }
            fields.append((name, .string(String(decoding: line[number], as: UTF8.self))))
        }
        return fields
    }

    private func pairs(
        _ pattern: Pattern, _ line: [UInt8], _ body: ([Range<Int>?]) -> (name: String, value: Range<Int>?)
    ) -> LogFields {
        pattern.matches(line).map { groups in
            let found = body(groups)
            return (found.name, line.value(found.value))
        }
    }
}
