import Experiments
import JSON

/// A piece of a run that is copied from one workspace to another.
public enum RunTransfer: Hashable, Sendable {
    /// A piece of what the workspace knows of the run.
    case news(id: Int, WorkspaceNews)
    /// A piece of one of its files.
    /// - Parameter name: below the run's folder.
    case file(id: Int, name: String, offset: Int, [UInt8])
    /// That was all.
    case end(id: Int, bytes: Int)
}

extension RunTransfer {
    /// Bytes of a file in one piece.
    public static let mostBytes = 96 << 10

    public var json: JSONValue {
        switch self {
        case .news(let id, let news): .object(["copy": .integer(id), "of": news.json])
        case .file(let id, let name, let offset, let bytes):
            .object([
                "copy": .integer(id), "file": .string(name), "offset": .integer(offset), "data": .string(Base64.text(bytes)),
            ])
        case .end(let id, let bytes): .object(["copy": .integer(id), "end": .integer(bytes)])
        }
    }

    public init?(json: JSONValue) {
        guard let id = json["copy"]?.integer else { return nil }
        if let news = json["of"].flatMap(WorkspaceNews.init(json:)) {
            self = .news(id: id, news)
        } else if let name = json["file"]?.string, let offset = json["offset"]?.integer, (0...1 << 53).contains(offset),
            let bytes = json["data"]?.string.flatMap(Base64.bytes), bytes.count <= Self.mostBytes
        {
            self = .file(id: id, name: name, offset: offset, bytes)
        } else if let bytes = json["end"]?.integer {
            self = .end(id: id, bytes: bytes)
        } else {
            return nil
        }
    }
}
