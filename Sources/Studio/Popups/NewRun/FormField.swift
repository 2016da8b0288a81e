import Events
import Hyperparameters

/// One field of the new-run form.
package struct FormField: Hashable, Sendable {
    /// What the field sets.
    package enum Name: Hashable, Sendable {
        case dataset, reading, target, algorithm, validationSplit, validationPath, experiment, runName, seed
        /// Settings of any name, of an algorithm that takes such.
        case settings
        case hyperparameter(String)
        /// A choice about the data or its validation, by its name on the command line.
        case option(String)
        /// A choice about a search, by its option's name on the command line.
        case tuning(String)
        /// One option of reading a data file, where each has a field.
        case readOption(String)
    }

    package var name: Name
    package var label: String
    package var input = TextField()
    /// What an empty field means.
    package var defaultText = ""
    /// Values to cycle through and to complete; empty for free text.
    package var choices: [String] = []
    /// The valid values in words.
    package var validValues = ""
    /// One sentence about the field.
    package var help = ""
    package var isPath = false
    package var hyperparameter: Hyperparameter?
    /// The options that words of a field about reading name, and the columns whose kinds they say.
    var readOptions: [ReadOptionDescription] = []
    var columns: [String] = []
    /// What an option takes.
    var option: JobOption.Value?
    /// Whether it holds a range that is searched, and no value.
    package var isRange = false

    init(_ option: JobOption) {
        self.init(.option(option.name), option.label)
        self.option = option.value
        help = option.help.prefix(1).uppercased() + option.help.dropFirst() + ". May be left empty."
        switch option.value {
        case .column: validValues = "a column"
        case .columns: validValues = "columns, commas between"
        case .number(let minimum): validValues = "a whole number from \(minimum) on"
        case .choice(let words, let orColumn): validValues = words.joined(separator: ", ") + (orColumn ? ", or a column" : "")
        case .columnWords(let words): validValues = "column=\(words.joined(separator: ", "))"
        case .words(let words): validValues = "some of " + words.joined(separator: ",")
        case .flag: validValues = "yes, or empty"
        case .text, .texts: validValues = ""
        case .file: isPath = true
        }
    }

    init(_ name: Name, _ label: String) {
        self.name = name
        self.label = label
    }

    /// What the field stands for: what is typed, or the default.
    package var value: String {
        let typed = String(input.text.trimmingSpaces)
        return typed.isEmpty ? defaultText : typed
    }

    /// The value as people read it.
    var shownValue: String { jobOption?.shown(value) ?? value }

    /// Whether the field says something else than its default.
    package var isChanged: Bool { value != defaultText }

    /// The option that the field is for.
    var jobOption: JobOption? {
        guard case .option(let name) = name else { return nil }
        return JobOption.all.first { $0.name == name }
    }

    /// The columns that are typed, with commas between.
    var columnNames: [String] {
        value.split(separator: ",").map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
    }

    /// The texts of a field that takes several, as the option has them.
    var texts: [String] {
        guard option == .texts else { return columnNames }
        return value.split(separator: Self.textSeparator).map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
    }

    /// What stands between texts that may hold anything else.
    static let textSeparator = ";;"

    /// Settings typed as `NAME=VALUE`, a word each; nil where a word is none.
    static func settings(_ text: String) -> [String: String]? {
        var settings: [String: String] = [:]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            settings[String(parts[0])] = String(parts[1])
        }
        return settings
    }

    /// What is wrong with the field's own text; nil if nothing is.
    package var problem: String? {
        let value = value
        if isRange {
            let change = TuningChange.space("\(label)=\(value)")
            return change?.ranges.isEmpty == false ? nil : "write LOW:HIGH, log:LOW:HIGH, int:LOW:HIGH or cat:A,B"
        }
        switch name {
        case .dataset: return value.isEmpty ? "choose a data file: type its path, tab completes" : nil
        case .validationSplit:
            guard let share = Double(value), share >= 0, share < 1 else { return "a number from 0 up to, not including, 1" }
            return nil
        case .seed: return UInt64(value) == nil ? "a whole number from 0 to \(UInt64.max)" : nil
        case .algorithm: return choices.contains(value) ? nil : "one of \(choices.joined(separator: ", "))"
        case .experiment: return value.isEmpty ? "name the experiment" : nil
        case .target:
            guard !choices.isEmpty, !value.isEmpty, !choices.contains(value) else { return nil }
            return "the file has no column “\(value)”"
        case .option:
            switch option {
            case .column?, .columns?:
                let unknown = columnNames.first { !choices.isEmpty && !choices.contains($0) }
                return unknown.map { "the file has no column “\($0)”" }
            case .columnWords?:
                let option = jobOption
                for text in columnNames { if let problem = option?.problem(with: text) { return problem } }
                return option?.problem(withAll: columnNames)
            default: return value.isEmpty ? nil : jobOption?.problem(with: value)
            }
        case .hyperparameter:
            guard let hyperparameter, isChanged, !hyperparameter.accepts(value) else { return nil }
            return "takes \(hyperparameter.validValues)"
        case .reading:
            do throws(ReadingProblem) { _ = try ReadingWords.request(value, options: readOptions) } catch { return "\(error)" }
            return nil
        case .settings: return Self.settings(value) == nil ? "write NAME=VALUE, spaces between" : nil
        case .tuning(let name):
            if let limit = TuningLimit(rawValue: name) {
                var request = TuningRequest(
                    job: JobRequest(datasetPath: "", target: nil, algorithm: ""), ranges: [], strategy: "", maxJobs: 1,
                    maxParallelJobs: 1)
                return limit.set(value, in: &request) == nil ? nil : limit.validValues
            }
            return choices.isEmpty || choices.contains(value) ? nil : "one of \(choices.joined(separator: ", "))"
        case .runName, .validationPath, .readOption: return nil
        }
    }
}
