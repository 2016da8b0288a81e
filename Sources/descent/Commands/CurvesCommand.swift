import Cells
import CheckedNumbers
import Databases
import Events
import Experiments
import JSON
import OutputFiles
import Studio

/// `descent runs curves`: the curves of runs as text, as an SVG image or as CSV.
enum CurvesCommand {
    static let specification = CommandSpecification(
        words: ["runs", "curves"], summary: "draw the curves of runs: as text, as an SVG image, or as CSV",
        details: """
            Without --svg or --csv the chart is printed. An SVG image holds all it needs and opens in a browser; CSV has every \
            point that was recorded. FILE may be - for standard output. Training is dotted beside validation.
            """,
        positionals: [.init(name: "RUN", help: RunArgument.positional.help, isRepeatable: true)],
        options: [
            .init(
                name: "--metric", value: "M",
                help: "a metric such as log_loss, or system:cpu_percent (default: what the first run is judged by)"),
            .init(name: "--svg", value: "FILE", help: "write an SVG image"),
            .init(name: "--csv", value: "FILE", help: "write every point as CSV"),
            .init(name: "--x", value: "AXIS", help: "step, epoch, examples, relative or wall (default: step)"),
            .init(name: "--y", value: "SCALE", help: "linear, log or symlog (default: linear)"),
            .init(name: "--smoothing", value: "W", help: "weight of the moving average, from 0 to 0.999 (default: 0)"),
            .init(name: "--theme", value: "NAME", help: "colours of the image (default: descent-dark)"),
            .init(name: "--size", value: "WxH", help: "of the image in pixels, or of the text in cells"),
        ],
        examples: [
            "descent runs curves @latest", "descent runs curves adam sgd --metric loss --y log --svg loss.svg",
            "descent runs curves @best --csv - | head",
        ],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let runs = try arguments.positionals.map { try store.run(named: $0) }
            let metric = arguments.value("--metric") ?? String(runs[0].record.objective.metric.family)
            var chart = LineChart()
            try configure(&chart, arguments)
            let curves = try RunCurves(runs, metric: metric, chart, store: store)
            guard !curves.chart.series.isEmpty else {
                let names = Set(try runs.flatMap { try store.metrics(of: $0.record.id) })
                let all =
                    Self.words(names.filter(\.isOfModels)) + Self.words(names.filter(\.isOfSteps))
                    + Self.words(names.filter(\.isSystem))
                throw CommandError.usage(
                    "no \(metric) was recorded: "
                        + (all.isEmpty ? "these runs have no curves" : "there are \(all.joined(separator: ", "))"))
            }
            try write(curves, arguments)
            return .done
        })

    private static func words(_ names: Set<MetricName>) -> [String] { Set(names.map(\.word)).sorted() }

    private static func configure(_ chart: inout LineChart, _ arguments: ParsedArguments) throws(CommandError) {
        chart.smoothing = try arguments.number("--smoothing", in: 0...0.999) ?? 0
        if let text = arguments.value("--x") {
            let axes: [String: XAxis] = [
                "step": .step, "epoch": .epoch, "examples": .examples, "relative": .relativeTime, "wall": .wallTime,
            ]
            guard let axis = axes[text] else {
                throw .usage("--x is '\(text)': give step, epoch, examples, relative or wall")
            }
            chart.xAxis = axis
        }
        if let text = arguments.value("--y") {
            guard let scale = YScale(rawValue: text) else { throw .usage("--y is '\(text)': give linear, log or symlog") }
            chart.yScale = scale
        }
    }

    private static func write(_ curves: RunCurves, _ arguments: ParsedArguments) throws(CommandError) {
        var isWritten = false
        if let path = arguments.value("--svg") {
            let size = try size(arguments, usual: Size(width: 960, height: 480))
            let library = ThemeLibrary(environment: arguments.environment)
            let name = arguments.value("--theme") ?? Theme.descentDark.name
            guard library.names.contains(name) else {
                throw .usage("no theme '\(name)': there are \(library.names.joined(separator: ", "))")
            }
            let image = curves.chart.svg(
                title: curves.metric, width: size.width, height: size.height, xTitle: curves.chart.xAxis.title,
                theme: library.theme(named: name).theme)
            try write(image, to: path, kind: "svg", curves, arguments)
            isWritten = true
        }
        if let path = arguments.value("--csv") {
            try write(curves.chart.csv(metrics: curves.names.map(\.text)), to: path, kind: "csv", curves, arguments)
            isWritten = true
        }
        if isWritten { return }
        if arguments.flag("--json") {
            for line in curves.json { Console.print(line.text) }
        } else {
            let size = try size(arguments, usual: Size(width: 100, height: 24))
            Console.printRaw(curves.chart.text(title: curves.metric, width: size.width, height: size.height))
            Console.printRaw(curves.systemUse)
        }
    }

    private static func write(
        _ text: String, to path: String, kind: String, _ curves: RunCurves, _ arguments: ParsedArguments
    ) throws(CommandError) {
        if path == OutputFile.standardOutput { return Console.printRaw(text) }
        do throws(OutputError) { try OutputFile.write(text, to: path) } catch { throw .failed(error.description) }
        if arguments.flag("--json") {
            let line = JSONValue.object([
                "kind": .string("curvesWritten"), "format": .string(kind), "path": .string(path),
                "metric": .string(curves.metric),
                "curves": .integer(curves.chart.series.count),
            ])
            Console.print(line.text)
        } else if !arguments.flag("--quiet") {
            Console.note("wrote \(path)")
        }
    }

    private static func size(_ arguments: ParsedArguments, usual: Size) throws(CommandError) -> Size {
        guard let text = arguments.value("--size") else { return usual }
        let parts = text.split(separator: "x").compactMap { Int($0) }
        guard parts.count == 2, parts.allSatisfy({ (10...10_000).contains($0) }) else {
            throw .usage("--size is '\(text)': give width and height such as 960x480, from 10 to 10000")
        }
        return Size(width: parts[0], height: parts[1])
    }
}

