import Events
import Glibc
import Hyperparameters
import JSON

/// Settings that were chosen by hand and lie far from the algorithm's own choice, on the side on which they do what is seen.
///
/// An algorithm's defaults learn on most data: where a run does not, what somebody changed is looked at first.
struct SettingSuspects {
    /// What is seen of a run.
    enum Symptom {
        /// It is no better than a constant.
        case learnsNothing
        /// It knows its training rows and no others.
        case learnsByHeart
        /// Its steps lead away.
        case overshoots
    }

    struct Suspect {
        var name: String
        var cause: String
        var remedy: Alert.Remedy
        /// How far from the default, in powers of ten.
        var distance: Double
    }

    private var settings: [String: Hyperparameter] = [:]

    mutating func note(_ input: RuleInput) {
        guard case .algorithm(let description) = input else { return }
        settings = Dictionary(description.hyperparameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Settings that explain a symptom, the most suspicious first.
    func suspects(of symptom: Symptom, in run: RunRecord) -> [Suspect] {
        let possible = Self.harms.compactMap { suspect($0, symptom, run) }
        let found = possible.filter { $0.distance >= Self.leastDistance } + (symptom == .learnsNothing ? depth(of: run) : [])
        guard !found.isEmpty else { return [] }
        // How far steps lead together is what counts: a few large ones, many small ones.
        let beside = possible.filter { $0.distance < Self.leastDistance && Self.ofLength.contains($0.name) }
        return (found + beside).sorted { $0.distance > $1.distance }
    }

    /// Settings that say how far a run gets.
    private static let ofLength: Set = ["learning_rate", "eta", "epochs", "num_round", "mini_batch_size"]

    /// Layers that were chosen by hand, so many that next to nothing of the gradient gets through them.
    private func depth(of run: RunRecord) -> [Suspect] {
        guard run.isSetByHand("hidden_layers"), run.hyperparameters["batch_normalization"] != "true",
            let layers = run.hyperparameters["hidden_layers"]?.split(separator: ",").count, layers >= Self.deep
        else { return [] }
        let activation = run.hyperparameters["activation"] ?? "", isSquashing = ["sigmoid", "tanh"].contains(activation)
        guard let usual = settings["hidden_layers"]?.defaultValue else { return [] }
        let fewer = Suspect(
            name: "hidden_layers",
            cause: isSquashing
                ? "hidden_layers is \(layers) layers of \(activation): nothing of the gradient gets through them"
                : "hidden_layers is \(layers) layers: the gradient hardly gets through them",
            remedy: .init(
                "hidden_layers back to \(usual == "auto" ? "what is chosen by itself" : usual)", set: ["hidden_layers": usual]),
            distance: Double(layers))
        guard isSquashing, let other = settings["activation"]?.defaultValue, other != activation else { return [fewer] }
        return [
            fewer,
            Suspect(
                name: "activation", cause: fewer.cause,
                remedy: .init(
                    "\(other), and sums brought to one scale", set: ["activation": other, "batch_normalization": "true"]),
                distance: Double(layers) / 2),
        ]
    }

    private static let deep = 6

    /// Settings that explain that a run is no good, whether it learns nothing or its steps lead away.
    /// - Parameter isHigh: whether its loss has grown: then settings that make steps overshoot come first.
    func suspects(ofLossThatIsHigh isHigh: Bool, in run: RunRecord) -> [Suspect] {
        let overshooting = suspects(of: .overshoots, in: run)
        return (isHigh ? overshooting : []) + suspects(of: .learnsNothing, in: run)
    }

    /// A setting that was chosen by hand, back to what the algorithm takes; nil where nobody chose it, or its default is not known.
    func back(_ name: String, in run: RunRecord, _ text: String) -> Alert.Remedy? {
        guard run.isSetByHand(name), let usual = settings[name]?.defaultValue, run.hyperparameters[name] != usual else {
            return nil
        }
        return Alert.Remedy(text, set: [name: usual])
    }

    // MARK: - What is known of settings

    private enum Side { case above, below, off }

    private struct Harm {
        var name: String
        var side: Side
        var symptom: Symptom
        var why: String
    }

    private static let harms: [Harm] =
        of(["l1", "wd", "weight_decay", "lambda", "alpha"], .above, .learnsNothing, "the penalty holds the weights near 0")
        + of(["gamma", "min_child_weight"], .above, .learnsNothing, "no split of a tree is worth that much")
        + of(["dropout", "label_smoothing"], .above, .learnsNothing, "what is left of the signal is too little to learn from")
        + of(["augment_noise", "augment_shift", "augment_rotate"], .above, .learnsNothing, "the noise drowns the features")
        + of(["loss_insensitivity"], .above, .learnsNothing, "errors smaller than that count as none")
        + of(["warmup_steps"], .above, .learnsNothing, "the rate has hardly risen yet")
        + of(["learning_rate", "eta"], .below, .learnsNothing, "the steps are too small to get anywhere")
        + of(["gradient_clip", "max_delta_step"], .below, .learnsNothing, "every step is cut to next to nothing")
        + of(["hidden_layers"], .below, .learnsNothing, "so few units cannot tell rows apart")
        + of(["max_depth", "max_leaves"], .below, .learnsNothing, "such small trees cannot tell rows apart")
        + of(["subsample", "colsample_bytree"], .below, .learnsNothing, "each tree sees next to nothing")
        + of(["num_round", "epochs"], .below, .learnsNothing, "it ends before it has learned anything")
        + of(
            ["lr_scheduler_factor", "lr_scheduler_step"], .below, .learnsNothing,
            "the rate falls to nothing before anything is learned")
        + of(["mini_batch_size"], .above, .learnsNothing, "an epoch has hardly a step")
        + of(
            ["scale_pos_weight", "positive_example_weight_mult"], .above, .learnsNothing,
            "the one class counts so much that the other is never said")
        + of(["use_bias"], .off, .learnsNothing, "without an intercept every prediction goes through 0")
        + of(
            ["l1", "wd", "weight_decay", "lambda", "alpha", "dropout"], .below, .learnsByHeart, "nothing keeps the weights small")
        + of(
            ["gamma", "min_child_weight", "subsample", "colsample_bytree"], .below, .learnsByHeart, "trees may follow single rows"
        )
        + of(["hidden_layers", "max_depth", "max_leaves"], .above, .learnsByHeart, "it has room to remember every row")
        + of(["eta"], .above, .learnsByHeart, "each tree takes over all that is peculiar to its rows")
        + of(["learning_rate", "eta"], .above, .overshoots, "each step goes far beyond the minimum")
        + of(["momentum", "beta_1"], .above, .overshoots, "steps add up over so long a time that they overshoot")
        + of(["beta_2"], .below, .overshoots, "the step's size follows single gradients")
        + of(["init_scale", "init_sigma"], .above, .overshoots, "the weights begin so large that the first gradients explode")

    private static func of(_ names: [String], _ side: Side, _ symptom: Symptom, _ why: String) -> [Harm] {
        names.map { Harm(name: $0, side: side, symptom: symptom, why: why) }
    }

    /// Less than a power of ten is what people try without a second thought.
    private static let leastDistance = 0.9
    /// Beside another suspect less is enough.
    private static let leastBeside = 0.6

    private func suspect(_ harm: Harm, _ symptom: Symptom, _ run: RunRecord) -> Suspect? {
        guard harm.symptom == symptom, run.isSetByHand(harm.name), let text = run.hyperparameters[harm.name],
            let usual = settings[harm.name]?.defaultValue, let distance = distance(text, harm, from: usual),
            distance >= Self.leastBeside
        else { return nil }
        let words = usual == "auto" ? "what is chosen by itself" : usual
        return Suspect(
            name: harm.name, cause: "\(harm.name) is \(text): \(harm.why)",
            remedy: .init("\(harm.name) back to \(words)", set: [harm.name: usual]), distance: distance)
    }

    /// How far a value is from the default on one side, in powers of ten; nil on the other side.
    private func distance(_ text: String, _ harm: Harm, from defaultValue: String) -> Double? {
        if harm.side == .off { return text == "false" && defaultValue == "true" ? 1 : nil }
        guard let value = Self.size(text), let usual = Self.size(defaultValue) ?? Self.usual[harm.name] else { return nil }
        // A default of 0 is the absence of what the setting does; anything from a thousandth on is something.
        let floor = 1e-3
        if Self.sharesLeft.contains(harm.name), value < 1, harm.side == .above {
            // What is left over counts: 0.999 keeps ten times as much of the past as 0.99.
            let ratio = log10((1 - usual) / (1 - value))
            return ratio > 0 ? max(ratio, usual < floor && value > 0.5 ? 1 : 0) : nil
        }
        let ratio = log10(max(value, floor * floor) / max(usual, floor))
        switch harm.side {
        case .above: return usual == 0 && value <= floor ? nil : ratio > 0 ? ratio : nil
        // A 0 that is the default means that the setting is not used.
        case .below: return value == 0 && usual == 0 ? nil : ratio < 0 ? -ratio : nil
        case .off: return nil
        }
    }

    /// Shares, of which what is left to 1 counts.
    private static let sharesLeft: Set = ["momentum", "beta_1", "dropout", "label_smoothing"]

    /// What is chosen for a setting where its default leaves the choice to the algorithm, as far as an order of magnitude goes.
    private static let usual: [String: Double] = [
        "learning_rate": 0.01, "l1": 0.001, "wd": 0.01, "weight_decay": 0.1, "dropout": 0.1, "hidden_layers": 128, "epochs": 30,
        "init_scale": 0.1, "momentum": 0.9, "lr_scheduler_factor": 0.5, "lr_scheduler_step": 100,
        "mini_batch_size": 64,
    ]

    /// A number, or how many units a list of layers has.
    private static func size(_ text: String) -> Double? {
        if let number = Double(text) { return number.isFinite ? abs(number) : nil }
        let parts = text.split(separator: ",").map { Double($0) }
        guard !parts.isEmpty, parts.allSatisfy({ $0 != nil }) else { return nil }
        return parts.compactMap { $0 }.reduce(0, +)
    }
}

extension [SettingSuspects.Suspect] {
    /// All of them taken back at once, where there are several: one alone may leave the run as ill as it was. Then each by itself.
    var remedies: [Alert.Remedy] {
        // One that sets other things beside is another way to the same end.
        let together = filter { $0.remedy.set.count == 1 }.reduce(into: [String: String]()) {
            $0.merge($1.remedy.set) { first, _ in first }
        }
        guard together.count > 1, together.count == count else { return map(\.remedy) }
        let names = together.keys.sorted()
        let list = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
        return [.init("\(list) back to what is chosen by itself", set: together)] + map(\.remedy)
    }
}
