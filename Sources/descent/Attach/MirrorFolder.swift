import Databases
import Experiments
import Files
import Glibc

/// Where places are mirrored: a folder of the user's cache that nobody else may look into.
struct MirrorFolder {
    private let path: String
    /// Whether the user named it.
    private let isNamed: Bool

    /// - Parameters:
    ///   - places: their names and addresses.
    ///   - named: a folder that the user named.
    /// - Throws: where there is no home to have a cache in.
    init(of places: [(name: String, address: String)], named: String?, environment: [String: String]) throws(CommandError) {
        isNamed = named != nil
        if let named {
            path = named
            return
        }
        let cache: String
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") {
            cache = folder
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            cache = home + "/.cache"
        } else {
            throw .failed("there is no home folder to mirror them in: name a folder with --workspace")
        }
        // FNV-1a: what tells one set of places from another, no secret.
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for place in places {
            for byte in "\(place.name)\n\(place.address)\n".utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        path = cache + "/descent/attached/" + String(digest, radix: 16)
    }

    /// Opens the folder for this process alone: where another one has it, the next free one beside it.
    func open() throws -> (Workspace, MirrorLock) {
        for number in 1...20 {
            let folder = number == 1 ? path : "\(path)-\(number)"
            if isNamed, access(folder + "/descent.sqlite", F_OK) == 0 {
                guard try RunStore(reading: Workspace(existing: folder)).isMirror() else {
                    throw CommandError.usage(
                        "\(folder) is a workspace of its own: name an empty folder, or leave --workspace out")
                }
            }
            let workspace = try Workspace(path: folder)
            // Also one that was there before: what is mirrored is for its user alone.
            chmod(workspace.path, 0o700)
            if let lock = try MirrorLock(workspace.path) { return (workspace, lock) }
            if isNamed { break }
        }
        throw CommandError.failed("another descent has \(path) open: name another folder with --workspace")
    }
}

/// Held by the one process that writes a mirror.
final class MirrorLock: Sendable {
    private let file: Int32

    /// - Returns: nil where another process has it.
    init?(_ folder: String) throws(CommandError) {
        file = Glibc.open(folder + "/mirror.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .failed("\(folder) cannot be written (\(String(cString: strerror(errno))))") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
    }

    deinit { close(file) }
}
