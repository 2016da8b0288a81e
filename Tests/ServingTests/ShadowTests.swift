import Clocks
import Glibc
import JSON
import Synchronization
import Testing
import Threads

@testable import Serving

/// Answers each line, which is a number, with that number and something more; `bad` fails.
private final class Adding: ServedModel {
    let more: Double
    let nap: UInt32
    let asked = Atomic<Int>(0)
    init(_ more: Double, nap: UInt32 = 0) {
        self.more = more
        self.nap = nap
    }

    func answer(_ body: [UInt8], contentType: String?, accept: String?) throws(ModelFault) -> ModelAnswer {
        asked.add(1, ordering: .relaxed)
        usleep(nap)
        let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
        if lines.contains("bad") || (more != 0 && lines.contains("odd")) { throw ModelFault(status: 400, "no number") }
        let numbers = lines.map { "\((Double($0) ?? 0) + more)" }
        return ModelAnswer(body: Array(numbers.joined(separator: "\n").utf8), contentType: "text/csv")
    }

    func rows(of answer: ModelAnswer) -> [AnsweredRow]? {
        String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map { line in
            let number = Double(line) ?? 0
            return AnsweredRow(label: number > 10 ? "large" : "small", scores: [number])
        }
    }
}

@Suite(.serialized) struct ShadowTests {
    private func serve(
        _ shadow: ShadowTest, _ test: (EndpointRouter, RawClient) throws -> Void
    ) throws {
        let router = EndpointRouter(credentials: nil)
        let endpoint = LiveEndpoint(name: "churn", traffic: Traffic([(LiveVariant(name: "a", model: Adding(0)), 1)]))
        endpoint.show(to: shadow)
        router.add(endpoint)
        let server = try HTTPServer(ServerAddress(), handler: router) { router.note($0) }
        defer {
            server.stop()
            shadow.close()
        }
        try test(router, try RawClient(port: server.address.port))
    }

    private static let path = "/endpoints/churn/invocations"

    private func wait(_ shadow: ShadowTest, until isDone: (ShadowComparison) -> Bool) -> ShadowComparison {
        let end = SteadyClock.seconds() + 20
        while SteadyClock.seconds() < end, !isDone(shadow.comparison) { usleep(2_000) }
        return shadow.comparison
    }

