import Clocks
import Files
import Glibc
import JSON
import Synchronization
import TemporaryFolders
import Testing

@testable import Serving

/// Answers with its own word and what it was sent, and says how many ask it at one time.
private final class Counting: ServedModel {
    let word: String
    let nap: UInt32
    let now = Atomic<Int>(0)
    let most = Atomic<Int>(0)

    init(_ word: String, nap: UInt32 = 0) {
        self.word = word
        self.nap = nap
    }

    func answer(_ body: [UInt8], contentType: String?, accept: String?) throws(ModelFault) -> ModelAnswer {
        let count = now.add(1, ordering: .relaxed).newValue
        most.max(count, ordering: .relaxed)
        usleep(nap)
        now.subtract(1, ordering: .relaxed)
        let text = String(decoding: body, as: UTF8.self)
        if text == "bad" { throw ModelFault(status: 400, "row 1 has no number") }
        return ModelAnswer(body: Array("\(word):\(text):\(contentType ?? "")".utf8), contentType: "text/csv")
    }
}

@Suite(.serialized) struct AsyncQueueTests {
    private let scratch: TemporaryFolder
    init() throws { scratch = try TemporaryFolder() }

    private var input: String { scratch.path + "/input" }
    private var folder: String { scratch.path + "/churn" }

    private func settings(_ change: (inout AsyncQueue.Settings) -> Void = { _ in }) -> AsyncQueue.Settings {
        var settings = AsyncQueue.Settings(folder: folder, inputFolder: input, endpointID: "e1")
        change(&settings)
        return settings
    }

    private func endpoint(_ model: any ServedModel = Counting("a")) -> LiveEndpoint {
        LiveEndpoint(name: "churn", traffic: Traffic([(LiveVariant(name: "AllTraffic", model: model), 1)]))
    }

    private func request(_ body: String, _ headers: [(String, String)] = []) -> HTTPRequest {
        var request = HTTPRequest(
            method: "POST", path: "/endpoints/churn/async-invocations",
            headers: headers.map { ("x-amzn-sagemaker-" + $0.0, $0.1) })
        request.body = Array(body.utf8)
        return request
    }

    private struct Places { var id: String, output: String, failure: String }

    private func places(_ answer: HTTPResponse) throws -> Places {
        func path(_ name: String) -> String {
            String((answer.headers.first { $0.name == name }?.value ?? "").dropFirst("file://".count))
        }
        let json = try JSONValue(parsing: String(decoding: answer.body, as: UTF8.self))
        return Places(
            id: json["InferenceId"]?.string ?? "", output: path("X-Amzn-SageMaker-OutputLocation"),
            failure: path("X-Amzn-SageMaker-FailureLocation"))
    }

    private func wait(_ isDone: () -> Bool) {
        let end = SteadyClock.seconds() + 20
        while SteadyClock.seconds() < end, !isDone() { usleep(5_000) }
    }

    private func text(_ path: String) -> String? { FileContents.text(path) }

    @Test func anAnswerIsWrittenWhereItWasSaidAndAFailureToo() throws {
        let live = endpoint(), queue = try AsyncQueue(live, settings())
        live.take(queue)
        defer { queue.close() }
        let router = EndpointRouter(credentials: nil)
        router.add(live)
        let answer = router.answer(
            request(
                "1,2",
                [
                    ("content-type", "text/csv"), ("inference-id", "mine"), ("filename", "rows.csv"),
                    ("s3outputpathextension", "day/one"),
                ]))
        #expect(answer.status == 202)
        let good = try places(answer)
        #expect(good.id == "mine" && good.output.hasPrefix(folder + "/output/day/one/rows.csv-"))
        let bad = try places(router.answer(request("bad")))
        #expect(bad.id.count == 36)
        wait { text(good.output) != nil && text(bad.failure) != nil }
        #expect(text(good.output) == "a:1,2:text/csv" && text(good.failure) == nil && text(bad.output) == nil)
        let said = try JSONValue(parsing: text(bad.failure) ?? "")
        #expect(said["OriginalMessage"]?.string == "row 1 has no number" && said["OriginalStatusCode"]?.integer == 400)
        wait { queue.counts.answered == 1 && queue.counts.failed == 1 }
        #expect(queue.counts.backlog == 0 && queue.counts.taken == 2)
        wait { Folder.names(in: folder + "/queue").isEmpty }
        #expect(Folder.names(in: folder + "/queue").isEmpty)
        // Alarms see its errors as those of any request.
        #expect(live.variants[0].metrics.total.modelErrors == 1 && live.variants[0].metrics.total.invocations == 2)
        let metrics = PrometheusText.write(router, ServerCounters())
        #expect(metrics.contains("descent_async_requests_total{endpoint=\"churn\",outcome=\"failed\"} 1\n"))
        #expect(metrics.contains("descent_async_approximate_backlog_size{endpoint=\"churn\"} 0\n"))
    }

