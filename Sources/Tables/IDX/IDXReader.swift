import CTableKernels
import Glibc
import Numerics

/// Reads IDX arrays: images become a column a pixel, and the labels file beside them, when there is one, the column `label`.
enum IDXReader {
    private static let mostColumns = 1 << 18

    static func read(_ file: FileBytes, path: String, options: ReadOptions) throws(TableError) -> Table {
        let header = try IDXHeader(file.bytes, path: path)
        guard header.width <= mostColumns, header.width > 0 else {
            throw TableError(
                .tooManyColumns, "has \(header.width) values a row: 1 to \(mostColumns) can be columns; make the images smaller",
                path: path)
        }
        try MemoryBudget.check(rowCount: header.rowCount, columnCount: header.width, path: path)
        var fingerprint = FileSurvey(file: file, threadCount: options.threads).fingerprint
        var typed = TypedColumns()
        for (name, numbers) in zip(names(header), columns(file, header, threadCount: options.threads)) {
            add(numbers, name: name, header, to: &typed)
        }
        if header.extents.count > 1, let labelsPath = labelsPath(beside: path) {
            let labels = try FileBytes(path: labelsPath)
            add(try self.labels(labels, labelsPath, rowCount: header.rowCount, beside: path), name: "label", header, to: &typed)
            fingerprint = FileSurvey.combined([fingerprint, FileSurvey(file: labels, threadCount: 1).fingerprint])
        }
        return Table(
            columns: typed.columns, path: path, reading: TableReading(format: .idx), imageShape: header.imageShape,
            byteCount: file.storedCount,
            fingerprint: fingerprint, warnings: typed.warnings)
    }

    private static func add(_ numbers: [Double], name: String, _ header: IDXHeader, to typed: inout TypedColumns) {
        let isWhole = name == "label" || header.isWhole
        typed.add(
            numbers: numbers, name: name, kind: isWhole && !numbers.isEmpty ? .integer : .numeric,
            hasInfinity: !isWhole && numbers.contains(where: \.isInfinite))
    }

    /// `label` for a plain list, `pixel_ROW_COLUMN` from 1 for images, with the channel behind it for those of several.
    private static func names(_ header: IDXHeader) -> [String] {
        switch header.extents.count {
        case 1: ["label"]
        case 3, 4:
            (0..<header.width).map { index in
                let channels = header.extents.count == 4 ? header.extents[3] : 1
                let pixel = index / channels
                let name = "pixel_\(pixel / header.extents[2] + 1)_\(pixel % header.extents[2] + 1)"
                return channels == 1 ? name : "\(name)_\(index % channels + 1)"
            }
        default: (1...header.width).map { "column_\($0)" }
        }
    }

    private static func columns(_ file: FileBytes, _ header: IDXHeader, threadCount: Int) -> [[Double]] {
        var columns = (0..<header.width).map { _ in [Double].uninitialized(header.rowCount) }
        // SAFETY: the arrays are this function's only copies, and nothing resizes them until every thread is joined.
        let places = columns.indices.map { index in columns[index].withUnsafeMutableBufferPointer { $0.baseAddress } }
        // As many columns at once as share a cache line of the rows.
        let blockWidth = 64
        let blockCount = (header.width + blockWidth - 1) / blockWidth
        nonisolated(unsafe) let (shared, base) = (places, file.base + header.offset)
        let workers = header.width * header.rowCount < 1 << 16 ? 1 : min(threadCount, blockCount)
        WorkerThreads.run(workers) { worker in
            for block in stride(from: worker, to: blockCount, by: workers) {
                let first = block * blockWidth
                let wanted = Array(shared[first..<min(header.width, first + blockWidth)])
                dk_idx_columns(
                    Int32(header.type), base + first * header.valueSize, header.rowCount, header.width, wanted, wanted.count)
            }
        }
        return columns
    }

    private static func labels(
        _ file: FileBytes, _ path: String, rowCount: Int, beside images: String
    ) throws(TableError) -> [Double] {
        guard IDXHeader.isLikely(file.bytes) else {
            throw TableError(.damagedFile, "holds no labels: it has to be an IDX file of whole numbers", path: path)
        }
        let header = try IDXHeader(file.bytes, path: path)
        guard header.extents.count == 1, header.isWhole else {
            throw TableError(.damagedFile, "holds no labels: it has to be a plain list of whole numbers", path: path)
        }
        guard header.rowCount == rowCount else {
            throw TableError(
                .damagedFile,
                "holds \(header.rowCount) labels for the \(rowCount) images of \(images): give files that belong together",
                path: path)
        }
        return columns(file, header, threadCount: 1)[0]
    }

    /// Whether a file, one of several, holds the labels of another one's images, by the usual names.
    static func isCompanion(_ name: String, among names: Set<String>) -> Bool {
        guard name.contains("labels"), name.contains("idx1") else { return false }
        return (2...8).contains { number in
            let images = name.replacing("labels", with: "images").replacing("idx1", with: "idx\(number)")
            let plain = [".gz", ".zst"].first { images.hasSuffix($0) }.map { String(images.dropLast($0.count)) } ?? images
            return !names.isDisjoint(with: [plain, plain + ".gz", plain + ".zst"])
        }
    }

    /// The usual names: `…images…idx3…` has its labels in `…labels…idx1…`, compressed or not.
    private static func labelsPath(beside path: String) -> String? {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let name = path.dropFirst(folder.count)
        guard name.contains("images") else { return nil }
        let labels = folder + name.replacing("images", with: "labels").replacing(/idx[2-8]/, with: "idx1")
        let plain = [".gz", ".zst"].first { labels.hasSuffix($0) }.map { String(labels.dropLast($0.count)) } ?? String(labels)
        return [String(labels), plain, plain + ".gz", plain + ".zst"].first { access($0, R_OK) == 0 }
    }
}
