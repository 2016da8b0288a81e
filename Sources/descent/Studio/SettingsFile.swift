import Databases
import Experiments
import Files
import Glibc
import OutputFiles
import Studio

/// The user's settings: those that are the same everywhere in a file of the user's, and those that belong to a workspace in a file
/// in its folder. What the workspace's file does not say is as the user's file has it.
struct SettingsFile {
    /// nil where there is no home.
    private let userPath: String?
    private let workspacePath: String
    /// As they were last read or written: what differs from them is what this process changed.
    private var kept: Settings

    /// - Returns: the file, the settings, and what is wrong with their lines.
    static func read(
        _ environment: [String: String], workspace: Workspace
    ) -> (file: SettingsFile, settings: Settings, messages: [String]) {
        let userPath = ConfigurationFolder.path(environment).map { $0 + "/" + name }
        let workspacePath = workspace.path + "/" + name
        var settings = Settings()
        var messages = settings.take(userPath.flatMap { FileContents.text($0) } ?? "")
        if let text = FileContents.text(workspacePath) {
            messages += settings.take(text, Settings.isOfWorkspace, file: "the workspace's settings")
        }
        return (SettingsFile(userPath: userPath, workspacePath: workspacePath, kept: settings), settings, messages)
    }

    private static let name = "settings"

    /// What the terminal decided otherwise than the files say is not written until the user changes it.
    mutating func assume(_ settings: Settings) { kept = settings }

    /// Writes what changed; what another process wrote meanwhile stays.
    /// - Returns: what went wrong, if anything.
    mutating func write(_ settings: Settings) -> String? {
        let changes = settings.changes(since: kept)
        kept = settings
        let ofWorkspace = changes.filter { Settings.isOfWorkspace($0.key) }
        let ofUser = changes.filter { !Settings.isOfWorkspace($0.key) }
        var problems: [String] = []
        if !ofUser.isEmpty {
            if let userPath {
                problems += Self.change(userPath, ofUser).map { ["the settings are not kept: \($0)"] } ?? []
            } else {
                problems.append("HOME is not set: the settings are not kept")
            }
        }
        if !ofWorkspace.isEmpty, let problem = Self.change(workspacePath, ofWorkspace) {
            problems.append("the settings of this workspace are not kept: \(problem)")
        }
        return problems.first
    }

    private static func change(_ path: String, _ changes: [String: String]) -> String? {
        let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex))
        do throws(StoreError) { try Workspace.makeFolder(folder) } catch { return error.description }
        let lock = FolderLock(folder)
        defer { lock.release() }
        let text = Settings.text(FileContents.text(path) ?? "", changing: changes)
        do throws(OutputError) { try OutputFile.write(text, to: path) } catch { return "\(error)" }
        return nil
    }
}

/// Keeps two processes from changing a file of a folder at once, each without what the other wrote.
private struct FolderLock {
    private let descriptor: Int32

    /// Whoever holds it is done in an instant; if not, as on a file system without locks, the file is written all the same.
    init(_ folder: String) {
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        for _ in 0..<20 where flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { return }
            usleep(2000)
        }
    }

    func release() { if descriptor >= 0 { close(descriptor) } }
}
