/// What a step of a pipeline does; the raw value is its word in a file.
public enum StepKind: String, Sendable, Hashable, CaseIterable {
    case target, split, drop, keep, rename, retype, filter, impute, clip, scale, encode, dates, difference, text, product, ratio
    case lag, rolling, weights, resample

    /// What it does, in a few words.
    public var summary: String {
        switch self {
        case .target: "say what is predicted"
        case .split: "hold rows out"
        case .drop: "leave columns out"
        case .keep: "keep these columns alone"
        case .rename: "call a column otherwise"
        case .retype: "take a column for another kind"
        case .filter: "learn from some rows only"
        case .impute: "fill what is missing"
        case .clip: "bound numbers"
        case .scale: "bring numbers to one scale"
        case .encode: "make numbers of categories"
        case .dates: "take parts of dates"
        case .difference: "subtract a column or a date from another"
        case .text: "count characters and words"
        case .product: "multiply columns"
        case .ratio: "divide a column by another"
        case .lag: "take values of earlier rows"
        case .rolling: "sum up the rows before"
        case .weights: "have classes count the same"
        case .resample: "draw classes equally often"
        }
    }

    /// Whether it changes no column, but says which rows are learned from and how.
    public var isAboutRows: Bool {
        switch self {
        case .target, .split, .filter, .weights, .resample: true
        case .drop, .keep, .rename, .retype, .impute, .clip, .scale, .encode, .dates, .difference, .text, .product, .ratio, .lag,
            .rolling:
            false
        }
    }

    /// What is said of it, in the order in which forms ask.
    public var parameters: [StepParameter] {
        switch self {
        case .target:
            [
                .init("column", .column, isRequired: true, "the column that is predicted"),
                .init(
                    "task", .choice(["regression", "classification"]),
                    "whether it is a number or classes (default: what it holds)"),
            ]
        case .split:
            [
                .init("share", .share, isRequired: true, "the share of rows held out, such as 0.2"),
                .init("group", .column, "a column whose equal values stay together"),
                .init("order", .text, "random, stratified, file, time, or a column: the last rows in its order are held out"),
            ]
        case .drop: [.init("columns", .columns, isRequired: true, "the columns that are left out")]
        case .keep: [.init("columns", .columns, isRequired: true, "the columns that stay, beside the target")]
        case .rename:
            [
                .init("column", .column, isRequired: true, "the column"),
                .init("to", .newColumn, isRequired: true, "its new name"),
            ]
        case .retype:
            [
                .init("columns", .columns, isRequired: true, "the columns"),
                .init(
                    "to", .choice(["numeric", "categorical", "text"]), isRequired: true, "what they are taken for"),
            ]
        case .filter:
            [.init("where", .condition, isRequired: true, "rows to learn from, such as 'age > 18 and has:income'")]
        case .impute:
            [
                .init("columns", .columns, "the columns (default: all of numbers, categories and truth values)"),
                .init(
                    "how", .choice(["mean", "median", "mode", "constant"]),
                    "of the training rows; a constant is said (default: median of numbers, mode of others)"),
                .init("value", .text, "the constant"),
            ]
        case .clip:
            [
                .init("columns", .columns, "the columns (default: all of numbers)"),
                .init("lower", .number, "the smallest number that stays"),
                .init("upper", .number, "the largest number that stays"),
                .init("quantiles", .numbers(count: 2), "bounds as quantiles of the training rows instead, such as 0.01, 0.99"),
            ]
        case .scale:
            [
                .init("columns", .columns, "the columns (default: all of numbers)"),
                .init(
                    "how", .choice(["standard", "robust", "min-max", "log", "yeo-johnson"]),
                    "by mean and deviation, median and quartiles, least and most, log(1 + x), or bent towards a normal distribution "
                        + "(default: standard)"),
            ]
        case .encode:
            [
                .init("columns", .columns, "the columns (default: all of categories)"),
                .init(
                    "how", .choice(["one-hot", "ordinal", "target"]),
                    "a column of 0 and 1 for each category, the category's place in order, or what the target is on average of its "
                        + "rows, of other rows than its own for a training row (default: one-hot)"),
                .init(
                    "smoothing", .number,
                    "with how target: rows that the average of all counts for (default: as many as suit the data)"),
            ]
        case .dates:
            [
                .init("column", .column, isRequired: true, "a column of dates"),
                .init(
                    "parts",
                    .words(["year", "month", "day", "weekday", "weekend", "hour", "minute", "second"]), isRequired: true,
                    "the parts that become columns; the dates themselves stay"),
            ]
        case .difference:
            [
                .init("column", .column, isRequired: true, "numbers or dates"),
                .init("from", .column, isRequired: true, "what is subtracted, of the same kind"),
                .init("unit", .choice(["seconds", "minutes", "hours", "days"]), "of differences of dates (default: days)"),
                .init("to", .newColumn, isRequired: true, "the new column"),
            ]
        case .text:
            [
                .init("columns", .columns, "the columns (default: all of text)"),
                .init("measures", .words(["length", "words"]), "what is counted (default: both)"),
            ]
        case .product, .ratio:
            [
                .init("columns", .columns, isRequired: true, self == .ratio ? "two columns of numbers" : "columns of numbers"),
                .init("to", .newColumn, isRequired: true, "the new column"),
            ]
        case .lag:
            [
                .init("columns", .columns, isRequired: true, "columns of numbers, the target too"),
                .init("rows", .wholeNumbers(1...10_000), isRequired: true, "how many rows back, such as 1, 7"),
                .init("order", .column, isRequired: true, "the column of dates or numbers that orders the rows"),
                .init("group", .column, "a column whose values have each a past of their own"),
            ]
        case .rolling:
            [
                .init("columns", .columns, isRequired: true, "columns of numbers, the target too"),
                .init("rows", .whole(1...10_000), isRequired: true, "how many rows before each are summed up"),
                .init("how", .words(["mean", "sum", "min", "max", "sd"]), isRequired: true, "what is made of them"),
                .init("order", .column, isRequired: true, "the column of dates or numbers that orders the rows"),
                .init("group", .column, "a column whose values have each a past of their own"),
            ]
        case .weights: []
        case .resample:
            [
                .init(
                    "how", .choice(["over", "under"]),
                    "repeat rows of rare classes, or leave rows of frequent ones out (default: over)")
            ]
        }
    }
}
