import Glibc
import Testing

/// A folder of its own for each test, removed with what is in it.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/descent-training-XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit { Self.remove(path) }

    /// Writes a text file and returns its path.
    func write(_ text: String, as name: String) throws -> String {
        let file = try #require(fopen(path + "/" + name, "w"))
        fputs(text, file)
        fclose(file)
        return path + "/" + name
    }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(folder)
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}

/// Data whose best fit is known: y = 3a - 2b + 1 with a little noise, seeded.
enum SampleTable {
    static func regression(rows: Int) -> String {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func uniform() -> Double {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Double(state >> 11) / Double(1 << 53)
        }
        var text = "a,b,colour,y\n"
        for row in 0..<rows {
            let (a, b) = (uniform() * 10, uniform() * 100)
            text += "\(a),\(b),\(row % 3 == 0 ? "red" : "blue"),\(3 * a - 2 * b + 1 + uniform() * 0.1)\n"
        }
        return text
    }

    /// Rows sorted by their class, so that order matters.
    static func sortedClasses(rows: Int) -> String {
        var text = "a,b,label\n"
        for row in 0..<rows {
            let isLate = row >= rows / 2
            text += "\(Double(row % 17) + (isLate ? 6 : 0)),\(Double(row % 5)),\(isLate ? "yes" : "no")\n"
        }
        return text
    }
}
