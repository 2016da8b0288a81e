extension MetricDirection {
    /// Whether less or more of a metric is better, by the words its name is made of: `val_dice`, `bbox_mAP_50`,
    /// `rollout/ep_rew_mean`.
    ///
    /// The words are taken apart at everything that is no letter or digit. A loss or an error is one whatever else is named
    /// (`score_loss`, `dice_loss`, `error_rate`); what is measured about a metric rather than the metric (`reward_std`,
    /// `map_size`, `loss_scale`) is unknown; otherwise the last word that says something decides, and a leading `neg` turns it.
    /// - Parameter name: without its split and without the number of a candidate model.
    public init(ofMetric name: String) { self = MetricWords.direction(of: name) }
}

/// What the words of a metric's name say about it.
private enum MetricWords {
    static func direction(of name: String) -> MetricDirection {
        var words = split(name)
        let isNegated =
            ["neg", "negative", "minus"].contains(words.first ?? "") && words.count > 1
            && !MetricDirectionTable.phrases.contains { words.starts(with: $0.words) }
        if isNegated { words.removeFirst() }
        let found = plain(words)
        return isNegated ? found.opposite : found
    }

    private static func split(_ name: String) -> [String] {
        name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static func plain(_ all: [String]) -> MetricDirection {
        var words = all
        var found: MetricDirection?
        // Words that mean something together are taken out together.
        for phrase in MetricDirectionTable.phrases {
            while let place = words.indices.first(where: { words[$0...].starts(with: phrase.words) }) {
                words.removeSubrange(place..<(place + phrase.words.count))
                found = phrase.direction
            }
        }
        if words.contains(where: { MetricDirectionTable.aboutMetrics.contains($0) }) { return .unknown }
        if words.contains(where: isLoss) { return .minimised }
        if let last = words.compactMap(direction(ofWord:)).last { return last }
        if let found { return found }
        return words.contains { MetricDirectionTable.weakScores.contains($0) } ? .maximised : .unknown
    }

    private static func isLoss(_ word: String) -> Bool {
        word.hasSuffix("loss") || word.hasSuffix("losses") || word.hasSuffix("error") || word.hasSuffix("errors") || word == "err"
    }

    /// `f1`, `top5`; else without the number behind it: `map50`, `rouge1`.
    private static func direction(ofWord word: String) -> MetricDirection? {
        if let known = MetricDirectionTable.words[word] { return known }
        var stem = word[...]
        while stem.last?.isNumber == true { stem.removeLast() }
        if stem.count >= 2, let known = MetricDirectionTable.words[String(stem)] { return known }
        return ["iou", "auc", "auroc", "accuracy", "reward"].contains { word.hasSuffix($0) } ? .maximised : nil
    }
}
