import Explaining
import Files

/// What `descent explain` is asked for.
struct ExplainRequest {
    enum Baseline {
        case rows(Int)
        case centres(Int)
        case file(String)
        /// Rows of values in the order of the columns, as Clarify's configuration has them.
        case values([[String]])
    }

    enum Goal {
        case other
        case named(String)
        case range(ClosedRange<Double>)
    }

    /// Whether the rows that are read are those that are wanted.
    var saysRows: Bool
    var row: Int?
    var options = ModelExplainer.Options()
    var baseline: Baseline?
    var aggregation = Explanation.Aggregation.meanAbsolute
    var plotted: [String] = []
    /// Columns that do most to be plotted, beside those that are named.
    var plotCount = 0
    var gridResolution = 15
    var permutation: String?
    var goal: Goal?
    var kept: Set<String> = []
    var out: String?
    var analysis: String?
    var against: String?
    /// Another run, whose model is looked at beside.
    var beside: String?

    init(_ arguments: ParsedArguments) throws {
        let whole = { (name: String) throws(CommandError) -> Int? in
            guard let text = arguments.value(name) else { return nil }
            guard let number = Int(text), number >= 1 else { throw .usage("\(name) '\(text)': give a whole number from 1 on") }
            return number
        }
        saysRows = arguments.flag("--rows")
        options.seed = try arguments.seed()
        if let path = arguments.value("--config") { try read(config: path) }
        row = try whole("--row").map { $0 - 1 }
        if saysRows, row != nil { throw CommandError.usage("--rows and --row exclude each other: give one") }
        options.samples = try whole("--samples") ?? options.samples
        options.interactions = arguments.flag("--interactions")
        if let text = arguments.value("--method"), text != "auto" {
            guard let method = Explanation.Method(rawValue: text) else {
                throw CommandError.usage("--method '\(text)': say auto, tree, linear, deep, exact or kernel")
            }
            options.method = method
        }
        if let text = arguments.value("--space") {
            guard let space = Explanation.Space(rawValue: text) else {
                throw CommandError.usage("--space '\(text)': say margin or probability")
            }
            options.space = space
        }
        if let text = arguments.value("--agg") {
            guard let found = Explanation.Aggregation(rawValue: text) else {
                throw CommandError.usage("--agg '\(text)': say mean_abs, median or mean_sq")
            }
            aggregation = found
        }
        if let text = arguments.value("--baseline") { baseline = try Self.baseline(text) }
        plotted += arguments.values("--pdp").filter { !plotted.contains($0) }
        permutation = arguments.value("--permutation")
        kept = Set(arguments.values("--keep"))
        (out, analysis, against) = (arguments.value("--out"), arguments.value("--analysis"), arguments.value("--against"))
        beside = arguments.value("--beside")
        if beside != nil { try checkBeside(arguments) }
        if let text = arguments.value("--counterfactual") {
            guard row != nil else { throw CommandError.usage("--counterfactual is of one row: say which with --row K") }
            goal = Self.goal(text)
        }
    }

    /// What does not go with a model beside.
    private func checkBeside(_ arguments: ParsedArguments) throws(CommandError) {
        let others = [
            "--row", "--method", "--space", "--samples", "--interactions", "--agg", "--pdp", "--permutation", "--counterfactual",
            "--keep",
            "--config", "--out", "--analysis", "--against",
        ]
        if let other = others.first(where: arguments.flag) {
            throw .usage("--beside tells where two models disagree, in the margin: leave out \(other)")
        }
        if case .centres? = baseline {
            throw .usage("--beside takes the same rows for both models: give --baseline rows=K or a FILE")
        }
    }

    private static func baseline(_ text: String) throws(CommandError) -> Baseline {
        for (prefix, make) in [("rows=", Baseline.rows), ("kmeans=", Baseline.centres)] where text.hasPrefix(prefix) {
            guard let count = Int(text.dropFirst(prefix.count)), count >= 1 else {
                throw .usage("--baseline '\(text)': give \(prefix) a whole number from 1 on")
            }
            return make(count)
        }
        return .file(text)
    }

    private static func goal(_ text: String) -> Goal {
        if text == "other" { return .other }
        let ends = text.split(separator: ":", omittingEmptySubsequences: false)
        if ends.count == 2 {
            let low = ends[0].isEmpty ? -Double.infinity : Double(ends[0]), high = ends[1].isEmpty ? .infinity : Double(ends[1])
            if let low, let high, low <= high { return .range(low...high) }
        }
        return .named(text)
    }

    private mutating func read(config path: String) throws {
        guard let text = FileContents.text(path) else {
            throw CommandError.data("\(path): cannot be read: give Clarify's configuration")
        }
        let settings: ExplanationSettings
        do throws(ExplainingError) { settings = try ExplanationSettings(text) } catch {
            throw CommandError.usage("\(path): \(error.message)")
        }
        // What Clarify computes: kernel values of probabilities, unless it is told to use log-odds.
        options.method = .kernel
        options.space = settings.usesLogit ? .margin : .probability
        options.samples = settings.sampleCount
        options.seed = settings.seed ?? options.seed
        aggregation = settings.aggregation
        switch settings.baseline {
        case .file(let file): baseline = .file(file)
        case .rows(let rows): baseline = .values(rows)
        case nil: baseline = .centres(settings.clusterCount ?? 12)
        }
        (plotted, plotCount, gridResolution) = (settings.plotted, settings.plotCount, settings.gridResolution)
    }
}
