/// Every rule there is.
public enum RuleCatalogue {
    /// Those that look at what every run learns.
    public static let all: [any Rule.Type] = [
        // The data.
        Leakage.self, PredictiveIdentifier.self, TargetKind.self, SplitOverlap.self, DataShift.self, SentinelValues.self,
        Outliers.self, RareClass.self, FewRows.self, CollinearFeatures.self, LabelNoise.self,
        // The losses.
        NonFiniteLoss.self, Divergence.self, LossNotDecreasing.self, NoBetterThanConstant.self, Overfit.self, DataOrder.self,
        FeatureScale.self, WorseThanOneColumn.self, StillImproving.self, StoppedTooSoon.self, UnusualSetting.self,
        UnchangedLoss.self, FlatLoss.self,
        // Where the rows are.
        ExecutorLost.self,
        // The tensors.
        NonFiniteTensor.self, DeadUnits.self, SaturatedUnits.self, VanishingGradients.self, UnchangedWeights.self,
        LargeUpdates.self,
        // How a script trains.
        LossInput.self, LossDirection.self, GradientsNotZeroed.self, StepsWithoutGradient.self, ParametersLeftOut.self,
        InitialWeights.self, ModuleMode.self, LearningRateGone.self, StrongRegularisation.self, ClippedGradients.self,
        JudgedInputs.self, NonFiniteRows.self, SameBatch.self, SummedLoss.self,
    ]

    /// Those that look at where the time of every run goes; SageMaker Profiler's are among them, mended.
    public static let profiler = ProfilerRules.all

    /// SageMaker Debugger's, by its names and with its defaults; they look at a run that asks for them.
    public static let sageMaker: [any Rule.Type] = [
        AllZero.self, CheckInputImages.self, ClassImbalance.self, Confusion.self, CreateXgboostReport.self, DeadRelu.self,
        ExplodingTensor.self, FeatureImportanceOverweight.self,
        SageMakerLossNotDecreasing.self, NLPSequenceRatio.self, SageMakerOverfit.self, Overtraining.self,
        PoorWeightInitialization.self, SaturatedActivation.self, SimilarAcrossRuns.self, StalledTrainingRule.self,
        TensorVariance.self, TreeDepth.self, UnchangedTensor.self, VanishingGradient.self, WeightUpdateRatio.self,
        OverallSystemUsage.self, OverallFrameworkMetrics.self, ProfilerReport.self,
    ]

    /// All that look at every run.
    static var usual: [any Rule.Type] { all + profiler }

    static var every: [any Rule.Type] { usual + sageMaker }

    /// Every name that a list of rules may use.
    public static var names: [String] { every.map { $0.name } }

    /// A rule by its name; one of SageMaker's with `sagemaker.` before it, or without where Descent has none of the name.
    public static func rule(named name: String) -> (any Rule.Type)? {
        let prefix = "sagemaker."
        return every.first { $0.name == name }
            ?? sageMaker.first { prefix + $0.name == name }
    }
}
