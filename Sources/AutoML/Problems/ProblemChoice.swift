import Learners

/// What is predicted and what models are judged by, with the reasons for it.
public struct ProblemChoice: Sendable, Hashable {
    public var objective: SelectionObjective
    /// In one line.
    public var why: String

    /// Why something that was asked for cannot be.
    public struct Refusal: Error, Hashable, CustomStringConvertible {
        public var description: String
    }

    /// - Parameters:
    ///   - goal: what the target was taken for, in words.
    ///   - metric: nil chooses as Autopilot does: F1 of two classes, accuracy of more, the mean squared error of numbers.
    public init(
        task: LearningTask, classCount: Int, goal: String, metric asked: String?
    ) throws(Refusal) {
        let known = SelectionObjective.metrics(task), usual = known[0]
        let metric = asked.map { $0.split(separator: ":").last.map(String.init) ?? $0 } ?? usual
        guard known.contains(metric) else {
            throw Refusal(
                description:
                    "--objective '\(metric)' does not judge this target (\(goal)): choose from \(known.joined(separator: ", "))")
        }
        objective = SelectionObjective(metric: metric, task: task, classCount: classCount)
        why = "\(goal); judged by \(metric)" + (asked == nil ? ", as is usual: --objective takes another" : "")
    }
}

/// How candidates are judged, by the number of rows.
public enum Judging {
    /// Fewest rows that anything can be learned from and judged by.
    public static let fewestRows = 10

    /// Fewest rows of which a second level learns from the first: with fewer it does harm.
    ///
    /// - Source: AutoGluon 1.6.
    public static let stackedRows = 750

    /// Parts of which each is held out once: eight, fewer of few rows, and no more than the smallest of two classes has rows.
    ///
    /// - Source: AutoGluon 1.6.
    public static func folds(rowCount: Int, smallestClass: Int?) -> Int {
        let usual =
            switch rowCount {
            case ...59: 5
            case ...69: 6
            case ...79: 7
            default: 8
            }
        return max(2, min(usual, smallestClass ?? usual))
    }

    /// Candidates in a row that bring the ensemble nothing before no more are tried.
    ///
    /// - Source: AutoGluon 1.6, in which rows decide.
    public static func patience(rowCount: Int) -> Int {
        switch rowCount {
        case ...100: 4
        case ...500: 8
        case ...2_500: 15
        case ...10_000: 40
        default: 100
        }
    }
}
