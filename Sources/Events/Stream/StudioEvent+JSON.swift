import Clocks
import JSON

extension StudioEvent {
    /// Version of the wire form; a reader refuses a newer one.
    public static let wireVersion = 1

    /// The event as one JSON object: what a recorded log holds, a line each.
    public var json: JSONValue { json(kind.members) }

    /// The same for whoever looks on, as `--json` prints it: of tensors how many there are in each collection. What they are like would
    /// fill a screen for each captured step; `debug tensors --json` has it.
    public var outline: JSONValue {
        if case .tensors(.summarised(let tensors)) = kind { json(tensors.outline) } else { json }
    }

    private func json(_ own: [JSONValue.Member]) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("v", .integer(Self.wireVersion)), .init("seq", .integer(Int(sequence))),
            .init("time", .string(WallClock.text(wallTime))), .init("kind", .string(kind.name.text)),
        ]
        if let run { members.append(.init("run", .string(run.text))) }
        members += own
        return .object(members)
    }

    /// Reads an event back from its wire form; nil if a member is missing, has the wrong type, or the version is newer.
    public init?(json: JSONValue) {
        guard json["v"]?.integer == Self.wireVersion, let sequence = json["seq"]?.integer,
            let time = json["time"]?.string.flatMap(WallClock.seconds(parsing:)), let name = json["kind"]?.string,
            let kind = Kind(name: EventName(name), json: json)
        else { return nil }
        self.init(
            sequence: UInt64(clamping: sequence), wallTime: time, run: json["run"]?.string.map { RunID($0) }, kind: kind)
    }
}
