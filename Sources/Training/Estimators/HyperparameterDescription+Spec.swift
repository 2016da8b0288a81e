import Events
import Learners

extension HyperparameterDescription {
    init(_ spec: HyperparameterSpec, isJobSetting: Bool = false) {
        let domain: Domain =
            switch spec.domain {
            case .number(let minimum, let excludesMinimum, let maximum, let excludesMaximum):
                .number(lower: minimum, upper: maximum, lowerIncluded: !excludesMinimum, upperIncluded: !excludesMaximum)
            case .integer(let minimum, let maximum): .integer(lower: minimum, upper: maximum)
            case .choice(let words): .choice(words)
            case .boolean: .boolean
            case .text(let example): .text(example: example)
            case .list(let minimum, let maximum): .list(lower: minimum, upper: maximum)
            case .imageShape: .imageShape
            }
        self.init(
            name: spec.name, domain: domain, words: (spec.allowsAuto ? ["auto"] : []) + spec.words,
            defaultValue: spec.defaultValue, summary: spec.summary, isJobSetting: isJobSetting)
    }
}
