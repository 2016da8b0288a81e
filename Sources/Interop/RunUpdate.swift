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
