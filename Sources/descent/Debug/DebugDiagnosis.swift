import Debugging
import Events
import Experiments
import JSON
import PrintableText
import Training

/// What is wrong with a run, by cause, for `descent debug report` and the run's page.
enum DebugDiagnosis {
    /// Made anew of what the run recorded.
    static func all(of run: RunRecord, _ store: RunStore) throws -> [Diagnosis] {
        let events = try store.events(of: run.id, kinds: [.alertRaised, .ruleEvaluated, .trainingDataSummarised])
        let algorithm = Algorithms.all.first { $0.name == run.algorithm }
        return RunDiagnosing(run: run, algorithm: algorithm, events: events).diagnoses()
    }

    /// Findings, those that tell of a cause before those that follow from it; cleared ones last.
    static func causeFirst(_ findings: [DebugFinding], _ diagnoses: [Diagnosis]) -> [DebugFinding] {
        let places = Dictionary(
            diagnoses.flatMap(\.symptoms).enumerated().map { ($1.number, $0) }, uniquingKeysWith: { first, _ in first })
        let last = places.count
        return findings.sorted { (places[$0.number] ?? last, $0.number) < (places[$1.number] ?? last, $1.number) }
    }

    /// A paragraph of lines, the cause first.
    static func text(_ diagnosis: Diagnosis) -> String {
        let numbers = diagnosis.symptoms.map { "\($0.rule) (\($0.number))" }.joined(separator: ", ")
        var out = "■ \(diagnosis.title.printable)\n  seen as      \(numbers)\n"
        for (place, text) in diagnosis.supporting.enumerated() { out += line(place == 0 ? "for" : "", text) }
        for (place, text) in diagnosis.opposing.enumerated() { out += line(place == 0 ? "against" : "", text) }
        for (place, remedy) in diagnosis.remedies.enumerated() {
            let settings = remedy.set.sorted { $0.key < $1.key }.map { "--set \($0.key)=\($0.value)" }.joined(separator: " ")
            out += line(place == 0 ? "do" : "", remedy.text + (settings.isEmpty ? "" : "   \(settings)"))
        }
        for (place, useless) in diagnosis.useless.enumerated() {
            out += line(place == 0 ? "no use" : "", "\(useless.answer): \(useless.why)")
        }
        return out
    }

    private static func line(_ label: String, _ text: String) -> String {
        "  \(label)\(String(repeating: " ", count: max(1, 13 - label.count)))\(text.printable)\n"
    }

    static func json(_ diagnosis: Diagnosis, number: Int, of run: RunID) -> JSONValue {
        .object(
            [.init("kind", .string("diagnosis")), .init("number", .integer(number)), .init("run", .string(run.text))]
                + diagnosis.members)
    }
}
