/// What was found in a table; stable words, for rules and the event log.
public enum FindingKind: String, Sendable, Hashable, CaseIterable {
    /// Columns that tell the target by themselves.
    case leakage
    /// Columns that are right about the class in most rows and wrong by chance, and may be honest all the same.
    case possibleLeakage
    /// Targets that contradict those of rows that are alike.
    case labelNoise
    /// The same, where the outcome may be open.
    case possibleLabelNoise
    /// Targets that no row like theirs tells: the outcome is open, or they are wrong. It says no more than that, and is no finding by itself.
    case untoldTargets
    /// Numbers to predict that are right in another unit.
    case wrongUnits
    /// Rows that are alike in every feature and differ in the target.
    case contradictions
    /// A column that names its rows and tells the target all the same.
    case identifier
    /// Rows that judge and are copies of rows that are learned from.
    case overlap
    /// Columns that are distributed otherwise in the rows that judge.
    case shift
    /// A value that stands for a missing one, such as -999.
    case sentinel
    /// Values so far outside that they decide a column's scale.
    case outliers
    /// The same in a number to predict.
    case targetOutliers
    /// Classes of which there are too few rows to learn them or to judge by.
    case rareClass
    /// Classes that are learned as numbers.
    case classesAsNumbers
    /// A quantity that is learned as classes.
    case numbersAsClasses
    /// Features of which one follows from another.
    case collinear
}
