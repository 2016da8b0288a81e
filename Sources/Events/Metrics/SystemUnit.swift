/// What the values of a system metric count, as its name says: `…percent`, `…bytes`, `…per_second`.
public enum SystemUnit: Sendable {
    case percent, bytes, bytesPerSecond, rowsPerSecond, none

    public init(of name: MetricName) {
        let word = name.metric
        self =
            if word.hasSuffix("bytes_per_second") { .bytesPerSecond } else if word.hasSuffix("rows_per_second") {
                .rowsPerSecond
            } else if word.hasSuffix("percent") || word.hasSuffix("percentage") { .percent } else if word.hasSuffix("_bytes") {
                .bytes
            } else { .none }
    }
}
