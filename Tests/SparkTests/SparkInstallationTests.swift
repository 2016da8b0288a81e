import Files
import Glibc
import TemporaryFolders
import Testing

@testable import Spark

/// Installing, by a Python that does what it is told: what is done with what it says.
@Suite struct SparkInstallationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var environment: [String: String] { ["XDG_DATA_HOME": folder.path + "/data", "PATH": "/usr/bin:/bin"] }
    private var place: SparkEnvironment { get throws { try SparkEnvironment(environment: environment) } }

    /// A stand-in for Python: `-m venv DIR` copies it there, pip does what `pip` says.
    private func python(version: String = "3.12", pip: String) throws -> String {
        let path = try folder.write(
            """
            #!/bin/sh
            case "$1 $2 $3" in
            *"import sys, venv"*) echo \(version) ;;
            "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
            "-m pip install") \(pip) ;;
            *) echo '{"python": "3.12.1", "packages": {"pyspark": "4.3.0", "xgboost-cpu": "3.2.0", "pyarrow": "26.0.1", "numpy": "2.4.6", "pandas": "2.3.3"}}' ;;
            esac
            """, as: "python-\(version)")
        chmod(path, 0o755)
        return path
    }

    private func install(_ python: String, _ tell: @escaping (String) -> Void = { _ in }) throws -> Bool {
        try SparkInstallation(try place, environment: environment, tell: tell).install(python: python)
    }

    @Test func `what was installed is whole, and is not installed again`() throws {
        var told: [String] = []
        let python = try python(pip: "echo Collecting pyspark==4.3.0; echo '  Downloading pyspark.tar.gz (434.0 MB)'")
        #expect(try install(python) { told.append($0) })
        #expect(told.contains("fetching pyspark==4.3.0"))
        #expect(try place.isCurrent && !place.isPartial)
        #expect(try place.packages?["pyspark"] == "4.3.0")
        #expect(try !install(python))
        #expect(try SparkInstallation(try place, environment: environment) { _ in }.remove())
        #expect(try place.packages == nil && !place.isPartial)
    }

    @Test func `without a network the reason of pip is told and nothing is left`() throws {
        let pip =
            "echo \"WARNING: Retrying after connection broken by 'NewConnectionError('Failed to establish a new connection: [Errno 101] Network is unreachable')'\"; "
            + "echo 'ERROR: Could not find a version that satisfies the requirement pyspark==4.3.0 (from versions: none)'; "
            + "echo 'ERROR: No matching distribution found for pyspark==4.3.0'; exit 1"
        let python = try python(pip: pip)
        let error = #expect(throws: SparkFault.self) { try install(python) }
        #expect(
            error?.message
                == "Spark cannot be installed: Failed to establish a new connection: [Errno 101] Network is unreachable; "
                + "Could not find a version that satisfies the requirement pyspark==4.3.0 (from versions: none): "
                + "check the network, or pip's settings (pip config), and try again")
        #expect(try access(place.folder, F_OK) != 0)
    }

    @Test func `half an installation is none, and is begun again`() throws {
        let place = try place
        try Folder.make(place.folder + "/bin")
        try AtomicFile.write(Array("#!/bin/sh\n".utf8), to: place.python, mode: 0o755)
        #expect(place.packages == nil && place.isPartial)
        #expect(try install(try python(pip: "true")))
        #expect(place.isCurrent)
    }

    @Test func `an old Python is named, and one that is not there`() throws {
        let old = try python(version: "3.8", pip: "true")
        let error = #expect(throws: SparkFault.self) { try install(old) }
        #expect(
            error?.message == "\(old) is Python 3.8, and Spark is installed with 3.11 or newer: name another one with --python")
        let missing = #expect(throws: SparkFault.self) { try install(folder.path + "/none") }
        #expect(missing?.message.contains("/none cannot be started, and Spark needs Python") == true)
    }

    @Test func `Java is named where it is missing or too old`() throws {
        let none = #expect(throws: SparkFault.self) { try JavaRuntime.find(["PATH": folder.path]) }
        #expect(none?.message.contains("there is no Java, which Spark runs on: install Java 17 or newer") == true)
        let java = try folder.write("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n", as: "java")
        chmod(java, 0o755)
        let old = #expect(throws: SparkFault.self) { try JavaRuntime.find(["PATH": folder.path]) }
        #expect(old?.message.contains("is Java 11.0.2, and Spark runs on 17 or newer") == true)
        _ = try folder.write("#!/bin/sh\necho 'openjdk version \"21.0.4\" 2024-07-16' >&2\n", as: "java")
        #expect(try JavaRuntime.find(["PATH": folder.path]).version == "21.0.4")
        // As Spark takes it.
        #expect(try JavaRuntime.find(["PATH": folder.path, "JAVA_HOME": ""]).version == "21.0.4")
    }
}
