import OutputFiles

/// Where written rows go: a file, packed if it is to be, and how many bytes went there.
final class RowOutput {
    private let file: OutputFile
    private let packer: Packer?
    /// Bytes written so far, before packing.
    private(set) var position = 0

    /// Writes a file by way of `body`; nothing is left of it when that throws.
    static func writing(
        _ path: String, packing: Packing? = nil, in batch: OutputBatch? = nil, _ body: (RowOutput) throws(TableError) -> Void
    ) throws(TableError) {
        let file: OutputFile
        do throws(OutputError) { file = try OutputFile(path) } catch { throw TableError(error) }
        let output = try RowOutput(file, packing, path)
        try body(output)
        if let packer = output.packer { try packer.finish { rest throws(TableError) in try output.send(rest) } }
        if let batch { return batch.add(file) }
        do throws(OutputError) { try file.finish() } catch { throw TableError(error) }
    }

    private init(_ file: OutputFile, _ packing: Packing?, _ path: String) throws(TableError) {
        self.file = file
        packer = if let packing { try Packer(packing, path: path) } else { nil }
    }

    func append(_ text: String) throws(TableError) {
        var text = text
        position += text.utf8.count
        guard packer != nil else {
            do throws(OutputError) { return try file.write(text) } catch { throw TableError(error) }
        }
        let result = text.withUTF8 { bytes in
            Result { () throws(TableError) in try pack(UnsafeRawBufferPointer(bytes)) }
        }
        try result.get()
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(TableError) {
        position += bytes.count
        guard packer != nil else { return try send(bytes) }
        try pack(UnsafeRawBufferPointer(bytes))
    }

    func append(_ bytes: [UInt8]) throws(TableError) {
        let result = bytes.withUnsafeBufferPointer { bytes in Result { () throws(TableError) in try append(bytes) } }
        try result.get()
    }

    private func pack(_ bytes: UnsafeRawBufferPointer) throws(TableError) {
        try packer?.pack(bytes) { packed throws(TableError) in try send(packed) }
    }

    private func send(_ bytes: UnsafeBufferPointer<UInt8>) throws(TableError) {
        do throws(OutputError) { try file.write(bytes) } catch { throw TableError(error) }
    }
}

extension TableError {
    /// A table that could not be written.
    init(_ error: OutputError) {
        self.init(error.isClosedPipe ? .closedPipe : .writeFailed, error.message, path: error.path)
    }
}

/// Files that take their places together, when all of them are written.
public final class OutputBatch {
    private var files: [OutputFile] = []

    public init() {}

    func add(_ file: OutputFile) { files.append(file) }

    /// - Throws: `writeFailed`.
    public func finish() throws(TableError) {
        for file in files {
            do throws(OutputError) { try file.finish() } catch { throw TableError(error) }
        }
        files = []
    }
}
