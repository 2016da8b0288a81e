import Cells
import Events
import Experiments
import Files
import JSON
import Tables

/// The requests of a load: of a file, or what was captured.
struct LoadBodies {
    struct Body: Sendable {
        var type: String
        var bytes: [UInt8]
    }

    var bodies: [Body]
    /// What they are, in words.
    var source: String

    /// Requests and bytes that are kept in memory: they are sent again from the first.
    private static let most = 10_000, mostBytes = 32 << 20

    // MARK: - A file's rows

    /// - Throws: data, where the file's rows are none that an endpoint reads line by line.
    init(file path: String) throws {
        try DataFile.check(path)
        var options = ReadOptions()
        options.rowLimit = 200
        let table = try Table(contentsOf: path, options: options)
        let bytes = FileContents.head(path, count: Self.mostBytes)
        var lines = bytes.split(whereSeparator: { $0 == 10 || $0 == 13 })
        // The last one may go on behind what was read.
        if bytes.count == Self.mostBytes, !lines.isEmpty { lines.removeLast() }
        switch table.format {
        case .jsonLines: bodies = lines.prefix(Self.most).map { Body(type: "application/json", bytes: Array($0)) }
        case .csv:
            guard table.delimiter == ",", table.reading.skippedAbove == 0 else {
                throw CommandError.data("\(path): its lines cannot be sent as they are: give CSV with commas, or JSON Lines")
            }
            let names = table.hasHeader && !lines.isEmpty ? Array(lines.removeFirst()) + [10] : []
            bodies = lines.prefix(Self.most).map { Body(type: "text/csv", bytes: names + $0) }
        default:
            throw CommandError.data("\(path): rows of \(table.format.rawValue) are not sent one by one: give CSV or JSON Lines")
        }
        guard !bodies.isEmpty else { throw CommandError.data("\(path) has no rows") }
        source = FilePath.name(path) + ", " + (bodies.count == 1 ? "1 row" : "\(NumberFormat.grouped(bodies.count)) rows")
    }

    // MARK: - What was captured

    /// The newest of what was captured of an endpoint.
    /// - Throws: usage, where nothing was.
    init(capturedOf endpoint: String, _ workspace: Workspace) throws {
        let folder = EndpointListener.captureFolder(workspace) + "/" + endpoint
        (bodies, source) = ([], "")
        var size = 0
        for path in Self.files(folder).sorted(by: >) {
            for line in FileContents.head(path, count: Self.mostBytes).split(separator: 10) {
                guard bodies.count < Self.most, size < Self.mostBytes else { break }
                guard let body = Self.body(String(decoding: line, as: UTF8.self)) else { continue }
                bodies.append(body)
                size += body.bytes.count
            }
        }
        guard !bodies.isEmpty else {
            throw CommandError.usage("nothing was captured of \(endpoint): name a file, or capture (--capture) and ask it first")
        }
        source = "captured, " + (bodies.count == 1 ? "1 request" : "\(NumberFormat.grouped(bodies.count)) requests")
    }

    /// Files below a folder, as capture makes them: by variant, year, month, day and hour.
    private static func files(_ folder: String, depth: Int = 6) -> [String] {
        Folder.names(in: folder).flatMap { name -> [String] in
            let path = folder + "/" + name
            return name.hasSuffix(".jsonl") ? [path] : depth > 0 ? files(path, depth: depth - 1) : []
        }
    }

    private static func body(_ line: String) -> Body? {
        guard let json = try? JSONValue(parsing: line), let input = json["captureData"]?["endpointInput"],
            let type = input["observedContentType"]?.string, let data = input["data"]?.string
        else { return nil }
        guard input["encoding"]?.string == "BASE64" else { return Body(type: type, bytes: Array(data.utf8)) }
        return Base64.bytes(data).map { Body(type: type, bytes: $0) }
    }
}
