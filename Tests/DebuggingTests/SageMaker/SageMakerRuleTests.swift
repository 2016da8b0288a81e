import Events
import Testing

@testable import Debugging

/// Each of SageMaker's rules by the line that switches it on: what sets it off, and what does not.
@Suite struct SageMakerRuleTests {
    private func run(_ line: String) throws -> RunUnderRules {
        RunUnderRules(record: RecordedRun("r").record, selection: try RuleSelection([line], withUsual: false))
    }

    private func tensor(
        _ name: String, _ collection: TensorCollection, count: Int = 100, _ change: (inout TensorSummary) -> Void = { _ in }
    ) -> TensorSummary {
        var tensor = TensorSummary(name, collection, shape: [count], count: count)
        (tensor.meanMagnitude, tensor.l2, tensor.standardDeviation, tensor.minimum, tensor.maximum) = (0.1, 1, 0.1, -0.3, 0.3)
        change(&tensor)
        return tensor
    }

    /// What a rule says of tensors, a list a step.
    private func alerts(_ line: String, _ steps: [[TensorSummary]], every interval: Int = 1) throws -> [Alert] {
        let run = try run(line)
        return steps.enumerated().flatMap { place, tensors in
            run.show(TensorsOfStep(step: (place + 1) * interval, epoch: 0, wallTime: 0, summaries: tensors)).alerts
        }
    }

    /// What a rule says of a training and a validation loss, by step.
    private func alerts(_ line: String, train: [Int: Double] = [:], validation: [Int: Double] = [:]) throws -> [Alert] {
        let run = try run(line)
        var samples: [MetricSample] = []
        for step in Set(train.keys).union(validation.keys).sorted() {
            for (metric, losses) in [(Int32(0), train), (1, validation)] {
                guard let loss = losses[step] else { continue }
                samples.append(
                    MetricSample(sequence: UInt64(step + 1), metric: metric, step: step, epoch: 0, wallTime: 0, value: loss))
            }
        }
        return run.show(samples[...], of: [.trainLoss, .validationLoss]).alerts
    }

    private func losses(_ values: [Double], every interval: Int = 1, from first: Int = 0) -> [Int: Double] {
        Dictionary(uniqueKeysWithValues: values.enumerated().map { (first + $0.offset * interval, $0.element) })
    }

    @Test func aGradientOfNextToNothingVanishes() throws {
        let small = tensor("gradient/fc", .gradients) { $0.meanMagnitude = 9e-8 }
        let found = try alerts("VanishingGradient", [[tensor("gradient/a", .gradients), small]])
        #expect(found.map(\.tensor) == ["gradient/fc"] && found.first?.evidence.first?.value == 9e-8)
        #expect(try alerts("VanishingGradient", [[tensor("gradient/fc", .gradients) { $0.meanMagnitude = 2e-7 }]]).isEmpty)
        #expect(try alerts("VanishingGradient(threshold=1e-9)", [[small]]).isEmpty)
        // Weights are not looked at unless they are named.
        let weights = tensor("fc", .weights) { $0.meanMagnitude = 0 }
        #expect(try alerts("VanishingGradient", [[weights]]).isEmpty)
        #expect(try alerts("VanishingGradient(collection_names=weights)", [[weights]]).count == 1)
    }

    @Test func whatIsNotFiniteExplodes() throws {
        let infinite = tensor("fc", .weights) { $0.infinities = 2 }, nan = tensor("b", .biases) { $0.nans = 1 }
        #expect(try alerts("ExplodingTensor", [[tensor("a", .weights)], [infinite]]).map(\.step) == [2])
        #expect(try alerts("ExplodingTensor(only_nan=True)", [[infinite]]).isEmpty)
        #expect(try alerts("ExplodingTensor(only_nan=True)", [[infinite, nan]]).map(\.tensor) == ["b"])
        #expect(try alerts("ExplodingTensor(tensor_regex=\"conv.*\")", [[infinite]]).isEmpty)
    }

