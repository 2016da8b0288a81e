import CTableKernels

/// One line of a libsvm file: `label qid:7 1:0.5 4:2 # comment`.
struct LibSVMLine {
    private(set) var label = 0.0
    /// The query that the row belongs to.
    private(set) var group: Double?
    /// The features that the line gives, in its order.
    private(set) var indices: [Int32] = []
    private(set) var values: [Double] = []

    /// What is wrong with a line.
    enum Fault: Hashable {
        case label, severalLabels, pair(String), repeated(Int32)
    }

    /// Reads a line in place of what was there.
    ///
    /// - Parameter needsLabel: whether the line has to begin with one.
    /// - Returns: whether there is a row on it; blank lines and comments hold none.
    mutating func read(_ line: UnsafeRawBufferPointer, needsLabel: Bool = true) throws(LibSVMFault) -> Bool {
        indices.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        group = nil
        var words = Words(line)
        guard let first = words.next() else { return false }
        let isUnlabelled = !needsLabel && first.contains(Self.colon)
        if isUnlabelled { words = Words(line) }
        let several = !isUnlabelled && first.contains(Self.comma)
        if isUnlabelled {
            label = .nan
        } else if several {
            guard first.split(separator: Self.comma).allSatisfy({ Self.number($0) != nil }) else { throw LibSVMFault(.label) }
        } else {
            guard let number = Self.number(first) else { throw LibSVMFault(.label) }
            label = number
        }
        var isAscending = true
        while let word = words.next() {
            let colon = word.firstIndex(of: Self.colon) ?? word.endIndex
            let text = word.startIndex == colon ? word : word[..<colon]
            guard colon < word.endIndex, let value = Self.number(word[(colon + 1)...]) else { throw Self.badPair(word) }
            if indices.isEmpty, group == nil, text.elementsEqual("qid".utf8) {
                group = value
                continue
            }
            guard let index = Self.index(text) else { throw Self.badPair(word) }
            isAscending = isAscending && indices.last ?? -1 < index
            indices.append(index)
            values.append(value)
        }
        if !isAscending { try checkOnce() }
        if several { throw LibSVMFault(.severalLabels) }
        return true
    }

    private func checkOnce() throws(LibSVMFault) {
        let sorted = indices.sorted()
        for (index, next) in zip(sorted, sorted.dropFirst()) where index == next { throw LibSVMFault(.repeated(index)) }
    }

    private static let colon = UInt8(ascii: ":"), comma = UInt8(ascii: ",")

    private static func badPair(_ word: Slice<UnsafeRawBufferPointer>) -> LibSVMFault {
        LibSVMFault(.pair(String(decoding: word.prefix(40), as: UTF8.self)))
    }

    /// A number of at most nine digits.
    private static func index(_ word: Slice<UnsafeRawBufferPointer>) -> Int32? {
        guard (1...9).contains(word.count) else { return nil }
        var index: Int32 = 0
        for byte in word {
            guard case 48...57 = byte else { return nil }
            index = index * 10 + Int32(byte - 48)
        }
        return index
    }

    /// A value, NaN for one that is missing.
    private static func number(_ word: Slice<UnsafeRawBufferPointer>) -> Double? {
        let bytes = UnsafeRawBufferPointer(rebasing: word).bindMemory(to: UInt8.self)
        if let number = NumberText.value(bytes) { return number }
        return bytes.count == 3 && bytes.map({ $0 | 0x20 }).elementsEqual("nan".utf8) ? .nan : nil
    }

    /// What stands between blanks, up to a comment.
    private struct Words {
        private let line: UnsafeRawBufferPointer
        private var place = 0

        init(_ line: UnsafeRawBufferPointer) { self.line = line }

        mutating func next() -> Slice<UnsafeRawBufferPointer>? {
            while place < line.count, line[place] == 0x20 || (9...13).contains(line[place]) { place += 1 }
            let start = place
            while place < line.count, line[place] > 0x20 {
                guard line[place] != UInt8(ascii: "#") else { break }
                place += 1
            }
            // A byte that is neither blank nor printable belongs to no word, and ends the line as a comment does.
            return start < place ? line[start..<place] : nil
        }
    }
}

/// What is wrong with a line of a libsvm file, in words.
struct LibSVMFault: Error {
    let kind: LibSVMLine.Fault

    init(_ kind: LibSVMLine.Fault) { self.kind = kind }

    func error(path: String, line: Int) -> TableError {
        let message =
            switch kind {
            case .label: "expected a number as the label: write 0 where none is known"
            case .severalLabels: "a row with several labels, which cannot be learned: write one label a row"
            case .pair(let word): "expected number:value, found '\(word)': give each feature its number, a colon and its value"
            case .repeated(let index): "feature \(index) stands twice: give each feature once a row"
            }
        return TableError(.unsupportedFormat, message, path: path, line: line)
    }
}
