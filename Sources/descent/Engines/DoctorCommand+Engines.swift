import Spark

/// What is there for data that outgrow one machine.
extension DoctorCommand {
    /// An engine that is not installed is no fault; one that cannot run is.
    static func engines(_ environment: [String: String]) -> [Finding] {
        guard let place = try? SparkEnvironment(environment: environment) else { return [] }
        let status = EngineStatus(place, environment)
        guard place.packages != nil else {
            return [Finding(name: "Spark", value: status.words, isFine: !place.isPartial)]
        }
        let java = status.java.map { "Java \($0.version)" } ?? status.javaProblem
        return [Finding(name: "Spark", value: "\(status.words), \(java)", isFine: status.isReady)]
    }
}
