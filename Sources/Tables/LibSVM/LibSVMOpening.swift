/// Whether a file is libsvm, as its first lines tell.
enum LibSVMOpening {
    private static let lines = 32, bytes = 64 << 10

    /// Lines of a label and features with their numbers, and nothing else. Times of day such as `10:30` are no features.
    static func isLikely(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let window = bytes[JSONOpening.textStart(bytes)...].prefix(Self.bytes)
        var line = LibSVMLine()
        var rows = 0, rowsWithFeatures = 0, areTimes = true
        var start = window.startIndex
        while start < window.endIndex, rows < lines {
            let newline = window[start...].firstIndex(of: 10)
            var end = newline ?? window.endIndex
            if newline == nil, window.endIndex < bytes.count {
                // The window cut the line; the word at the cut may be half of one.
                guard rows == 0, let blank = window[start...].lastIndex(where: { $0 == 0x20 || $0 == 9 }) else { break }
                end = blank
            }
            let text = UnsafeRawBufferPointer(rebasing: window[start..<end])
            start = newline.map { $0 + 1 } ?? window.endIndex
            do throws(LibSVMFault) {
                guard try line.read(text) else { continue }
            } catch {
                // What has the form and cannot be read is better refused as what it is.
                switch error.kind {
                case .severalLabels, .repeated: break
                case .label, .pair: return false
                }
            }
            rows += 1
            if !line.indices.isEmpty { rowsWithFeatures += 1 }
            areTimes = areTimes && line.indices.count <= 3 && line.indices.allSatisfy { $0 < 25 } && hasTimesOnly(text)
        }
        return rowsWithFeatures * 2 >= max(1, rows) && !areTimes
    }

    /// Whether two digits below 60 stand behind every colon, as minutes do.
    private static func hasTimesOnly(_ line: UnsafeRawBufferPointer) -> Bool {
        line.indices.filter { line[$0] == UInt8(ascii: ":") }.allSatisfy { colon in
            let minutes = line[(colon + 1)...].prefix { $0 > 0x20 }
            return minutes.count == 2 && minutes.allSatisfy { (48...57).contains($0) } && (minutes.first ?? 0) < 54
        }
    }
}
