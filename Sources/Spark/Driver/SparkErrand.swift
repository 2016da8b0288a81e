import JSON

/// What Spark is started for besides jobs, and ended after.
package struct SparkErrand: Sendable {
    package var settings: SparkCluster.Settings
    package var size: ClusterSize
    /// What it is called in the cluster's lists.
    package var name: String
    /// A file for what Spark prints.
    package var logPath: String

    package init(settings: SparkCluster.Settings, size: ClusterSize, name: String, logPath: String) {
        (self.settings, self.size, self.name, self.logPath) = (settings, size, name, logPath)
    }

    /// Asks the driver for something, with its members.
    typealias Asking = (_ op: String, _ members: [JSONValue.Member]) throws(SparkFault) -> JSONValue

    /// - Throws: `failed` where there is no engine or no Java.
    package func check() throws(SparkFault) {
        try settings.place.checkInstalled()
        _ = try JavaRuntime.find(settings.environment)
    }

    /// Starts Spark, does something with its driver, and ends it.
    ///
    /// - Parameters:
    ///   - isStopped: looked at 20 times a second while Spark starts.
    ///   - news: told what Spark says meanwhile.
    /// - Throws: where there is no engine or no Java, or the cluster does not answer; `stopped`; what the work throws.
    func begin<Result>(
        isStopped: @escaping () -> Bool, news: @escaping (JSONValue) -> Void, work: (SparkDriver) throws(SparkFault) -> Result
    ) throws(SparkFault) -> Result {
        try check()
        let driver = try SparkDriver(
            python: settings.place.python, arguments: size.arguments(name: name),
            environment: settings.place.variables(
                settings.environment, master: size.master, packageFolder: settings.packageFolder),
            logPath: logPath)
        defer { driver.close() }
        _ = try driver.ask("start", [], isStopped: isStopped, news: news)
        return try work(driver)
    }

    /// The same, for who asks one question after another.
    ///
    /// - Parameter tell: told the words of what Spark says meanwhile.
    func run<Result>(
        isStopped: @escaping () -> Bool, tell: @escaping (String) -> Void, work: (Asking) throws(SparkFault) -> Result
    ) throws(SparkFault) -> Result {
        func news(_ value: JSONValue) {
            if let text = value["text"]?.string { tell(text) }
        }
        return try begin(isStopped: isStopped, news: news) { driver throws(SparkFault) in
            func ask(_ op: String, _ members: [JSONValue.Member]) throws(SparkFault) -> JSONValue {
                try driver.ask(op, members, isStopped: isStopped, news: news)
            }
            return try work(ask)
        }
    }
}
