import Databases
import Events
import Experiments
import Glibc
import Serving

/// The models that a command names for an endpoint, as its variants.
enum EndpointModels {
    /// - Parameter words: `MODEL` or `MODEL:WEIGHT`; what is a model's name as a whole has weight 1.
    /// - Throws: usage, where there is no such model, it has not been trained to its end, or nobody allows one that is not approved.
    static func variants(_ words: [String], _ workspace: Workspace, _ arguments: ParsedArguments) throws -> [EndpointVariant] {
        try variants(words, workspace) { try checkApproval(of: $0, arguments) }
    }

    /// - Parameter check: throws where a kept version is not to be deployed.
    static func variants(
        _ words: [String], _ workspace: Workspace, check: (ModelVersion) throws -> Void
    ) throws -> [EndpointVariant] {
        var found: [(model: ChosenModel, weight: Double)] = []
        for word in words { found.append(try one(word, workspace)) }
        for version in found.compactMap(\.model.version) { try check(version) }
        guard found.contains(where: { $0.weight > 0 }) else {
            throw CommandError.usage("no model has any weight: leave one above 0")
        }
        let names = found.map(\.model.name)
        return found.enumerated().map { number, one in
            // SageMaker calls the only variant so.
            var name = "AllTraffic"
            if found.count > 1 {
                let isPlain = EndpointName.isValid(one.model.name) && names.count { $0 == one.model.name } == 1
                name = isPlain ? one.model.name : "variant-\(number + 1)"
            }
            return EndpointVariant(name: name, model: one.model.name, modelID: one.model.id, weight: one.weight)
        }
    }

    static let unapproved = OptionSpecification(
        name: "--unapproved", value: nil, help: "deploy kept models that are not approved, too, without asking")

    /// Asks about a version that nobody has approved, where there is somebody to be asked.
    private static func checkApproval(of version: ModelVersion, _ arguments: ParsedArguments) throws {
        let title = version.title, remedy = "`descent models approve \(title)` approves it"
        switch version.approval {
        case .approved: return
        case .rejected: throw CommandError.usage("\(title) was rejected: \(remedy)")
        case .pending:
            if arguments.flag("--unapproved") { return }
            guard !arguments.flag("--json"), isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
                throw CommandError.usage("\(title) is not approved: \(remedy), --unapproved deploys it all the same")
            }
            Console.showProgress("\(title) is not approved. Deploy it all the same? y/N ")
            guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
                throw CommandError.usage("\(title) is not deployed: \(remedy)")
            }
        }
    }

    private static func one(_ word: String, _ workspace: Workspace) throws -> (model: ChosenModel, weight: Double) {
        guard let colon = word.lastIndex(of: ":"), let weight = Double(word[word.index(after: colon)...]) else {
            return (try ChosenModel(word, workspace: workspace), 1)
        }
        // A name may end as a weight does.
        do { return (try ChosenModel(word, workspace: workspace), 1) } catch let error as StoreError {
            guard error.code == .notFound else { throw error }
        }
        guard weight >= 0, weight.isFinite else {
            throw CommandError.usage("--model '\(word)': a weight is a number, zero or more")
        }
        return (try ChosenModel(String(word[..<colon]), workspace: workspace), weight)
    }
}
