/// Every rule there is.
public enum RuleCatalogue {
    public static let all: [any Rule.Type] = [
        Leakage.self, PredictiveIdentifier.self, TargetKind.self, SplitOverlap.self, DataShift.self, SentinelValues.self,
        Outliers.self,
        RareClass.self, FewRows.self, CollinearFeatures.self,
        NonFiniteLoss.self, Divergence.self, LossNotDecreasing.self, NoBetterThanConstant.self, Overfit.self, DataOrder.self,
        FeatureScale.self, WorseThanOneColumn.self, StillImproving.self, StoppedTooSoon.self, UnchangedLoss.self,
    ]
}
