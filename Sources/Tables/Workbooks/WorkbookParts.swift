/// What a workbook says about its sheets, besides their cells.
struct WorkbookParts {
    struct Sheet {
        var name: String
        var isVisible: Bool
        /// The cells.
        var entry: ZipArchive.Entry
    }

    private(set) var sheets: [Sheet] = []
    /// Whether dates count from 1904 instead of 1900.
    private(set) var countsFrom1904 = false
    /// What cells of each style hold.
    private(set) var styles: [CellStyle] = []
    /// The numbers of the texts that cells share, in `texts`.
    private(set) var shared: [Int32] = []
    let texts: TextNumbering

    /// - Throws: `damagedFile` when something is not where the workbook says it is.
    init(_ archive: ZipArchive, texts: TextNumbering) throws(TableError) {
        self.texts = texts
        let path = try Self.mainPath(archive)
        guard let main = archive.entry(path) else { throw Self.missing(path) }
        let book = BookHandler()
        try XMLReading.read(main, of: archive, book)
        countsFrom1904 = book.countsFrom1904
        let links = try Self.links(of: path, archive)
        let linksByID = Dictionary(links.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var used: Set<String> = []
        for sheet in book.sheets {
            // Charts and macros are sheets too, of another type.
            guard let link = linksByID[sheet.id], link.type.hasSuffix("/worksheet") else { continue }
            guard let entry = archive.entry(link.target) else { throw Self.missing(link.target) }
            guard used.insert(entry.name).inserted else {
                throw TableError(.damagedFile, "has the same cells for two sheets: save the workbook again")
            }
            sheets.append(Sheet(name: sheet.name, isVisible: sheet.isVisible, entry: entry))
        }
        if let link = links.first(where: { $0.type.hasSuffix("/styles") }), let entry = archive.entry(link.target) {
            let handler = StyleHandler()
            try XMLReading.read(entry, of: archive, handler)
            styles = handler.styles
        }
        if let link = links.first(where: { $0.type.hasSuffix("/sharedStrings") }), let entry = archive.entry(link.target) {
            let handler = SharedTextHandler(texts)
            try XMLReading.read(entry, of: archive, handler)
            shared = handler.codes
        }
    }

    private static func missing(_ path: String) -> TableError {
        TableError(.damagedFile, "has no \(path), which the workbook names: save the workbook again")
    }

    private static func mainPath(_ archive: ZipArchive) throws(TableError) -> String {
        let links = try links(of: "", archive)
        return links.first { $0.type.hasSuffix("/officeDocument") }?.target ?? "xl/workbook.xml"
    }

    private struct Link {
        var id: String, type: String, target: String
    }

    /// What a part of the archive refers to, by paths in the archive.
    private static func links(of path: String, _ archive: ZipArchive) throws(TableError) -> [Link] {
        let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let folder = path[..<cut]
        guard let entry = archive.entry("\(folder)_rels/\(path[cut...]).rels") else { return [] }
        let handler = LinkHandler()
        try XMLReading.read(entry, of: archive, handler)
        return handler.links.map { link in
            Link(id: link.id, type: link.type, target: resolved(link.target, in: String(folder)))
        }
    }

    private static func resolved(_ target: String, in folder: String) -> String {
        if target.hasPrefix("/") { return String(target.dropFirst()) }
        var parts = folder.split(separator: "/")
        for part in target.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    private final class LinkHandler: XMLHandler {
        var links: [Link] = []
        let isDone = false
        let fault: TableError? = nil

        func start(_ name: XMLName, _ attributes: XMLAttributes) {
            guard "Relationship" ~= name, let id = attributes.text("Id"), let target = attributes.text("Target") else { return }
            links.append(Link(id: id, type: attributes.text("Type") ?? "", target: target))
        }

        func end(_ name: XMLName) {}
        func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    }

    private final class BookHandler: XMLHandler {
        var sheets: [(name: String, id: String, isVisible: Bool)] = []
        var countsFrom1904 = false
        let isDone = false
        let fault: TableError? = nil

        func start(_ name: XMLName, _ attributes: XMLAttributes) {
            if "workbookPr" ~= name { countsFrom1904 = attributes.truth("date1904") }
            guard "sheet" ~= name, let title = attributes.text("name"), let id = attributes.text("id") else { return }
            sheets.append((title, id, attributes.text("state").map { $0 == "visible" } ?? true))
        }

        func end(_ name: XMLName) {}
        func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    }
}

/// The texts that cells share: `<si>`, in one or several pieces of `<t>`.
private final class SharedTextHandler: XMLHandler {
    var codes: [Int32] = []
    let isDone = false
    var fault: TableError? { buffer.fault }
    private let texts: TextNumbering
    private var buffer = CellText()

    init(_ texts: TextNumbering) { self.texts = texts }

    func start(_ name: XMLName, _ attributes: XMLAttributes) {
        switch name {
        case "si": buffer.clear()
        default: buffer.start(name)
        }
    }

    func end(_ name: XMLName) {
        switch name {
        case "si": codes.append(buffer.number(in: texts))
        default: buffer.end(name)
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) { buffer.text(bytes) }
}

/// A text put together from the pieces of `<t>` within it, but for those that say how characters are pronounced.
struct CellText {
    private var bytes: [UInt8] = []
    private var isWithin = false, isPronunciation = false
    private(set) var fault: TableError?

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        (isWithin, isPronunciation) = (false, false)
    }

    mutating func start(_ name: XMLName) {
        switch name {
        case "t": isWithin = !isPronunciation
        case "rPh": isPronunciation = true
        default: break
        }
    }

    mutating func end(_ name: XMLName) {
        switch name {
        case "t": isWithin = false
        case "rPh": isPronunciation = false
        default: break
        }
    }

    mutating func text(_ more: UnsafeBufferPointer<UInt8>) {
        guard isWithin else { return }
        add(more)
    }

    mutating func add(_ more: UnsafeBufferPointer<UInt8>) {
        guard more.count <= 0xff_ffff - bytes.count else {
            fault = TableError(.fieldTooLong, "holds a text of more than 16 MB: save the workbook again without it")
            return
        }
        bytes += more
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// The number that the text says; nil where it is none.
    var number: Double? { bytes.withUnsafeBufferPointer { NumberText.value($0) } }

    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// The whole number at its front.
    var index: Int? { Int(string) }

    /// Its number among all texts, without the blanks around it, as in delimited text.
    mutating func number(in texts: TextNumbering) -> Int32 {
        if bytes.count >= 7 { unescape() }
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 9 || byte == 10 || byte == 13 }
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        return bytes.withUnsafeBufferPointer { texts.number(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }

    /// `_x000D_` stands for a character that XML cannot hold, `_x005F_` for the underscore in front of such a word.
    private mutating func unescape() {
        guard bytes.contains(0x5f) else { return }
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if bytes[place] == 0x5f, place + 7 <= bytes.count, bytes[place + 1] == 0x78, bytes[place + 6] == 0x5f,
                let code = UInt32(String(decoding: bytes[place + 2..<place + 6], as: UTF8.self), radix: 16),
                bytes[place + 2] != 0x2b, let character = Unicode.Scalar(code)
            {
                result += Array(String(Character(character)).utf8)
                place += 7
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        bytes = result
    }
}
