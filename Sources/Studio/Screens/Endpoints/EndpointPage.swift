import Cells
import CheckedNumbers
import Events

/// An endpoint: what its variants do, how long they take, and what happened to it.
package struct EndpointPage: Screen {
    /// How much of the past the charts show.
    package enum Window: Int, CaseIterable, Sendable {
        case minutes2 = 120
        case minutes10 = 600
        case hour = 3600

        var word: String {
            switch self {
            case .minutes2: "2 minutes"
            case .minutes10: "10 minutes"
            case .hour: "hour"
            }
        }
    }

    /// Its id.
    package let endpoint: String
    /// Its name; empty where it is gone.
    private let name: String
    /// nil until it was read.
    package private(set) var found: EndpointReading?
    private var secondsEach = 1
    package private(set) var window = Window.minutes2
    package var reading = Reading()

    init(_ endpoint: String, name: String) { (self.endpoint, self.name) = (endpoint, name) }

    package var contexts: [KeyContext] { [.endpoint, .serving, .detail] }

    package func title(_ state: AppState) -> String { "Endpoint \(name)" }
    package func crumb(_ state: AppState) -> String { name }

    mutating func take(_ reading: EndpointReading, secondsEach: Int) {
        (found, self.secondsEach) = (reading, secondsEach)
    }

    mutating func turnWindow() {
        let all = Window.allCases, place = all.firstIndex(of: window) ?? 0
        window = all[(place + 1) % all.count]
    }

    package func query(_ state: AppState) -> (any StudioQuery)? {
        // As many stretches as there are columns, each of whole seconds.
        let columns = max(20, min(120, StudioLayout.interior(place(on: state.size)).width - 14))
        let seconds = max(1, (window.rawValue + columns - 1) / columns)
        return ReadEndpoint(endpoint, name: name, stretches: window.rawValue / seconds, seconds: seconds)
    }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { if case .endpoint(let fact) = $0.kind { fact.news.id == endpoint } else { false } }
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let record = state.serving.endpoint(endpoint) else {
            return Document([TextLine("The endpoint is gone from the workspace.", .muted)])
        }
        guard let found else { return Document([TextLine("reading …", .muted)]) }
        return EndpointPageText(
            record: record, reading: found, secondsEach: secondsEach, state: state, width: width, past: window.word
        ).document
    }
}
