import Cells
import Events

/// The tensors of one collection: how large each was over the steps, and what it is like now.
struct TensorsText {
    let run: RunID
    let found: TensorOverview
    let collection: TensorCollection?
    let state: AppState
    let width: Int

    var document: Document {
        guard let collection, !found.rows.isEmpty else { return Document(nothing) }
        var text = Document()
        text.head = head
        let rows = found.rows.filter { $0.collection == collection }
        text.add("", [.table(table(rows, collection))])
        if rows.contains(where: { $0.last?.hasNonFinite ?? false }) {
            text.add(
                "", [TextLine("Some hold NaN or infinity: ! shows which was the first in a step.", .bad)])
        }
        let other = found.mode == .eval ? "; m training steps" : found.evaluationCount > 0 ? "; m evaluations" : ""
        text.add("", [TextLine("j and enter: a histogram over time; ← → another collection" + other, .muted)])
        return text
    }

    private var nothing: [TextLine] {
        let isScript = state.runs[run]?.record.request.isScript ?? false
        let how =
            isScript
            ? "A PyTorch script tells them with hook = descent.Hook(model, optimizer), Keras with descent.keras.Callback()."
            : "Linear learner, networks and XGBoost record them unless debug_save_interval is off."
        return [TextLine("No tensors were captured in this run.", .text), TextLine(how, .muted)]
    }

    private var head: [TextLine] {
        let steps = found.steps
        var words = "\(NumberFormat.grouped(found.stepCount)) steps captured"
        if let first = steps.first, let last = steps.last {
            words += ", \(NumberFormat.grouped(first)) to \(NumberFormat.grouped(last))"
        }
        if found.mode == .eval {
            words = "\(NumberFormat.grouped(found.evaluationCount)) evaluations captured"
            if let first = steps.first, let last = steps.last {
                words += ", after steps \(NumberFormat.grouped(first)) to \(NumberFormat.grouped(last))"
            }
            words += ": what the model makes of rows that it does not learn from"
        } else if found.passedOver > 0 {
            words +=
                ": sampled \(NumberFormat.grouped(found.stepCount)) of "
                + NumberFormat.grouped(found.stepCount + found.passedOver)
        }
        words += ", \(NumberFormat.bytes(found.byteCount))"
        var lines = TextWrap.lines(words, width: max(8, width - 2)).map { TextLine($0, .muted) }
        if found.thinnedCount > 0 {
            let thinned = "\(NumberFormat.grouped(found.thinnedCount)) captured steps were left out again for want of room"
            lines.append(TextLine(thinned, .warning))
        }
        if let spent = spentLine { lines.append(spent) }
        return lines + [TextLine()]
    }

    /// What the newest captured step spent its time on.
    private var spentLine: TextLine? {
        let parts = StepPart.allCases.compactMap { part in found.spent[part].map { (part.rawValue, $0) } }.filter { $0.1 > 0 }
        let whole = parts.reduce(0) { $0 + $1.1 }
        guard whole > 0 else { return nil }
        var line = TextLine("a captured step of \(NumberFormat.duration(whole)): ", .muted)
        for (name, seconds) in parts.sorted(by: { $0.1 > $1.1 }) where seconds >= 0.005 * whole {
            line.add("\(name) ", .muted)
            line.add(NumberFormat.percent(seconds / whole) + "  ", .info)
        }
        return line
    }

    // MARK: - A row a tensor

    private func table(_ rows: [TensorOverview.Row], _ collection: TensorCollection) -> DocumentTable {
        let widest = rows.map { TextWidth.of($0.name) }.max() ?? 6
        let others = lastTitle(collection) == nil ? 62 : 73
        let heat = max(8, min(found.steps.count, width - 2 - min(widest, 32) - others))
        var columns = [
            TableColumn(title: "tensor", width: min(widest, 32), priority: 0, isFlexible: true, least: min(widest, 28), most: 48),
            TableColumn(title: "size over time", width: heat, priority: 7),
            TableColumn(title: "mean", width: 10, isRight: true, priority: 1),
            TableColumn(title: "sd", width: 9, isRight: true, priority: 3),
            TableColumn(title: "min", width: 10, isRight: true, priority: 5),
            TableColumn(title: "max", width: 10, isRight: true, priority: 4),
            TableColumn(title: "zeros", width: 6, isRight: true, priority: 6),
        ]
        if let title = lastTitle(collection) { columns.append(TableColumn(title: title, width: 9, isRight: true, priority: 2)) }
        let scale = scale(rows)
        let cells = rows.map { row in self.cells(row, collection, heat, scale) }
        return DocumentTable(
            "tensors-\(collection.rawValue)", columns, cells, links: rows.map { .tensor(run, $0.name, found.mode) },
            width: width - 2)
    }

    /// What is told of a collection beside moments.
    private func lastTitle(_ collection: TensorCollection) -> String? {
        switch collection {
        case .updates: "ratio"
        case .activations: "inactive"
        default: nil
        }
    }

    private func cells(
        _ row: TensorOverview.Row, _ collection: TensorCollection, _ heat: Int, _ scale: ClosedRange<Double>?
    ) -> [TableCell] {
        guard let last = row.last else { return [TableCell(text: row.name)] }
        let number = { (value: Double?) in value.map { NumberFormat.significant($0, digits: 3) } ?? "–" }
        let isSick = last.hasNonFinite
        let shades = HeatMap([HeatMap.columns(row.summaries.map { shade($0, scale) }, heat)]).lines(glyphs: state.settings.glyphs)
        var cells = [
            TableCell(text: row.name, role: isSick ? .bad : .text, attributes: .bold),
            TableCell(text: shades[0], role: .accent),
            TableCell(text: isSick ? "NaN or Inf" : number(last.mean), role: isSick ? .bad : .text),
            TableCell(text: number(last.standardDeviation)), TableCell(text: number(last.minimum), role: .muted),
            TableCell(text: number(last.maximum), role: .muted),
            TableCell(
                text: NumberFormat.percent(last.shareOfZeros), role: last.shareOfZeros > 0.9 ? .warning : .muted),
        ]
        switch collection {
        case .updates: cells.append(TableCell(text: number(last.updateRatio), role: .info))
        case .activations:
            let share = last.shareOfInactiveUnits
            cells.append(
                TableCell(
                    text: share.map { NumberFormat.percent($0) } ?? "–", role: share.map { $0 > 0.5 } ?? false ? .warning : .info)
            )
        default: break
        }
        return cells
    }

    /// Powers of ten that mean magnitudes of the collection reach over: all rows are shaded by one measure.
    private func scale(_ rows: [TensorOverview.Row]) -> ClosedRange<Double>? {
        let sizes = rows.flatMap(\.summaries).compactMap { $0?.meanMagnitude }.filter { $0.isFinite && $0 > 0 }.map {
            Projected.log($0)
        }
        guard let least = sizes.min(), let most = sizes.max() else { return nil }
        return max(least, most - 8)...most
    }

    private func shade(_ summary: TensorSummary?, _ scale: ClosedRange<Double>?) -> Double {
        guard let summary, let scale else { return .nan }
        guard summary.meanMagnitude > 0, summary.meanMagnitude.isFinite else { return 0 }
        let span = scale.upperBound - scale.lowerBound
        return span > 0 ? max(0.05, (Projected.log(summary.meanMagnitude) - scale.lowerBound) / span) : 0.6
    }
}
