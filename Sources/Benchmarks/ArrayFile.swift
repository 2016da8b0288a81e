import Glibc
import Learners
import Numerics

/// Arrays of single-precision numbers as numpy writes them (format 1.0 of .npy), so that peers and we train on the same bytes.
enum ArrayFile {
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    /// `BASE_X.npy` [n, d] and `BASE_y.npy` [n]: the last tenth of the rows is held out.
    static func rows(_ base: String) throws -> (training: LabelledMatrix, heldOut: LabelledMatrix) {
        let targets = try read(base + "_y.npy"), elements = try read(base + "_X.npy")
        guard !targets.isEmpty, elements.count % targets.count == 0 else {
            throw Fault(description: "\(base): \(elements.count) values for \(targets.count) rows")
        }
        let width = elements.count / targets.count, cut = targets.count * 9 / 10
        func part(_ rows: Range<Int>) -> LabelledMatrix {
            LabelledMatrix(
                features: Matrix(
                    rowCount: rows.count, columnCount: width,
                    elements: Array(elements[rows.lowerBound * width..<rows.upperBound * width])), targets: Array(targets[rows]))
        }
        return (part(0..<cut), part(cut..<targets.count))
    }

    /// `BASE_X.npy` [n, d] alone, with the n of `BASE_y.npy`.
    static func matrix(_ base: String) throws -> Matrix {
        let count = try read(base + "_y.npy").count, elements = try read(base + "_X.npy")
        return Matrix(rowCount: count, columnCount: elements.count / max(1, count), elements: elements)
    }

    /// A file of text.
    static func text(_ path: String) throws -> String {
        guard let file = fopen(path, "re") else { throw Fault(description: "\(path) is not there") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let count = ftell(file)
        rewind(file)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { $1 = fread($0.baseAddress, 1, count, file) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func read(_ path: String) throws -> [Float] {
        guard let file = fopen(path, "re") else { throw Fault(description: "\(path) is not there: benchmarks/run makes it") }
        defer { fclose(file) }
        var head = [UInt8](repeating: 0, count: 10)
        guard fread(&head, 1, 10, file) == 10, head.starts(with: [0x93] + Array("NUMPY".utf8)), head[6] == 1 else {
            throw Fault(description: "\(path) is no .npy file of format 1.0")
        }
        let start = 10 + Int(head[8]) + Int(head[9]) << 8
        fseek(file, 0, SEEK_END)
        let count = (ftell(file) - start) / 4
        fseek(file, start, SEEK_SET)
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = fread(buffer.baseAddress, 4, count, file)
        }
    }
}
