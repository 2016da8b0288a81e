import JSON
import Learners
import Training

/// Encoded rows that Spark keeps, and sums over them.
final class SparkRows: DistributedRows {
    let rowCount: Int
    private let featureCount: Int, classCount: Int
    private let cluster: SparkCluster
    private var known: RowMoments?

    init(_ cluster: SparkCluster, rowCount: Int, featureCount: Int, classCount: Int) {
        (self.cluster, self.rowCount) = (cluster, rowCount)
        (self.featureCount, self.classCount) = (featureCount, classCount)
    }

    private func ask(_ op: String, _ members: [JSONValue.Member]) throws(LearnerError) -> JSONValue {
        do throws(TrainingError) { return try cluster.ask(op, members) } catch {
            if error.code == .stopped { throw .interrupted }
            throw LearnerError(.clusterFailed, error.description)
        }
    }

    private func numbers(_ value: JSONValue?, _ count: Int, _ op: String) throws(LearnerError) -> [Double] {
        guard let numbers = NumberText.numbers(value, count: count) else {
            throw LearnerError(.clusterFailed, SparkCluster.confused(op).message)
        }
        return numbers
    }

    func moments() throws(LearnerError) -> RowMoments {
        if let known { return known }
        let found = try ask("moments", [.init("classes", .integer(classCount))])
        let moments = RowMoments(
            means: try numbers(found["means"], featureCount, "moments"),
            deviations: try numbers(found["deviations"], featureCount, "moments"),
            targetMean: found["targetMean"]?.double ?? 0, targetDeviation: found["targetDeviation"]?.double ?? 1,
            classCounts: try numbers(found["classCounts"], classCount, "moments"))
        known = moments
        return moments
    }

    func linearSums(_ query: LinearQuery) throws(LearnerError) -> LinearSums {
        let found = try ask(
            "linear",
            [
                .init("loss", .string(query.loss.rawValue)), .init("lossParameter", .number(query.lossParameter)),
                .init("scores", .integer(query.scoreCount)), .init("parameters", NumberText.text(query.parameters)),
                .init("means", NumberText.text(query.means)), .init("inverses", NumberText.text(query.inverses)),
                .init("targetMean", .number(query.targetMean)), .init("targetInverse", .number(query.targetInverse)),
                .init("classWeights", NumberText.text(query.classWeights)), .init("curvature", .boolean(query.wantsCurvature)),
            ])
        let width = featureCount + 1
        return LinearSums(
            loss: found["loss"]?.double ?? .nan, gradient: try numbers(found["gradient"], query.parameters.count, "linear"),
            curvature: query.wantsCurvature ? try numbers(found["curvature"], width * width, "linear") : [])
    }

    func products(means: [Double], inverses: [Double]) throws(LearnerError) -> [Double] {
        let found = try ask("products", [.init("means", NumberText.text(means)), .init("inverses", NumberText.text(inverses))])
        return try numbers(found["products"], featureCount * featureCount, "products")
    }

    func clusterSums(centres: [Double], means: [Double], inverses: [Double]) throws(LearnerError) -> ClusterSums {
        let found = try ask(
            "clusters",
            [
                .init("centres", NumberText.text(centres)), .init("means", NumberText.text(means)),
                .init("inverses", NumberText.text(inverses)),
            ])
        return ClusterSums(
            totals: try numbers(found["totals"], centres.count, "clusters"),
            counts: try numbers(found["counts"], centres.count / max(1, featureCount), "clusters"),
            loss: found["loss"]?.double ?? .nan)
    }

    func nextRound(_ query: BoostingQuery) throws(LearnerError) -> BoostedRound {
        let members: [JSONValue.Member] = [
            .init("round", .integer(query.round)), .init("rounds", .integer(query.plannedRounds)),
            .init("targetScale", .number(query.targetScale)),
            .init("parameters", .array(query.parameters.map { .array([.string($0.name), .string($0.value)]) })),
        ]
        var found = try ask("round", members)
        if found["needsModel"]?.boolean == true {
            let document = try query.document()
            found = try ask("round", members + [.init("model", document.map { .string($0) } ?? .null)])
        }
        guard let document = found["model"]?.string else {
            throw LearnerError(.clusterFailed, SparkCluster.confused("round").message)
        }
        let metrics = found["metrics"]?.members?.reduce(into: [String: Double]()) { $0[$1.name] = $1.value.double } ?? [:]
        return BoostedRound(document: document, metrics: metrics)
    }
}
