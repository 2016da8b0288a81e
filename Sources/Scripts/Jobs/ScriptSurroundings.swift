/// What scripts are run with on this machine.
public struct ScriptSurroundings: Sendable {
    /// This program, which is its own guard (`ProcessGuard`).
    public var guardProgram: String
    /// The folder of Descent's Python package, for `PYTHONPATH`; nil = it is not here.
    public var pythonFolder: String?
    /// The workspace that they are run in, which commands of theirs work in, too; nil = the usual one.
    public var workspace: String?
    /// What scripts inherit.
    public var environment: [String: String]
    /// Seconds from SIGTERM to SIGKILL when a script is stopped.
    public var patience = Self.usualPatience
    public static let usualPatience = 30.0

    public init(guardProgram: String, pythonFolder: String?, environment: [String: String]) {
        self.guardProgram = guardProgram
        self.pythonFolder = pythonFolder
        self.environment = environment
    }
}
