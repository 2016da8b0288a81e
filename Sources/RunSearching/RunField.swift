import Events
import Searching

/// Something a run has that can be searched, shown in a column, sorted and grouped by. Its name is what the user types.
public enum RunField: SearchField {
    case name, id, algorithm, experiment, dataset, target, status, tag, note, parent, origin
    /// The tuning job that it is a trial of.
    case tuning
    /// The machine or workspace elsewhere that it is shown from.
    case place
    case created, started, finished
    case duration
    case seed, step, epoch, alerts, speed, progress
    /// The word of the run's objective, its newest value, its best one, and the step that was reached at.
    case metric, objective, best, bestStep
    /// A metric's newest value or a hyperparameter, by its name; a metric also by its word alone or as its log calls it. A
    /// system metric's peak.
    case named(String)
    /// A hyperparameter by its name, whatever else is called so.
    case setting(String)
    /// What a metric's curve adds up to.
    case statistic(MetricStatistic, String)

    public typealias Kind = SearchFieldKind

    /// Fields that have a name of their own.
    public static let fixed: [RunField] = [
        .name, .status, .objective, .best, .bestStep, .metric, .algorithm, .dataset, .experiment, .target, .tag, .note, .created,
        .started, .finished, .duration, .step, .epoch, .progress, .speed, .alerts, .seed, .parent, .tuning, .origin, .place, .id,
    ]

    /// Fields that a bare word is searched in.
    static let searched: [RunField] = [.name, .id, .algorithm, .experiment, .dataset, .status, .tag, .note, .place]

    private static let words: [String: RunField] = {
        var words = Dictionary(uniqueKeysWithValues: fixed.map { ($0.word, $0) })
        // What the table's headers and older settings files call them.
        for (word, field) in [
            ("run", RunField.name), ("last", .objective), ("time", .duration), ("rows/s", .speed), ("tags", .tag),
        ] { words[word] = field }
        return words
    }()

    private static let settingPrefix = "config:"

    /// The field of a name: `status`, `learning_rate`, `validation:rmse`, `rmse`, `best:rmse`, `min:train:loss`, `config:name`.
    /// Any other name is taken for a metric or a hyperparameter.
    public init(word: String) {
        if let field = Self.words[word.lowercased()] {
            self = field
        } else if word.hasPrefix(Self.settingPrefix), word.utf8.count > Self.settingPrefix.utf8.count {
            self = .setting(String(word.dropFirst(Self.settingPrefix.count)))
        } else if let colon = word.firstIndex(of: ":"), let statistic = MetricStatistic(rawValue: String(word[..<colon])) {
            self = .statistic(statistic, String(word[word.index(after: colon)...]))
        } else {
            self = .named(word)
        }
    }

    /// The name that `init(word:)` reads back.
    public var word: String {
        switch self {
        case .bestStep: "best-step"
        case .named(let name): name
        case .setting(let name): Self.settingPrefix + name
        case .statistic(let statistic, let name): statistic.rawValue + ":" + name
        case .name: "name"
        case .id: "id"
        case .algorithm: "algorithm"
        case .experiment: "experiment"
        case .dataset: "dataset"
        case .target: "target"
        case .status: "status"
        case .tag: "tag"
        case .note: "note"
        case .parent: "parent"
        case .origin: "origin"
        case .tuning: "tuning"
        case .place: "where"
        case .created: "created"
        case .started: "started"
        case .finished: "finished"
        case .duration: "duration"
        case .seed: "seed"
        case .step: "step"
        case .epoch: "epoch"
        case .alerts: "alerts"
        case .speed: "speed"
        case .progress: "progress"
        case .metric: "metric"
        case .objective: "objective"
        case .best: "best"
        }
    }

    public var kind: Kind {
        switch self {
        case .name, .id, .algorithm, .experiment, .dataset, .target, .status, .tag, .note, .parent, .origin, .metric, .place,
            .tuning:
            .text
        case .created, .started, .finished: .time
        case .duration: .duration
        case .seed, .step, .epoch, .alerts, .speed, .progress, .objective, .best, .bestStep, .statistic: .number
        case .named, .setting: .either
        }
    }

    public var isSearchedByWord: Bool { Self.searched.contains(self) || self == .target }

    public var mayBeUnknown: Bool {
        switch self {
        case .named, .statistic, .setting: true
        default: false
        }
    }

    /// Whether the value can change when metric samples come in.
    public var dependsOnMetrics: Bool {
        switch self {
        case .objective, .best, .bestStep, .step, .epoch, .progress, .named, .statistic: true
        default: false
        }
    }
}
