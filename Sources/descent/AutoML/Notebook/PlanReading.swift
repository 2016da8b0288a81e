import AutoML
import Events
import Files
import JSON
import Tables
import Training

/// Plans of candidates that users changed in a notebook.
enum PlanReading {
    private static let sizeLimit = 1 << 26

    /// The candidates of a notebook's plan.
    /// - Throws: `CommandError` with what is wrong with it.
    static func plan(from path: String) throws(CommandError) -> [PlannedCandidate] {
        guard let text = FileContents.text(path, atMost: sizeLimit) else {
            throw .usage("--plan \(path): there is no such file: give a notebook that descent automl plan wrote")
        }
        do { return try NotebookPlan.candidates(in: text) } catch { throw .usage("--plan \(path): \(error.description)") }
    }

    // MARK: - In a job's folder

    private static let fileName = "plan.json"

    /// The plan that a job was given; empty where it was given none.
    /// - Throws: `CommandError` where it is damaged: another plan would be another job.
    static func kept(in folder: String) throws(CommandError) -> [PlannedCandidate] {
        guard let text = FileContents.text(folder + "/" + fileName, atMost: sizeLimit) else { return [] }
        do {
            let found = try JSONValue(parsing: text).array ?? []
            return found.compactMap(PlannedCandidate.init(json:))
        } catch { throw .failed("\(folder)/\(fileName) is damaged, so what the job was to try is not known: begin a new one") }
    }

    static func keep(_ plan: [PlannedCandidate], in folder: String) throws(FileError) {
        try Folder.make(folder)
        try AtomicFile.write(Array((JSONValue.array(plan.map(\.json)).text + "\n").utf8), to: folder + "/" + fileName)
    }

    // MARK: - As candidates

    /// Planned candidates as an AutoML job tries them.
    /// - Throws: `CommandError` with the candidate and what is wrong with it.
    static func candidates(_ plan: [PlannedCandidate]) throws(CommandError) -> [CandidatePlan] {
        var names = Set<String>(), found: [CandidatePlan] = []
        for one in plan {
            let isPlain = !one.name.isEmpty && one.name.count <= 60 && one.name.allSatisfy { isPlainCharacter($0) }
            guard isPlain else {
                throw .usage("the plan's candidate '\(one.name)': a name is of letters, digits, points, dashes, 60 at most")
            }
            guard names.insert(one.name).inserted else { throw .usage("the plan has two candidates '\(one.name)': rename one") }
            guard let family = CandidatePlan.Family(rawValue: one.family) else {
                let known = CandidatePlan.Family.allCases.map(\.rawValue).joined(separator: ", ")
                throw .usage("the plan's candidate \(one.name): no family is called '\(one.family)': choose from \(known)")
            }
            if let unknown = one.without.first(where: { PreparationStep(rawValue: $0) == nil }) {
                let known = PreparationStep.allCases.map(\.rawValue).joined(separator: ", ")
                throw .usage("the plan's candidate \(one.name): there is no step '\(unknown)' to leave out: choose from \(known)")
            }
            var candidate = CandidatePlan(one.name, family, one.hyperparameters, why: one.why)
            candidate.without = one.without
            if let unknown = one.stack.first(where: { name in found.first { $0.name == name }?.stack.isEmpty != true }) {
                throw .usage(
                    "the plan's candidate \(one.name): '\(unknown)' is to be a candidate before it, which learns from no other itself"
                )
            }
            candidate.stack = one.stack
            do { try Algorithms.validate(candidate.hyperparameters, of: candidate.algorithm) } catch {
                throw .usage("the plan's candidate \(one.name): \(error.message)")
            }
            found.append(candidate)
        }
        return found
    }

    private static func isPlainCharacter(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || character == "-" || character == "." || character == "_")
    }
}
