import Cells
import Glibc
import Studio
import Testing

/// A painted frame as text: what is written, and how it looks, a letter a style.
struct Frame {
    let buffer: CellBuffer

    init(_ state: AppState) {
        var buffer = CellBuffer(size: state.size)
        draw(state, into: &buffer)
        self.buffer = buffer
    }

    var text: String { buffer.textPlane.joined(separator: "\n") }

    /// The text plane and the style plane, as they stand in a golden file.
    var golden: String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&()*+,-./:;<=>?@[]^_{|}~")
        var styles: [Style] = []
        var rows: [String] = []
        for y in 0..<buffer.size.height {
            var row = ""
            for x in 0..<buffer.size.width {
                let style = buffer[x, y].style
                if !styles.contains(style) { styles.append(style) }
                let index = styles.firstIndex(of: style) ?? 0
                row.append(letters[index % letters.count])
            }
            rows.append(row)
        }
        let legend = styles.enumerated().map { index, style in
            "\(letters[index % letters.count]) \(style.foreground) on \(style.background) \(style.attributes.rawValue)"
        }
        return ([text, "--- styles"] + rows + ["--- legend"] + legend).joined(separator: "\n") + "\n"
    }

    /// Compares with the file of that name, or writes it when DESCENT_RECORD is set.
    func expectMatches(_ name: String, file: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation) {
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let path = "\(folder)/Frames/\(name).txt"
        if getenv("DESCENT_RECORD") != nil {
            #expect(Self.write(golden, to: path), "cannot write \(path)", sourceLocation: sourceLocation)
            return
        }
        guard let expected = Self.read(path) else {
            Issue.record("no frame \(name): run the tests once with DESCENT_RECORD=1", sourceLocation: sourceLocation)
            return
        }
        #expect(expected == golden, "the frame \(name) changed; DESCENT_RECORD=1 records it anew", sourceLocation: sourceLocation)
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        return fwrite(bytes, 1, bytes.count, file) == bytes.count
    }
}

extension AppState {
    /// Presses keys by their names, one after the other.
    @discardableResult
    mutating func press(_ names: String...) -> [Effect] {
        var effects: [Effect] = []
        for name in names {
            guard let key = Key(name: name) else {
                Issue.record("there is no key \(name)")
                continue
            }
            effects += reduce(into: &self, .input(.key(key)))
        }
        return effects
    }

    mutating func type(_ text: String) {
        for character in text { _ = reduce(into: &self, .input(.key(Key(character)))) }
    }
}
