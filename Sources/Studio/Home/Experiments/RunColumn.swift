import Cells
import Events
import RunSearching

/// A column of the runs table: a field of the runs, or something drawn.
package enum RunColumn: Hashable, Sendable {
    case badge, delta, sparkline
    case field(RunField)

    package static let status = field(.status), name = field(.name), objective = field(.objective), metric = field(.metric)
    package static let best = field(.best), alerts = field(.alerts), progress = field(.progress), created = field(.created)
    package static let duration = field(.duration), speed = field(.speed), epoch = field(.epoch), step = field(.step)
    static let place = field(.place)
    static let algorithm = field(.algorithm), dataset = field(.dataset), experiment = field(.experiment), seed = field(.seed)
    static let learningRate = field(.named("learning_rate"))

    /// The columns while the user has chosen none, in the order they stand; those that fit are shown.
    static func automatic(_ differences: RunDifferences) -> [RunColumn] {
        let telling = differences.all.map { RunColumn.field($0.field) }
        let more: [RunColumn] = [.speed, .epoch, .step, .learningRate, .created]
        return [.badge, .status, .name, .objective, .metric, .delta, .sparkline, .progress, .alerts, .best, .duration]
            + telling + more.filter { !telling.contains($0) }
    }

    /// Fields to sort by while no columns are chosen, in the order `<` and `>` walk through them.
    static let sortable: [RunField] = [
        .created, .status, .name, .objective, .alerts, .best, .duration, .speed, .epoch, .step, .algorithm, .dataset,
        .named("learning_rate"), .experiment, .seed, .metric,
    ]

    /// Order in which the automatic columns are given room, most important first: after what a run does and reached comes in what
    /// it differs from the others.
    static func priority(_ differences: RunDifferences) -> [RunColumn] {
        let facts = differences.facts.filter { $0.differs && $0.field != .seed }.map { RunColumn.field($0.field) }
        let settings = differences.settings.map { RunColumn.field($0.field) }
        let order: [RunColumn] =
            [.badge, .name, .status, .objective, .metric, .delta] + facts.filter { $0 == .place } + [.alerts, .progress] + facts
            + settings.prefix(2)
            + [.duration, .best, .sparkline] + settings.dropFirst(2)
            + differences.facts.filter(\.differs).map { RunColumn.field($0.field) }
            + [.algorithm, .dataset, .speed, .epoch, .learningRate, .step, .created]
        var seen: Set<RunColumn> = []
        return order.filter { seen.insert($0).inserted }
    }

    /// The column's name in the settings and in the list to choose from.
    package var word: String {
        switch self {
        case .badge: "badge"
        case .delta: "delta"
        case .sparkline: "sparkline"
        case .field(let field): field.word
        }
    }

    package init(word: String) {
        switch word {
        case "badge": self = .badge
        case "delta": self = .delta
        case "sparkline": self = .sparkline
        default: self = .field(RunField(word: word))
        }
    }

    package var title: String {
        switch self {
        case .badge: ""
        case .delta: "Δ base"
        case .sparkline: "curve"
        case .name: "run"
        case .objective: "last"
        case .duration: "time"
        case .speed: "rows/s"
        case .learningRate: "lr"
        case .alerts: "▲"
        case .created: "started"
        case .field(.named(let name)): Self.short(name)
        case .field(.statistic(let statistic, let name)): statistic.rawValue + " " + Self.short(name)
        case .field(let field): field.word
        }
    }

    /// A metric's name as a header says it: it is of the validation rows unless it says otherwise.
    private static func short(_ name: String) -> String {
        name.hasPrefix("validation:") ? String(name.dropFirst("validation:".count)) : name
    }

    /// What it is sorted by; nil when it cannot be.
    package var sortField: RunField? { if case .field(let field) = self { field } else { nil } }
}
