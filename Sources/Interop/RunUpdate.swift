import Events
import MetricDirections

/// What a log written by another program said about one of its runs since it was last read.
struct RunUpdate: Sendable, Hashable {
    /// Tells the run from others in the same source; empty where a source is one run.
    var key = ""
    var name: String
    var experiment: String
    /// Configuration, as text; later values replace earlier ones.
    var parameters: [String: String] = [:]
    /// Seconds since 1970.
    var startedAt: Double?
    var values: [LoggedValue] = []
    var ending: Ending?
    /// What the run is judged by, where the source says so.
    var objective: Objective?
    /// The source is being read from its beginning again, since what was read before is no longer how it begins.
    var isFromTheBeginning = false
    /// What its program's user said about the run: all of it, whenever anything is said at all.
    var remarks = Remarks()
    /// What could not be read, and what was decided where the log does not say it; each is said once.
    var notes: [String] = []
    /// Newest values by the log's own names, where they are others than those that came last, or have no curve; nil = as before.
    var latest: [String: Double]?
    /// The run's own record, when Descent itself wrote the log.
    var record: RunRecord?

    /// Takes in what the log says after this.
    mutating func append(_ later: RunUpdate) {
        values += later.values
        parameters.merge(later.parameters) { $1 }
        for note in later.notes { self.note(note) }
        (ending, remarks, record) = (later.ending, later.remarks, later.record)
        (objective, latest) = (later.objective ?? objective, later.latest ?? latest)
    }

    /// Says something about the log, once.
    mutating func note(_ text: String) { if !notes.contains(text) { notes.append(text) } }

    /// Tags and a note, as the log has them now.
    struct Remarks: Sendable, Hashable {
        private(set) var tags: [String] = []
        var note = ""

        /// Takes a tag as a word that can be typed, once.
        mutating func tag(_ text: String) {
            let word = String(text.map { $0.isWhitespace || $0 == "," ? "-" : $0 }.prefix(80))
            if !word.isEmpty, !tags.contains(word) { tags.append(word) }
        }

        /// Takes a tag that has a value: `night` for true, `team=blue` for others.
        mutating func tag(_ key: String, value: String) {
            tag(["", "true", "True"].contains(value) ? key : "\(key)=\(value)")
        }

        /// MLflow's own tags say other things; one of them is the note.
        mutating func take(mlflowTag key: String, value: String) {
            if key == "mlflow.note.content" {
                note = value
            } else if !key.hasPrefix("mlflow."), !key.hasPrefix("descent.") {
                tag(key, value: value)
            }
        }
    }

    /// How the program that wrote the log said that the run ended.
    struct Ending: Sendable, Hashable {
        var status: JobStatus
        var reason: EndReason
        /// Seconds since 1970.
        var time: Double?
        /// Of the model that was kept, where the log says so.
        var metrics: [MetricName: Double] = [:]
        var bestStep: Int?
    }
}

/// One value as the log has it.
struct LoggedValue: Sendable, Hashable {
    /// In the log's own spelling.
    var name: String
    var step: Int
    /// 0 where the log has none.
    var epoch = 0.0
    /// Seconds since 1970; nil where the log has none.
    var wallTime: Double?
    var value: Double
    /// Which restart of its program put other values in the place of this one, counted from 1; nil = it stands.
    var replacedBy: Int?
}

extension LoggedValue {
    /// Steps farther from 0 than this are no counts: arithmetic with them would overflow.
    private static let farthestStep: UInt = 1 << 62

    static func isStep(_ step: Int) -> Bool { step.magnitude <= farthestStep }

    /// The value with what can be kept of its place and time; nil when its step is none.
    ///
    /// - Parameter hasTime: set to false where a time was given that is none.
    func checked(hasTime: inout Bool) -> LoggedValue? {
        guard Self.isStep(step) else { return nil }
        var value = self
        value.wallTime = wallTime.flatMap(LogTime.checked)
        if wallTime != nil, value.wallTime == nil { hasTime = false }
        // Epochs are kept in single precision.
        if !(epoch.magnitude < 1e15) { value.epoch = 0 }
        return value
    }
}

/// Reads one source: a file, a folder of files that are one run, a database of many runs. Used from one thread.
protocol LogReader: AnyObject {
    /// Absolute path that stays the same from one reading to the next.
    var path: String { get }
    /// The program that writes such logs, as the runs' algorithm.
    var writer: String { get }
    /// Whether such logs say when a run ended, so that silence without an end means that it was killed.
    var tellsEnd: Bool { get }
    /// The files to look at for changes.
    var files: [String] { get }
    /// Reads what was added. Call again while `hasMore`.
    func read() -> [RunUpdate]
    /// Whether the last call stopped before the end, so as not to take too much at once.
    var hasMore: Bool { get }
    /// Reads a last record whose end is not there, because nobody will write it any more.
    func readUnfinished() -> [RunUpdate]
}

extension LogReader {
    var hasMore: Bool { false }
    func readUnfinished() -> [RunUpdate] { [] }
}

/// How columns of CSV and JSON Lines logs are understood where their names do not say it.
public struct LogColumnNames: Sendable, Hashable {
    public var step: String?
    public var epoch: String?
    public var time: String?
    /// Metric names by the log's own: `dev_ppl` → `validation:perplexity`. Holds for every format.
    public var metrics: [String: MetricName]
    /// What stands before a number's fraction; nil = as the numbers of each log show.
    public var decimal: DecimalMark?

    public init(
        step: String? = nil, epoch: String? = nil, time: String? = nil, metrics: [String: MetricName] = [:],
        decimal: DecimalMark? = nil
    ) {
        self.step = step
        self.epoch = epoch
        self.time = time
        self.metrics = metrics
        self.decimal = decimal
    }
}

/// What runs are judged by, as the user says it: a metric as it is called here or in the log, and which way it is better.
public struct ObjectiveChoice: Sendable, Hashable {
    public var name: String
    /// Unknown = as the metric's name says.
    public var direction: MetricDirection

    public init(name: String, direction: MetricDirection = .unknown) {
        self.name = name
        self.direction = direction
    }

    /// Reads `NAME`, `max:NAME` or `min:NAME`; nil where no name stands.
    public init?(parsing text: String) {
        let isMaximum = text.hasPrefix("max:"), isMinimum = text.hasPrefix("min:")
        let name = isMaximum || isMinimum ? String(text.dropFirst(4)) : text
        if name.isEmpty { return nil }
        self.init(name: name, direction: isMaximum ? .maximised : isMinimum ? .minimised : .unknown)
    }
}
