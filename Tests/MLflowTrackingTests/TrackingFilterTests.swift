import Events
import Testing

@testable import MLflowTracking

@Suite struct TrackingFilterTests {
    private func fits(_ filter: String, _ values: [TrackingFilter.Subject: TrackingFilter.Value]) throws -> Bool {
        try TrackingFilter(filter).fits { values[$0] ?? .nothing }
    }

    /// What MLflow 3.17's own parser takes, and what follows from it.
    @Test func comparisonsMeanWhatTheyMeanInMLflow() throws {
        let run: [TrackingFilter.Subject: TrackingFilter.Value] = [
            .metric("val/loss"): .number(0.5), .metric("nan"): .number(.nan), .parameter("a b"): .text("Adam"),
            .tag("mlflow.user"): .text("kim"), .attribute("status"): .text("FINISHED"), .attribute("start_time"): .number(1000),
            .dataset("name"): .texts(["one", "two"]),
        ]
        for filter in [
            "", "  ", "metrics.`val/loss` < 1", "metric.\"val/loss\" <= 0.5 and params.`a b` = 'Adam'",
            "params.\"a b\" ILIKE 'ad%'", "tags.mlflow.user LIKE 'k_m'", "status = 'FINISHED'", "attributes.status != 'FAILED'",
            "attr.start_time >= 1000", "datasets.name = 'two'", "tags.none IS NULL", "tags.mlflow.user IS NOT NULL",
            "status IN ('RUNNING', 'FINISHED')", "status NOT IN ('RUNNING')",
        ] { #expect(try fits(filter, run), "\(filter)") }
        for filter in [
            "metrics.none > 0", "metrics.nan > 0", "params.`a b` = 'adam'", "params.`a b` LIKE 'ad%'", "tags.none = 'x'",
            "datasets.name = 'three'", "status IN ('RUNNING')", "tags.none != 'x'",
        ] { #expect(try !fits(filter, run), "\(filter)") }
    }

    @Test(arguments: [
        "metrics.a > 1 OR metrics.b > 2", "metrics.a > 'x'", "params.a = 3", "foo.a = 'x'", "nonsense = 'x'", "metrics.a",
        "tags.a = 'open", "status IN ('a'", "metrics.a > 1 AND", "(metrics.a > 1)",
    ])
    func whatIsNoFilterIsRefused(_ filter: String) {
        #expect { _ = try TrackingFilter(filter) } throws: { ($0 as? TrackingError)?.code == .invalidParameter }
    }

    @Test func patternsAreThoseOfSQL() {
        for (text, pattern, isFit) in [
            ("abc", "a%", true), ("abc", "%c", true), ("abc", "a_c", true), ("abc", "a_", false), ("", "%", true),
            ("abc", "%b%", true),
            ("aXbXc", "a%b%c", true), ("abc", "abc%d", false), ("a%", "a%", true),
        ] { #expect(TrackingFilter.matches(text, pattern) == isFit, "\(text) \(pattern)") }
    }

    @Test func whatAThingLacksComesLastWhicheverWayItIsOrdered() throws {
        for direction in ["ASC", "DESC"] {
            let order = try TrackingOrder(["metrics.a \(direction)"])
            #expect(order.isBefore({ _ in .number(1) }, { _ in .nothing }) == true)
            #expect(order.isBefore({ _ in .number(1) }, { _ in .number(.nan) }) == true)
            #expect(order.isBefore({ _ in .number(1) }, { _ in .number(2) }) == (direction == "ASC"))
        }
        #expect(throws: TrackingError.self) { try TrackingOrder(["metrics.a SIDEWAYS"]) }
    }

    @Test func idsOfRunsAreTheirLettersAndComeBack() {
        for text in ["0abcxyz9", "a", "watched-7"] {
            let id = TrackingID.text(of: RunID(text))
            #expect(id.count == 32 && TrackingID.run(id) == RunID(text))
        }
        for text in [
            "", "zz", String(repeating: "0", count: 32), "2e2e2f2e2e2f65746300000000000000", "../../../../../../../../../etc/pas",
        ] {
            #expect(TrackingID.run(text) == nil)
        }
    }
}
