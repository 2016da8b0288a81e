/// Every rule there is.
public enum RuleCatalogue {
    public static let all: [any Rule.Type] = [
        NonFiniteLoss.self, Divergence.self, LossNotDecreasing.self, NoBetterThanConstant.self, Overfit.self, DataOrder.self,
        FeatureScale.self, StillImproving.self,
    ]
}
