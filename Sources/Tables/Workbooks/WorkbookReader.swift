/// Reads one sheet of an Excel workbook (xlsx).
enum WorkbookReader {
    static func read(_ file: FileBytes, path: String, options: ReadOptions, schema: TableSchema?) throws(TableError) -> Table {
        do throws(TableError) {
            // Whoever says what the file is may be wrong.
            guard file.bytes.starts(with: DataFormat.zipMark) else {
                throw TableError(.unsupportedFormat, "is no Excel workbook (xlsx): say what else it is, or nothing")
            }
            let archive = try ZipArchive(file.bytes)
            let parts = try WorkbookParts(archive, texts: TextNumbering())
            let names = parts.sheets.map(\.name)
            guard !parts.sheets.isEmpty else {
                throw TableError(.emptyFile, "has no sheet with cells: save one that has")
            }
            let (index, sheet) = try chosen(archive, parts, options.part)
            guard sheet.columns.contains(where: { !$0.isEmpty }) else {
                throw TableError(.emptyFile, "sheet '\(names[index])' is blank: name another one\(list(names))")
            }
            let layout = try SheetLayout(sheet, texts: parts.texts, options: options)
            guard !layout.columns.isEmpty else {
                throw TableError(.emptyFile, "sheet '\(names[index])' has nothing below the rows left out: leave out fewer")
            }
            var warnings = layout.warnings
            if options.part == nil, let warning = try others(archive, parts, index) { warnings.insert(warning, at: 0) }
            var table = TableReading(format: .xlsx)
            (table.hasHeader, table.isHeaderUnsure) = (layout.hasHeader, layout.isHeaderUnsure)
            (table.part, table.parts) = (names[index], names)
            (table.skippedAbove, table.isCut) = (layout.skippedAbove, layout.isCut)
            try MemoryBudget.check(rowCount: layout.rows.count, columnCount: layout.columns.count, path: path)
            // A few cells far apart make a table that is many times the file.
            let (grid, cells) = (layout.rows.count * layout.columns.count, sheet.columns.reduce(0) { $0 + $1.count })
            guard grid <= 1 << 26 || grid / 1000 <= cells else {
                throw TableError(
                    .tooLarge, "\(cells) cells lie scattered over \(grid): leave out what does not belong to the table")
            }
            var columns = SheetColumns(layout, texts: parts.texts, TypedColumns(options: options, schema: schema))
            for (column, name) in zip(layout.columns, layout.names) { columns.add(sheet.columns[column], name: name) }
            try columns.typed.finish()
            table.misfits = columns.typed.misfits
            if layout.rows.isEmpty { warnings.append(TableWarning(.noRows, "the sheet has names and no rows")) }
            return Table(
                columns: columns.typed.columns, path: path, reading: table, schema: columns.typed.schema,
                byteCount: file.storedCount,
                fingerprint: FileSurvey(file: file, threadCount: options.threads).fingerprint,
                warnings: warnings + columns.typed.warnings)
        } catch {
            var error = error
            error.path = path
            throw error
        }
    }

    /// The sheet that was asked for or the first one that can be seen and holds something.
    private static func chosen(
        _ archive: ZipArchive, _ parts: WorkbookParts, _ wanted: String?
    ) throws(TableError) -> (index: Int, cells: SheetHandler) {
        let sheets = parts.sheets
        if let wanted {
            let name = wanted.lowercased()
            var index = sheets.firstIndex { $0.name.lowercased() == name }
            if index == nil, let number = Int(wanted), sheets.indices.contains(number - 1) { index = number - 1 }
            guard let index else {
                throw TableError(.badOption, "no sheet '\(wanted)': \(list(sheets.map(\.name)).dropFirst(2))")
            }
            return (index, try cells(archive, parts, index))
        }
        let visible = sheets.indices.filter { sheets[$0].isVisible }
        let candidates = visible.isEmpty ? Array(sheets.indices) : visible
        for index in candidates {
            let cells = try cells(archive, parts, index)
            if cells.columns.contains(where: { !$0.isEmpty }) { return (index, cells) }
        }
        throw TableError(.emptyFile, "all sheets are blank: fill in one of them")
    }

