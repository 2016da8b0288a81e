import Glibc

/// A folder of its own for each test, removed with what is in it when the object goes.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// What could not be made, and the system's number for why.
    package struct Fault: Error {
        package var path: String
        package var code: Int32
    }

    package init() throws(Fault) {
        var template = Array("/tmp/descent-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template).map({ String(cString: $0) }) else { throw Fault(path: "/tmp", code: errno) }
        path = made
    }

    deinit { Self.remove(path) }

    /// Writes a file in place of one that may be there, and returns its path.
    @discardableResult
    package func write(_ bytes: [UInt8], as name: String) throws(Fault) -> String {
        let file = path + "/" + name
        guard let handle = fopen(file, "w") else { throw Fault(path: file, code: errno) }
        fwrite(bytes, 1, bytes.count, handle)
        fclose(handle)
        return file
    }

    /// Writes a text file and returns its path.
    @discardableResult
    package func write(_ text: String, as name: String) throws(Fault) -> String { try write(Array(text.utf8), as: name) }

    /// The text of a file.
    package func read(_ name: String) throws(Fault) -> String {
        guard let handle = fopen(path + "/" + name, "r") else { throw Fault(path: path + "/" + name, code: errno) }
        defer { fclose(handle) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, handle), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func remove(_ path: String) {
        guard let folder = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // A link is removed and not followed.
            if entry.pointee.d_type == UInt8(DT_DIR), name != ".", name != ".." { remove(path + "/" + name) }
            if entry.pointee.d_type != UInt8(DT_DIR) { unlink(path + "/" + name) }
        }
        closedir(folder)
        rmdir(path)
    }
}
