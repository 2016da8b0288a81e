import Glibc

/// A file that gets events, a line each.
enum EventFile {
    /// In one piece, so that several processes may write to it.
    static func append(_ notice: Notice, to path: String) throws(DeliveryFault) {
        let lines = Array(notice.changes.map { $0.eventBridge.text + "\n" }.joined().utf8)
        // A pipe that nobody reads is not waited for.
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard file >= 0 else { throw fault(path) }
        defer { close(file) }
        let count = lines.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard count == lines.count else { throw fault(path) }
    }

    private static func fault(_ path: String) -> DeliveryFault {
        DeliveryFault("\(path) cannot be written (\(String(cString: strerror(errno)).lowercased()))", isPassing: true)
    }
}
