import JSON

/// A model over files that Spark reads, predicts for on its executors, and writes again.
package struct SparkTransform: Sendable {
    package var errand: SparkErrand
    /// Files and folders, with commas between.
    package var path: String
    /// How text files are written: `delimiter`, `header`.
    package var reading: [String: String]
    /// The model's file, and the folder that is made.
    package var model: String, out: String
    /// This program, where executors have it; nil = they score by NumPy.
    package var program: String?

    package init(
        _ errand: SparkErrand, path: String, reading: [String: String], model: String, out: String, program: String?
    ) {
        (self.errand, self.path, self.reading) = (errand, path, reading)
        (self.model, self.out, self.program) = (model, out, program)
    }

    /// - Parameters:
    ///   - isStopped: looked at 20 times a second.
    ///   - tell: told what Spark says meanwhile.
    /// - Returns: how many rows and files there were, and the columns that were added.
    /// - Throws: what Spark or the data refuse; `stopped`. What was written so far is no whole folder then.
    package func run(
        isStopped: @escaping () -> Bool, tell: @escaping (String) -> Void
    ) throws(SparkFault) -> (rows: Int, files: Int, columns: [String]) {
        let found = try errand.run(isStopped: isStopped, tell: tell) { ask throws(SparkFault) in
            try ask(
                "transform",
                [
                    .init("path", .string(path)), .init("reading", JSONValue(reading)), .init("model", .string(model)),
                    .init("out", .string(out)), .init("program", program.map { .string($0) } ?? .null),
                ])
        }
        return (
            found["rows"]?.integer ?? 0, found["files"]?.integer ?? 0, found["columns"]?.array?.compactMap(\.string) ?? []
        )
    }
}
