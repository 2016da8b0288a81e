import Cells
import Events

/// Fields of the form that are folded away together, since few people change them.
package enum FormGroup: Hashable, Sendable, CaseIterable {
    case search, reading, validation, columns, stopping, more, run

    /// The heading.
    func title(algorithm: String) -> String {
        switch self {
        case .search: "search"
        case .reading: "reading"
        case .validation: "validation"
        case .columns: "rows and columns"
        case .stopping: "stopping"
        case .more: "more of " + algorithm
        case .run: "run"
        }
    }

    /// The group that a field is in; nil for data, target and algorithm, which are never folded.
    init?(of field: FormField) {
        switch field.name {
        case .dataset, .target, .algorithm, .settings: return nil
        case .tuning: self = .search
        case .reading, .readOption: self = .reading
        case .validationSplit, .validationPath: self = .validation
        case .option:
            switch field.jobOption?.topic {
            case .validation: self = .validation
            case .debugging, .cluster: self = .run
            case .script: return nil
            case .columns, nil: self = .columns
            }
        case .hyperparameter: self = field.hyperparameter?.isJobSetting == true ? .stopping : .more
        case .experiment, .runName, .seed: self = .run
        }
    }
}

extension NewRunForm {
    /// What is set in a group, in a few words: what differs from the defaults bright, and first.
    package func summary(of group: FormGroup) -> TextLine {
        let fields = fields(of: group).map { self.fields[$0] }
        let changed = fields.filter(\.isChanged)
        switch group {
        case .search:
            let own = fields.filter { !$0.value.isEmpty && $0.name != .hyperparameter("objective_metric") }
            let count = self.fields.count(where: \.isRange), objective = self[.hyperparameter("objective_metric")]
            let words = (count == 1 ? "1 range" : "\(count) ranges") + (objective.isEmpty ? "" : " · objective \(objective)")
            return TextLine(words, .accent).adding(own.map { " · \($0.label) \($0.shownValue)" }.joined(), .muted)
        case .reading:
            let words = fields.first?.value ?? ""
            return words.isEmpty ? TextLine("as is found out", .muted) : TextLine(words, .accent)
        case .validation:
            let baselines = self[.option("baseline")].isEmpty ? "" : ", baselines beside it"
            return TextLine(request.validationText + baselines, changed.isEmpty ? .muted : .accent)
        case .columns:
            return changed.isEmpty ? TextLine("every row alike, every column of use", .muted) : Self.pairs(changed, .accent)
        case .more:
            let count = fields.count - changed.count
            if changed.isEmpty {
                return TextLine(count == 1 ? "1 setting at its default" : "\(count) settings at their defaults", .muted)
            }
            return Self.pairs(changed, .accent).adding(count > 0 ? " · and \(count) at their defaults" : "", .muted)
        case .stopping, .run:
            // Of how a job ends only what ends it is told.
            let telling = fields.filter { field in
                !field.isChanged && !field.value.isEmpty && (group == .run || (Double(field.value) ?? 0) != 0)
            }
            let rest = Self.pairs(telling, .muted)
            guard !changed.isEmpty else { return telling.isEmpty ? TextLine("nothing ends it early", .muted) : rest }
            var line = Self.pairs(changed, .accent)
            if !rest.parts.isEmpty { line.add(" · ", .muted) }
            line.parts += rest.parts
            return line
        }
    }

    private static func pairs(_ fields: [FormField], _ role: ColorRole) -> TextLine {
        TextLine(fields.map { "\($0.label) \($0.shownValue)" }.joined(separator: " · "), role)
    }
}
