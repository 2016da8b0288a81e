import Glibc

/// Rows of numbers in the formats that name features by number: libsvm, and RecordIO with protobuf records.
public struct NumberRow: Sendable, Hashable {
    /// The features that are given, counted as the row's writer does; nil = all in order, from the first.
    public var indices: [Int]?
    public var values: [Double]
    /// How many features there are with those that are not given, where the row says so.
    public var width: Int?

    public init(indices: [Int]? = nil, values: [Double], width: Int? = nil) {
        (self.indices, self.values, self.width) = (indices, values, width)
    }
}

extension NumberRow {
    /// The rows of libsvm text. Each line may begin with a label, which is left out.
    ///
    /// - Throws: `unsupportedFormat` with the line, from 1.
    public static func libsvm(_ bytes: UnsafeRawBufferPointer) throws(TableError) -> [(row: NumberRow, line: Int)] {
        var rows: [(row: NumberRow, line: Int)] = [], line = LibSVMLine()
        guard let base = bytes.baseAddress else { return [] }
        var start = 0, number = 0
        while start < bytes.count {
            let newline = memchr(base + start, 10, bytes.count - start)
            let end = newline.map { UnsafeRawPointer($0) - base } ?? bytes.count
            number += 1
            do throws(LibSVMFault) {
                if try line.read(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), needsLabel: false) {
                    rows.append((NumberRow(indices: line.indices.map { Int($0) }, values: line.values), number))
                }
            } catch {
                var fault = error.error(path: "", line: number)
                fault.path = nil
                throw fault
            }
            start = end + 1
        }
        return rows
    }

    /// The records of RecordIO; labels are left out.
    ///
    /// - Throws: `damagedFile`, `unsupportedFormat`, with the record's number.
    public static func recordIO(_ bytes: UnsafeRawBufferPointer) throws(TableError) -> [NumberRow] {
        var frames = RecordFrames(bytes), rows: [NumberRow] = [], tensor = RecordTensor()
        while !frames.isAtEnd {
            let record = try frames.next()
            do throws(TableError) {
                guard try RecordRows.readFeatures(of: record, into: &tensor) else { throw RecordRows.noFeatures }
            } catch {
                var error = error
                error.message = "record \(frames.count): \(error.message)"
                throw error
            }
            // Each key was held to the width when the tensor was read.
            rows.append(
                NumberRow(
                    indices: tensor.isSparse ? tensor.keys.map { Int($0) } : nil, values: tensor.values, width: tensor.width))
        }
        return rows
    }
}
