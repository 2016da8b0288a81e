import JSON
import RequestSigning
import Serving

/// What a client asks, from the query or the body alike.
struct TrackingRequest {
    private let members: JSONValue
    /// Milliseconds since 1970 when it came.
    let now: Int
    /// What stands before names of members in messages, such as `metrics[0].`.
    private var path = ""

    /// - Throws: `invalidParameter` for a body that is no JSON object.
    init(_ request: HTTPRequest, now: Int) throws(TrackingError) {
        self.now = now
        if request.method == "GET" || request.body.isEmpty {
            members = .object(Self.members(ofQuery: request.query))
            return
        }
        do throws(JSONError) { members = try JSONValue(parsing: request.body) } catch {
            throw TrackingError(.invalidParameter, "Malformed request: the body is no JSON: \(error.description)")
        }
        guard members.members != nil else {
            throw TrackingError(.invalidParameter, "Malformed request: the body is no JSON object")
        }
    }

    init(_ members: JSONValue, now: Int) { (self.members, self.now) = (members, now) }

    /// What the query alone asks, of a request whose body is a file.
    init(query request: HTTPRequest, now: Int) {
        (members, self.now) = (.object(Self.members(ofQuery: request.query)), now)
    }

    /// Names that come several times are lists.
    private static func members(ofQuery query: String) -> [JSONValue.Member] {
        var values: [(name: String, values: [String])] = []
        for part in query.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentText.decoded(pair[0]), value = pair.count > 1 ? PercentText.decoded(pair[1]) : ""
            if let place = values.firstIndex(where: { $0.name == name }) {
                values[place].values.append(value)
            } else {
                values.append((name, [value]))
            }
        }
        return values.map { entry in
            .init(entry.name, entry.values.count == 1 ? .string(entry.values[0]) : .array(entry.values.map { .string($0) }))
        }
    }

    subscript(name: String) -> JSONValue? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    func has(_ name: String) -> Bool { self[name] != nil }

    /// - Throws: `invalidParameter` for what is no text.
    func text(_ name: String) throws(TrackingError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else { throw invalid(name, value) }
        return text
    }

    /// - Throws: `invalidParameter` where it is missing or empty.
    func wanted(_ name: String) throws(TrackingError) -> String {
        guard let text = try text(name), !text.isEmpty else { throw missing(name) }
        return text
    }

    func integer(_ name: String) throws(TrackingError) -> Int? {
        guard let value = self[name] else { return nil }
        if let number = value.integer ?? value.string.flatMap({ Int($0) }) { return number }
        throw invalid(name, value)
    }

    func number(_ name: String) throws(TrackingError) -> Double? {
        guard let value = self[name] else { return nil }
        if let number = value.double ?? value.string.flatMap({ Double($0) }) { return number }
        throw invalid(name, value)
    }

    /// One text counts as a list of it.
    func texts(_ name: String) throws(TrackingError) -> [String] {
        guard let value = self[name] else { return [] }
        if let text = value.string { return [text] }
        guard let list = value.array, case let texts = list.compactMap(\.string), texts.count == list.count else {
            throw invalid(name, value)
        }
        return texts
    }

    func objects(_ name: String) throws(TrackingError) -> [TrackingRequest] {
        guard let value = self[name] else { return [] }
        guard let list = value.array, list.allSatisfy({ $0.members != nil }) else { throw invalid(name, value) }
        return list.enumerated().map { place, members in
            var request = TrackingRequest(members, now: now)
            request.path = "\(path)\(name)[\(place)]."
            return request
        }
    }

    var json: JSONValue { members }

    func missing(_ name: String) -> TrackingError { .missing(path + name) }

    /// Numbers as Python writes them.
    private func invalid(_ name: String, _ value: JSONValue) -> TrackingError {
        if case .number(let number) = value { return .invalid(path + name, "\(number)") }
        return .invalid(path + name, value.text)
    }

    /// The run that is meant, by its new name or its old one.
    func runID() throws(TrackingError) -> String {
        let old = try text("run_uuid"), id = try text("run_id") ?? old
        guard let id, !id.isEmpty else { throw .missing("run_id") }
        return id
    }
}
