import Cells
import Events
import Hyperparameters

/// The form that starts a run. What people change is open; the rest is folded by group, and found by typing.
package struct NewRunForm: Layer {
    package var fields: [FormField] = []
    /// Counts in `items`; its top in `lines`.
    package var cursor = ListCursor()
    /// What the cursor can stand on: data, target and algorithm; the settings that matter; groups, folded or not.
    package internal(set) var items: [Item] = []
    /// How many of the items are data, target and algorithm, and how many stand before the first heading.
    var basicCount = 0, openCount = 0
    package internal(set) var unfolded: Set<FormGroup> = []
    /// The last item of a group that was just unfolded, to be brought into view.
    var bottom: Int?
    package internal(set) var search: FormSearch?
    /// Whether the first key typed replaces what stands in the focused field.
    package var replaces = false
    /// Why the run did not start; cleared by the next key.
    package var message: String?
    /// Paths that continue what the focused path field says.
    package var paths: [String] = []
    /// Where the form was opened from, for its title: the rule that suggested it, the run it repeats.
    package var origin = ""
    /// What it said when it was opened.
    private var opened: JobRequest?
    /// Whether the user changed anything in it.
    package var isChanged: Bool { request != opened }
    /// The request of the run that it repeats, which what it changes is told from.
    let base: JobRequest?
    /// Settings that are in view although few people change them: those that the form began with.
    private(set) var lifted: Set<FormField.Name> = []
    /// The alert whose remedy the run is to try.
    private let remedies: AlertReference?
    private var algorithms: [AlgorithmDescription]
    private let readOptions: [ReadOptionDescription]
    /// The file that what is said about reading is about, unless the user typed it.
    var readPath: String
    /// What the script that is named declares.
    var described: (query: DescribeScript, answer: DescribeScript.Answer)?
    /// What came of looking at what is searched.
    var checked: (query: CheckTuning, answer: TuningCheck)?
    /// Settings of a script that the form began with: each has a field, also where nothing declares it.
    let given: [String]
    /// What came of looking at the file with what is said about reading it.
    package private(set) var preview: (query: PreviewData, outcome: DataPreview.Outcome)?

    /// A form filled in from a request.
    /// - Parameter base: the request of the run that it repeats; nil when it repeats none.
    init(
        algorithms: [AlgorithmDescription], readOptions: [ReadOptionDescription] = [], request: JobRequest, columns: [String],
        base: JobRequest? = nil
    ) {
        self.algorithms = algorithms
        self.readOptions = readOptions
        self.base = base
        readPath = request.datasetPath
        remedies = request.remedies
        let known = algorithms.first { $0.name == request.algorithm }?.hyperparameters.map(\.name) ?? []
        given = request.isScript ? request.hyperparameters.keys.filter { !known.contains($0) }.sorted() : []
        fields =
            Self.dataFields(readOptions) + Self.runFields(algorithms) + JobOption.all.map { FormField($0) } + Self.tuningFields
        // What an empty field means follows from the algorithm.
        self[.algorithm] = request.algorithm
        rebuild(columns: columns)
        for name in fields.map(\.name) where name != .settings { self[name] = name.text(in: request) }
        // The preset says what the defaults of the others are.
        let preset = Hyperparameter.preset.name
        if let value = request.hyperparameters[preset] {
            self[.hyperparameter(preset)] = value
            rebuild(columns: columns)
        }
        for (name, value) in request.hyperparameters { self[.hyperparameter(name)] = value }
        lift()
        opened = self.request
    }

    /// Brings into view what the form begins with that is not a default, or that differs from the run it repeats.
    private mutating func lift() {
        let noted = fields.filter { isRevised($0) || $0.isChanged && FormGroup(of: $0) == .more }
        lifted = Set(noted.map(\.name).filter { if case .hyperparameter = $0 { true } else { false } })
        unfolded = Set(fields.filter { isRevised($0) && !lifted.contains($0.name) }.compactMap { FormGroup(of: $0) })
        relist()
        let first = items.firstIndex { if case .field(let index) = $0 { isRevised(fields[index]) } else { false } }
        if base != nil { go(to: first ?? (openCount > basicCount ? basicCount : 0)) }
        if focused?.mayHoldSlash == false { replaces = base != nil }
    }

    /// What the run that the form repeats has in a field; nil when it repeats none, or the field says the same.
    package func before(_ field: FormField) -> String? {
        guard let base, field.name != .runName else { return nil }
        // All that the run was given has fields of its own.
        let text = field.name == .settings ? "" : field.name.text(in: base), before = text.isEmpty ? field.defaultText : text
        return before == field.value ? nil : before
    }

    func isRevised(_ field: FormField) -> Bool { before(field) != nil }

    /// The chosen algorithm, with the settings that a script declares.
    package var algorithm: AlgorithmDescription? {
        var chosen = algorithms.first { $0.name == self[.algorithm] }
        if chosen?.takesAnySetting == true, let described { chosen?.hyperparameters += described.answer.hyperparameters }
        return chosen
    }

    /// A field's value, default included; setting it to the default leaves the field empty.
    package subscript(name: FormField.Name) -> String {
        get { fields.first { $0.name == name }?.value ?? "" }
        set {
            guard let index = fields.firstIndex(where: { $0.name == name }) else { return }
            fields[index].input.text = newValue == fields[index].defaultText ? "" : newValue
        }
    }

    private static func dataFields(_ readOptions: [ReadOptionDescription]) -> [FormField] {
        var dataset = FormField(.dataset, "data file")
        dataset.isPath = true
        dataset.help =
            "The training data: a file of any format that is read, or a folder. tab completes; ←→ goes through the open files."
        var reading = FormField(.reading, "read with")
        reading.readOptions = readOptions
        reading.validValues = "such as --decimal ,"
        reading.help = "How the files are to be read, where that is not to be found out, as on the command line. tab completes."
        var target = FormField(.target, "target")
        target.help = "The column to predict: type some letters of its name, or ←→ goes through the columns."
        var split = FormField(.validationSplit, "validation split")
        split.defaultText = "0.2"
        split.validValues = "0 ≤ share < 1"
        split.help = "Share of the rows held out to validate with; 0 holds none out."
        var file = FormField(.validationPath, "validation file")
        file.isPath = true
        file.help = "A file of its own to validate with, instead of a split. May be left empty."
        return [dataset, target, reading, split, file]
    }

    private static func runFields(_ algorithms: [AlgorithmDescription]) -> [FormField] {
        var algorithm = FormField(.algorithm, "algorithm")
        algorithm.choices = algorithms.map(\.name)
        algorithm.defaultText = algorithms.first?.name ?? ""
        var name = FormField(.runName, "name")
        name.help = "The run's name. Left empty, it is made from the algorithm and its most telling hyperparameters."
        var experiment = FormField(.experiment, "experiment")
        experiment.defaultText = JobRequest.defaultExperiment
        experiment.help = "Runs of one experiment are compared with each other."
        var seed = FormField(.seed, "seed")
        seed.defaultText = "0"
        seed.validValues = "a whole number"
        seed.help = "Same seed, data and hyperparameters: the same curve, bit for bit."
        var settings = FormField(.settings, "settings")
        settings.validValues = "NAME=VALUE, spaces between"
        settings.help = "Further ones, handed to the script as --NAME VALUE, and in SM_HPS. May be left empty."
        return [algorithm, settings, name, experiment, seed]
    }

    /// Brings the algorithm's hyperparameters and the data's columns in; what was typed stays where the name is the same.
    mutating func rebuild(columns: [String]) {
        let standing = focused?.name
        let typed = Dictionary(fields.map { ($0.name, $0.input) }) { first, _ in first }
        let ranged = Set(fields.filter(\.isRange).map(\.name))
        fields.removeAll { if case .hyperparameter = $0.name { true } else { false } }
        for index in fields.indices {
            switch fields[index].name {
            case .target:
                fields[index].choices = columns
                let isFree = algorithm?.takesAnySetting == true
                fields[index].validValues =
                    isFree
                    ? "the column it predicts, so that its runs are told apart; may be empty"
                    : algorithm?.needsTarget == false ? "not used by \(self[.algorithm])" : "a column"
            case .option: fields[index].choices = Self.choices(fields[index].option, columns)
            case .reading: fields[index].columns = columns
            case .algorithm: fields[index].help = algorithm?.summary ?? ""
            // A script does its own split unless it is asked for.
            case .validationSplit: fields[index].defaultText = algorithm?.takesAnySetting == true ? "0" : "0.2"
            default: break
            }
        }
        let hyperparameters = algorithm?.hyperparameters ?? []
        let preset = [Hyperparameter.preset.name: typed[.hyperparameter(Hyperparameter.preset.name)]?.text ?? ""]
        for hyperparameter in hyperparameters.filter(\.isJobSetting) + hyperparameters.filter({ !$0.isJobSetting }) {
            var field = FormField(.hyperparameter(hyperparameter.name), hyperparameter.name)
            field.hyperparameter = hyperparameter
            let isPreset = hyperparameter.name == Hyperparameter.preset.name
            field.defaultText = isPreset ? hyperparameter.defaultValue : hyperparameter.value(in: preset)
            field.validValues = hyperparameter.validValues
            field.help = hyperparameter.summary
            field.choices = hyperparameter.choices
            // The one setting whose values depend on what the algorithm measures.
            if hyperparameter.name == "objective_metric" {
                let metrics = algorithm?.metrics ?? []
                field.validValues = "auto or a metric, such as validation:\(metrics.last ?? "loss")"
                field.choices = ["auto"] + ["validation", "train"].flatMap { split in metrics.map { "\(split):\($0)" } }
            }
            field.input = typed[field.name] ?? TextField()
            field.isRange = ranged.contains(field.name)
            fields.append(field)
        }
        for name in undeclared {
            var field = FormField(.hyperparameter(name), name)
            field.help = "Handed to the script as \(name.count == 1 ? "-" : "--")\(name). Left empty, it is not."
            field.input = typed[field.name] ?? TextField()
            field.isRange = ranged.contains(field.name)
            fields.append(field)
        }
        relist(standingOn: standing)
    }

    /// Settings that the form began with and that nothing declares.
    var undeclared: [String] {
        guard let algorithm, algorithm.takesAnySetting else { return [] }
        let declared = Set(algorithm.hyperparameters.map(\.name))
        return given.filter { !declared.contains($0) }
    }

    /// What an option may be.
    private static func choices(_ option: JobOption.Value?, _ columns: [String]) -> [String] {
        switch option {
        case .column?, .columns?: columns
        case .choice(let words, let orColumn)?: words + (orColumn ? columns : [])
        case .words(let words)?: words
        case .flag?: ["yes"]
        case .number?, .columnWords?, .text?, .texts?, .file?, nil: []
        }
    }

    /// What keeps a field from being right: its own text, or a target that the algorithm needs.
    package func problem(at index: Int) -> String? {
        guard fields.indices.contains(index), isOfUse(fields[index]) else { return nil }
        if let problem = tuningProblem(with: fields[index]) { return problem }
        if algorithm?.takesAnySetting == true {
            if fields[index].name == .dataset, fields[index].value.isEmpty { return nil }
            if [.option("script"), .option("describe")].contains(fields[index].name), !fields[index].value.isEmpty,
                let problem = described?.answer.problem
            {
                return problem
            }
            if fields[index].name == .option("script"), fields[index].value.isEmpty, self[.option("command")].isEmpty {
                return "name the program that trains, or give a command"
            }
        }
        if fields[index].name == .target, fields[index].value.isEmpty, algorithm?.needsTarget ?? false {
            return "\(self[.algorithm]) needs a target column"
        }
        if fields[index].name == .reading, fields[index].problem == nil, case .badOption(let message)? = current?.outcome {
            return message
        }
        return fields[index].problem
    }

    /// Takes in what came of looking at the file; its columns are those of the form.
    mutating func take(_ outcome: DataPreview.Outcome, to query: PreviewData, _ state: AppState) {
        preview = (query, outcome)
        guard case .preview(let preview)? = current?.outcome else { return }
        rebuild(columns: preview.columns.map(\.name))
    }

    package var firstProblem: Int? { fields.indices.first { problem(at: $0) != nil } }

    /// The request the form stands for; only hyperparameters that differ from their defaults are in it.
    package var request: JobRequest {
        var hyperparameters: [String: String] = [:]
        for field in fields where !field.isRange {
            if case .hyperparameter(let name) = field.name, field.isChanged { hyperparameters[name] = field.value }
            if field.name == .settings, isOfUse(field) { hyperparameters.merge(FormField.settings(field.value) ?? [:]) { $1 } }
        }
        let needsTarget = algorithm.map { $0.needsTarget || $0.takesAnySetting } ?? true
        var request = JobRequest(
            datasetPath: self[.dataset], target: needsTarget && !self[.target].isEmpty ? self[.target] : nil,
            algorithm: self[.algorithm], hyperparameters: hyperparameters,
            validationPath: self[.validationPath].isEmpty ? nil : self[.validationPath],
            validationSplit: Double(self[.validationSplit]) ?? 0, experiment: self[.experiment],
            name: self[.runName].isEmpty ? nil : self[.runName], seed: UInt64(self[.seed]) ?? 0,
            reading: reading ?? [:])
        for field in fields where !field.value.isEmpty && isOfUse(field) {
            guard let option = field.jobOption else { continue }
            option.set(option.isRepeatable ? field.texts : [field.value], in: &request)
        }
        request.remedies = remedies
        // A script runs where the run ran that it repeats.
        if request.isScript { request.folder = base?.folder }
        return request
    }
}