    private static func cells(_ archive: ZipArchive, _ parts: WorkbookParts, _ index: Int) throws(TableError) -> SheetHandler {
        let handler = SheetHandler(parts)
        try XMLReading.read(parts.sheets[index].entry, of: archive, handler)
        return handler
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        return "; the sheets are \(shown)\(names.count > 8 ? ", … (\(names.count) in all)" : "")"
    }

    /// Says so when other sheets hold something too.
    private static func others(_ archive: ZipArchive, _ parts: WorkbookParts, _ read: Int) throws(TableError) -> TableWarning? {
        var filled: [String] = []
        for index in parts.sheets.indices where index != read && filled.count < 9 {
            let probe = SheetProbe()
            // Where the beginning is blank, what is far below is nobody's data.
            try XMLReading.read(parts.sheets[index].entry, of: archive, most: 1 << 20, probe)
            if probe.isDone { filled.append("'\(parts.sheets[index].name)'") }
        }
        guard !filled.isEmpty else { return nil }
        let more = filled.count > 8 ? ", …" : ""
        return TableWarning(
            .severalParts,
            "sheet '\(parts.sheets[read].name)' is read; there is data in \(filled.prefix(8).joined(separator: ", "))\(more) too: "
                + "--sheet NAME reads another one")
    }

    /// Looks for a first value.
    private final class SheetProbe: XMLHandler {
        private(set) var isDone = false
        let fault: TableError? = nil
        private var isWithin = false

        func start(_ name: XMLName, _ attributes: XMLAttributes) {
            switch name {
            case "v", "is": isWithin = true
            default: break
            }
        }

        func end(_ name: XMLName) {
            switch name {
            case "v", "is": isWithin = false
            default: break
            }
        }

        func text(_ bytes: UnsafeBufferPointer<UInt8>) { isDone = isDone || isWithin && !bytes.isEmpty }
    }
}

extension DataFormat {
    /// What a zip archive is: a workbook, or something with a way around.
    ///
    /// - Throws: `unsupportedFormat` for all but workbooks.
    static func ofArchive(_ bytes: UnsafeRawBufferPointer, path: String) throws(TableError) -> DataFormat {
        let refused = { (name: String, advice: String) in
            TableError(.unsupportedFormat, "is \(name): \(advice)", path: path)
        }
        let other = refused("a zip archive or an Excel workbook", "unpack it, or save the sheet as CSV")
        let archive: ZipArchive
        do throws(TableError) {
            archive = try ZipArchive(bytes)
        } catch {
            // A workbook that is cut has no directory any more, but begins like one.
            let first = bytes.dropFirst(30)
            if ["xl/", "docProps/", "_rels/", "[Content_Types].xml"].contains(where: { first.starts(with: $0.utf8) }) {
                return .xlsx
            }
            throw other
        }
        if archive.entry("xl/workbook.bin") != nil {
            throw refused("an Excel workbook in binary form (xlsb)", "save it as xlsx or the sheet as CSV")
        }
        if archive.entry("xl/workbook.xml") != nil { return .xlsx }
        let spreadsheet = "application/vnd.oasis.opendocument.spreadsheet"
        var kind: [UInt8] = []
        if let entry = archive.entry("mimetype") {
            do throws(TableError) { kind = try archive.start(of: entry, most: 64) } catch { throw other }
        }
        if kind.starts(with: spreadsheet.utf8) {
            throw refused("an OpenDocument spreadsheet (ods)", "save it as xlsx or the sheet as CSV")
        }
        if archive.entry("[Content_Types].xml") != nil, archive.entry("_rels/.rels") != nil, archive.hasFolder("xl") {
            return .xlsx
        }
        throw other
    }

    /// What a file in the container of old Office documents is: it also holds new ones that have a password.
    static func compoundFile(_ bytes: UnsafeRawBufferPointer) -> String {
        // Names in UTF-16 stand at the front of the directory's entries, which are 128 bytes each.
        let name: [UInt8] = "EncryptedPackage".utf8.flatMap { [$0, 0] }
        if stride(from: 0, to: bytes.count, by: 128).contains(where: { bytes[$0...].starts(with: name) }) {
            return "is a workbook locked by a password: save it without one"
        }
        return "is an old Excel workbook (xls): save it as xlsx or the sheet as CSV"
    }
}
