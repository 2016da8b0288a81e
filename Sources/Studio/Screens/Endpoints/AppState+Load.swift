import Cells
import CheckedNumbers
import Events

// A load of the user's own on an endpoint.
extension AppState {
    /// Takes in how a load comes on.
    mutating func take(_ standing: EndpointLoadStanding) {
        let wasOver = loads[standing.load.endpoint]?.isOver ?? true
        loads[standing.load.endpoint] = standing
        needsRedraw = true
        if standing.isOver, !wasOver || standing.answered == 0 {
            let bad = standing.refused + standing.unanswered
            let name = serving.endpoint(standing.load.endpoint)?.name ?? "the endpoint"
            let failed = bad > 0 ? ", \(NumberFormat.grouped(bad)) failed" : ""
            say(
                "load on \(name): \(NumberFormat.grouped(standing.answered)) answered\(failed), \(standing.ending)",
                bad > 0 || standing.answered == 0 ? .warning : .good)
        }
    }

    /// Stops the load that there is, else asks for one.
    mutating func loadOrStop(_ record: EndpointRecord) -> [Effect] {
        let id = record.id
        if loads[id]?.isOver == false { return [.stopLoad(id)] }
        let path = record.variants.lazy.compactMap { [self] variant in
            serving.model(variant.modelID)?.request.datasetPath ?? runs[RunID(variant.modelID)]?.record.request.datasetPath
        }.first { !$0.isEmpty }
        let source = path ?? (record.capturePercent == nil ? "rows.csv" : "captured")
        open(
            LinePrompt(
                "Load on \(record.name)",
                help:
                    "What to send (a file, whose rows are a request each, or captured), requests a second, seconds: \(source) 20/s 60s",
                text: "\(source) 20/s 60s",
                check: { text, _ in
                    switch LoadText.read(text, endpoint: id) {
                    case .success: nil
                    case .failure(let fault): LinePrompt.Problem(fault.message)
                    }
                },
                accept: { text, state in
                    guard case .success(let load) = LoadText.read(text, endpoint: id) else { return [] }
                    state.say("reading what to send …", .text)
                    return [.startLoad(load)]
                }))
        return []
    }
}

/// A load as it is typed.
enum LoadText {
    private static let longest = NumberFormat.grouped(Int(nearestWithin: EndpointLoad.mostSeconds))
    private static let fastest = NumberFormat.grouped(Int(nearestWithin: EndpointLoad.mostRate))

    /// `data/churn.csv 20/s 60s`; a name of a file may have spaces.
    static func read(_ text: String, endpoint: String) -> Result<EndpointLoad, TypedEndpoint.Fault> {
        var words = text.split(separator: " ").map(String.init), seconds = 60.0, rate = 20.0
        if let last = words.last, last.hasSuffix("s"), !last.hasSuffix("/s"), let number = Double(last.dropLast()) {
            guard number >= 1, number <= EndpointLoad.mostSeconds else {
                return .failure(.init(message: "it goes on for 1 to \(longest) seconds"))
            }
            seconds = number
            words.removeLast()
        }
        if let last = words.last, last.hasSuffix("/s"), let number = Double(last.dropLast(2)) {
            guard number >= 1, number <= EndpointLoad.mostRate else {
                return .failure(.init(message: "from 1 to \(fastest) requests a second"))
            }
            rate = number
            words.removeLast()
        }
        let source = words.joined(separator: " ")
        guard !source.isEmpty else { return .failure(.init(message: "say what to send: a file, or captured")) }
        return .success(
            EndpointLoad(
                endpoint: endpoint, source: source == "captured" ? .captured : .file(source), rate: rate, seconds: seconds))
    }
}
