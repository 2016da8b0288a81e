/// The four panes of the home screen, by the number key that focuses them.
package enum Pane: Int, Sendable, CaseIterable {
    case datasets = 1, experiments, curves, alerts

    package var title: String {
        switch self {
        case .datasets: "Datasets"
        case .experiments: "Experiments"
        case .curves: "Curves"
        case .alerts: "Alerts"
        }
    }

    var context: KeyContext {
        switch self {
        case .datasets: .datasets
        case .experiments: .experiments
        case .curves: .curves
        case .alerts: .alerts
        }
    }
}
