import Events
import JSON

/// What only the place itself can answer about a run, since the run's files are there.
public enum FarQuestion: Hashable, Sendable {
    /// Where it can be forked.
    case forkPlaces(RunID)
    /// How it will come out when it is done again.
    case outlook(RunID)
    /// The files that it left.
    case files(RunID)
    /// What its script wrote, after a place in it.
    case output(RunID, file: Int, offset: Int)

    public var run: RunID {
        switch self {
        case .forkPlaces(let run), .outlook(let run), .files(let run), .output(let run, _, _): run
        }
    }

    /// The question about a run that is called otherwise there.
    public func about(_ run: RunID) -> FarQuestion {
        switch self {
        case .forkPlaces: .forkPlaces(run)
        case .outlook: .outlook(run)
        case .files: .files(run)
        case .output(_, let file, let offset): .output(run, file: file, offset: offset)
        }
    }

    public var json: JSONValue {
        let (kind, more): (String, JSONValue) =
            switch self {
            case .forkPlaces: ("forkPlaces", .object([JSONValue.Member]()))
            case .outlook: ("outlook", .object([JSONValue.Member]()))
            case .files: ("files", .object([JSONValue.Member]()))
            case .output(_, let file, let offset):
                ("output", .object(["file": .integer(file), "offset": .integer(offset)]))
            }
        return .object(["question": .string(kind), "run": .string(run.text)]).adding(more.members ?? [])
    }

    public init?(json: JSONValue) {
        guard let run = json["run"]?.string.map({ RunID($0) }) else { return nil }
        switch json["question"]?.string {
        case "forkPlaces": self = .forkPlaces(run)
        case "outlook": self = .outlook(run)
        case "files": self = .files(run)
        case "output":
            guard let file = json["file"]?.integer, let offset = json["offset"]?.integer, file >= 0,
                (0...1 << 53).contains(offset)
            else { return nil }
            self = .output(run, file: file, offset: offset)
        default: return nil
        }
    }
}
