import Cells
import Events
import Testing

@testable import Studio

/// A small studio to act on: its state, and everything it asked the program to do.
struct Bench {
    var state: AppState
    var effects: [Effect] = []

    init(width: Int = 120, height: Int = 40, settings: Settings = Settings()) {
        state = AppState(
            settings: settings, algorithms: Bench.algorithms, size: Size(width: width, height: height), now: 1000,
            workspaceName: "test", readOptions: Bench.readOptions)
    }

    mutating func send(_ action: Action) { effects += reduce(into: &state, action) }

    /// What the studio asked, in order.
    var questions: [any StudioQuery] { effects.compactMap { if case .ask(let request) = $0 { request.query } else { nil } } }

    /// Whether the studio asked this.
    func asked(_ query: some StudioQuery) -> Bool { questions.contains { query.isEqual(to: $0) } }

    /// Answers a query as the program would.
    mutating func answer<Query: StudioQuery>(_ query: Query, _ answer: Query.Answer) {
        send(.answered(state.answer(to: query, answer)))
    }

    /// Presses keys by their names; effects of earlier keys are forgotten.
    mutating func press(_ names: String...) {
        effects = []
        for name in names {
            guard let key = Key(name: name) else {
                Issue.record("there is no key \(name)")
                continue
            }
            send(.input(.key(key)))
        }
    }

    /// Turns the open run's page to a tab.
    mutating func turn(to tab: RunTab) {
        for _ in RunTab.allCases where (state.top as? RunPage)?.tab != tab { press("right") }
    }

    mutating func type(_ text: String) { for character in text { send(.input(.key(Key(character)))) } }

    mutating func click(_ x: Int, _ y: Int) {
        effects = []
        send(.input(.mouse(MouseEvent(kind: .press, button: .left, x: x, y: y))))
    }

    mutating func post(_ run: String?, _ kind: StudioEvent.Kind, at time: Double = 1001) {
        send(.events([StudioEvent(sequence: 1, wallTime: time, run: run.map { RunID($0) }, kind: kind)], []))
    }

