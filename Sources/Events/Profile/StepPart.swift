import JSON

/// A part of a training step, or of a run.
public enum StepPart: String, Sendable, CaseIterable, Hashable {
    /// Before the first step: reading and preparing the data, or starting the program.
    case start
    /// Waiting for rows: reading, shuffling, putting a batch together.
    case data
    /// From the batch to its loss.
    case forward
    /// From the loss to the gradients.
    case backward
    /// The optimiser's step.
    case update
    /// Judging the rows that are held out, between steps.
    case evaluate
    /// Writing a checkpoint, after the step.
    case checkpoint
    /// Summing tensors up and handing on what was measured.
    case record
    /// After the last step: bringing the best model back, measuring and keeping it.
    case finish
    /// What belongs to no other part.
    case other

    /// Those that a step itself is made of.
    public static let ofSteps: [StepPart] = [.data, .forward, .backward, .update]

    /// Seconds by part, as they are told and kept.
    package static func json(_ seconds: [StepPart: Double]) -> JSONValue {
        .object(allCases.compactMap { part in seconds[part].map { .init(part.rawValue, .number($0)) } })
    }

    /// Reads what `json` wrote; what makes no sense is left out.
    package static func seconds(_ json: JSONValue?) -> [StepPart: Double] {
        let parts = (json?.members ?? []).compactMap { member in
            StepPart(rawValue: member.name).flatMap { part in member.value.double.map { (part, $0) } }
        }
        return Dictionary(parts.filter { $0.1.isFinite && $0.1 >= 0 }) { $1 }
    }
}
