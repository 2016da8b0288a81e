import Cells
import Events

/// What a remedy does to bias and quality on the same held-out rows.
package struct BiasRemedy: Sendable {
    package struct Line: Sendable {
        package var name: String
        package var before: Double?, beforeInterval: ClosedRange<Double>?
        package var after: Double?, afterInterval: ClosedRange<Double>?
        /// What it is without bias; nil for a measure of quality.
        package var neutral: Double?

        package init(
            _ name: String, before: Double?, beforeInterval: ClosedRange<Double>?, after: Double?,
            afterInterval: ClosedRange<Double>?, neutral: Double?
        ) {
            (self.name, self.before, self.beforeInterval) = (name, before, beforeInterval)
            (self.after, self.afterInterval, self.neutral) = (after, afterInterval, neutral)
        }
    }

    /// What is done, in words.
    package var title: String
    package var lines: [Line]
    package var notes: [String]

    package init(title: String, lines: [Line], notes: [String]) { (self.title, self.lines, self.notes) = (title, lines, notes) }
}

/// Asks what a threshold for each group does to a run's predictions.
package struct TryRemedy: StudioQuery {
    package static let lane = QueryLane.compute

    package let run: RunID
    package let question: String
    /// The facet's place among those asked about.
    package let facet: Int

    package init(_ run: RunID, _ question: String, facet: Int) { (self.run, self.question, self.facet) = (run, question, facet) }

    package func take(_ answer: BiasRemedy, into state: inout AppState) -> [Effect] {
        state.changeScreen(BiasPage.self) { page, _ in
            if page.subject == .run(run), page.question == question { page.take(answer, facet) }
        }
        state.pageChanged()
        return []
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.say(message, .warning)
        return []
    }
}

/// Asks what weighing its training rows did to a run's predictions.
package struct MeasureReweighed: StudioQuery {
    package static let lane = QueryLane.compute

    package let run: RunID
    /// The same run with its rows weighed, which has ended.
    package let reweighed: RunID
    package let question: String
    /// The facet's place among those asked about.
    package let facet: Int

    package init(_ run: RunID, _ reweighed: RunID, _ question: String, facet: Int) {
        (self.run, self.reweighed, self.question, self.facet) = (run, reweighed, question, facet)
    }

    package func take(_ answer: BiasRemedy, into state: inout AppState) -> [Effect] {
        state.changeScreen(BiasPage.self) { page, _ in
            if page.subject == .run(run), page.question == question { page.take(answer, of: reweighed, facet) }
        }
        state.pageChanged()
        return []
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.changeScreen(BiasPage.self) { page, _ in
            if page.subject == .run(run) { page.refuse(reweighed, facet, message) }
        }
        state.pageChanged()
        return []
    }
}

/// A remedy's effect: each measure before and after, with what is sure of it.
struct BiasRemedyText {
    let remedy: BiasRemedy
    let width: Int

    /// - Parameter heading: what was tried.
    func blocks(_ heading: String) -> [Document.Block] {
        let said =
            [TextLine(heading, .title, .bold)]
            + TextWrap.lines(remedy.title, width: max(8, width - 2)).map { TextLine($0, .text) } + [TextLine()]
        let columns = [
            TableColumn(title: "measure", width: 9, priority: 0),
            TableColumn(title: "before", width: 9, isRight: true, priority: 1),
            TableColumn(title: "95 %", width: 19, isRight: true, priority: 4),
            TableColumn(title: "after", width: 9, isRight: true, priority: 2),
            TableColumn(title: "95 %", width: 19, isRight: true, priority: 3),
        ]
        let table = DocumentTable("remedy", columns, remedy.lines.map(cells), width: max(8, width - 2))
        return [.text(said), .table(table), .text(remedy.notes.map { TextLine($0, .muted) })]
    }

    private func cells(_ line: BiasRemedy.Line) -> [TableCell] {
        func number(_ value: Double?) -> String { value.map { NumberFormat.significant($0, digits: 3) } ?? "–" }
        func ends(_ interval: ClosedRange<Double>?) -> String {
            interval.map { "\(number($0.lowerBound)) to \(number($0.upperBound))" } ?? ""
        }
        var role = ColorRole.text
        if let neutral = line.neutral, let before = line.before, let after = line.after, before.isFinite, after.isFinite {
            let gain = (before - neutral).magnitude - (after - neutral).magnitude
            role = gain > 0 ? .good : gain < 0 ? .warning : .text
        }
        return [
            TableCell(text: line.name, role: line.neutral == nil ? .accent : .text), TableCell(text: number(line.before)),
            TableCell(text: ends(line.beforeInterval), role: .muted), TableCell(text: number(line.after), role: role),
            TableCell(text: ends(line.afterInterval), role: .muted),
        ]
    }
}
