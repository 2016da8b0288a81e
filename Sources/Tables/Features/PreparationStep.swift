/// A step of preparing features that can be left out, so that it shows what it brings.
public enum PreparationStep: String, Sendable, Hashable, CaseIterable {
    /// Whether a value is missing, as a feature of its own beside the median that stands for it.
    case missingFlags = "missing-flags"
    /// Of many categories the mean of the target, learned out of fold; without it the frequent ones become a feature each.
    case categoryMeans = "category-means"
    /// Parts of dates, such as month and weekday; without them a date is the number of its day.
    case dateParts = "date-parts"
    /// Words and pieces of free text; without them such a column is left out.
    case textTerms = "text-terms"
}
