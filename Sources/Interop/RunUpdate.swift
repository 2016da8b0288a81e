import Events

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
    /// What could not be read; said once.
    var damage: String?
    /// The run's own record, when Descent itself wrote the log.
    var record: RunRecord?

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
        var reason: String
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
}

extension LogReader {
    var hasMore: Bool { false }
}

/// How columns of CSV and JSON Lines logs are understood where their names do not say it.
public struct LogColumnNames: Sendable, Hashable {
    public var step: String?
    public var epoch: String?
    public var time: String?
    /// Metric names by the log's own: `dev_ppl` → `validation:perplexity`. Holds for every format.
    public var metrics: [String: MetricName]

    public init(step: String? = nil, epoch: String? = nil, time: String? = nil, metrics: [String: MetricName] = [:]) {
        self.step = step
        self.epoch = epoch
        self.time = time
        self.metrics = metrics
    }
}
