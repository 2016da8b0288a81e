/// What later event files of a run put in the place of what earlier ones say, as TensorBoard reads them: a file whose first value
/// of a tag stands at an earlier step replaces that tag's values from there on, and one that says that its program starts anew at a
/// step replaces all of them from there on.
///
/// - Source: tensorflow/tensorboard, backend/event_processing/event_accumulator.py (`_Purge`, SessionLog.START) and
///   data/server/reservoir.rs (values that preempt earlier ones).
struct TensorBoardRestarts {
    /// One of a run's files: the files of one split replace each other, in the order of their number from 0.
    struct Part: Hashable {
        var split: String
        var number: Int
    }

    /// The largest step that a file says about a tag, and the step that a later one begins at.
    private struct Stretch {
        var first: Int
        var last: Int
    }

    private var tags: [Part: [String: Stretch]] = [:]
    private var starts: [Part: Int] = [:]

    /// Takes records of a file in.
    /// - Returns: whether they replace values of an earlier file, which was not known before.
    mutating func learn(_ records: [EventFileRecord], _ part: Part) -> Bool {
        var own = tags.removeValue(forKey: part) ?? [:]
        var isNews = false
        for record in records {
            if record.isStart, starts[part].map({ record.step < $0 }) ?? true {
                starts[part] = record.step
                isNews = isNews || earlier(part).contains { $0.values.contains { $0.last >= record.step } }
            }
            for (tag, _) in record.scalars {
                if own[tag] == nil {
                    own[tag] = Stretch(first: record.step, last: record.step)
                    isNews = isNews || earlier(part).contains { ($0[tag]?.last ?? .min) >= record.step }
                } else if let last = own[tag]?.last, record.step > last {
                    own[tag]?.last = record.step
                }
            }
        }
        tags[part] = own
        return isNews
    }

    private func earlier(_ part: Part) -> [[String: Stretch]] {
        (0..<part.number).compactMap { tags[Part(split: part.split, number: $0)] }
    }

    /// The first of the later files that put something else in the place of a value; nil if it stands.
    func replacing(_ tag: String, at step: Int, _ part: Part) -> Int? {
        var later = Part(split: part.split, number: part.number + 1)
        while let own = tags[later] {
            if let first = own[tag]?.first, step >= first { return later.number }
            if let start = starts[later], step >= start { return later.number }
            later.number += 1
        }
        return nil
    }
}
