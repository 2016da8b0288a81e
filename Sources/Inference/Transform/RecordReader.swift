import Glibc

/// Some records of a file that follow each other.
struct RecordPiece: Sendable {
    var bytes: [UInt8] = []
    /// Where each record lies in the bytes, without what ends it.
    var records: [Range<Int>] = []
    /// The line that each record begins on, from 1; for formats without lines its number.
    var lines: [Int] = []
    /// Where the file goes on behind them: the byte, and the line or record there.
    var end = 0, endLine = 1
}

/// Reads a file in pieces of whole records that fit into a request, however large the file is.
final class RecordReader {
    /// How records are told apart.
    enum Division: Sendable {
        /// By the ends of lines; in CSV those within quotes end nothing.
        case lines(quotes: Bool)
        /// As RecordIO frames them.
        case frames
        /// Not at all: the file is one record.
        case none
    }

    private let path: String
    private let file: Int32
    private let division: Division
    private let limit: Int
    private var buffer: [UInt8] = []
    /// Where the buffer begins in the file, and the line there.
    private var offset: Int, line: Int
    private var isAtEnd = false

    private static let step = 1 << 18

    /// - Parameters:
    ///   - limit: bytes of a piece at most.
    ///   - offset: where to begin, which is where a piece ended; `line` is the one there.
    init(
        _ path: String, _ division: Division, limit: Int, from offset: Int = 0, line: Int = 1
    ) throws(TransformError) {
        (self.path, self.division, self.limit) = (path, division, limit)
        (self.offset, self.line) = (offset, line)
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw TransformError(failing: path, "cannot be read") }
        guard lseek(file, offset, SEEK_SET) == offset else {
            close(file)
            throw TransformError(failing: path, "cannot be read")
        }
    }

    deinit { close(file) }

    /// The next piece; nil behind the last record.
    ///
    /// - Throws: `TransformError` of a record that is larger than a piece may be, or a file that cannot be read.
    func next() throws(TransformError) -> RecordPiece? {
        while true {
            try fill()
            guard !buffer.isEmpty else { return nil }
            let piece: RecordPiece
            switch division {
            case .lines(let quotes): piece = try lines(quotes: quotes)
            case .frames: piece = try frames()
            case .none: piece = try whole()
            }
            buffer.removeFirst(piece.end - offset)
            (offset, line) = (piece.end, piece.endLine)
            // Blank lines alone are no piece.
            if !piece.records.isEmpty { return piece }
        }
    }

    /// Reads until there is more than a piece, or all.
    private func fill() throws(TransformError) {
        while !isAtEnd, buffer.count <= limit {
            let had = buffer.count
            buffer.append(contentsOf: repeatElement(0, count: Self.step))
            let got = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress.map { $0 + had }, Self.step) }
            if got < 0, errno == EINTR {
                buffer.removeLast(Self.step)
                continue
            }
            guard got >= 0 else { throw TransformError(failing: path, "cannot be read") }
            buffer.removeLast(Self.step - got)
            if got == 0 { isAtEnd = true }
        }
    }

    private func tooLarge(_ line: Int?) -> TransformError {
        TransformError(
            .data, path: path, line: line,
            line == nil
                ? "is larger than \(limit) bytes, which is all that one request may hold: say --split line, or --max-payload"
                : "this record is larger than \(limit) bytes, which is all that one request may hold: say --max-payload")
    }

    private func whole() throws(TransformError) -> RecordPiece {
        guard isAtEnd, buffer.count <= limit else { throw tooLarge(nil) }
        return RecordPiece(
            bytes: buffer, records: [0..<buffer.count], lines: [line], end: offset + buffer.count, endLine: line + 1)
    }

    private func lines(quotes: Bool) throws(TransformError) -> RecordPiece {
        var piece = RecordPiece()
        var start = 0, place = 0, begins = line, at = line, isQuoted = false, isBlank = true
        (piece.end, piece.endLine) = (offset, line)
        func take(_ end: Int, next: Int) {
            if !isBlank {
                let last = end > start && buffer[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
                piece.records.append(start..<last)
                piece.lines.append(begins)
            }
            (start, begins, isBlank) = (next, at, true)
            (piece.end, piece.endLine) = (offset + next, at)
        }
        buffer.withUnsafeBufferPointer { bytes in
            while place < bytes.count, place < limit {
                let byte = bytes[place]
                if byte == UInt8(ascii: "\n") {
                    at += 1
                    if !isQuoted { take(place, next: place + 1) }
                } else {
                    if quotes, byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                    if byte > 0x20 { isBlank = false }
                }
                place += 1
            }
        }
        if place == buffer.count, isAtEnd, start < buffer.count { take(buffer.count, next: buffer.count) }
        guard piece.end > offset else { throw tooLarge(line) }
        piece.bytes = Array(buffer[..<(piece.end - offset)])
        return piece
    }

    private func frames() throws(TransformError) -> RecordPiece {
        var piece = RecordPiece()
        var place = 0, at = line
        while place + 8 <= buffer.count {
            let length = (4..<8).reduce(0) { $0 | Int(buffer[place + $1]) << (8 * ($1 - 4)) } & 0x1FFF_FFFF
            let end = min(isAtEnd ? buffer.count : .max, place + 8 + (length + 3) & ~3)
            guard end <= min(buffer.count, limit) else { break }
            piece.records.append(place..<end)
            piece.lines.append(at)
            (place, at) = (end, at + 1)
        }
        if place == 0 {
            guard isAtEnd, buffer.count <= limit else { throw tooLarge(line) }
            // What is no record is for the reader of records to say.
            (piece.records, piece.lines, place, at) = ([0..<buffer.count], [line], buffer.count, line + 1)
        } else if isAtEnd, place < buffer.count, buffer.count - place < 8 {
            piece.records.append(place..<buffer.count)
            piece.lines.append(at)
            (place, at) = (buffer.count, at + 1)
        }
        (piece.end, piece.endLine, piece.bytes) = (offset + place, at, Array(buffer[..<place]))
        return piece
    }
}
