import Files
import JSON
import Training

/// A model over files that Spark reads, predicts for on its executors, and writes again.
package struct SparkTransform: Sendable {
    package var settings: SparkCluster.Settings
    package var master: String
    /// Files and folders, with commas between.
    package var path: String
    /// How text files are written: `delimiter`, `header`.
    package var reading: [String: String]
    /// The model's file, and the folder that is made.
    package var model: String, out: String
    /// This program, where executors have it; nil = they score by NumPy.
    package var program: String?
    /// A file for what Spark prints.
    package var logPath: String

    package init(
        settings: SparkCluster.Settings, master: String, path: String, reading: [String: String], model: String, out: String,
        program: String?, logPath: String
    ) {
        (self.settings, self.master, self.path, self.reading) = (settings, master, path, reading)
        (self.model, self.out, self.program, self.logPath) = (model, out, program, logPath)
    }

    /// - Parameters:
    ///   - isStopped: looked at 20 times a second.
    ///   - tell: told what Spark says meanwhile.
    /// - Returns: how many rows and files there were, and the columns that were added.
    /// - Throws: what Spark or the data refuse; `stopped`. What was written so far is no whole folder then.
    package func run(
        isStopped: () -> Bool, tell: (String) -> Void
    ) throws(SparkFault) -> (rows: Int, files: Int, columns: [String]) {
        try settings.place.checkInstalled()
        _ = try JavaRuntime.find(settings.environment)
        let driver = try SparkDriver(
            python: settings.place.python, arguments: ["--master", master, "--name", "descent transform"],
            environment: settings.place.variables(
                settings.environment, master: master, packageFolder: settings.packageFolder),
            logPath: logPath)
        defer { driver.close() }
        func ask(_ op: String, _ members: [JSONValue.Member]) throws(SparkFault) -> JSONValue {
            try driver.ask(op, members, isStopped: isStopped) { news in
                if let text = news["text"]?.string { tell(text) }
            }
        }
        _ = try ask("start", [])
        let found = try ask(
            "transform",
            [
                .init("path", .string(path)), .init("reading", JSONValue(reading)), .init("model", .string(model)),
                .init("out", .string(out)), .init("program", program.map { .string($0) } ?? .null),
            ])
        return (
            found["rows"]?.integer ?? 0, found["files"]?.integer ?? 0, found["columns"]?.array?.compactMap(\.string) ?? []
        )
    }
}
