import Databases
import Events
import Experiments
import Interop
import Learners
import Monitoring
import OutputFiles
import Serving
import Tables
import Threads
import Training

/// Why a command ends without having done its work: one line for the user and the exit code.
struct CommandError: Error, CustomStringConvertible {
    enum ExitCode: Int32 {
        case done = 0
        /// The work was tried and failed.
        case failed = 1
        /// The command line makes no sense.
        case usage = 2
        /// The data is at fault.
        case data = 3
        case interrupted = 130
    }

    var code: ExitCode
    /// `what happened: what to do`; empty when there is nobody to be told.
    var description: String

    static func usage(_ text: String) -> CommandError { CommandError(code: .usage, description: text) }
    static func failed(_ text: String) -> CommandError { CommandError(code: .failed, description: text) }
    static func data(_ text: String) -> CommandError { CommandError(code: .data, description: text) }

    init(code: ExitCode, description: String) {
        self.code = code
        self.description = description
    }

    /// What any layer's error means for the command line.
    init(_ error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as OutputError: self = .failed(error.isClosedPipe ? "" : error.description)
        case let error as TableError:
            self =
                switch error.code {
                case .closedPipe: .failed("")
                case .writeFailed: .failed(error.description)
                default: .data(error.description)
                }
        case let error as StoreError:
            let isUsage = [.notFound, .ambiguous, .notOurs, .noWorkspace].contains(error.code)
            self = CommandError(code: isUsage ? .usage : .failed, description: error.description)
        case let error as ServingError: self = .failed(error.description)
        case let error as ThreadError: self = .failed(error.description)
        case let error as TrainingError:
            let isUsage = [.unknownAlgorithm, .badHyperparameter, .badRequest].contains(error.code)
            self = CommandError(
                code: isUsage ? .usage : error.isDataFault ? .data : .failed, description: error.description)
        case let error as MonitoringError:
            self = CommandError(
                code: error.code == .badData ? .data : error.code == .badRequest ? .usage : .failed, description: error.message)
        case let error as LogError: self = .failed(error.description)
        case let error as LearnerError: self = .failed(error.description)
        default: self = .failed("\(error)")
        }
        description = DataInput.named(description)
    }
}
