import Glibc
import Programs

/// The Java that Spark runs on.
package struct JavaRuntime: Sendable, Hashable {
    package let path: String
    /// Such as `17.0.21`.
    package let version: String

    /// The oldest release that Spark 4 runs on.
    package static let oldest = 17

    /// - Parameter environment: `JAVA_HOME` is looked at first, then `PATH`, as Spark does.
    /// - Throws: `failed` where there is none, or too old a one.
    package static func find(_ environment: [String: String]) throws(SparkFault) -> JavaRuntime {
        let home = environment["JAVA_HOME"].flatMap { $0.isEmpty ? nil : $0 + "/bin/java" }
        let places = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/java" }
        guard let path = ([home].compactMap { $0 } + places).first(where: { access($0, X_OK) == 0 }) else {
            throw SparkFault(
                .failed,
                "there is no Java, which Spark runs on: install Java \(oldest) or newer (such as openjdk-17-jre-headless), or set JAVA_HOME"
            )
        }
        let said = try ProgramOutput.run([path, "-version"], environment: environment, failing: "\(path) cannot be started")
        let version = said.lines.first.flatMap { $0.split(separator: "\"").dropFirst().first }.map(String.init) ?? ""
        guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major >= oldest else {
            throw SparkFault(
                .failed,
                "\(path) is Java \(version.isEmpty ? "of an unknown release" : version), and Spark runs on \(oldest) or newer: install one, or set JAVA_HOME"
            )
        }
        return JavaRuntime(path: path, version: version)
    }
}
