import Cells

/// The columns of runs side by side: names of rows first, then the first run, which stays, and as many others as fit.
struct ComparisonColumns {
    /// What stands in a row below a run.
    struct Entry {
        var text: String
        var role: ColorRole
        var attributes: Style.Attributes
        /// Follows the text at once, where there is room for it: the sign of the best.
        var mark = ""
        /// Follows the text in a look of its own.
        var note = ""
        var noteRole = ColorRole.muted

        init(_ text: String, _ role: ColorRole = .text, _ attributes: Style.Attributes = []) {
            self.text = text
            self.role = role
            self.attributes = attributes
        }

        static let missing = Entry("·", .muted)
    }

    /// Room for a number, its difference and the sign of the verdict.
    private static let least = 17
    private static let most = 36

    let labelWidth: Int
    let columnWidth: Int
    /// The runs in view, by their places: always the first, then those that follow on each other.
    let shown: [Int]
    /// How many of the others are scrolled away on the left, and how many can be.
    let hidden: Int
    let mostHidden: Int
    private let count: Int

    /// - Parameter wanted: how many of the others to scroll away.
    init(count: Int, width: Int, hidden wanted: Int) {
        self.count = count
        labelWidth = min(30, max(14, width * 28 / 100))
        let room = max(12, width - 3 - labelWidth), others = max(0, count - 1)
        let fitting = max(1, min(others, room / Self.least - 1))
        mostHidden = max(0, others - fitting)
        columnWidth = max(6, min(Self.most, room / (fitting + 1)))
        hidden = min(max(0, wanted), mostHidden)
        let first = 1 + hidden
        shown = [0] + Array(first..<min(count, first + fitting))
    }

    /// Which of the runs are in view: `← 3–5 of 9 runs →`.
    var place: String {
        guard mostHidden > 0, let first = shown.dropFirst().first, let last = shown.last else { return "\(count) runs" }
        let range = first == last ? "\(first + 1)" : "\(first + 1)–\(last + 1)"
        return (first > 1 ? "← " : "") + "\(range) of \(count) runs" + (last < count - 1 ? " →" : "")
    }

    /// A row with an entry for each run in view.
    func row(
        _ name: String, _ role: ColorRole = .muted, _ attributes: Style.Attributes = [], _ entry: (Int) -> Entry
    ) -> TextLine {
        var line = TextLine(Self.fitted(name, labelWidth), role, attributes, indent: 2)
        for run in shown {
            let entry = entry(run)
            let text = entry.text.shortened(to: columnWidth - 2)
            let mark = TextWidth.of(text) + TextWidth.of(entry.mark) < columnWidth ? entry.mark : ""
            let marked = TextWidth.of(text) + TextWidth.of(mark)
            let note = marked + TextWidth.of(entry.note) < columnWidth ? entry.note : ""
            line.add(text, mark.isEmpty ? entry.role : .good, entry.attributes)
            if !mark.isEmpty { line.add(mark, .good) }
            if !note.isEmpty { line.add(note, entry.noteRole) }
            let used = marked + TextWidth.of(note)
            line.add(String(repeating: " ", count: max(0, columnWidth - used)), .text)
        }
        return line
    }

    /// Text in exactly so many columns, two of them empty.
    static func fitted(_ text: String, _ width: Int) -> String {
        let shown = text.shortened(to: width - 2)
        return shown + String(repeating: " ", count: max(0, width - TextWidth.of(shown)))
    }
}
