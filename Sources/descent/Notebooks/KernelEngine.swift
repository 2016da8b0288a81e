import Files
import Spark

/// Spark in reach of a notebook's code: `from pyspark.sql import SparkSession` and `descent.spark` work in it.
enum KernelEngine {
    /// Where the engine's packages are, for the process that starts the kernel: they go before the kernel's own.
    static let packagesVariable = "DESCENT_KERNEL_ENGINE"

    /// Why it cannot be had, and what to do; nil where it can.
    static func problem(_ environment: [String: String]) -> String? {
        do {
            let place = try SparkEnvironment(environment: environment)
            guard place.packages != nil else {
                return "Spark is \(place.isPartial ? "not wholly installed" : "not installed"): descent engine install spark"
            }
            return nil
        } catch { return "\(error)" }
    }

    /// A kernel's environment with Spark in it.
    /// - Throws: `failed` where it is not installed, or has no Java to run on.
    static func variables(_ environment: [String: String]) throws(CommandError) -> [String: String] {
        if let problem = problem(environment) { throw .failed(problem) }
        do {
            _ = try JavaRuntime.find(environment)
            let place = try SparkEnvironment(environment: environment)
            var variables = environment
            for name in ["SPARK_CONF_DIR", "PYTHONHOME", "PYSPARK_SUBMIT_ARGS"] { variables[name] = nil }
            variables["SPARK_HOME"] = place.sparkHome
            (variables["PYSPARK_PYTHON"], variables["PYSPARK_DRIVER_PYTHON"]) = (place.python, place.python)
            variables[packagesVariable] = FilePath.folder(place.sparkHome)
            return variables
        } catch { throw .failed("\(error)") }
    }
}
