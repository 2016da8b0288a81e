import Glibc

/// Files of the fuzzer's own.
enum FuzzFile {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    static func read(_ path: String) throws(Fault) -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Fault(description: "\(path) cannot be read: run in the project's folder") }
        defer { fclose(file) }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes
    }

    static func replace(_ path: String, with bytes: [UInt8]) {
        guard let file = fopen(path, "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    static func makeFolder(_ path: String) throws(Fault) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Fault(description: "\(path) cannot be made") }
    }

    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A file, or a folder with what is in it.
    static func remove(_ path: String) {
        for name in names(in: path) { remove(path + "/" + name) }
        if rmdir(path) != 0 { unlink(path) }
    }

    /// The files of a folder of the project, as samples by their names.
    static func samples(_ places: Places, _ folder: String, where isWanted: (String) -> Bool) throws(Fault) -> [Sample] {
        var samples: [Sample] = []
        for name in names(in: places.root + "/" + folder) where isWanted(name) {
            samples.append(Sample(name, try read("\(places.root)/\(folder)/\(name)")))
        }
        guard !samples.isEmpty else { throw Fault(description: "\(folder) has no samples: run in the project's folder") }
        return samples
    }
}

/// A line on standard output, at once: what comes next may end the process.
func say(_ line: String) {
    var text = line + "\n"
    text.withUTF8 { bytes in _ = write(STDOUT_FILENO, bytes.baseAddress, bytes.count) }
}
