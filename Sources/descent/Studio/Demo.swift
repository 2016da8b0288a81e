import Events
import Files
import Glibc

/// What `descent demo` opens and trains.
struct Demo {
    /// The user's arguments, with a workspace of the demo's own unless one was named.
    let arguments: ParsedArguments
    let files: [String]
    let requests: [JobRequest]
    let stepsPerSecond: Double?
    /// The folder to remove at the end; nil when the user named a workspace.
    let temporaryWorkspace: String?

    init(arguments: ParsedArguments, stepsPerSecond: Double?) throws(CommandError) {
        guard let folder = ResourceFolder.find("sample-data", containing: "brokerage.csv", arguments.environment) else {
            throw .failed("the sample data is not here: run this in the project's folder, or `make install` first")
        }
        var arguments = arguments
        var temporary: String?
        if arguments.value("--workspace") == nil {
            let path: String
            do throws(FileError) { path = try TemporaryPlace.makeFolder("descent-demo") } catch {
                throw .failed("no folder can be made in \(TemporaryPlace.folder): name one with --workspace")
            }
            temporary = path
            arguments.options["--workspace"] = [path + "/demo"]
        }
        self.arguments = arguments
        self.stepsPerSecond = stepsPerSecond
        temporaryWorkspace = temporary
        files = ["brokerage", "insurance", "breast_cancer", "digits", "iris", "salary"].map { "\(folder)/\($0).csv" }
        requests = Self.requests(folder)
    }

    /// Runs of one experiment to compare, of which one does not converge and one hardly moves; then other kinds of task.
    private static func requests(_ folder: String) -> [JobRequest] {
        func request(_ name: String, _ file: String, _ target: String, _ experiment: String, _ set: [String: String])
            -> JobRequest
        {
            JobRequest(
                datasetPath: "\(folder)/\(file).csv", target: target, algorithm: "linear-learner",
                hyperparameters: set.merging(["early_stopping_patience": "1000"]) { $1 }, experiment: experiment, name: name,
                seed: 7)
        }
        return [
            request("adam", "brokerage", "churned", "churn", ["epochs": "120"]),
            request("unshuffled", "brokerage", "churned", "churn", ["epochs": "120", "shuffle": "false"]),
            request(
                "sgd-slow", "brokerage", "churned", "churn", ["epochs": "120", "optimizer": "sgd", "learning_rate": "0.003"]),
            request(
                "sgd-momentum", "brokerage", "churned", "churn",
                [
                    "epochs": "120", "optimizer": "sgd", "learning_rate": "0.02", "momentum": "0.9",
                ]),
            request("digits", "digits", "digit", "digits", ["epochs": "60"]),
            request("charges", "insurance", "charges", "insurance", ["epochs": "60"]),
            request(
                "charges-too-fast", "insurance", "charges", "insurance",
                [
                    "epochs": "60", "optimizer": "sgd", "learning_rate": "0.9",
                ]),
        ]
    }

    /// Jobs at a time: more than there are processors, since each is slowed down.
    static let concurrentJobs = 4

    func removeTemporaryWorkspace() {
        if let temporaryWorkspace { Folder.remove(temporaryWorkspace) }
    }
}
