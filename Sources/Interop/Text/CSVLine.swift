/// Records of delimited text, quotes and line breaks in quotes included.
enum CSVLine {
    /// The record that begins at `start`; nil as long as its end is not there.
    /// - Parameter isFirst: whether `bytes` begin where the file does, and so perhaps with a mark of their order.
    static func next(
        _ bytes: [UInt8], from start: Int, delimiter: UInt8, isFirst: Bool = true
    ) -> (end: Int, cells: [String])? {
        var cells: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var index = start
        if start == 0, isFirst, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isQuoted {
                if byte != UInt8(ascii: "\"") {
                    cell.append(byte)
                } else if index < bytes.count, bytes[index] == byte {
                    cell.append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
            } else if byte == UInt8(ascii: "\""), cell.isEmpty {
                isQuoted = true
            } else if byte == delimiter || byte == UInt8(ascii: "\n") {
                if byte != delimiter, cell.last == UInt8(ascii: "\r") { cell.removeLast() }
                cells.append(trimmed(cell))
                cell = []
                if byte != delimiter { return (index, cells) }
            } else {
                cell.append(byte)
            }
        }
        return nil
    }

    private static func trimmed(_ cell: [UInt8]) -> String {
        var slice = cell[...]
        while slice.first == UInt8(ascii: " ") { slice = slice.dropFirst() }
        while slice.last == UInt8(ascii: " ") { slice = slice.dropLast() }
        return String(decoding: slice, as: UTF8.self)
    }
}
