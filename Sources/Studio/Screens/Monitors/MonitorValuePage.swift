import Cells
import Events

/// One column or metric of a monitor: how it looks beside its baseline, since when it does not meet its constraints, and what that did.
package struct MonitorValuePage: Screen {
    package let monitor: String
    private let kind: MonitorRecord.Kind
    /// The column's name, or the metric's.
    package let feature: String
    /// nil until it was read.
    package private(set) var found: MonitorValueReading?
    package var reading = Reading()

    init(_ monitor: String, _ kind: MonitorRecord.Kind, _ feature: String) {
        (self.monitor, self.kind, self.feature) = (monitor, kind, feature)
    }

    package var contexts: [KeyContext] { [.monitor, .monitoring, .detail] }

    package func title(_ state: AppState) -> String { "\(feature) of \(monitor)" }
    package func crumb(_ state: AppState) -> String { feature }

    mutating func take(_ reading: MonitorValueReading) { found = reading }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadMonitorValue(monitor, feature) }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let standing = state.serving.monitor(monitor) else {
            return Document([TextLine("The monitor is gone from the workspace.", .muted)])
        }
        guard let found else { return Document([TextLine("reading …", .muted)]) }
        return MonitorValueText(standing: standing, feature: feature, reading: found, state: state, width: width).document
    }
}
