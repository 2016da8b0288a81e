import Cells
import CheckedNumbers
import Events
import PrintableText

extension RunText {
    /// Classes up to which the whole confusion matrix is shown.
    private static let matrixLimit = 12

    /// Which rows a run was judged by.
    static func judged(_ evaluation: ModelEvaluation) -> String {
        let split = evaluation.metrics.keys.contains { $0.split == "validation" } ? "validation" : "training"
        let stopping = evaluation.stopping.map { "  \($0.words { NumberFormat.significant($0) })\n" } ?? ""
        return "  judged by \(NumberFormat.grouped(evaluation.rowCount)) \(split) \(evaluation.rowCount == 1 ? "row" : "rows")\n"
            + stopping
    }

    /// Everything about an evaluation but its metrics: whose precision they tell, the classes, and which were taken for which.
    static func evaluation(_ evaluation: ModelEvaluation) -> String {
        var out = ""
        if let positive = evaluation.positiveClass {
            out += "  precision, recall, f1 and pr_auc are of \(positive.printable)\n"
        }
        guard !evaluation.classes.isEmpty else { return out }
        out += "\n" + indented(classes(evaluation))
        guard !evaluation.confusion.isEmpty else { return out }
        return out + "\n" + (evaluation.classes.count > matrixLimit ? confusions(evaluation) : matrix(evaluation))
    }

    private static func classes(_ evaluation: ModelEvaluation) -> String {
        table(
            [["class", "precision", "recall", "f1", "rows"]]
                + evaluation.classes.map {
                    [
                        $0.name, NumberFormat.fixed($0.precision, decimals: 3), NumberFormat.fixed($0.recall, decimals: 3),
                        NumberFormat.fixed($0.f1, decimals: 3), count($0.support),
                    ]
                }, rightAligned: [1, 2, 3, 4])
    }

    private static func matrix(_ evaluation: ModelEvaluation) -> String {
        let names = evaluation.classes.map(\.name)
        let rows = zip(names, evaluation.confusion).map { name, counts in [name] + counts.map(count) }
        return "  taken for (columns), by class (rows)\n"
            + indented(table([[""] + names] + rows, rightAligned: Set(1...names.count)))
    }

    private static func confusions(_ evaluation: ModelEvaluation) -> String {
        "  most often taken for another class\n"
            + indented(
                table(
                    evaluation.strongestConfusions(10).map { [$0.expected, "for \($0.predicted)", count($0.weight)] },
                    rightAligned: [2]))
    }

    /// Rows, or weights of rows.
    private static func count(_ weight: Double) -> String {
        weight == weight.rounded() ? NumberFormat.grouped(Int(nearestWithin: weight)) : NumberFormat.fixed(weight, decimals: 1)
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    /// Words in lines of about a hundred columns.
    static func wrapped(_ words: [String]) -> [String] {
        var lines: [String] = []
        for word in words {
            if let last = lines.last, TextWidth.of(last) + TextWidth.of(word) < 84 {
                lines[lines.count - 1] = last + "  " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }
}
