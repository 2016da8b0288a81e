import Files
import Glibc
import JSON

/// The private environment of Python that holds Spark: where it lies, what is in it, and whether it is whole.
package struct SparkEnvironment: Sendable, Hashable {
    /// What is installed: releases that were tried together. XGBoost's is the release whose models this program reads.
    package static let requirements = [
        "pyspark==4.3.0", "xgboost-cpu==3.2.0", "pyarrow==26.0.1", "numpy==2.4.6", "pandas==2.3.3",
    ]
    /// The oldest Python they run with.
    package static let oldestPython = (major: 3, minor: 11)

    package let folder: String

    /// - Parameter environment: `XDG_DATA_HOME` and `HOME` are looked at.
    /// - Throws: `failed` where there is no folder for a user's data.
    package init(environment: [String: String]) throws(SparkFault) {
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            folder = data + "/descent/engines/spark"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            folder = home + "/.local/share/descent/engines/spark"
        } else {
            throw SparkFault(.failed, "there is no folder for engines: set HOME or XDG_DATA_HOME")
        }
    }

    package var python: String { folder + "/bin/python" }
    /// Written last, so that half an installation is never taken for a whole one.
    var markPath: String { folder + "/descent-engine.json" }

    /// What is installed, by name; nil where nothing whole is.
    package var packages: [String: String]? {
        guard access(python, X_OK) == 0, let bytes = FileContents.bytes(markPath, atMost: 1 << 16) else { return nil }
        do throws(JSONError) { return try JSONValue(parsing: bytes)["packages"]?.strings } catch { return nil }
    }

    /// Whether what is installed is what this release wants.
    package var isCurrent: Bool {
        guard let packages else { return false }
        return Self.requirements.allSatisfy { text in
            let parts = text.split(separator: "=").map(String.init)
            return packages[parts[0]] == parts[1]
        }
    }

    /// Whether there is something that is not whole.
    package var isPartial: Bool { packages == nil && access(folder, F_OK) == 0 }

    /// - Throws: `failed` where nothing whole is installed.
    func checkInstalled() throws(SparkFault) {
        if packages != nil { return }
        let state = isPartial ? "not wholly installed" : "not installed"
        throw SparkFault(.failed, "Spark is \(state): descent engine install spark")
    }

    /// What stands in the environment of everything of Spark that is started here: its own interpreter on both sides, and nothing of
    /// another installation.
    package func variables(_ own: [String: String], master: String, packageFolder: String) -> [String: String] {
        var variables = own
        for name in ["SPARK_CONF_DIR", "PYSPARK_DRIVER_PYTHON", "PYTHONHOME", "PYSPARK_SUBMIT_ARGS"] { variables[name] = nil }
        variables["SPARK_HOME"] = sparkHome
        variables["PYSPARK_PYTHON"] = python
        variables["PYTHONPATH"] = packageFolder
        variables["PYTHONUNBUFFERED"] = "1"
        variables["PYTHONWARNINGS"] = "ignore"
        if master.hasPrefix("local") { variables["SPARK_LOCAL_IP"] = "127.0.0.1" }
        return variables
    }

    /// Where Spark itself lies.
    package var sparkHome: String {
        let libraries = folder + "/lib"
        let version = Folder.names(in: libraries).first { $0.hasPrefix("python3") } ?? "python3"
        return "\(libraries)/\(version)/site-packages/pyspark"
    }
}
