import Databases
import Experiments
import Glibc

/// Which workspace a command works in.
enum WorkspaceChoice {
    /// The workspace, made if it is not there: for commands that write runs.
    static func open(_ arguments: ParsedArguments) throws -> Workspace { try Workspace(path: path(arguments)) }

    /// The workspace as it is: commands that only look or change what is there make none.
    static func existing(_ arguments: ParsedArguments) throws -> Workspace { try Workspace(existing: path(arguments)) }

    /// The runs of a workspace to look at, which also one gives that cannot be written.
    static func reading(_ arguments: ParsedArguments) throws -> RunStore { try RunStore(reading: try existing(arguments)) }

    /// As `reading`; nil where there is no workspace, and so no runs.
    static func readingIfAny(_ arguments: ParsedArguments) throws -> RunStore? {
        do { return try reading(arguments) } catch let error as StoreError where error.code == .noWorkspace { return nil }
    }

    /// The kernel's name for the current folder where its own is no UTF-8.
    private static var currentFolder: String {
        let folder = Engine.absolute(".")
        return folder == "." ? "/proc/self/cwd" : folder
    }

    static func path(_ arguments: ParsedArguments) -> String {
        arguments.value("--workspace")
            ?? Workspace.defaultPath(currentFolder: currentFolder, environment: arguments.environment)
    }
}