    @Test func aFileOfTheInputFolderIsReadAndNothingElse() throws {
        let live = endpoint(), queue = try AsyncQueue(live, settings())
        defer { queue.close() }
        try Folder.make(input + "/deeper")
        try AtomicFile.write(Array("5,6".utf8), to: input + "/deeper/a b.csv")
        try AtomicFile.write(Array("secret".utf8), to: scratch.path + "/secret.csv")
        try AtomicFile.write(Array("secret".utf8), to: scratch.path + "/input-too.csv")
        symlink(scratch.path + "/secret.csv", input + "/link.csv")
        symlink(scratch.path, input + "/up")
        mkfifo(input + "/pipe", 0o600)
        let good = try places(
            try queue.add(request("", [("inputlocation", "file://\(input)/deeper/a%20b.csv")]), id: "one", now: WallClock.now()))
        wait { text(good.output) != nil }
        #expect(text(good.output) == "a:5,6:" && text(input + "/deeper/a b.csv") == "5,6")
        // What was put there for one request goes with it.
        let passing = "\(input)/\(AsyncPath.passingPrefix)1"
        try AtomicFile.write(Array("7".utf8), to: passing)
        let own = try places(
            try queue.add(request("", [("inputlocation", AsyncPath.location(of: passing))]), id: "own", now: WallClock.now()))
        wait { text(own.output) != nil && text(passing) == nil }
        #expect(text(own.output) == "a:7:" && text(passing) == nil)
        for location in [
            "file:///etc/passwd", "file://\(input)/../secret.csv", "file://\(input)/%2e%2e/secret.csv",
            "file://\(input)/link.csv",
            "file://\(input)/up/secret.csv", "file://\(input)-too.csv", "file://\(input)/none", "file://\(input)",
            "s3://bucket/key",
            "https://example.com/rows", "file://localhost/etc/passwd", "/etc/passwd", "file://\(input)/%", "file://\(input)/%00",
            "file://\(input)/pipe", "file:///proc/self/environ", "file:///dev/zero",
        ] {
            let refused = #expect(throws: ServiceError.self, "\(location)") {
                try queue.add(request("", [("inputlocation", location)]), id: "two", now: WallClock.now())
            }
            #expect(refused?.kind == .validation, "\(location)")
        }
        // A file that becomes a link after it was looked at is looked at again.
        let slow = endpoint()
        slow.isReady = false
        let later = try AsyncQueue(slow, settings { $0.folder += "-later" })
        try AtomicFile.write([65], to: input + "/changing")
        let kept = try places(
            try later.add(request("", [("inputlocation", "file://\(input)/changing")]), id: "three", now: WallClock.now()))
        unlink(input + "/changing")
        symlink(scratch.path + "/secret.csv", input + "/changing")
        slow.isReady = true
        wait { text(kept.failure) != nil }
        #expect(text(kept.output) == nil && text(kept.failure)?.contains("no such file") == true)
        later.close()
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        let queue = try AsyncQueue(endpoint(), settings())
        defer { queue.close() }
        for (body, headers) in [
            ("", []), ("1", [("inputlocation", "file://\(input)/a")]), ("1", [("filename", "../up")]),
            ("1", [("filename", "a/b")]),
            ("1", [("filename", ".hidden")]), ("1", [("s3outputpathextension", "../../up")]),
            ("1", [("s3outputpathextension", "/tmp")]), ("1", [("s3outputpathextension", "a//b")]),
            ("1", [("requestttlseconds", "59")]), ("1", [("requestttlseconds", "21601")]), ("1", [("requestttlseconds", "x")]),
            ("1", [("invocationtimeoutseconds", "0")]), ("1", [("invocationtimeoutseconds", "3601")]),
            ("1", [("target-variant", "a")]), ("1", [("session-id", "a")]), (String(repeating: "1", count: 128_001), []),
            ("1", [("inference-id", String(repeating: "i", count: 65))]),
        ] as [(String, [(String, String)])] {
            let refused = #expect(throws: ServiceError.self, "\(headers)") {
                try queue.add(request(body, headers), id: "one", now: WallClock.now())
            }
            #expect(refused?.kind == .validation, "\(headers)")
        }
        #expect(Folder.names(in: folder + "/queue").isEmpty)
        let full = try AsyncQueue(endpoint(), settings { $0.mostWaiting = 0 })
        let error = #expect(throws: ServiceError.self) { try full.add(request("1"), id: "one", now: WallClock.now()) }
        #expect(error?.kind == .serviceUnavailable)
    }

    @Test func whatWaitsOutlivesItsHostAndIsAnsweredOnce() throws {
        let closed = endpoint()
        closed.isReady = false
        let first = try AsyncQueue(closed, settings())
        var all: [Places] = []
        for number in 0..<20 {
            all.append(try places(try first.add(request("\(number)"), id: "r\(number)", now: WallClock.now() + Double(number))))
        }
        #expect(first.counts.backlog == 20)
        // As a host is killed: nobody closes anything, and some requests are at every point of their way.
        let queue = folder + "/queue"
        try AtomicFile.write(Array("whole".utf8), to: queue + "/r0.result")
        try AtomicFile.write(Array("whole".utf8), to: queue + "/r1.result")
        rename(queue + "/r1.json", queue + "/r1.ending")
        rename(queue + "/r2.json", queue + "/r2.ending")
        try Folder.make(folder + "/output")
        try AtomicFile.write(Array("earlier".utf8), to: all[2].output)
        try AtomicFile.write(Array("half".utf8), to: queue + "/r3.result.99.partial")
        try AtomicFile.write(Array("why".utf8), to: queue + "/r4.failed")
        let model = Counting("b"), second = try AsyncQueue(endpoint(model), settings())
        wait { second.counts.answered == 16 }
        second.close()
        first.close()
        #expect(text(all[0].output) == "whole" && text(all[1].output) == "whole" && text(all[2].output) == "earlier")
        #expect(text(all[4].failure) == "why" && text(all[4].output) == nil)
        for number in [3] + Array(5..<20) { #expect(text(all[number].output) == "b:\(number):", "\(number)") }
        #expect(Folder.names(in: queue).isEmpty)
        #expect(second.counts.answered == 16)
    }

    @Test func whoWaitsTooLongOrIsAnsweredTooLateIsToldSo() throws {
        let closed = endpoint()
        closed.isReady = false
        let early = try AsyncQueue(closed, settings())
        let old = try places(
            try early.add(request("1", [("requestttlseconds", "60")]), id: "old", now: WallClock.now() - 61))
        wait { text(old.failure) != nil }
        #expect(text(old.failure)?.contains("60 seconds to live") == true && text(old.output) == nil)
        #expect(early.counts.expired == 1)
        early.close()
        let model = Counting("a", nap: 1_600_000), queue = try AsyncQueue(endpoint(model), settings())
        let late = try places(
            try queue.add(request("1", [("invocationtimeoutseconds", "1")]), id: "late", now: WallClock.now()))
        let began = SteadyClock.seconds()
        wait { text(late.failure) != nil }
        #expect(SteadyClock.seconds() - began < 1.5 && text(late.failure)?.contains("within 1 seconds") == true)
        // What the model says after all is nobody's.
        usleep(900_000)
        queue.close()
        #expect(text(late.output) == nil && queue.counts.timedOut == 1 && queue.counts.answered == 0)
    }

    @Test func soManyAreAnsweredAtOneTimeAndNoMore() throws {
        let model = Counting("a", nap: 30_000), queue = try AsyncQueue(endpoint(model), settings { $0.concurrency = 3 })
        for number in 0..<15 { _ = try queue.add(request("\(number)"), id: "r\(number)", now: WallClock.now()) }
        wait { queue.counts.answered == 15 }
        queue.close()
        #expect(model.most.load(ordering: .relaxed) == 3 && queue.counts.answered == 15)
    }

    @Test func eachIsAnsweredByOneVersionWhileTrafficShifts() throws {
        let live = endpoint(Counting("v0")), queue = try AsyncQueue(live, settings { $0.concurrency = 2 })
        var all: [(Places, String)] = []
        for number in 0..<300 {
            if number % 3 == 0 {
                let old = live.variants[0], new = LiveVariant(name: "AllTraffic", model: Counting("v\(number)"))
                live.route(Traffic([(old, 1), (new, 1)]))
                live.route(Traffic([(new, 1)]))
            }
            all.append((try places(try queue.add(request("\(number)"), id: "r\(number)", now: WallClock.now())), "\(number)"))
        }
        wait { queue.counts.answered == 300 }
        queue.close()
        for (place, body) in all {
            let said = text(place.output) ?? ""
            #expect(said.hasPrefix("v") && said.hasSuffix(":\(body):"), "\(body): \(said)")
        }
    }

    @Test func whatAnotherEndpointOfTheNameLeftIsNotAnswered() throws {
        let closed = endpoint()
        closed.isReady = false
        let first = try AsyncQueue(closed, settings())
        let left = try places(try first.add(request("1"), id: "one", now: WallClock.now()))
        first.close()
        let second = try AsyncQueue(endpoint(), settings { $0.endpointID = "e2" })
        wait { text(left.failure) != nil }
        #expect(text(left.failure)?.contains("deleted") == true)
        let next = try places(try second.add(request("2"), id: "two", now: WallClock.now()))
        wait { text(next.output) != nil }
        second.close()
        closed.isReady = false
        let third = try AsyncQueue(closed, settings { $0.endpointID = "e2" })
        let open = try places(try third.add(request("3"), id: "three", now: WallClock.now()))
        third.abandon()
        #expect(text(open.failure)?.contains("deleted") == true && Folder.names(in: folder + "/queue").isEmpty)
    }
}
