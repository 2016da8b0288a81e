import JSON

/// The cell of a notebook that holds a plan of candidates, for users to change.
public enum NotebookPlan {
    /// The cell's tag.
    public static let tag = "descent-plan"
    /// What stands before and behind the plan, which is JSON.
    public static let start = "PLAN = json.loads(r\"\"\"", end = "\"\"\")"
    private static let candidateLimit = 1_000

    /// The source of the cell.
    public static func cell(_ plan: [PlannedCandidate]) -> String {
        let lines = plan.map { " " + $0.json.text }.joined(separator: ",\n")
        return "import json\n\n\(start)\n[\n\(lines)\n]\n\(end)"
    }

    /// Why a text is no plan.
    public struct Fault: Error, Hashable, CustomStringConvertible {
        public var description: String
    }

    /// The candidates of a notebook's plan, in their order.
    /// - Throws: what is wrong with it.
    public static func candidates(in text: String) throws(Fault) -> [PlannedCandidate] {
        let cells = try json(text, or: "it is no notebook")["cells"]?.array ?? []
        guard let cell = cells.first(where: isPlan) else {
            throw Fault(description: "no cell has the tag \(tag): keep the cell of the plan")
        }
        let source = content(of: cell)
        guard let opening = source.firstRange(of: start),
            let closing = source[opening.upperBound...].firstRange(of: end)
        else {
            throw Fault(description: "the plan is to stand between \(start) and \(end)")
        }
        let found = try json(String(source[opening.upperBound..<closing.lowerBound]), or: "the plan is no JSON").array
        guard let found, !found.isEmpty, found.count <= candidateLimit else {
            throw Fault(description: "the plan is to be a list of candidates, at least one")
        }
        return try found.enumerated().map { (place, one) throws(Fault) -> PlannedCandidate in
            guard let candidate = PlannedCandidate(json: one) else {
                throw Fault(description: "candidate \(place + 1) has no name or no family")
            }
            return candidate
        }
    }

    private static func json(_ text: String, or fault: String) throws(Fault) -> JSONValue {
        do { return try JSONValue(parsing: text) } catch { throw Fault(description: "\(fault): \(error)") }
    }

    private static func isPlan(_ cell: JSONValue) -> Bool {
        cell["metadata"]?["tags"]?.array?.contains { $0.string == tag } ?? false
    }

    /// Lines of a cell, or all of it as one text.
    private static func content(of cell: JSONValue) -> String {
        cell["source"]?.string ?? (cell["source"]?.array ?? []).compactMap(\.string).joined()
    }
}