/// One metric of some runs as a chart, read whole from the store: every split that was recorded, and what happened on the way.
struct RunCurves {
    let metric: String
    private(set) var chart: LineChart
    /// Of each of the chart's series.
    private(set) var names: [MetricName] = []
    private var owners: [RunID] = []

    /// - Parameter chart: how it is to be drawn; what it holds is kept.
    init(_ runs: [RunSummary], metric: String, _ chart: LineChart = LineChart(), store: RunStore) throws(StoreError) {
        self.metric = metric
        self.chart = chart
        for (place, run) in runs.enumerated() {
            let recorded = try store.metrics(of: run.record.id).filter {
                $0.text == metric || $0.word == metric && !$0.isCandidate || run.record.loggedNames[metric] == $0
            }
            let rank = ["validation": 0, "test": 1, "train": 2]
            let own = recorded.sorted { (rank[String($0.split)] ?? 3, $0) < (rank[String($1.split)] ?? 3, $1) }
            let events = try store.events(
                of: run.record.id, kinds: [.trainingDataSummarised, .hyperparametersChanged, .alertRaised])
            let isDashed = runs[..<place].contains { $0.record.look.role == run.record.look.role }
            for name in own { try add(name, of: run, isDashed: isDashed, isMain: name == own.first, events, store) }
            if let first = own.first, !first.isReplaced { addMarks(run, first, events) }
        }
    }

    private mutating func add(
        _ name: MetricName, of run: RunSummary, isDashed: Bool, isMain: Bool, _ events: [StudioEvent], _ store: RunStore
    ) throws(StoreError) {
        var series = try store.recordedCurve(of: run.record.id, name, isOutlined: false).series
        guard !series.isEmpty else { return }
        for event in events {
            if case .job(.trainingDataSummarised(let data)) = event.kind { series.examplesPerEpoch = Double(data.rowCount) }
        }
        chart.series.append(
            ChartSeries(
                label: isMain ? run.record.name : "\(run.record.name) (\(name.split))",
                badge: isMain ? run.record.look.letter : nil,
                color: run.record.look.role, dash: name.split == "train" && !isMain ? .dotted : isDashed ? .dashed : .solid,
                isSecondary: !isMain, series: series))
        names.append(name)
        owners.append(run.record.id)
    }

    private mutating func addMarks(_ run: RunSummary, _ name: MetricName, _ events: [StudioEvent]) {
        guard let place = zip(owners, names).enumerated().first(where: { $0.element == (run.record.id, name) })?.offset else {
            return
        }
        let series = chart.series[place].series
        func add(_ step: Int, _ scalar: Unicode.Scalar, _ role: ColorRole, _ label: String, isLine: Bool = false) {
            guard let index = series.nearestIndex(to: Double(step), on: .step) else { return }
            let y = series[index].value
            chart.marks.append(
                ChartMark(
                    x: series.x(at: index, on: chart.xAxis), scalar: scalar, role: role, label: label,
                    kind: isLine ? .line : .point(y: y.isFinite ? y : nil)))
        }
        if let best = run.bestStep { add(best, "◆", .good, "best") }
        for event in events {
            switch event.kind {
            case .job(.hyperparametersChanged(let change)): add(change.step ?? 0, "┆", .accent, change.text, isLine: true)
            case .debugger(.alertRaised(let alert)): add(alert.step, "▲", alert.severity == .issue ? .bad : .warning, alert.rule)
            default: break
            }
        }
    }

    /// Mean and peak of each curve that says what a run cost, a line each.
    var systemUse: String {
        zip(names, chart.series).map { name, curve in
            guard name.isSystem, let use = SystemUse((0..<curve.series.count).lazy.map { curve.series[$0].value }) else {
                return ""
            }
            let unit = SystemUnit(of: name)
            return "\(curve.label)  mean \(unit.text(use.mean))  peak \(unit.text(use.peak))\n"
        }.joined()
    }

    /// One object a curve: `{"kind":"curve","run":…,"metric":…,"steps":[…],"values":[…]}`.
    var json: [JSONValue] {
        zip(zip(owners, names), chart.series).map { owner, curve in
            let points = (0..<curve.series.count).map { curve.series[$0] }
            return .object([
                "kind": .string("curve"), "run": .string(owner.0.text), "name": .string(curve.label),
                "metric": .string(owner.1.text), "steps": .array(points.map { .integer(Int(nearestWithin: $0.step)) }),
                "epochs": .array(points.map { .number($0.epoch) }), "values": .array(points.map { .number($0.value) }),
            ])
        }
    }
}

extension XAxis {
    /// As an axis says what it counts.
    fileprivate var title: String {
        switch self {
        case .step: "step"
        case .epoch: "epoch"
        case .examples: "examples"
        case .relativeTime: "time since the start"
        case .wallTime: "time of day (UTC)"
        }
    }
}
