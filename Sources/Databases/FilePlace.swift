import Glibc

/// Which file a path named at a moment: to see whether it is still the same one.
struct FilePlace: Hashable, Sendable {
    private let device: UInt
    private let node: UInt
    private let isEmpty: Bool

    /// nil when there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, node, isEmpty) = (UInt(status.st_dev), UInt(status.st_ino), status.st_size == 0)
    }

    /// - Throws: `gone` when the path names another file by now, or none.
    func check(_ path: String) throws(StoreError) {
        let now = FilePlace(path)
        if let now, now.device == device, now.node == node {
            // A new file is empty until its first transaction.
            guard now.isEmpty, !isEmpty else { return }
            throw StoreError(
                code: .gone, message: "\(path) was emptied: bring it back, or leave and start again",
                operation: "look for the workspace")
        }
        throw StoreError(
            code: .gone,
            message: now == nil
                ? "\(path) is gone: bring it back, or leave and start again"
                : "\(path) was replaced by another file: bring the old one back, or leave and start again",
            operation: "look for the workspace")
    }
}
