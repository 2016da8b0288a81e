/// A metric's full name, such as `validation:rmse`: the split it was computed on, a colon, and scikit-learn's word.
public struct MetricName: Hashable, Sendable, CustomStringConvertible, Comparable {
    public let text: String

    public init(_ text: String) { self.text = text }
    public init(split: String, metric: String) { self.text = split + ":" + metric }

    public static let trainLoss = MetricName("train:loss")
    public static let validationLoss = MetricName("validation:loss")

    /// `train`, `validation` or `test`; empty when the name carries no split.
    public var split: Substring {
        guard let colon else { return "" }
        return text[..<colon]
    }

    /// The metric without its split: `rmse` for `validation:rmse`.
    public var metric: Substring {
        guard let colon else { return text[...] }
        return text[text.utf8.index(after: colon)...]
    }

    /// Looked for byte by byte: names are taken apart for every chart of every frame.
    private var colon: String.Index? { text.utf8.firstIndex(of: UInt8(ascii: ":")) }

    /// The metric without the number of the candidate model it belongs to: `loss` for `validation:loss@3`, which is the loss
    /// of model 3 of those that are trained in one pass.
    public var family: Substring {
        let metric = metric
        return metric[..<(metric.utf8.firstIndex(of: UInt8(ascii: "@")) ?? metric.endIndex)]
    }

    /// Whether it belongs to one of several models trained in one pass.
    public var isCandidate: Bool { text.utf8.contains(UInt8(ascii: "@")) }

    /// Whether it holds what a restart of its program put other values in the place of.
    public var isReplaced: Bool { isCandidate && text.contains("@replaced-") }

    public var description: String { text }
    public static func < (left: MetricName, right: MetricName) -> Bool { left.text < right.text }
}
