/// Finds columns of whole numbers that look like the numbers of patients, orders or devices, but are not certain to be: some come again, or
/// the column is called nothing that says so. They are used; whoever knows the data decides.
///
/// What speaks for them: nine in ten are different; they are large and lie close together for their size, as numbers that were handed out one
/// after the other do; and they are not rounded, as what is measured or paid is. A column that is called as keys are needs the first alone.
enum KeyLike {
    private static let leastValues = 50
    /// Smaller numbers may count something.
    private static let leastNumber = 100_000.0
    /// The quartiles of measured quantities lie further apart for their size.
    private static let mostSpread = 0.05

    static func warning(_ column: Column, _ summary: ColumnSummary) -> TableWarning? {
        guard column.kind == .integer, let numbers = column.numbers, let figures = summary.statistics,
            summary.count >= leastValues, summary.missing * 20 <= summary.count, summary.distinct * 10 >= summary.count * 9,
            RowNames.isKey(column.name) || !RowNames.mayMeasure(column.name) && areHandedOut(numbers, figures)
        else { return nil }
        let repeats = summary.count - summary.distinct
        let again =
            repeats == 0
            ? "" : "; \(repeats) come again: \(RowNames.option("--group", column.name)) keeps their rows together"
        return TableWarning(
            .keyLike, column: column.name,
            "\(column.name) looks like keys, \(summary.distinct) different whole numbers in \(summary.count) rows: drop it, unless it "
                + "measures something\(again)")
    }

    private static func areHandedOut(_ numbers: [Double], _ figures: ColumnSummary.NumberSummary) -> Bool {
        guard figures.minimum >= leastNumber, !areMoments(figures),
            figures.upperQuartile - figures.lowerQuartile < figures.median * mostSpread
        else { return false }
        let round = numbers.count { !$0.isNaN && $0.truncatingRemainder(dividingBy: 10) == 0 }
        return round * 5 <= numbers.count
    }

    /// Whether they may be days written as 20240131, or seconds and parts of them since 1970, from 1990 to 2100.
    private static func areMoments(_ figures: ColumnSummary.NumberSummary) -> Bool {
        let scales = [1, 1e3, 1e6, 1e9].map { (6.3e8 * $0)...(4.1e9 * $0) } + [1.9e7...2.1e7]
        return scales.contains { $0.contains(figures.minimum) && $0.contains(figures.maximum) }
    }
}
