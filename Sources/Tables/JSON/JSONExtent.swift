import CTableKernels

/// Where the objects of a file are, how many there may be, and where threads may begin.
struct JSONExtent {
    /// The first object's place or white space before it, and the place behind the last one.
    let begin: Int, end: Int
    /// More than there are objects, so that what stands behind the last one is looked at.
    let capacity: Int
    /// Whether objects may span lines, several stand on one, and commas lie between them.
    let spansLines: Bool
    let warnings: [TableWarning]
    /// What is wrong behind the objects; what is wrong in them is found first.
    let fault: TableError?
    private let starts: (_ threadCount: Int) -> [(offset: Int, row: Int)]

    /// One object a line.
    init(linesOf file: FileBytes, _ survey: FileSurvey) {
        let begin = JSONOpening.textStart(file.bytes)
        (self.begin, end, capacity, spansLines) = (begin, file.count, survey.counts.newlines + 1, false)
        (warnings, fault) = ([], nil)
        starts = { threadCount in
            let count = survey.counts.blank_lines == 0 ? threadCount : 1
            return survey.chunkStarts(file, from: begin, threadCount: count).map { ($0.offset, $0.line) }
        }
    }

    /// One list of objects, the list that is all an object holds, or objects one after the other.
    ///
    /// - Throws: `emptyFile` when there is nothing in the list.
    init(objectsOf file: FileBytes, path: String, threadCount: Int) throws(TableError) {
        var opening = JSONOpening(file.bytes)
        var scan = Scan(file, from: opening.objects, threadCount: threadCount)
        if opening.name != nil, scan.fault(opening, file, path) != nil {
            opening = JSONOpening(bareFrom: JSONOpening.textStart(file.bytes))
            scan = Scan(file, from: opening.objects, threadCount: threadCount)
        }
        (begin, end, capacity, spansLines) = (opening.objects, scan.end, scan.places.row_count + 1, true)
        guard scan.places.row_count > 0 || file.bytes[begin..<end].contains(where: { $0 > 0x20 }) else {
            throw TableError(.emptyFile, "the list is empty: it needs at least one object", path: path)
        }
        fault = scan.fault(opening, file, path)
        let starts = scan.starts
        self.starts = { $0 > 1 ? starts : [starts[0]] }
        warnings =
            opening.name.map { name in
                [
                    TableWarning(
                        .unwrapped, "the rows are the objects of the list '\(name)', which is all that the file's object holds")
                ]
            } ?? []
    }

    /// Where each thread begins, with the number of objects before it.
    func chunks(_ threadCount: Int) -> [(offset: Int, row: Int)] { starts(threadCount) }

    /// A first look at the brackets of the objects.
    private struct Scan {
        var places = dk_json_places()
        var end = 0
        var starts: [(offset: Int, row: Int)] = []

        init(_ file: FileBytes, from begin: Int, threadCount: Int) {
            let wanted = file.count > 8 << 20 ? max(1, threadCount) : 1
            var offsets = [Int](repeating: 0, count: wanted), rows = offsets
            offsets.withUnsafeMutableBufferPointer { offsets in
                rows.withUnsafeMutableBufferPointer { rows in
                    (places.offsets, places.rows, places.capacity) = (offsets.baseAddress, rows.baseAddress, wanted)
                    end = dk_json_records(file.base, begin, file.count, (file.count - begin) / wanted + 1, &places)
                    (places.offsets, places.rows) = (nil, nil)
                }
            }
            starts = zip(offsets, rows).prefix(places.count).map { ($0, $1) }
            // What stands before the first object belongs to the first thread.
            starts = [(begin, 0)] + starts.dropFirst()
        }

        /// What is wrong where the objects end.
        func fault(_ opening: JSONOpening, _ file: FileBytes, _ path: String) -> TableError? {
            let rest = file.bytes[end...]
            var place = end
            for mark in opening.closing {
                place = rest[place...].firstIndex { $0 > 0x20 } ?? file.count
                guard place < file.count else {
                    return error("the list is not closed: the file was cut short; copy it again, or add ]", place, file, path)
                }
                guard rest[place] == mark else {
                    return error("expected \(Character(Unicode.Scalar(mark)))", place, file, path)
                }
                place += 1
            }
            guard let more = rest[place...].firstIndex(where: { $0 > 0x20 }) else { return nil }
            return error("something follows the last object: give one list, or objects alone", more, file, path)
        }

        private func error(_ message: String, _ place: Int, _ file: FileBytes, _ path: String) -> TableError {
            TableError(.invalidJSON, message, path: path, line: file.line(at: place))
        }
    }
}