    @Test func aLayerOfInactiveUnitsIsDead() throws {
        func layer(_ inactive: Int) -> TensorSummary {
            tensor("dense1.relu_output", .activations) { $0.units = .init(count: 10, inactive: inactive, saturated: 0) }
        }
        #expect(try alerts("DeadRelu", [[layer(5)]]).isEmpty)
        #expect(try alerts("DeadRelu", [[layer(6)]]).first?.evidence.first?.value == 60)
        #expect(try alerts("DeadRelu(threshold_layer=40)", [[layer(5)]]).count == 1)
    }

    @Test func aLayerThatIsFlatIsSaturated() throws {
        func layer(_ saturated: Int) -> TensorSummary {
            tensor("dense1.tanh_output", .activations) { $0.units = .init(count: 10, inactive: 0, saturated: saturated) }
        }
        #expect(try alerts("SaturatedActivation", [[layer(5)]]).isEmpty)
        #expect(try alerts("SaturatedActivation", [[layer(6)]]).count == 1)
        // By elements where units are not told: half of them lie between 16 and 32.
        let input = tensor("fc.tanh_input", TensorCollection(rawValue: "own")) {
            ($0.minimum, $0.maximum) = (0.5, 30)
            $0.histogram = MagnitudeHistogram(countedFrom: -1, negative: [0, 0, 0, 0, 0, 0], positive: [40, 0, 0, 0, 0, 60])
        }
        #expect(try alerts("SaturatedActivation", [[input]]).first?.evidence.first.map { $0.value > 55 && $0.value < 65 } == true)
        #expect(try alerts("SaturatedActivation(threshold_tanh_max=40)", [[input]]).isEmpty)
    }

    @Test func badlyScaledWeightsShowInTheFirstSteps() throws {
        let layers = [tensor("a", .weights), tensor("b", .weights) { $0.standardDeviation = 0.4 }]
        #expect(try alerts("PoorWeightInitialization", [layers]).first?.tensor == "b")
        #expect(try alerts("PoorWeightInitialization", [layers], every: 11).isEmpty)
        #expect(try alerts("PoorWeightInitialization(threshold=20)", [layers]).isEmpty)
        #expect(try alerts("PoorWeightInitialization", train: losses([1, 1.1, 1.2, 1.1, 1, 1])).map(\.step) == [5])
        #expect(try alerts("PoorWeightInitialization", train: losses([1, 0.9, 0.8, 0.7, 0.6, 0.5])).isEmpty)
        let alike = tensor("gradient/a", .gradients) {
            ($0.minimum, $0.maximum) = (1e-5, 1.1e-5)
            $0.histogram = MagnitudeHistogram(countedFrom: -17, negative: [0], positive: [100])
        }
        #expect(try alerts("PoorWeightInitialization", [[alike]]).first?.tensor == "gradient/a")
    }

    @Test func anUpdateIsTooLargeOrTooSmallBesideItsWeights() throws {
        func update(_ ratio: Double) -> TensorSummary { tensor("update/a", .updates) { $0.updateRatio = ratio } }
        #expect(try alerts("WeightUpdateRatio", [[update(11)]]).count == 1)
        #expect(try alerts("WeightUpdateRatio", [[update(1e-9)]]).count == 1)
        #expect(try alerts("WeightUpdateRatio", [[update(1e-3)]]).isEmpty)
        #expect(try alerts("WeightUpdateRatio(large_threshold=20)", [[update(11)]]).isEmpty)
    }

