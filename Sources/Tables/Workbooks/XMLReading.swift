import CExpat
import Glibc

/// Who is told what an XML document has. Names come without their prefix.
protocol XMLHandler: AnyObject {
    func start(_ name: XMLName, _ attributes: XMLAttributes)
    func end(_ name: XMLName)
    func text(_ bytes: UnsafeBufferPointer<UInt8>)
    /// Whether the rest does not matter.
    var isDone: Bool { get }
    /// Why the document cannot be used.
    var fault: TableError? { get }
}

/// The name of an element or an attribute, without its prefix.
struct XMLName {
    private let bytes: UnsafePointer<CChar>

    init(_ bytes: UnsafePointer<CChar>) { self.bytes = strchr(bytes, 0x3a).map { UnsafePointer($0) + 1 } ?? bytes }

    static func ~= (pattern: StaticString, name: XMLName) -> Bool {
        pattern.withUTF8Buffer { pattern in
            // The literal ends with a zero too.
            pattern.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { strcmp($0, name.bytes) == 0 } ?? false }
        }
    }
}

/// The attributes of an element, valid until its handler returns.
struct XMLAttributes {
    fileprivate let list: UnsafeMutablePointer<UnsafePointer<CChar>?>?

    /// The value of an attribute, whatever its prefix.
    func bytes(_ name: StaticString) -> UnsafePointer<CChar>? {
        guard var entry = list else { return nil }
        while let key = entry[0] {
            if name ~= XMLName(key) { return entry[1] }
            entry += 2
        }
        return nil
    }

    func text(_ name: StaticString) -> String? { bytes(name).map { String(cString: $0) } }

    func number(_ name: StaticString) -> Int? { text(name).flatMap { Int($0) } }

    /// Truth values are written `1` or `true`.
    func truth(_ name: StaticString) -> Bool { text(name).map { $0 == "1" || $0 == "true" } ?? false }
}

/// Reads the XML documents of a zip archive as they are unpacked. Expat's own limits hold; whatever declares a document type, and
/// with it entities, is refused.
final class XMLReading {
    private let handler: any XMLHandler
    private var hasDoctype = false
    private var depth = 0
    /// Bytes given to the parser.
    private var given = 0

    /// Elements within one another, and bytes of one mark, for which the parser keeps memory; workbooks have a dozen and few.
    private static let deepest = 256, longestMark = 1 << 24
    private var parser: XML_Parser?

    private init(_ handler: any XMLHandler) { self.handler = handler }

    /// - Parameter most: bytes after which the rest does not matter.
    static func read(
        _ entry: ZipArchive.Entry, of archive: ZipArchive, most: Int = .max, _ handler: any XMLHandler
    ) throws(TableError) {
        let reading = XMLReading(handler)
        guard let parser = XML_ParserCreate(nil) else {
            throw TableError(.tooLarge, "there is no memory to read the workbook: close other programs")
        }
        defer { XML_ParserFree(parser) }
        reading.parser = parser
        // SAFETY: the object is kept alive until the parser is freed.
        try withExtendedLifetime(reading) { () throws(TableError) in
            reading.listen(parser)
            var count = 0
            var isWhole = true
            try archive.read(entry) { piece throws(TableError) in
                try reading.parse(parser, piece, isLast: false, entry.name)
                count += piece.count
                isWhole = !handler.isDone && count < most
                return isWhole
            }
            if isWhole { try reading.parse(parser, UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, entry.name) }
        }
    }

    private func parse(
        _ parser: XML_Parser, _ piece: UnsafeRawBufferPointer, isLast: Bool, _ name: String
    ) throws(TableError) {
        let bytes = piece.baseAddress?.assumingMemoryBound(to: CChar.self)
        let status = XML_Parse(parser, bytes, Int32(piece.count), isLast ? 1 : 0)
        given += piece.count
        if hasDoctype {
            throw TableError(.damagedFile, "\(name) declares a document type, as no workbook does: save the workbook again")
        }
        if let fault = handler.fault { throw fault }
        guard depth <= Self.deepest, given - Int(XML_GetCurrentByteIndex(parser)) <= Self.longestMark else {
            throw TableError(.damagedFile, "\(name) is nested too deep or has a mark without an end: save the workbook again")
        }
        guard status != XML_STATUS_OK else { return }
        let words = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "damaged"
        throw TableError(
            .damagedFile, "\(name) is damaged in line \(XML_GetCurrentLineNumber(parser)) (\(words)): save the workbook again")
    }

    private func listen(_ parser: XML_Parser) {
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in
                guard let data, let name else { return }
                let reading = Unmanaged<XMLReading>.fromOpaque(data).takeUnretainedValue()
                reading.depth += 1
                if reading.depth > XMLReading.deepest, let parser = reading.parser { XML_StopParser(parser, 0) }
                reading.handler.start(XMLName(name), XMLAttributes(list: attributes))
            },
            { data, name in
                guard let data, let name else { return }
                let reading = Unmanaged<XMLReading>.fromOpaque(data).takeUnretainedValue()
                reading.depth -= 1
                reading.handler.end(XMLName(name))
            })
        XML_SetCharacterDataHandler(parser) { data, text, count in
            guard let data, let text, count > 0 else { return }
            text.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { bytes in
                let reading = Unmanaged<XMLReading>.fromOpaque(data).takeUnretainedValue()
                reading.handler.text(UnsafeBufferPointer(start: bytes, count: Int(count)))
            }
        }
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            guard let data else { return }
            let reading = Unmanaged<XMLReading>.fromOpaque(data).takeUnretainedValue()
            reading.hasDoctype = true
            if let parser = reading.parser { XML_StopParser(parser, 0) }
        }
    }
}
