import JSON

/// What is to be different in a tuning job from now on.
public struct TuningChange: Hashable, Sendable {
    /// Limits as they are written, by their names; `none` takes one away.
    public var limits: [String: String]
    /// Ranges that take the place of those of the same names, or are searched besides.
    public var ranges: [String]
    /// What is not searched any more, with the value that trials have from now on.
    public var held: [String: String]
    /// What trials are compared by; nil = as before.
    public var objective: String?

    public init(
        limits: [String: String] = [:], ranges: [String] = [], held: [String: String] = [:], objective: String? = nil
    ) {
        (self.limits, self.ranges, self.held, self.objective) = (limits, ranges, held, objective)
    }

    public var isEmpty: Bool { limits.isEmpty && !changesSpace && objective == nil }

    /// Whether other configurations than before are searched.
    public var changesSpace: Bool { !ranges.isEmpty || !held.isEmpty }

    /// The change in the command line's words.
    public var text: String {
        let limits = limits.sorted { $0.key < $1.key }.map { "--\($0.key) \($0.value)" }
        let held = held.sorted { $0.key < $1.key }.map { "--set \($0.key)=\($0.value)" }
        let objective = objective.map { ["--objective \($0)"] } ?? []
        return (limits + ranges.map { "--range \($0)" } + held + objective).joined(separator: " ")
    }

    /// The request as it is from now on.
    /// - Returns: what is wrong with the change; nil = nothing. Ranges are checked by whoever searches them.
    public func apply(to request: inout TuningRequest) -> String? {
        for (name, text) in limits.sorted(by: { $0.key < $1.key }) {
            guard let limit = TuningLimit(rawValue: name) else { return "a tuning job has no --\(name)" }
            if let problem = limit.set(text, in: &request) { return problem }
        }
        for range in ranges {
            let name = Self.name(of: range)
            request.job.hyperparameters[name] = nil
            if let place = request.ranges.firstIndex(where: { Self.name(of: $0) == name }) {
                request.ranges[place] = range
            } else {
                request.ranges.append(range)
            }
        }
        for (name, value) in held {
            request.ranges.removeAll { Self.name(of: $0) == name }
            request.job.hyperparameters[name] = value
        }
        if let objective { request.job.hyperparameters["objective_metric"] = objective }
        return nil
    }

    /// What a range is of, such as `eta` in `eta=log:0.01:0.5`.
    public static func name(of range: String) -> String { String(range.prefix { $0 != "=" }) }

    /// Reads words such as `eta=0.01:0.5 max_depth=6`: what has a range is searched, what has a value is held.
    /// - Returns: nil where a word is neither.
    public static func space(_ words: String) -> TuningChange? {
        var change = TuningChange()
        for word in words.split(separator: " ").map(String.init) {
            let name = name(of: word), value = word.dropFirst(name.count + 1)
            guard !name.isEmpty, name.count < word.count, !value.isEmpty else { return nil }
            if value.contains(":") || value.contains(",") {
                change.ranges.append(word)
            } else {
                change.held[name] = String(value)
            }
        }
        return change
    }

    /// Reads limits such as `max-jobs=40 max-runtime=600`.
    /// - Returns: nil where a word is none.
    public static func limits(_ words: String) -> TuningChange? {
        var change = TuningChange()
        for word in words.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, TuningLimit(rawValue: parts[0]) != nil else { return nil }
            change.limits[parts[0]] = parts[1].isEmpty ? "none" : parts[1]
        }
        return change
    }
}

extension TuningChange {
    public var json: JSONValue {
        .object([
            "limits": JSONValue(limits), "ranges": .array(ranges.map { .string($0) }), "held": JSONValue(held),
            "objective": objective.map { .string($0) },
        ])
    }

    public init?(json: JSONValue) {
        guard let limits = json["limits"]?.strings, let ranges = json["ranges"]?.array?.compactMap(\.string),
            let held = json["held"]?.strings
        else { return nil }
        self.init(limits: limits, ranges: ranges, held: held, objective: json["objective"]?.string)
    }
}
