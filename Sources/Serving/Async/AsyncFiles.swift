import Files
import Glibc
import JSON

/// The files of an endpoint's asynchronous requests.
///
/// A request is `queue/ID.json`, with `queue/ID.body` where its rows came with it. What came of it is first `queue/ID.result` or
/// `queue/ID.failed`, whole; then the request is renamed to `queue/ID.ending`, the result goes to its place, and the rest is removed. So
/// whoever comes after a crash knows at each point how far it was, and no request is answered twice.
struct AsyncFiles: Sendable {
    /// Of one endpoint.
    let folder: String
    /// Where files may lie that requests name.
    let inputFolder: String

    var queue: String { folder + "/queue" }

    func make() throws(FileError) {
        try Folder.make(queue)
        try Folder.make(inputFolder)
        for place in [folder, queue, inputFolder] { chmod(place, 0o700) }
    }

    /// Keeps a request; it is there with all of its content or not at all.
    func add(_ request: AsyncRequest, body: [UInt8]) throws(FileError) {
        if request.input == .inline { try AtomicFile.write(body, to: "\(queue)/\(request.id).body") }
        try AtomicFile.write(Array((request.json.text + "\n").utf8), to: "\(queue)/\(request.id).json")
    }

    /// The rows of a request.
    func body(of request: AsyncRequest, atMost limit: Int) throws(ServiceError) -> [UInt8] {
        guard case .file(let path) = request.input else {
            do throws(FileError) {
                if let bytes = try AtomicFile.read("\(queue)/\(request.id).body", atMost: limit) { return bytes }
            } catch { throw ServiceError(.internalFailure, error.description) }
            throw ServiceError(.internalFailure, "the request's body is gone")
        }
        let (file, size) = try AsyncPath.open(path, in: inputFolder, atMost: limit)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: size), done = 0
        while done < size {
            let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress?.advanced(by: done), size - done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ServiceError(.internalFailure, "InputLocation cannot be read to its end") }
            done += count
        }
        return bytes
    }

    /// Has the result of a request at its place, and the request gone.
    func end(_ request: AsyncRequest, _ bytes: [UInt8], hasFailed: Bool) throws(FileError) {
        try AtomicFile.write(bytes, to: "\(queue)/\(request.id).\(hasFailed ? "failed" : "result")")
        rename("\(queue)/\(request.id).json", "\(queue)/\(request.id).ending")
        try settle(request)
    }

    /// Does what is left to do of a request that has a result.
    private func settle(_ request: AsyncRequest) throws(FileError) {
        let stem = "\(queue)/\(request.id)"
        for (suffix, place) in [("result", request.output), ("failed", request.failure)]
        where access("\(stem).\(suffix)", F_OK) == 0 {
            let path = folder + "/" + place
            try Folder.make(FilePath.folder(path))
            guard rename("\(stem).\(suffix)", path) == 0 else { throw FileError(failing: "rename", path) }
        }
        unlink(stem + ".body")
        if case .file(let path) = request.input, FilePath.name(path).hasPrefix(AsyncPath.passingPrefix),
            FilePath.folder(path) == inputFolder
        {
            unlink(path)
        }
        unlink(stem + ".ending")
    }

    /// What another host left: requests that wait, in the order in which they came. Those that have a result are ended.
    func restore() -> [AsyncRequest] {
        var waiting: [AsyncRequest] = []
        let names = Folder.names(in: queue), known = Set(names)
        for name in names {
            let path = queue + "/" + name
            // What was never whole: rows come before their request.
            let isLeft = name.hasSuffix(".body") && ["json", "ending"].allSatisfy { !known.contains(name.dropLast(4) + $0) }
            if name.hasSuffix(".partial") || isLeft {
                unlink(path)
                continue
            }
            guard name.hasSuffix(".json") || name.hasSuffix(".ending"), let request = request(path) else { continue }
            let stem = "\(queue)/\(request.id)"
            let hasResult = ["result", "failed"].contains { access("\(stem).\($0)", F_OK) == 0 }
            guard name.hasSuffix(".ending") || hasResult else {
                waiting.append(request)
                continue
            }
            rename("\(stem).json", "\(stem).ending")
            do throws(FileError) { try settle(request) } catch {}
        }
        return waiting.sorted { ($0.receivedAt, $0.id) < ($1.receivedAt, $1.id) }
    }

    private func request(_ path: String) -> AsyncRequest? {
        guard let text = FileContents.text(path) else { return nil }
        do { return AsyncRequest(json: try JSONValue(parsing: text)) } catch { return nil }
    }
}