    /// Registers a run and lets it train.
    mutating func addRun(_ id: String, name: String? = nil, status: JobStatus = .inProgress, created: Double = 0) {
        var record = Bench.record(id, name: name ?? "run-" + id, created: created)
        record.number = state.runs.count
        post(id, .run(.registered(record)))
        if status != .pending {
            post(id, .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 100))))
        }
        if status.isFinal {
            let result = JobResult(
                name: name ?? "run-" + id, status: status, reason: EndReason("because"), bestStep: nil, metrics: [:])
            post(id, .job(.finished(result)))
        } else if status != .inProgress, status != .pending {
            post(id, .job(.statusChanged(JobStatusChange(status: status))))
        }
    }

    /// Records a metric at steps 1 to the number of values.
    mutating func record(_ id: String, _ metric: String, _ values: [Double]) {
        let samples = values.enumerated().map { index, value in
            MetricSample(
                sequence: UInt64(index), metric: 0, step: index + 1, epoch: Double(index + 1) / 10,
                wallTime: 1000 + Double(index), value: value)
        }
        send(.events([], [RunSamples(run: RunID(id), metrics: [MetricName(metric)], samples: samples)]))
    }

    var names: [String] { state.experiments.rows.compactMap { state.runs[$0]?.record.name } }
    var selectedName: String? { state.selectedRun?.record.name }
    var form: NewRunForm? { state.top as? NewRunForm }

    /// The document of the screen on top, laid out for a width.
    func screen(width: Int) -> DocumentLayout? {
        (state.top as? any Screen).map { DocumentLayout($0.document(state, width: width)) }
    }

    /// Goes down the open form to a field, unfolding every heading on the way, and types.
    mutating func fill(_ name: FormField.Name, _ text: String) {
        for _ in 0..<80 where form?.focused?.name != name {
            if form?.focusedGroup != nil { press("right") }
            press("down")
        }
        press("ctrl-u")
        type(text)
    }

    /// What a key asks of the program.
    mutating func effects(of key: String) -> [Effect] {
        press(key)
        return effects
    }

    /// The screen as text.
    func frame(_ width: Int, _ height: Int) -> String {
        var state = state
        _ = reduce(into: &state, .input(.resized(Size(width: width, height: height))))
        return state.frame().plainText
    }

    var commands: [StudioCommand] {
        effects.compactMap { if case .command(let command) = $0 { command } else { nil } }
    }

    static func record(_ id: String, name: String, created: Double = 0) -> RunRecord {
        RunRecord(
            id: RunID(id), name: name, experiment: "e", algorithm: "linear-learner",
            request: JobRequest(
                datasetPath: "data.csv", target: "y", algorithm: "linear-learner", hyperparameters: ["epochs": "3"], seed: 5),
            hyperparameters: ["epochs": "3", "learning_rate": "0.1"],
            objective: Objective(metric: MetricName("validation:loss"), minimises: true), seed: 5, dataFingerprint: "",
            gitRevision: nil, version: "1", createdAt: created, processID: 1)
    }

    static let profile = DatasetProfile(
        path: "data.csv", byteCount: 10, fingerprint: "0", rowCount: 100, delimiter: ",", hasHeader: true,
        columns: ["x", "y"].map {
            ColumnProfile(name: $0, kind: "numeric", count: 100, missing: 0, distinct: 9, statistics: nil, mostFrequent: [])
        }, warnings: [])

    static let readOptions: [ReadOptionDescription] = [
        .init("delimiter", placeholder: "C", help: "what separates fields", choices: [",", ";", "tab"]),
        .init("decimal", placeholder: "C", help: "the decimal mark", choices: [".", ","]),
        .init("type", placeholder: "COL=KIND", help: "what a column is", choices: ["numeric", "text"], isRepeatable: true),
        .init("date-format", placeholder: "ORDER", help: "the order of dates", choices: ["dmy", "mdy", "ymd"]),
        .init("sheet", placeholder: "NAME", help: "the sheet of a workbook"),
        .init("strict", placeholder: nil, help: "refuse what does not fit", choices: ["yes", "no"]),
    ]

    /// What a look at `data.csv` finds.
    static func preview(_ columns: [String] = ["x", "y"], decimal: String = ".") -> DataPreview {
        DataPreview(
            reading: DataReading(
                format: "csv", rowCount: 200, columnCount: columns.count,
                choices: [.init(option: "delimiter", value: ";"), .init(option: "decimal", value: decimal, isGuess: true)]),
            columns: columns.map { DataPreview.Column(name: $0, kind: "numeric", written: "1,5", values: ["1.5", nil]) },
            isWhole: false)
    }

    static let alert = Alert(
        rule: "DataOrder", severity: .issue, step: 7, summary: "rows are sorted", evidence: [.init("z", 9)], cause: "order",
        remedies: [.init("think"), .init("shuffle", set: ["shuffle": "true"])])

    static let algorithms: [AlgorithmDescription] = [
        AlgorithmDescription(
            name: "linear-learner", title: "Linear", summary: "A line.", needsTarget: true,
            hyperparameters: [
                .init(
                    "learning_rate",
                    .positive, words: ["auto"],
                    default: "auto", "Step size."),
                .init(
                    "epochs", .integer(minimum: 1, maximum: 100), default: "15",
                    "Passes."),
                .init("shuffle", .boolean, default: "false", "Shuffle."),
                .init(
                    "early_stopping_patience", .integer(minimum: 1, maximum: 100), words: ["off"],
                    default: "3", "Patience.", isJobSetting: true),
            ], steerable: ["learning_rate", "early_stopping_patience"], metrics: ["loss", "f1"]),
        AlgorithmDescription(
            name: "kmeans", title: "K-means", summary: "Groups.", needsTarget: false,
            hyperparameters: [
                .init("k", .integer(minimum: 2, maximum: 99), default: "10", "Groups.")
            ]),
    ]
}
