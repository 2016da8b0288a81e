import Cells
import Events

/// A monitor: what moved and since when, its executions, and what was done about it.
package struct MonitorPage: Screen {
    /// Its name.
    package let monitor: String
    /// nil until it was read.
    package private(set) var found: MonitorReading?
    package var reading = Reading()

    init(_ monitor: String) { self.monitor = monitor }

    package var contexts: [KeyContext] { [.monitor, .monitoring, .detail] }

    package func title(_ state: AppState) -> String { "Monitor \(monitor)" }
    package func crumb(_ state: AppState) -> String { monitor }

    mutating func take(_ reading: MonitorReading) { found = reading }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadMonitor(monitor) }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let standing = state.serving.monitor(monitor) else {
            return Document([TextLine("The monitor is gone from the workspace.", .muted)])
        }
        guard let found else { return Document([TextLine("reading …", .muted)]) }
        return MonitorPageText(standing: standing, reading: found, state: state, width: width).document
    }
}
