import Events
import TemporaryFolders
import Testing

@testable import Training

/// Training rows weighed by groups, and rows that judge left as they are.
@Suite struct ReweighingJobTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    /// 240 rows: `sex` decides how often `paid` is yes; some rows lack it.
    private func data() throws -> String {
        let rows = (0..<240).map { row in
            let isWoman = row % 3 == 0, paid = isWoman ? row % 4 == 0 : row % 5 != 0
            return "\(row % 40 == 7 ? "" : isWoman ? "f" : "m"),\(row % 17),\(row % 2 + 1),\(paid ? "yes" : "no")"
        }
        return try scratch.write("sex,x,count,paid\n" + rows.joined(separator: "\n") + "\n", as: "d.csv")
    }

    private func prepared(_ algorithm: String, _ change: (inout JobRequest) -> Void) throws -> Preparation {
        var request = JobRequest(datasetPath: try data(), target: "paid", algorithm: algorithm)
        change(&request)
        return try Preparation(request: request)
    }

    @Test(arguments: ["linear-learner", "neural-network", "xgboost"])
    func `weighed labels do not depend on the groups, and held-out rows count alike`(algorithm: String) throws {
        let made = try prepared(algorithm) { $0.reweigh = "sex=f" }, weights = try #require(made.training.weights)
        #expect(made.validation != nil && made.validation?.weights == nil)
        #expect(abs(weights.reduce(0, +) / Float(weights.count) - 1) < 1e-5)
        // A weight says group and label: of the four that there are, those of one label have the same mass by group.
        let positive = weights.indices.filter { made.training.targets[$0] == 1 }
        #expect(Set(positive.map { weights[$0] }).count >= 2)
        let told = made.warnings.map(\.message)
        #expect(told.contains { $0.contains("training rows count so that paid does not depend on sex: f no") })
        #expect(told.contains { $0.contains("have no sex: their weights stay") })
    }

    @Test func `weights that rows have already are multiplied, and folds have their own`() throws {
        let plain = try prepared("linear-learner") { $0.weight = "count" }
        let both = try prepared("linear-learner") { ($0.weight, $0.reweigh) = ("count", "sex") }
        let (before, after) = (try #require(plain.training.weights), try #require(both.training.weights))
        let ratios = Set(zip(before, after).map { ($1 / $0 * 1000).rounded() })
        // Two groups with two labels, and rows of no group.
        #expect(ratios.count == 5)
        let folded = try prepared("linear-learner") { ($0.reweigh, $0.folds) = ("sex", 3) }
        #expect(
            folded.folds.count == 3 && folded.folds.allSatisfy { $0.training.weights != nil && $0.validation?.weights == nil })
    }

    @Test func `a request with weighed rows is kept with its run, and stands apart from those without`() throws {
        var request = JobRequest(datasetPath: "d.csv", target: "paid", algorithm: "xgboost")
        request.reweigh = "age<30"
        #expect(JobRequest(json: request.json) == request)
        #expect(JobOption.all.first { $0.name == "reweigh" }?.text(request) == "age<30")
    }
}