    @Test func whatBothAnswerIsComparedRowByRow() throws {
        let shadow = try ShadowTest(LiveVariant(name: "s", model: Adding(0.5)), percent: 100)
        try serve(shadow) { router, client in
            for body in ["1\n2\n10", "bad", "odd", "9.75"] {
                let answer = try #require(client.post(Self.path, body, ["Content-Type: text/csv"]))
                #expect(answer.status == (body == "bad" ? 424 : 200))
                // Nobody gets the shadow's answers.
                if body == "9.75" { #expect(answer.text == "9.75") }
            }
            let sum = wait(shadow) { $0.requests == 4 }
            #expect(sum.requests == 4 && sum.leftOut == 0)
            #expect(sum.shadowErrors == 1 && sum.bothErrors == 1 && sum.servedErrors == 0)
            // 10 and 9.75 become large.
            #expect(sum.rows == 4 && sum.agreed == 2 && sum.incomparable == 0)
            #expect(sum.differences.max == 0.5 && sum.differences.mean == 0.5)
            #expect(sum.disagreements.count == 4)
            #expect(sum.disagreements.prefix(2).map(\.text).sorted() == ["10", "9.75"])
            #expect(sum.disagreements[0].served.hasPrefix("small") && sum.disagreements[0].shadow.hasPrefix("large"))
            #expect(sum.servedLatency.count == 4 && sum.shadowLatency.count == 4)
            client.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = try #require(client.answer()).text
            for line in [
                "descent_shadow_requests_total{endpoint=\"churn\",outcome=\"compared\"} 4",
                "descent_shadow_errors_total{endpoint=\"churn\",side=\"shadow\"} 1",
                "descent_shadow_rows_total{endpoint=\"churn\",outcome=\"disagreed\"} 2",
                "descent_shadow_score_difference_count{endpoint=\"churn\"} 4",
            ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
            // It counts on from what another host kept.
            let json = try JSONValue(parsing: sum.json.text)
            #expect(ShadowComparison(json: json) == sum)
        }
    }

    @Test func aSlowShadowSlowsNobodyAndLeavesOutWhatItCannotKeepUpWith() throws {
        let model = Adding(0.5, nap: 50_000)
        let shadow = try ShadowTest(LiveVariant(name: "s", model: model), percent: 100)
        try serve(shadow) { router, client in
            let began = SteadyClock.seconds()
            for number in 0..<2_000 { #expect(client.post(Self.path, "\(number % 7)")?.status == 200) }
            let spent = SteadyClock.seconds() - began
            // Shown one after the other they would have taken 100 seconds.
            #expect(spent < 20, "\(spent)")
            let sum = shadow.comparison
            #expect(sum.leftOut > 0 && sum.leftOut <= 2_000 - 1_024, "\(sum.leftOut)")
            #expect(model.asked.load(ordering: .relaxed) < 1_000)
        }
    }

    @Test func samplingShowsAShareAndNoneOfTheRest() throws {
        let model = Adding(0)
        let shadow = try ShadowTest(LiveVariant(name: "s", model: model), percent: 25)
        try serve(shadow) { router, client in
            for _ in 0..<400 { _ = client.post(Self.path, "1") }
            let sum = wait(shadow) { $0.requests >= 97 }
            usleep(50_000)
            #expect(abs(sum.requests - 100) <= 3 && sum.agreed == sum.rows)
        }
    }

    @Test func theAnswerIsThereBeforeTheShadowIsAsked() throws {
        let shadow = try ShadowTest(LiveVariant(name: "s", model: Adding(0)), percent: 100)
        let endpoint = LiveEndpoint(name: "churn", traffic: Traffic([(LiveVariant(name: "a", model: Adding(0)), 1)]))
        endpoint.show(to: shadow)
        let router = EndpointRouter(credentials: nil)
        router.add(endpoint)
        var request = HTTPRequest(method: "POST", path: Self.path)
        request.body = Array("1".utf8)
        let answer = router.answer(request)
        usleep(50_000)
        #expect(shadow.comparison.requests == 0)
        let afterwards = try #require(answer.afterwards)
        afterwards()
        #expect(wait(shadow) { $0.requests == 1 }.requests == 1)
        shadow.close()
    }

    @Test func differencesTellQuantilesToATenth() {
        var all = ScoreDifferences()
        for number in 1...10_000 { all.add(Double(number) / 1000) }
        for (share, value) in [(0.5, 5.0), (0.9, 9), (0.99, 9.9)] {
            let told = all.quantile(share) ?? 0
            #expect(told >= value * 0.999 && told <= value * 1.1, "\(share): \(told)")
        }
        #expect(all.quantile(1) == 10 && all.max == 10 && abs((all.mean ?? 0) - 5.0005) < 1e-9)
        all.add(.nan)
        #expect(all.max == 1e100)
        #expect(ScoreDifferences(json: all.json) == all)
        var none = ScoreDifferences()
        #expect(none.quantile(0.5) == nil && none.mean == nil)
        for _ in 0..<3 { none.add(0) }
        #expect(none.quantile(0.99) == 0)
    }

    @Test func theSameRowIsKeptOnceAndTwentyOthersAtMost() {
        var sum = ShadowComparison()
        for turn in 0..<3 {
            for number in 0..<30 {
                let served = AnsweredRow(label: nil, scores: [0]), shadow = AnsweredRow(label: nil, scores: [Double(number)])
                sum.add(
                    .init(rows: [served], hasFailed: false, nanoseconds: 1),
                    .init(rows: [shadow], hasFailed: false, nanoseconds: 1),
                    request: "r\(turn)", at: 1.7e9
                ) { _, _ in "row \(number)" }
            }
        }
        #expect(sum.rows == 90 && sum.agreed == 3)
        #expect(sum.disagreements.map(\.difference) == (10..<30).reversed().map(Double.init))
        #expect(Set(sum.disagreements.map(\.text)).count == 20)
    }

    @Test func rowsAgreeByTheirLabelsOrByTheirScores() {
        func row(_ label: String?, _ scores: Double...) -> AnsweredRow { AnsweredRow(label: label, scores: scores) }
        #expect(row("a", 0.25).agrees(with: row("a", 0.75)) && !row("a", 0.25).agrees(with: row("b", 0.25)))
        #expect(row(nil, 100).agrees(with: row(nil, 100.000_01)) && !row(nil, 100).agrees(with: row(nil, 100.1)))
        #expect(row(nil, .nan).agrees(with: row(nil, .nan)) && row(nil, .nan).difference(from: row(nil, .nan)) == 0)
        #expect(row(nil, 1, 2).difference(from: row(nil, 1.5, 4)) == 2 && row(nil, 1, 2).difference(from: row(nil, 1)) == nil)
        #expect(row("a").difference(from: row("a")) == nil && row(nil, .nan).difference(from: row(nil, 3)) == .infinity)
        #expect(row("yes", 0.5).text == "yes (0.5)" && row(nil, 1, 2).text == "1.0, 2.0" && row("a").text == "a")
    }

    @Test func aSampleKeepsEightRequestsDrawnOverAll() {
        let sample = RequestSample()
        for number in 0..<10_000 {
            var request = HTTPRequest(method: "POST", path: "/", headers: [("content-type", "text/csv")])
            request.body = Array("\(number)".utf8)
            sample.offer(request)
        }
        let kept = sample.requests.compactMap { Int(String(decoding: $0.body, as: UTF8.self)) }
        #expect(kept.count == 8 && Set(kept).count == 8)
        // Not the first and not the last ones alone.
        #expect((kept.max() ?? 0) > 2_000 && (kept.min() ?? 10_000) < 8_000, "\(kept)")
        #expect(sample.requests.compactMap { RequestSample.Request(json: $0.json) } == sample.requests)
        var large = HTTPRequest(method: "POST", path: "/")
        large.body = [UInt8](repeating: 1, count: 20_000)
        let other = RequestSample()
        other.offer(large)
        #expect(other.requests.isEmpty)
    }
}
