import Events
import Spark

/// What Spark is run with from here.
enum EngineSettings {
    /// - Throws: `failed` where the Python package or a folder for engines is missing.
    static func spark(_ environment: [String: String]) throws(CommandError) -> SparkCluster.Settings {
        let package = ResourceFolder.find("python", containing: "descent/_spark/__main__.py", environment)
        guard let package else {
            throw .failed(
                "Descent's Python package is not found beside the program: set DESCENT_DATA to the folder that has python/")
        }
        do throws(SparkFault) {
            return .init(
                place: try SparkEnvironment(environment: environment), packageFolder: Engine.absolute(package),
                environment: environment)
        } catch { throw .failed(error.message) }
    }

    /// Many jobs that each start an engine would wait for it longer than they train.
    static func refuse(_ request: JobRequest, of command: String) throws(CommandError) {
        guard let engine = request.engine else { return }
        throw .usage("\(command) tries many models on this machine, and --engine \(engine) is for one: leave it out")
    }
}
