import Cells
import Events

/// The line that says how a file was read, in parts of different looks: what was decided stands out, and what is unsure more so.
enum ReadingText {
    /// The line, broken between its parts.
    static func lines(_ reading: DataReading, width: Int) -> [TextLine] {
        wrapped(reading.phrases(grouped: { NumberFormat.grouped($0) }), width: width)
    }

    /// What was decided, in one line that is cut: what is unsure comes first. nil when there was nothing to decide.
    static func short(_ reading: DataReading, width: Int) -> TextLine? {
        let choices = reading.choices.map { DataReading.Phrase(text: $0.words, isChoice: true, isGuess: $0.isGuess) }
        let phrases = [DataReading.Phrase(text: "read with")] + choices.filter(\.isGuess) + choices.filter { !$0.isGuess }
        let lines = wrapped(phrases, width: max(1, width - 2))
        guard !choices.isEmpty, let first = lines.first else { return nil }
        return lines.count > 1 ? first.adding(" …", .muted) : first
    }

    private static func wrapped(_ phrases: [DataReading.Phrase], width: Int) -> [TextLine] {
        guard width > 0 else { return [] }
        var lines = [TextLine()], used = 0
        for phrase in phrases {
            let role: ColorRole = phrase.isGuess ? .warning : phrase.isChoice ? .text : .muted
            for piece in TextWrap.lines(phrase.text, width: width) {
                let length = TextWidth.of(piece)
                if used > 0, used + 1 + length > width {
                    lines.append(TextLine())
                    used = 0
                }
                if used > 0 { lines[lines.count - 1].add(" ", .muted) }
                lines[lines.count - 1].add(piece, role)
                used += length + (used > 0 ? 1 : 0)
            }
        }
        return lines
    }
}
