import CTableKernels
import Glibc
import Numerics

/// What a first look at every byte tells: counts, line counts a block, and the fingerprint.
struct FileSurvey {
    static let blockSize = 1 << 20

    var counts = dk_csv_counts()
    var blockNewlines: [Int]
    var fingerprint: String

    init(file: FileBytes, threadCount: Int) {
        let blockCount = (file.count + FileSurvey.blockSize - 1) / FileSurvey.blockSize
        var blocks = [dk_csv_counts](repeating: dk_csv_counts(), count: blockCount)
        var hashes = [UInt64](repeating: 0, count: blockCount)
        blocks.withUnsafeMutableBufferPointer { blocks in
            hashes.withUnsafeMutableBufferPointer { hashes in
                // SAFETY: each thread writes its own blocks; both buffers outlive the joined threads.
                nonisolated(unsafe) let (blocks, hashes) = (blocks, hashes)
                let workers = blockCount < 4 ? 1 : min(threadCount, blockCount)
                WorkerThreads.run(workers) { worker in
                    for block in blockCount * worker / workers..<blockCount * (worker + 1) / workers {
                        let start = block * FileSurvey.blockSize
                        let count = min(FileSurvey.blockSize, file.count - start)
                        dk_csv_count(file.base + start, count, &blocks[block])
                        hashes[block] = dk_hash(file.base + start, count, 0)
                        file.release(from: start, to: start + count)
                    }
                }
            }
        }
        for block in blocks {
            counts.newlines += block.newlines
            counts.quotes += block.quotes
            counts.nuls += block.nuls
            counts.high_bytes += block.high_bytes
            counts.blank_lines += block.blank_lines
            counts.lone_returns += block.lone_returns
        }
        blockNewlines = blocks.map(\.newlines)
        let total = hashes.withUnsafeBytes { bytes in
            dk_hash(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, UInt64(file.count))
        }
        fingerprint = Self.digits(total)
    }

    /// One fingerprint of several.
    static func combined(_ fingerprints: [String]) -> String {
        let bytes = Array(fingerprints.joined().utf8)
        return digits(dk_hash(bytes, bytes.count, 0))
    }

    private static func digits(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Starts of parts for as many threads, each behind the end of a line, with the number of lines before it.
    ///
    /// - Parameter start: where the first record begins; lines are counted from there.
    func chunkStarts(_ file: FileBytes, from start: Int, threadCount: Int) -> [(offset: Int, line: Int)] {
        var chunks = [(offset: start, line: 0)]
        guard threadCount > 1, file.count > 8 << 20 else { return chunks }
        let linesBefore = dk_newlines(file.base, start)
        for index in 1..<threadCount {
            let block = blockNewlines.count * index / threadCount
            let nominal = block * Self.blockSize
            guard nominal > (chunks.last?.offset ?? 0), let newline = memchr(file.base + nominal, 10, file.count - nominal) else {
                continue
            }
            let offset = UnsafeRawPointer(newline) - UnsafeRawPointer(file.base) + 1
            let lines = blockNewlines[..<block].reduce(0, +) + dk_newlines(file.base + nominal, offset - nominal)
            if offset < file.count { chunks.append((offset, lines - linesBefore)) }
        }
        return chunks
    }

    static func nulError(_ file: FileBytes, _ path: String) -> TableError {
        let offset = memchr(file.base, 0, file.count).map { UnsafeRawPointer($0) - UnsafeRawPointer(file.base) } ?? 0
        return TableError(
            .nulByte, "a NUL byte, so this is UTF-16, compressed or binary: save it as text in UTF-8", path: path,
            line: file.line(at: offset))
    }

    func encodingWarning(_ file: FileBytes) -> TableWarning? {
        if let encoding = file.encoding {
            guard !encoding.hasPrefix("UTF") || file.faults > 0 else { return nil }
            let lost = file.faults > 0 ? "; \(file.faults) bytes that it does not have are shown as \u{fffd}" : ""
            return TableWarning(
                .encoding,
                "the text is read as \(encoding)\(Self.example(file).map { ", as in '\($0)'" } ?? ""): --encoding says another\(lost)"
            )
        }
        guard counts.high_bytes > 0 else { return nil }
        let offset = dk_utf8_invalid(file.base, file.count)
        guard offset < file.count else { return nil }
        return TableWarning(
            .invalidUTF8,
            "line \(file.line(at: offset)) is not valid UTF-8: bad bytes are shown as \u{fffd}; convert the file to UTF-8, or say --encoding"
        )
    }

    /// The first word with a character beyond ASCII.
    private static func example(_ file: FileBytes) -> String? {
        let bytes = file.bytes.prefix(1 << 22)
        guard let high = bytes.firstIndex(where: { $0 >= 0x80 }) else { return nil }
        let isWord = { (byte: UInt8) in byte >= 0x80 || (byte | 32) &- 97 < 26 || byte &- 48 < 10 }
        var start = high, end = high
        while start > 0, high - start < 40, isWord(bytes[start - 1]) { start -= 1 }
        while end < bytes.count, end - high < 40, isWord(bytes[end]) { end += 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
