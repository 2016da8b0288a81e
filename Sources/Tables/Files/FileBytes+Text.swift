import CTableKernels

extension FileBytes {
    /// The file's text as UTF-8 with lines that end in newlines: this object when its bytes are that already.
    ///
    /// - Parameter said: the encoding that a user or a model says; what the file itself says with a mark counts more than a model.
    /// - Throws: `nulByte` for what is no text.
    func asText(
        path: String, survey: inout FileSurvey, said: String?, known: String?, quote: UInt8
    ) throws(TableError) -> FileBytes {
        var text = self
        let fingerprint = survey.fingerprint
        let marked = TextEncoding.marked(bytes)
        let found = said.map(TextEncoding.init) ?? marked?.encoding
        if let encoding = found ?? guess(survey, known), !encoding.isUTF8 {
            let mark = marked?.encoding == encoding ? marked?.markLength ?? 0 : 0
            guard let decoded = encoding.decoded(UnsafeRawBufferPointer(rebasing: bytes[mark...])) else {
                throw TableError(
                    .unreadable, "is in \(encoding.name), which this machine cannot convert: convert it to UTF-8", path: path)
            }
            text = try FileBytes(
                decoded.bytes, storedCount: storedCount, encoding: encoding.name, faults: decoded.faults, path: path)
            survey = FileSurvey(file: text, threadCount: 1)
            survey.fingerprint = fingerprint
        }
        if survey.counts.nuls > 0 { throw FileSurvey.nulError(text, path) }
        guard survey.counts.lone_returns > 0 else { return text }
        let source = text
        let ended = [UInt8](unsafeUninitializedCapacity: source.count) { buffer, count in
            dk_newline_returns(source.base, source.count, quote, buffer.baseAddress)
            count = source.count
        }
        text = try FileBytes(
            ended, storedCount: storedCount, encoding: text.encoding, faults: text.faults, ended: source, path: path)
        survey = FileSurvey(file: text, threadCount: 1)
        survey.fingerprint = fingerprint
        return text
    }

    /// The encoding of text without a mark: what a model learned, unless the bytes are plainly UTF-8.
    private func guess(_ survey: FileSurvey, _ known: String?) -> TextEncoding? {
        guard survey.counts.high_bytes > 0, survey.counts.nuls == 0 else { return nil }
        guard let known else { return TextEncoding.guess(bytes) }
        return dk_utf8_invalid(base, count) == count ? nil : TextEncoding(known)
    }
}
