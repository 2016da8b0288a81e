import Cells
import CheckedNumbers
import Events
import Hyperparameters

// Fields that are ranges: the form starts a search for hyperparameters then.
extension NewRunForm {
    /// Whether any field is a range.
    package var isSearch: Bool { fields.contains(where: \.isRange) }

    static let rangeHelp =
        "Searched: LOW:HIGH, where the scale is chosen; log:, reverse-log: and linear:LOW:HIGH, where it is said; int:LOW:HIGH for "
        + "whole numbers; cat:A,B for words."

    /// The fields about a search.
    static var tuningFields: [FormField] {
        func field(_ name: String, _ label: String, _ text: String, _ help: String) -> FormField {
            var field = FormField(.tuning(name), label)
            (field.defaultText, field.help) = (text, help)
            if let limit = TuningLimit(rawValue: name) { field.validValues = limit.validValues }
            return field
        }
        var strategy = field("strategy", "strategy", "auto", "How configurations are chosen; auto chooses, and says why.")
        strategy.choices = ["auto"]
        var stopping = field(
            "early-stopping", "early stopping", "off", "auto ends trials that are worse than half of the others were by then.")
        stopping.choices = ["off", "auto"]
        return [
            strategy, field("max-jobs", "max jobs", "20", "Trials at most."),
            field("max-parallel-jobs", "parallel jobs", "1", "Trials at the same time; each takes a slot of the compute budget."),
            stopping, field("max-runtime", "max runtime", "", "Ends so many seconds after it began. May be left empty."),
            field("target-value", "target value", "", "Ends once the objective is as good. May be left empty."),
            field(
                "no-improvement", "no improvement", "",
                "Ends after so many trials in a row that improve nothing by 1 %. May be left empty."),
        ]
    }

    /// Why the focused field cannot be a range; nil when it can.
    var rangeRefusal: String? {
        guard let field = focused else { return "this is a heading" }
        guard case .hyperparameter(let name) = field.name else { return "only settings of the algorithm can be searched" }
        return ["objective_metric", Hyperparameter.preset.name].contains(name) ? "\(field.label) cannot be searched" : nil
    }

    /// Makes a range of the focused field, around what stands there; or a value again.
    mutating func toggleRange() {
        guard let index = focusedIndex, rangeRefusal == nil else { return }
        let name = fields[index].name
        if fields[index].isRange {
            (fields[index].isRange, fields[index].input) = (false, TextField())
        } else {
            fields[index].input.text = Self.range(around: fields[index])
            fields[index].isRange = true
        }
        replaces = false
        relist(standingOn: name)
    }

    /// A range to begin with: all words, or a tenth to ten times the value as far as that may be.
    private static func range(around field: FormField) -> String {
        if field.choices.count > 1 { return "cat:" + field.choices.joined(separator: ",") }
        guard let domain = field.hyperparameter?.domain else { return Double(field.value).map { "\($0 / 10):\($0 * 10)" } ?? "" }
        let value = Double(field.value)
        switch domain {
        case .integer(let minimum, let maximum):
            // Where the algorithm chooses, nobody knows what is usual.
            guard let value else { return "\(max(minimum, min(8, maximum / 2))):\(min(maximum, max(minimum + 1, 128)))" }
            let whole = Int(nearestWithin: min(max(value, -1e9), 1e9))
            let low = max(minimum, min(maximum, whole / 2)), high = min(maximum, max(low + 1, whole * 2))
            return "\(low):\(high)"
        case .number(let minimum, let excludesMinimum, let maximum, let excludesMaximum):
            let middle = value.flatMap { $0 > 0 ? $0 : nil } ?? min(0.01, maximum.isFinite ? maximum / 2 : 0.01)
            let top = maximum.isFinite ? (excludesMaximum ? maximum * 0.99 : maximum) : .infinity
            let bottom = minimum.isFinite && !excludesMinimum ? minimum : max(minimum, -.infinity)
            let low = max(middle / 10, bottom), high = min(middle * 10, top)
            return low < high ? "\(Self.short(low)):\(Self.short(high))" : ""
        default: return ""
        }
    }

    private static func short(_ number: Double) -> String {
        let text = NumberFormat.significant(number, digits: 3).filter { $0 != "," }
        return Double(text).map { "\($0)" } ?? "\(number)"
    }

    /// The search that the form stands for; nil when no field is a range.
    package var tuningRequest: TuningRequest? {
        let ranges = fields.filter(\.isRange).map { "\($0.label)=\($0.value)" }
        guard !ranges.isEmpty else { return nil }
        var job = request
        (job.name, job.remedies, job.wantsBaselines) = (nil, nil, false)
        var tuning = TuningRequest(
            job: job, ranges: ranges, strategy: self[.tuning("strategy")], maxJobs: 20, maxParallelJobs: 1)
        for limit in TuningLimit.allCases { _ = limit.set(self[.tuning(limit.rawValue)], in: &tuning) }
        tuning.stopsEarly = self[.tuning("early-stopping")] == "auto"
        return tuning
    }

    /// What to ask about what is searched; nil when that is known.
    var tuningQuery: CheckTuning? {
        guard let tuningRequest, checked?.query.request != tuningRequest else { return nil }
        return CheckTuning(tuningRequest)
    }

    mutating func take(_ answer: TuningCheck, to query: CheckTuning) {
        guard query.request == tuningRequest else { return }
        checked = (query, answer)
        guard let index = place(of: .tuning("strategy")) else { return }
        fields[index].choices = answer.strategies
    }

    /// What the newest look at the search found; nil where something else is searched by now.
    private var currentCheck: TuningCheck? { checked.flatMap { $0.query.request == tuningRequest ? $0.answer : nil } }

    /// What is wrong with a field for the search.
    func tuningProblem(with field: FormField) -> String? {
        guard isSearch, let check = currentCheck else { return nil }
        if field.isRange, let problem = check.problems[field.label] { return problem }
        // What is wrong with all of it stands where the search is described.
        return field.name == .tuning("strategy") ? check.problem : nil
    }

    /// The strategy that was chosen and why, and what is worth knowing before it begins.
    var checkNote: String {
        guard let check = currentCheck else { return "" }
        let chosen = check.why.isEmpty ? "" : "auto is \(check.strategy): \(check.why)."
        return ([chosen] + check.advice.map { $0 + "." }).filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension AppState {
    /// Starts the search of a form; its page opens when it has begun.
    mutating func startTuning(_ request: TuningRequest, _ form: NewRunForm) -> [Effect] {
        var job = request.job
        job.name = nil
        lastRequest = job
        popups.removeLast()
        awaitsFreshTuning = true
        say("starting a search of \(request.ranges.count) ranges", .text)
        let name = form[.runName]
        return [.command(.startTuning(request, name: name.isEmpty ? nil : name))]
    }
}
