import Events

/// Ids of runs as MLflow has them: 32 hexadecimal digits, which are the letters of ours.
enum TrackingID {
    private static let length = 32

    static func text(of run: RunID) -> String {
        let digits = run.text.utf8.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        return digits + String(repeating: "0", count: max(0, length - digits.utf8.count))
    }

    /// nil for what is no id of a run.
    static func run(_ text: String) -> RunID? {
        guard text.utf8.count >= length, text.utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = [], rest = text[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        while bytes.last == 0 { bytes.removeLast() }
        let id = String(decoding: bytes, as: UTF8.self)
        // It is the name of a folder, too.
        guard !id.isEmpty, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }) else {
            return nil
        }
        return RunID(id)
    }
}
