import Cells
import Events

// Picking a value by typing the beginning of it, or some of its letters.
extension FormField {
    /// Whether one of several values is picked, so that typing begins anew rather than at the end of what stands there.
    var isPicked: Bool { !isRange && !choices.isEmpty && option != .columns }

    /// Whether a slash may be part of what is typed, and so does not begin a search.
    var mayHoldSlash: Bool {
        if isRange { return true }
        switch name {
        case .tuning: return false
        case .dataset, .validationPath, .reading, .readOption, .runName, .experiment, .settings: return true
        case .validationSplit, .seed, .algorithm: return false
        case .target: return choices.isEmpty || choicesHaveSlash
        case .option:
            switch option {
            case .number?, .words?, .flag?: return false
            case .choice(_, let orColumn)?: return orColumn && choicesHaveSlash
            case .column?, .columns?: return choices.isEmpty || choicesHaveSlash
            case .columnWords?, .text?, .texts?, .file?, nil: return true
            }
        case .hyperparameter:
            if !choices.isEmpty { return choicesHaveSlash }
            if case .text? = hyperparameter?.domain { return true }
            return false
        }
    }

    private var choicesHaveSlash: Bool { choices.contains { $0.contains("/") } }

    /// In a field of several choices, those before the one at the end.
    private var earlier: String {
        guard option == .columns, let comma = input.text.lastIndex(of: ",") else { return "" }
        return input.text[...comma] + " "
    }

    /// What is typed of the choice at the end.
    private var begun: String {
        guard option == .columns, let comma = input.text.lastIndex(of: ",") else { return String(input.text.trimmingSpaces) }
        return String(input.text[input.text.index(after: comma)...].trimmingSpaces)
    }

    /// What can be picked: the choices, or where numbers are typed the words that may stand instead.
    private var pickable: [String] { choices.isEmpty ? hyperparameter?.words ?? [] : choices }

    /// Whole texts of the field with choices that fit what is typed, best first; all of them while nothing is typed, or a whole choice.
    package var matchingChoices: [String] {
        if isRange { return [] }
        if isReading { return readingChoices.map { $0.text } }
        let begun = begun, earlier = earlier
        if begun.isEmpty || pickable.contains(begun) { return choices.map { earlier + $0 } }
        // A text of many kilobytes begins no choice.
        guard begun.utf8.count <= pickable.reduce(0, { max($0, $1.utf8.count) }) * 4 else { return [] }
        let lower = begun.lowercased()
        let matching = pickable.filter { $0.lowercased().hasPrefix(lower) }
        if !matching.isEmpty || choices.isEmpty { return matching.map { earlier + $0 } }
        let wanted = FuzzyMatch.Pattern(begun)
        return choices.enumerated().compactMap { index, choice in
            FuzzyMatch.score(wanted, in: choice).map { (score: $0, index: index, text: earlier + choice) }
        }.sorted { ($1.score, $0.index) < ($0.score, $1.index) }.map(\.text)
    }

    /// The text with the choice that fits best what is typed; nil when nothing is begun, or nothing fits.
    package var completion: String? {
        guard !isReading, !isPath, !isRange else { return nil }
        let begun = begun
        guard !begun.isEmpty, !pickable.contains(begun) else { return nil }
        return matchingChoices.first
    }

    /// The completion where it is the only one that begins as typed, so that it is meant without a word.
    var plainCompletion: String? {
        guard let completion, matchingChoices.count == 1 else { return nil }
        return completion.lowercased().hasPrefix((earlier + begun).lowercased()) ? completion : nil
    }

    /// Takes the next or previous choice.
    mutating func cycle(_ direction: Int) {
        guard !choices.isEmpty, !isRange else { return }
        let current = choices.firstIndex(of: option == .columns ? begun : value)
        // The target is most often the last column.
        let start = name == .target || direction < 0 ? choices.count - 1 : 0
        let next = current.map { ($0 + direction + choices.count) % choices.count } ?? start
        input.text = earlier + choices[next]
    }
}
