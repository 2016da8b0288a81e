import Files
import Glibc
import JSON
import RequestSigning

/// A workspace's own key pair and token, which whoever asks its endpoints has to have. Printed, they show the end of the key's id and
/// nothing else.
public struct ServerCredentials: Sendable, CustomStringConvertible, CustomReflectable {
    public let accessKeyID: String
    public let secretAccessKey: String
    public let token: String

    public var description: String { "key …\(accessKeyID.suffix(4))" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// The file that has them, in a workspace's folder.
    public static func path(_ workspace: String) -> String { workspace + "/credentials.json" }

    /// Those of a workspace, made where there are none yet. Only its user may read the file.
    /// - Throws: `badCredentials` where the file cannot be had, says something else, or is open to others.
    public init(workspace: String) throws(ServingError) {
        let path = Self.path(workspace)
        if let known = try Self.read(path) {
            self = known
            return
        }
        let made = Self(random: SystemRandomNumberGenerator())
        try made.write(path)
        // Another process may have been quicker.
        self = try Self.read(path) ?? made
    }

    private init(random generator: SystemRandomNumberGenerator) {
        var generator = generator
        func text(_ count: Int, _ letters: String) -> String {
            let letters = Array(letters)
            return String((0..<count).map { _ in letters.randomElement(using: &generator) ?? "A" })
        }
        let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        let all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        accessKeyID = "DSCN" + text(16, capitals)
        secretAccessKey = text(40, all)
        token = text(43, all)
    }

    private init?(json: JSONValue) {
        guard let id = json["access_key_id"]?.string, let secret = json["secret_access_key"]?.string,
            let token = json["token"]?.string, id.count >= 8, secret.count >= 16, token.count >= 16
        else { return nil }
        (accessKeyID, secretAccessKey, self.token) = (id, secret, token)
    }

    public var json: JSONValue {
        .object([
            "access_key_id": .string(accessKeyID), "secret_access_key": .string(secretAccessKey), "token": .string(token),
        ])
    }

    public var keyPair: AWSCredentials { AWSCredentials(accessKeyID: accessKeyID, secretAccessKey: secretAccessKey) }

    private static func read(_ path: String) throws(ServingError) -> Self? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        guard status.st_mode & 0o077 == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ServingError(
                .badCredentials, "\(path) may be read by others: chmod 600 it, or delete it so that new ones are made")
        }
        let bytes: [UInt8]?
        do throws(FileError) { bytes = try AtomicFile.read(path, atMost: 1 << 16) } catch {
            throw ServingError(.badCredentials, error.description)
        }
        do throws(JSONError) {
            let json = try JSONValue(parsing: String(decoding: bytes ?? [], as: UTF8.self))
            if let known = Self(json: json) { return known }
        } catch {}
        throw ServingError(.badCredentials, "\(path) has no credentials: delete it so that new ones are made")
    }

    /// Writes a file that is there with all of its content or not at all, and leaves one that is there already.
    private func write(_ path: String) throws(ServingError) {
        let temporary = "\(path).\(getpid()).partial"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.cannotWrite(path) }
        let isWritten = WholeWrite.write(Array((json.text + "\n").utf8), to: file) && fsync(file) == 0
        close(file)
        defer { unlink(temporary) }
        guard isWritten, link(temporary, path) == 0 || errno == EEXIST else { throw Self.cannotWrite(path) }
    }

    private static func cannotWrite(_ path: String) -> ServingError {
        ServingError(
            .badCredentials, "cannot write \(path) (\(String(cString: strerror(errno)))): check the workspace's permissions")
    }
}
