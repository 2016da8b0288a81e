import Files
import Glibc

/// Names that come with a request and become parts of paths, and files that it may name.
public enum AsyncPath {
    /// How names begin of files that are put into the folder for input for one request, and go with it.
    public static let passingPrefix = ".passing-"

    static let form = "up to 128 letters, digits, dots, hyphens and underscores, not beginning with a dot"

    /// Whether a name is one part of a path, and leads nowhere else.
    static func isPart(_ name: some StringProtocol) -> Bool {
        guard (1...128).contains(name.utf8.count), name.utf8.first != UInt8(ascii: ".") else { return false }
        return name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
        }
    }

    /// Whether a path stays below where it begins.
    package static func isBelow(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return (1...8).contains(parts.count) && parts.allSatisfy { isPart($0) }
    }

    /// The path that a `file://` address means.
    /// - Throws: `validation`.
    package static func path(ofLocation text: String) throws(ServiceError) -> String {
        guard text.hasPrefix("file:///") else {
            throw ServiceError(.validation, "InputLocation is no file:///… address: files of the folder for input alone are read")
        }
        var bytes: [UInt8] = [], rest = Array(text.utf8.dropFirst("file://".utf8.count))[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                throw ServiceError(.validation, "InputLocation has a % without two digits behind it")
            }
            rest = rest.dropFirst(2)
            bytes.append(value)
        }
        guard !bytes.contains(0), let path = String(validating: bytes, as: UTF8.self) else {
            throw ServiceError(.validation, "InputLocation is no UTF-8")
        }
        return path
    }

    /// A path as a `file://` address.
    public static func location(of path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out = Array("file://".utf8)
        for byte in path.utf8 {
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "/-_.~".utf8.contains(byte)
            if isPlain { out.append(byte) } else { out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Opens a file that lies in a folder, by whatever links and dots its path leads there.
    ///
    /// It is asked where the file that was opened is, not where its path leads: so nobody can change that in between.
    /// - Returns: the open file, which is the caller's to close, and its size.
    /// - Throws: `validation`: it is not there, no plain file, or outside. What is outside is not told apart from what is not there.
    static func open(_ path: String, in folder: String, atMost limit: Int) throws(ServiceError) -> (file: Int32, size: Int) {
        func refused(_ why: String) -> ServiceError { ServiceError(.validation, "InputLocation: \(why)") }
        let outside = refused("there is no such file in the folder for input, \(folder)")
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw outside }
        var isGood = false
        defer { if !isGood { close(file) } }
        guard let place = realPath("/proc/self/fd/\(file)"), let root = realPath(folder), place.hasPrefix(root + "/") else {
            throw outside
        }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw refused("that is no plain file") }
        guard status.st_size <= limit else {
            throw refused(
                "the file has \(status.st_size) bytes, at most \(limit) are read: `descent transform` takes larger ones")
        }
        isGood = true
        return (file, status.st_size)
    }

    private static func realPath(_ path: String) -> String? {
        guard let known = realpath(path, nil) else { return nil }
        defer { free(known) }
        return String(validatingCString: known)
    }
}