    @Test func aVarianceIsOutsideOfBounds() throws {
        let wide = tensor("a", .weights) { $0.standardDeviation = 4 }
        #expect(
            try alerts("TensorVariance(collection_names=weights, max_threshold=10)", [[wide]]).first?.evidence.first?.value == 16)
        #expect(try alerts("TensorVariance(collection_names=weights, min_threshold=1e-5)", [[wide]]).isEmpty)
        #expect(try alerts("TensorVariance(collection_names=weights)", [[wide]]).isEmpty)
    }

    @Test func aTensorIsAllZeros() throws {
        let zeros = tensor("a", .weights) { $0.zeros = 100 }, most = tensor("a", .weights) { $0.zeros = 99 }
        #expect(try alerts("AllZero(tensor_regex=a)", [[zeros]]).count == 1)
        #expect(try alerts("AllZero(tensor_regex=a)", [[most]]).isEmpty)
        #expect(try alerts("AllZero(tensor_regex=a, threshold=90)", [[most]]).count == 1)
    }

    @Test func aTensorStaysTheSame() throws {
        let same = tensor("a", .weights), other = tensor("a", .weights) { $0.mean = 1e-4 }
        #expect(try alerts("UnchangedTensor(collection_names=weights)", [[same], [same], [same]]).map(\.step) == [3])
        #expect(try alerts("UnchangedTensor(collection_names=weights)", [[same], [same], [other], [same], [same]]).isEmpty)
        #expect(try alerts("UnchangedTensor(collection_names=weights, atol=1)", [[same], [same], [other]]).count == 1)
    }

    @Test func imagesThatAreNotCentredAreTold() throws {
        func batch(_ mean: Double) -> TensorSummary {
            tensor("inputs", .inputs) { ($0.mean, $0.shape, $0.count) = (mean, [200, 784], 156_800) }
        }
        #expect(try alerts("CheckInputImages", [[batch(0.3)], [batch(0.3)], [batch(0.3)]]).map(\.step) == [3])
        #expect(try alerts("CheckInputImages", [[batch(0.1)], [batch(0.1)], [batch(0.1)]]).isEmpty)
    }

    @Test func paddingIsTold() throws {
        func tokens(_ zeros: Int) -> TensorSummary { tensor("net.embedding0_input_0", .inputs) { $0.zeros = zeros } }
        #expect(try alerts("NLPSequenceRatio", [[tokens(51)]]).count == 1)
        #expect(try alerts("NLPSequenceRatio", [[tokens(50)]]).isEmpty)
    }

    @Test func fewFeaturesHaveMostOfTheImportance() throws {
        func importance(_ values: [Double]) -> TensorSummary {
            var counts = [Int](repeating: 0, count: 12)
            for value in values { counts[Int(value.exponent)] += 1 }
            return tensor("feature_importance/weight", .featureImportance, count: values.count) {
                $0.meanMagnitude = values.reduce(0, +) / Double(values.count)
                ($0.minimum, $0.maximum) = (values.min(), values.max())
                $0.histogram = MagnitudeHistogram(countedFrom: 0, negative: counts.map { _ in 0 }, positive: counts)
            }
        }
        let few = try alerts(
            "FeatureImportanceOverweight", [[importance([1000, 900, 800] + [Double](repeating: 10, count: 20))]])
        #expect(few.count == 1)
        #expect(try alerts("FeatureImportanceOverweight", [[importance([Double](repeating: 10, count: 20))]]).isEmpty)
        #expect(try alerts("FeatureImportanceOverweight(nfeatures=1)", [[importance([1000, 900, 800, 10])]]).isEmpty)
    }

    @Test func aTreeIsTooDeep() throws {
        func trees(_ depth: Double) -> TensorSummary { tensor("trees/depth", .trees, count: 1) { $0.maximum = depth } }
        #expect(try alerts("TreeDepth", [[trees(4)], [trees(5)]]).map(\.step) == [2])
        #expect(try alerts("TreeDepth(depth=6)", [[trees(6)]]).isEmpty)
    }

    @Test func lossesAreComparedAsInTheWorkedExample() throws {
        // Saved every 3 steps with num_steps 10: at 21 with 9, next at 33.
        var falling = losses((0..<20).map { 1 - 0.03 * Double($0) }, every: 3, from: 9)
        #expect(try alerts("sagemaker.LossNotDecreasing", train: falling).isEmpty)
        falling[21] = 1
        let found = try alerts("sagemaker.LossNotDecreasing", train: falling)
        #expect(found.map(\.step) == [21] && found.first?.summary.contains("step 9") == true)
        falling[21] = 0.88
        falling[24] = 1
        #expect(try alerts("sagemaker.LossNotDecreasing", train: falling).isEmpty)
        falling[33] = 0.88
        #expect(try alerts("sagemaker.LossNotDecreasing", train: falling).map(\.step) == [33])
        #expect(try alerts("sagemaker.LossNotDecreasing(mode=EVAL)", train: falling).isEmpty)
    }

    @Test func evaluationsOverTrainingLossesAreOverfitting() throws {
        let train = losses([1, 0.8, 0.6, 0.5])
        #expect(try alerts("sagemaker.Overfit", train: train, validation: [1: 0.95, 3: 0.7]).map(\.step) == [3])
        #expect(try alerts("sagemaker.Overfit(patience=2)", train: train, validation: [1: 0.95, 3: 0.7]).isEmpty)
        #expect(try alerts("sagemaker.Overfit(ratio_threshold=0.5)", train: train, validation: [1: 0.95, 3: 0.7]).isEmpty)
    }

    @Test func trainingGoesOnForNothing() throws {
        let flat = losses([Double](repeating: 0.5, count: 12)), falling = losses((0..<12).map { 1 - 0.02 * Double($0) })
        #expect(try alerts("Overtraining", train: flat, validation: falling).map(\.step) == [5])
        #expect(try alerts("Overtraining", train: falling, validation: flat).map(\.step) == [10])
        #expect(try alerts("Overtraining", train: falling, validation: falling).isEmpty)
        #expect(try alerts("Overtraining(delta=0.03)", train: falling, validation: falling).isEmpty)
        #expect(try alerts("Overtraining(delta=0.5, patience_train=3)", train: falling, validation: falling).map(\.step) == [3])
    }

    @Test func aRunThatRecordsNothingIsToldOf() throws {
        let run = try run("StalledTrainingRule(threshold=60)")
        let first = MetricSample(sequence: 1, metric: 0, step: 5, epoch: 0, wallTime: 100, value: 1)
        #expect(run.show([first], of: [.trainLoss]).alerts.isEmpty)
        #expect(run.looksAtClock && run.show(time: 159).isEmpty)
        #expect(run.show(time: 161).alerts.first?.summary == "nothing was recorded for 61 seconds")
        #expect(run.show(time: 200).isEmpty)
        let next = MetricSample(sequence: 2, metric: 0, step: 6, epoch: 0, wallTime: 210, value: 1)
        #expect(run.show([next], of: [.trainLoss]).states(of: "StalledTrainingRule") == ["Cleared 6"])
    }

    @Test func theirNamesDefaultsAndClashesAreKnown() throws {
        #expect(RuleCatalogue.rule(named: "LossNotDecreasing")?.name == "LossNotDecreasing")
        #expect(RuleCatalogue.rule(named: "sagemaker.LossNotDecreasing")?.name == "sagemaker.LossNotDecreasing")
        #expect(RuleCatalogue.rule(named: "sagemaker.DeadRelu")?.name == "DeadRelu")
        // What the developer guide says of each, and no rule has a default that it does not take.
        let documented: [String: [String: String]] = [
            "VanishingGradient": ["threshold": "1e-7"], "ExplodingTensor": ["only_nan": "False"],
            "DeadRelu": ["tensor_regex": ".*relu_output", "threshold_inactivity": "1.0", "threshold_layer": "50.0"],
            "SaturatedActivation": ["threshold_tanh_max": "9.4999", "threshold_sigmoid_min": "-23", "threshold_layer": "50.0"],
            "PoorWeightInitialization": ["threshold": "10.0", "distribution_range": "0.001", "patience": "5", "steps": "10"],
            "WeightUpdateRatio": ["large_threshold": "10.0", "small_threshold": "1e-8"],
            "AllZero": ["threshold": "100"], "UnchangedTensor": ["num_steps": "3", "rtol": "1e-05", "atol": "1e-08"],
            "sagemaker.LossNotDecreasing": ["num_steps": "10", "diff_percent": "0.1", "increase_threshold_percent": "5"],
            "sagemaker.Overfit": ["start_step": "0", "patience": "1", "ratio_threshold": "0.1"],
            "Overtraining": ["patience_train": "5", "patience_validation": "10", "delta": "0.01"],
            "StalledTrainingRule": ["threshold": "1800"],
            "CheckInputImages": ["threshold_mean": "0.2", "threshold_samples": "500"],
            "NLPSequenceRatio": ["token_values": "0", "token_thresholds_percent": "50"],
            "FeatureImportanceOverweight": ["threshold": "0.8", "nfeatures": "3"], "TreeDepth": ["depth": "4"],
        ]
        for (name, defaults) in documented {
            let rule = try #require(RuleCatalogue.sageMaker.first { $0.name == name })
            for (parameter, value) in defaults {
                #expect(rule.parameters.first { $0.name == parameter }?.defaultValue == value, "\(name) \(parameter)")
            }
        }
        for rule in RuleCatalogue.all + RuleCatalogue.sageMaker {
            for parameter in rule.parameters {
                #expect(parameter.accepts(parameter.defaultValue), "\(rule.name) \(parameter.name)")
            }
        }
        #expect(Set(RuleCatalogue.names).count == RuleCatalogue.names.count)
    }

    @Test func aRuleThatHasNothingToLookAtSaysSo() throws {
        let run = try run("AllZero")
        _ = run.show(TensorsOfStep(step: 1, epoch: 0, wallTime: 0, summaries: [tensor("a", .weights)]))
        #expect(
            run.stands[0].state == .error
                && run.stands[0].reason == "it looks at no tensor: give it collection_names or tensor_regex")
        let bad = try self.run("AllZero(tensor_regex=\"a(\")")
        _ = bad.show(TensorsOfStep(step: 1, epoch: 0, wallTime: 0, summaries: [tensor("a", .weights)]))
        #expect(bad.stands[0].reason == "tensor_regex 'a(' cannot be read: a ( is not closed")
    }

    @Test(arguments: [
        (".*relu_output", "dense1.relu_output", true), ("relu", "dense1.relu_output", false),
        (".*tanh_input|.*sigmoid_input", "a.sigmoid_input", true),
        ("^fc[0-9]+\\.weight$", "fc12.weight", true), ("^fc[0-9]+\\.weight$", "fc12.weights", false), ("(a|b)*c", "ababc", true),
        ("[^/]+/w", "gradient/w", true), ("a?b+", "bbb", true), ("\\w+\\d", "abc1", true), ("", "x", true),
        ("(?:ab)+$", "abab", true),
        ("a.c", "abd", false), ("[a-c]x", "dx", false),
    ])
    func patternsMeanWhatTheyMeanEverywhere(pattern: String, name: String, matches: Bool) throws {
        #expect(try TensorPattern(pattern).matches(name) == matches)
    }

    @Test func noPatternTakesForEver() throws {
        let name = String(repeating: "a", count: 200)
        #expect(try !TensorPattern("(a+)+(a+)+(a+)+$b").matches(name))
        #expect(try TensorPattern("(a*)*(a*)*(a*)*").matches(name))
        for bad in ["(", ")", "[", "a**", "*", "a{2}", "\\", "[z-a]", "(?=a)"] {
            #expect(throws: TensorPattern.Fault.self, "\(bad)") { try TensorPattern(bad) }
        }
    }
}
