import Events
import Tables
import Training

/// Files of data, and what is made of every table: a profile, features, text.
enum DataReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "csv") { subject(csv, $0) },
            FuzzedReader(name: "json-lines") { subject(jsonLines, $0, rewritten: .jsonLines) },
            FuzzedReader(name: "parquet") {
                subject(try files($0) { $0.hasSuffix(".parquet") && !unread.contains($0) }, $0, rewritten: .parquet)
            },
            FuzzedReader(name: "arrow") { subject(try files($0) { $0.contains(".arrow") && !unread.contains($0) }, $0) },
            FuzzedReader(name: "xlsx") { places in
                var found = subject(try files(places) { $0.hasSuffix(".xlsx") && !unread.contains($0) }, places)
                found.repair = ZipSample.repaired
                return found
            },
            FuzzedReader(name: "xlsx-parts", make: workbookParts),
            FuzzedReader(name: "json-table") { subject(json, $0) },
            FuzzedReader(name: "idx") { subject(idx, $0) },
            FuzzedReader(name: "recordio") { subject(try files($0) { $0.hasSuffix(".pbr") }, $0) },
            FuzzedReader(name: "libsvm") { subject(try files($0) { $0.hasSuffix(".svm") } + libsvm, $0) },
            FuzzedReader(name: "sqlite") { subject(try files($0) { $0.hasSuffix(".sqlite") }, $0) },
            FuzzedReader(name: "folder") { places in
                try FuzzFile.makeFolder(places.scratch + "/k=1")
                FuzzFile.replace(places.scratch + "/k=1/1", with: Array("a,b,c\n1,2.5,x\n2,,y\n".utf8))
                return subject(
                    csv.filter { ["plain", "dates", "scales", "large", "tabs"].contains($0.name) }, places, pattern: "/k=*/*",
                    file: "/k=1/2")
            },
            FuzzedReader(name: "packed") { subject(try files($0) { $0.hasSuffix(".gz") || $0.hasSuffix(".zst") }, $0) },
        ]
    }

    /// Refused as they are, and so no samples.
    private static let unread = [
        "brotli.parquet", "list.parquet", "no-rows.parquet", "list.arrow", "no-rows.arrow", "doctype.xlsx", "scattered.xlsx",
        "deep.xlsx", "long.xlsx",
    ]

    /// One part of a workbook is damaged, the others are whole.
    private static func workbookParts(_ places: Places) throws -> Subject {
        let books = try files(places) { $0 == "shops.xlsx" || $0 == "odd.xlsx" }.map { book in
            ZipSample.parts(of: book.bytes).map { Sample(book.name + ":" + $0.name, $0.bytes) }
        }
        var found = subject(Array(books.joined()), places)
        let read = found.read
        found.read = { sample in
            guard let book = books.first(where: { $0.contains { $0.name == sample.name } }) else { return .refused("no part") }
            let parts = book.map { part in
                Sample(String(part.name.drop { $0 != ":" }.dropFirst()), part.name == sample.name ? sample.bytes : part.bytes)
            }
            return try read(Sample(sample.name, ZipSample.archive(parts)))
        }
        return found
    }

    private static func files(_ places: Places, where isWanted: (String) -> Bool) throws -> [Sample] {
        try FuzzFile.samples(places, "Tests/TablesTests/Files", where: isWanted)
    }

    private static let csv = [
        Sample("plain", text: "a,b,c\n1,2.5,x\n2,,y\n3,1e-3,x\n4,7,\"a, \"\"b\"\"\nc\"\n"),
        Sample("dates", text: "day;is;code\n2020-03-04;yes;00123\n2020-03-05T05:06:07.25Z;no;00124\n;yes;7\n04/05/2021;no;8\n"),
        Sample("scales", text: "a,b\n1e12,1e-12\n2e12,2e-12\n3e12,3e-12\n4e12,4e-12\n5e12,9e-12\n"),
        Sample("large", text: "a,b\n1e308,1\n-1e308,2\n1.7e308,3\n0,4\n"),
        Sample("tabs", text: "x\ty\n1\t2\r\n3\t4\r\n5\t6\r\n"),
        Sample("bare", text: "1,2\n3,4\n5,6\n"),
        Sample("bank", text: "Konto\n\nTag;Betrag;Saldo\n31.12.23;-1.234,50 €;12 %\n01.01.24;2.000,00 €;(3)\nSumme: 2\n"),
        Sample("log", text: "# sensor\nt v\ns m/s\n0   1.5\n1   2.5\nt v\n2 3.5\n"),
        Sample("quotes", text: "k\tv\na\t\"x\nb\ty \"z\"\nc\t\"\nd\t1\ne\t\"\"q\"\n"),
        Sample("times", text: "a|b|c|d\r10:30|2024-W10-2|P1DT2H|5-Jan-24\r11:45|2024-W11|PT3M|August 3, 2018\r"),
        Sample("wide", Array("\u{feff}a;b\n1,5;ü\n2,5;漢\n".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
        Sample("latin", Array("a,b\nf".utf8) + [0xFC] + Array("r,1\nx,2\n".utf8)),
        Sample("epochs", text: "ts,day,n\n1709649015000,20240305,1'234\n1709649016000,20240306,12\n1709649017000,20240307,9\n"),
    ]

    private static let jsonLines = [
        Sample(
            "plain",
            text:
                "{\"a\":1,\"b\":\"x\",\"c\":true}\n{\"a\":2.5,\"b\":null,\"c\":false}\n{\"a\":-3e2,\"b\":\"\\u00e9\\n\",\"c\":true}\n"
        ),
        Sample(
            "sparse",
            text: "{\"id\":12345678901234567890,\"t\":\"2020-03-04\"}\n{\"t\":\"2020-03-05\"}\n\n{\"id\":7,\"u\":\"y\"}\n"),
    ]

    private static let json = [
        Sample("list", text: "[{\"a\":1,\"b\":[1,2.5]},\n {\"a\":null,\"b\":[-3,null],\"c\":{\"d\":\"x\"}}]\n"),
        Sample("laid-out", text: "{\n \"a\": \"2020-03-04\",\n \"t\": [\n  \"p\", {\"q\": []}\n ]\n}\n{\"a\":\"2020-03-05\"}\n"),
        Sample("wrapped", text: "{\"instances\": [{\"features\": [1, 2]}, {\"features\": [3, 4]}]}"),
    ]

    private static let libsvm = [
        Sample("plain", text: "# words\n+1 1:0.5 3:1e-3\n-1 2:7 # more\n\n1\n0 3:nan 1:-2\r\n"),
        Sample("groups", text: "3 qid:1 0:1 5:2\n1 qid:1 4:.5\n2 qid:2 0:3\n"),
    ]

    private static let idx: [Sample] = [
        Sample("bytes", [0, 0, 8, 3] + [0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + Array(0..<12)),
        Sample("doubles", [0, 0, 14, 1, 0, 0, 0, 2] + [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0]),
        Sample("words", [0, 0, 12, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0]),
    ]

    /// - Parameter own: a format whose rows are written again in the same format, and have to read back as the same.
    /// - Parameters:
    ///   - pattern: what is read.
    ///   - file: the damaged file, which is what is read, or part of it.
    private static func subject(
        _ samples: [Sample], _ places: Places, rewritten own: DataFormat? = nil, pattern: String = "/data", file: String = "/data"
    ) -> Subject {
        let path = places.scratch + pattern
        return Subject(samples: samples) { sample in
            FuzzFile.replace(places.scratch + file, with: sample.bytes)
            let table: Table
            do throws(TableError) { table = try Table(contentsOf: path) } catch { return .refused(error.message) }
            guard texts(try Table(contentsOf: path)) == texts(table) else {
                return .wrong("read again, the file is another table")
            }
            guard texts(try Table(contentsOf: path, schema: table.schema)) == texts(table) else {
                return .wrong("by its own schema, the file is another table")
            }
            if let fault = try rewriting(table, places, own) { return .wrong(fault) }
            do throws(TableError) {
                let profile = try DatasetProfiling.profile(path: path, target: table.columns.last?.name)
                guard profile.rowCount == table.rowCount else { return .wrong("the profile has other rows") }
                _ = StudioEvent(sequence: 1, wallTime: 0, run: nil, kind: .dataset(.profiled(profile))).json.text
                let rows = Array(0..<table.rowCount)
                let pipeline = try FeaturePipeline.fit(
                    table, rows: rows, target: nil, standardises: true, options: FeatureOptions(codesFrom: 8))
                let features = try pipeline.transform(table)
                if let column = features.firstNonFiniteColumn {
                    return .wrong("feature \(pipeline.featureNames[column]) is not finite")
                }
            } catch  where error.message.isEmpty {
                return .wrong("an error without words")
            } catch {
                // A table that nothing can be learned from is one all the same.
                return .accepted
            }
            return .accepted
        }
    }

    /// Writes a table's rows in every format, and reads those of its own again.
    ///
    /// - Returns: what is wrong with them.
    private static func rewriting(_ table: Table, _ places: Places, _ own: DataFormat?) throws -> String? {
        for (ending, format) in [(".csv", DataFormat.csv), (".jsonl", .jsonLines), (".json", nil), (".parquet", .parquet)] {
            let copy = places.scratch + "/copy" + ending
            do throws(TableError) {
                try TableWriter.write(table, to: copy)
            } catch {
                // The reader leaves out columns that hold pandas' row labels; here they are decoded too, and may be damaged.
                guard [.damagedFile, .unsupportedFormat, .tooLarge].contains(error.code) else { throw error }
                return error.message.isEmpty ? "an error without words" : nil
            }
            // Whatever the rows were, they make a Parquet file that reads.
            if format == .parquet, try Table(contentsOf: copy).rowCount != table.rowCount { return "Parquet has other rows" }
            // Damage may have made it a file of another format.
            guard let format, format == own, table.format == own else { continue }
            // Of JSON Lines without rows nothing is left.
            guard table.rowCount > 0 || format == .parquet else { continue }
            let second = try Table(contentsOf: copy)
            guard texts(second) == texts(table) else { return "its rows, written as \(ending), are others" }
            // Tables hold numbers as doubles; the texts of the values say whether they are exactly the same.
            let again = places.scratch + "/again.csv"
            try TableWriter.write(second, to: again)
            guard try FuzzFile.read(again) == FuzzFile.read(places.scratch + "/copy.csv") else {
                return "its values, written as \(ending), are others"
            }
        }
        return nil
    }

    private static func texts(_ table: Table) -> [String?] {
        table.columns.flatMap { column in [column.name, "\(column.kind)"] + (0..<table.rowCount).map { column.text(at: $0) } }
    }
}
