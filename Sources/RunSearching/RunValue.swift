/// A value of a run's field.
public enum RunValue: Hashable, Sendable {
    /// Times are in seconds since 1970, durations in seconds.
    case number(Double)
    case text(String)
    /// Any of them: tags, or a status in our words and in SageMaker's.
    case texts([String])

    /// A setting as it was written: a number if it reads as one.
    public init(setting text: String) {
        if let number = Double(text) { self = .number(number) } else { self = .text(text) }
    }
}
