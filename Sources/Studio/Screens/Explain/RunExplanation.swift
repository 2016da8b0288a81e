import Events

/// What each column did to a run's predictions for some rows of its data.
package struct RunExplanation: Sendable {
    package struct Column: Sendable {
        package var name: String
        /// The rows' values as they are written.
        package var texts: [String]
        /// As numbers; nil for words.
        package var numbers: [Double]?
        /// Where each row's value lies among the rows', from 0 to 1; NaN where it is missing.
        package var places: [Double]
        /// The column that it does most together with; nil where that is not known.
        package var partner: Int?

        package init(name: String, texts: [String], numbers: [Double]?, places: [Double], partner: Int? = nil) {
            (self.name, self.texts, self.numbers) = (name, texts, numbers)
            (self.places, self.partner) = (places, partner)
        }
    }

    package var target: String
    /// Classes that outputs are of; one without a name where there is one output.
    package var outputs: [String]
    /// How the values were found, what they are of, and where absent columns take values from.
    package var method: String, space: String, background: String
    package var columns: [Column]
    /// Places of the rows in their file, from 0, and how many it has.
    package var rows: [Int]
    package var rowTotal: Int
    /// - Shape: [outputs]; [rows, outputs, columns]; [rows, outputs].
    package var expected: [Double], values: [Double], predicted: [Double]
    /// The largest half width of an interval of 95 %; nil where values are exact.
    package var error: Double?
    /// What to know of all this.
    package var notes: [String]

    package init(
        target: String, outputs: [String], method: String, space: String, background: String, columns: [Column], rows: [Int],
        rowTotal: Int, expected: [Double], values: [Double], predicted: [Double], error: Double?, notes: [String]
    ) {
        (self.target, self.outputs, self.method, self.space, self.background) = (target, outputs, method, space, background)
        (self.columns, self.rows, self.rowTotal, self.expected) = (columns, rows, rowTotal, expected)
        (self.values, self.predicted, self.error, self.notes) = (values, predicted, error, notes)
    }

    func value(_ row: Int, _ output: Int, _ column: Int) -> Double {
        values[(row * outputs.count + output) * columns.count + column]
    }

    /// Mean size of what a column does.
    func size(_ column: Int, _ output: Int) -> Double {
        guard !rows.isEmpty else { return 0 }
        return rows.indices.reduce(0) { $0 + value($1, output, column).magnitude } / Double(rows.count)
    }

    /// Columns in descending order of what they do.
    func order(_ output: Int) -> [Int] {
        let sizes = columns.indices.map { size($0, output) }
        return columns.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    }
}

/// Asks what each column did to a run's predictions.
package struct ExplainRun: StudioQuery {
    package static let lane = QueryLane.compute
    package static let isLive = true
    /// Rows that are explained, spread over the data.
    package static let mostRows = 300

    package let run: RunID

    package init(_ run: RunID) { self.run = run }

    package func take(_ answer: RunExplanation, into state: inout AppState) -> [Effect] {
        let step = state.runs[run]?.step
        state.changeScreen(ExplainPage.self) { page, _ in if page.run == run { page.take(answer, step: step) } }
        state.pageChanged()
        return []
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.changeScreen(ExplainPage.self) { page, _ in if page.run == run { page.refuse(message) } }
        state.pageChanged()
        return []
    }
}

/// What becomes of a row when some of its values are changed.
package struct WhatIf: Sendable {
    /// Values by which it differs, by column.
    package var edits: [String: String]
    /// - Shape: [outputs, columns]; [outputs].
    package var values: [Double], predicted: [Double]
    /// What is predicted, in words: a class with its probability, or a number.
    package var words: String
    /// The same of the row as it is.
    package var before: String

    package init(edits: [String: String], values: [Double], predicted: [Double], words: String, before: String) {
        (self.edits, self.values, self.predicted) = (edits, values, predicted)
        (self.words, self.before) = (words, before)
    }
}

/// Asks what a model says of a row with some of its values changed.
package struct AskWhatIf: StudioQuery {
    package static let lane = QueryLane.compute
    package static let isLive = true

    package let run: RunID
    /// The row's place in its file.
    package let row: Int
    package let edits: [String: String]

    package init(_ run: RunID, row: Int, edits: [String: String]) { (self.run, self.row, self.edits) = (run, row, edits) }

    package func take(_ answer: WhatIf, into state: inout AppState) -> [Effect] {
        state.changeScreen(ExplainPage.self) { page, _ in
            if page.run == run, page.rowPlace == row { page.take(answer) }
        }
        state.pageChanged()
        return []
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.changeScreen(ExplainPage.self) { page, _ in page.takeBack(edits) }
        state.say(message, .warning)
        return []
    }
}

/// How a model's output goes with one column.
package struct ColumnDependence: Sendable {
    package var column: String
    /// The values that were tried, in words, and as numbers where they are some.
    package var texts: [String], numbers: [Double]?
    /// The part of the rows in each.
    package var distribution: [Double]
    /// - Shape: [outputs, values]; of single rows [rows, outputs, values].
    package var means: [Double], lines: [Double]

    package init(column: String, texts: [String], numbers: [Double]?, distribution: [Double], means: [Double], lines: [Double]) {
        (self.column, self.texts, self.numbers) = (column, texts, numbers)
        (self.distribution, self.means, self.lines) = (distribution, means, lines)
    }
}

/// Asks how a model's output goes with one column.
package struct AskDependence: StudioQuery {
    package static let lane = QueryLane.compute

    package let run: RunID
    package let column: String

    package init(_ run: RunID, _ column: String) { (self.run, self.column) = (run, column) }

    package func take(_ answer: ColumnDependence, into state: inout AppState) -> [Effect] {
        state.changeScreen(ExplainPage.self) { page, _ in if page.run == run { page.take(answer) } }
        return []
    }
}

/// Asks for the smallest changes of a row after which the model says something else.
package struct AskCounterfactuals: StudioQuery {
    package static let lane = QueryLane.compute

    package let run: RunID
    package let row: Int

    package init(_ run: RunID, row: Int) { (self.run, self.row) = (run, row) }

    /// Each the changed values, by column.
    package func take(_ answer: [[String: String]], into state: inout AppState) -> [Effect] {
        var first: [String: String]?
        state.changeScreen(ExplainPage.self) { page, _ in
            guard page.run == run, page.rowPlace == row else { return }
            page.take(counterfactuals: answer)
            first = answer.first
        }
        guard let first else {
            state.say("no change of up to four columns makes the model say something else", .warning)
            return []
        }
        return state.tryEdits(first)
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.say(message, .warning)
        return []
    }
}
