import Events
import JSON

// What requests and runs say where the form has a field.
extension FormField.Name {
    /// What a request says; empty where it says nothing.
    func text(in request: JobRequest) -> String {
        switch self {
        case .dataset: request.datasetPath
        case .reading: DataReading.words(of: request.reading)
        case .target: request.target ?? ""
        case .algorithm: request.algorithm
        case .validationSplit: JSONValue.text(request.validationSplit)
        case .validationPath: request.validationPath ?? ""
        case .experiment: request.experiment
        case .runName: request.name ?? ""
        case .seed: String(request.seed)
        case .hyperparameter(let name): request.hyperparameters[name] ?? ""
        case .settings:
            request.isScript
                ? request.hyperparameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ") : ""
        case .option(let name): Self.text(of: JobOption.all.first { $0.name == name }, in: request)
        case .readOption, .tuning: ""
        }
    }

    private static func text(of option: JobOption?, in request: JobRequest) -> String {
        guard let option else { return "" }
        guard option.value == .texts else { return option.values(request).joined(separator: ", ") }
        return option.values(request).joined(separator: " \(FormField.textSeparator) ")
    }

    /// What a run had: of a hyperparameter what it came to, whoever chose it; empty where there is nothing to copy.
    func text(of record: RunRecord) -> String {
        switch self {
        case .hyperparameter(let name): record.hyperparameters[name] ?? text(in: record.request)
        case .runName: record.name
        case .seed: String(record.seed)
        default: text(in: record.request)
        }
    }
}
