import Glibc

/// Where a secret stands: in the environment, or in a file that nobody else may read. The secret itself is read when it is needed and
/// kept nowhere.
public enum SecretReference: Sendable, Hashable {
    case variable(String)
    case file(String)

    /// `env:NAME` or `file:PATH`; nil for anything else, which may be a secret typed in by mistake.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "env" where parts[1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }):
            self = .variable(parts[1])
        case "file": self = .file(parts[1])
        default: return nil
        }
    }

    public var text: String {
        switch self {
        case .variable(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        }
    }

    /// - Throws: in words that name the place and not what stands there.
    public func read(_ surroundings: Surroundings) throws(DeliveryFault) -> Secret {
        let text: String
        switch self {
        case .variable(let name):
            guard let value = surroundings.environment[name], !value.isEmpty else {
                throw DeliveryFault("the variable \(name), which holds a secret, is not set: set it where Descent is started")
            }
            text = value
        case .file(let path): text = try Self.contents(of: surroundings.path(path))
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw DeliveryFault("the secret of \(self.text) has a control character in it: write it on one line")
        }
        return Secret(text)
    }

    private static let mostBytes = 1 << 16

    static func contents(of path: String) throws(DeliveryFault) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            throw DeliveryFault(
                "the file \(path), which holds a secret, cannot be read (\(String(cString: strerror(errno)).lowercased()))")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= mostBytes else {
            throw DeliveryFault("\(path) is no file with a secret in it")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw DeliveryFault("others may read the secret in \(path) (mode \(mode)): chmod 600 \(path)")
        }
        guard status.st_uid == geteuid() else {
            throw DeliveryFault("the secret in \(path) is another user's: use a file of your own")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size)), count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress?.advanced(by: count), $0.count - count) }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { break }
            count += got
        }
        while count > 0, bytes[count - 1] == 10 || bytes[count - 1] == 13 { count -= 1 }
        guard count > 0 else { throw DeliveryFault("the file \(path), which should hold a secret, is empty") }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

/// A secret on its way to where it is needed. Printed, it shows nothing.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let text: String

    init(_ text: String) { self.text = text }

    public var description: String { "[secret]" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a channel finds around it: variables, and the folder from which paths are counted.
public struct Surroundings: Sendable {
    public var environment: [String: String]
    public var folder: String

    public init(environment: [String: String], folder: String) { (self.environment, self.folder) = (environment, folder) }

    func path(_ text: String) -> String {
        if text.hasPrefix("~/"), let home = environment["HOME"] { return home + text.dropFirst(1) }
        return text.hasPrefix("/") ? text : folder + "/" + text
    }
}
