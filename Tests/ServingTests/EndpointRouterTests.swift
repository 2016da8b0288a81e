import Clocks
import Files
import Glibc
import JSON
import RequestSigning
import Synchronization
import TemporaryFolders
import Testing
import Threads

@testable import Serving

/// Answers with its own word and what it was sent.
private final class Fixed: ServedModel {
    let word: String
    let nap = Atomic<UInt32>(0)
    init(_ word: String) { self.word = word }

    func answer(_ body: [UInt8], contentType: String?, accept: String?) throws(ModelFault) -> ModelAnswer {
        usleep(nap.load(ordering: .relaxed))
        let text = String(decoding: body, as: UTF8.self)
        if text == "bad" { throw ModelFault(status: 400, "row 1 has no number") }
        if text == "broken" { throw ModelFault(status: 500, "weights are gone") }
        return ModelAnswer(
            body: Array("\(word):\(text)".utf8), contentType: accept ?? "text/csv", warnings: text == "odd" ? ["what is é?"] : [])
    }
}

/// An endpoint as its clients see it.
@Suite(.serialized) struct EndpointRouterTests {
    private let scratch: TemporaryFolder
    init() throws { scratch = try TemporaryFolder() }

    private struct Served {
        let router: EndpointRouter
        let server: HTTPServer
        let credentials: ServerCredentials
        let capture: CaptureWriter
        var port: UInt16 { server.address.port }
        var bearer: String { "Authorization: Bearer \(credentials.token)" }
        func client() throws -> RawClient { try RawClient(port: port) }
    }

    private func serve(isOpen: Bool = false, limits: ServerLimits = ServerLimits(), _ test: (Served) throws -> Void) throws {
        let credentials = try ServerCredentials(workspace: scratch.path)
        let capture = try CaptureWriter(folder: scratch.path + "/capture")
        let router = EndpointRouter(credentials: isOpen ? nil : credentials, capture: capture)
        let server = try HTTPServer(ServerAddress(), limits: limits, handler: router) { router.note($0) }
        defer {
            server.stop()
            capture.close()
        }
        try test(Served(router: router, server: server, credentials: credentials, capture: capture))
    }

    private func endpoint(_ name: String = "churn", _ weights: [(String, Double)] = [("a", 1)]) -> LiveEndpoint {
        LiveEndpoint(
            name: name, traffic: Traffic(weights.map { (LiveVariant(name: $0.0, model: Fixed($0.0)), $0.1) }))
    }

    private static let path = "/endpoints/churn/invocations"

    @Test func whoHasTheTokenIsAnsweredInSageMakersWay() throws {
        try serve { served in
            served.router.add(endpoint())
            let client = try served.client()
            let answer = try #require(
                client.post(Self.path, "1,2", [served.bearer, "Accept: text/plain", "Content-Type: text/csv"]))
            #expect(answer.status == 200 && answer.text == "a:1,2" && answer.headers["content-type"] == "text/plain")
            #expect(answer.headers["x-amzn-invoked-production-variant"] == "a")
            #expect(answer.headers["x-amzn-requestid"]?.count == 36)
            let odd = try #require(client.post(Self.path, "odd", [served.bearer]))
            #expect(odd.headers["x-descent-warnings"] == "what is ???")
        }
    }

    @Test func everyErrorHasItsTypeAndSaysWhatToDo() throws {
        try serve { served in
            served.router.add(endpoint())
            let loading = endpoint("slow")
            loading.isReady = false
            served.router.add(loading)
            let client = try served.client()
            func error(_ path: String, _ body: String, _ more: [String] = []) throws -> (Int, String, JSONValue) {
                let answer = try #require(client.post(path, body, [served.bearer] + more))
                return (answer.status, answer.headers["x-amzn-errortype"] ?? "", try JSONValue(parsing: answer.text))
            }
            let bad = try error(Self.path, "bad")
            #expect(bad.0 == 424 && bad.1 == "ModelError")
            #expect(bad.2["OriginalStatusCode"]?.integer == 400 && bad.2["OriginalMessage"]?.string == "row 1 has no number")
            #expect(bad.2["ErrorCode"]?.string == "CLIENT_ERROR_FROM_MODEL" && bad.2["LogStreamArn"]?.string != nil)
            #expect(try error(Self.path, "broken").2["OriginalStatusCode"]?.integer == 500)
            let unknown = try error("/endpoints/other/invocations", "x")
            #expect(unknown.0 == 400 && unknown.1 == "ValidationError" && unknown.2["Message"]?.string?.contains("other") == true)
            let early = try error("/endpoints/slow/invocations", "x")
            #expect(early.0 == 429 && early.1 == "ModelNotReadyException")
            #expect(try error(Self.path, "x", ["X-Amzn-SageMaker-Target-Variant: z"]).1 == "ValidationError")
            #expect(try error(Self.path, "x", ["X-Amzn-SageMaker-Enable-Explanations: [0] > `1`"]).1 == "ValidationError")
            #expect(try error(Self.path, "x", ["X-Amzn-SageMaker-Enable-Explanations: `true`"]).1 == "ModelError")
            #expect(try error(Self.path, "x", ["X-Amzn-SageMaker-Inference-Id: \(String(repeating: "i", count: 65))"]).0 == 400)
            #expect(try error("/endpoints/churn/async-invocations", "").0 == 400)
            for path in [
                "/", "/endpoints/churn", "/endpoints/../invocations", "/endpoints/a%2Fb/invocations", "/../../etc/passwd",
            ] {
                #expect(try error(path, "").0 == 404, "\(path)")
            }
            client.send("GET \(Self.path) HTTP/1.1\r\nHost: a\r\n\(served.bearer)\r\n\r\n")
            #expect(client.answer()?.status == 405)
        }
    }

    @Test func whoAsksBeforeAnEndpointIsThereAgainIsToldToComeAgain() throws {
        let router = EndpointRouter(credentials: nil, expected: ["churn", "gone"])
        func status(_ name: String) -> (Int, String?) {
            let answer = router.answer(HTTPRequest(method: "POST", path: "/endpoints/\(name)/invocations"))
            return (answer.status, answer.headers.first { $0.name == "Retry-After" }?.value)
        }
        #expect(status("churn") == (429, "1") && status("other").0 == 400)
        router.giveUp("gone")
        #expect(status("gone").0 == 400)
        router.add(endpoint())
        #expect(status("churn").0 == 200)
        router.remove("churn")
        #expect(status("churn").0 == 400)
    }

    @Test func strangersGetNothing() throws {
        try serve { served in
            served.router.add(endpoint())
            let client = try served.client(), token = served.credentials.token
            for (header, type) in [
                ("X: y", "MissingAuthenticationTokenException"), ("Authorization: Bearer", "MissingAuthenticationTokenException"),
                ("Authorization: Bearer wrong", "UnrecognizedClientException"),
                ("Authorization: Bearer \(token)x", "UnrecognizedClientException"),
                ("Authorization: Bearer \(token.dropLast())", "UnrecognizedClientException"),
                ("Authorization: Basic \(token)", "MissingAuthenticationTokenException"),
                ("Authorization: AWS4-HMAC-SHA256 Credential=a/b/c/d/e", "InvalidSignatureException"),
            ] {
                let answer = try #require(client.post(Self.path, "1", [header]))
                #expect(answer.status == 403 && answer.headers["x-amzn-errortype"] == type, "\(header): \(answer)")
                // Whether an endpoint is there is nobody's business either.
                #expect(client.post("/endpoints/other/invocations", "1", [header])?.status == 403)
                client.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\(header)\r\n\r\n")
                #expect(client.answer()?.status == 403)
            }
            client.send("GET /ping HTTP/1.1\r\nHost: a\r\n\r\n")
            let ping = try #require(client.answer())
            #expect(ping.status == 200 && ping.body.isEmpty)
        }
        try serve(isOpen: true) { served in
            served.router.add(endpoint())
            let answer = try served.client().post(Self.path, "1")
            #expect(answer?.status == 200)
        }
    }

    @Test func aSignatureLetsInWhatItSignedAndNothingElse() throws {
        try serve { served in
            served.router.add(endpoint())
            let client = try served.client()
            func signed(_ body: String, at time: Double, secret: String? = nil) -> [String] {
                var request = AWSRequestSigner.Request(method: "POST", host: "a", path: Self.path)
                (request.body, request.headers) = (Array(body.utf8), [("Content-Type", "text/csv")])
                let pair = AWSCredentials(
                    accessKeyID: served.credentials.accessKeyID, secretAccessKey: secret ?? served.credentials.secretAccessKey)
                return AWSRequestSigner(pair, region: "eu-west-1", service: "sagemaker")
                    .headers(of: request, at: AWSRequestVerifier.text(time)).filter { $0.name != "host" }.map {
                        "\($0.name): \($0.value)"
                    }
            }
            let now = WallClock.now()
            #expect(client.post(Self.path, "1,2", signed("1,2", at: now))?.text == "a:1,2")
            #expect(
                client.post(Self.path, "1,3", signed("1,2", at: now))?.headers["x-amzn-errortype"] == "InvalidSignatureException")
            #expect(client.post(Self.path, "1,2", signed("1,2", at: now - 400))?.status == 403)
            #expect(client.post(Self.path, "1,2", signed("1,2", at: now, secret: "another secret of somebody"))?.status == 403)
        }
    }

    @Test func weightsAreSharesAndANameChoosesAVariant() throws {
        try serve { served in
            served.router.add(endpoint("churn", [("a", 3), ("b", 1), ("c", 0)]))
            let client = try served.client()
            var counts: [String: Int] = [:]
            for _ in 0..<400 {
                counts[
                    client.post(Self.path, "", [served.bearer])?.headers["x-amzn-invoked-production-variant"] ?? "", default: 0] +=
                    1
            }
            #expect(abs((counts["a"] ?? 0) - 300) <= 4 && abs((counts["b"] ?? 0) - 100) <= 4 && counts["c"] == nil)
            #expect(client.post(Self.path, "x", [served.bearer, "X-Amzn-SageMaker-Target-Variant: c"])?.text == "c:x")
            served.router.endpoint("churn")?.route(Traffic([(LiveVariant(name: "d", model: Fixed("d")), 1)]))
            #expect(client.post(Self.path, "x", [served.bearer])?.text == "d:x")
        }
    }

    @Test func trafficThatShiftsUnderLoadDropsAndMixesNothing() throws {
        try serve { served in
            served.router.add(endpoint("churn", [("v0", 1)]))
            let port = served.port, bearer = served.bearer, isOver = Atomic(false)
            let faults = Mutex<[String]>([]), count = Atomic<Int>(0)
            let threads = try (0..<4).map { number in
                try NamedThread(name: "load \(number)", stackBytes: 1 << 20) {
                    var client = try? RawClient(port: port)
                    var turn = 0
                    while !isOver.load(ordering: .relaxed) {
                        // Half of them begin a connection for each request.
                        if number % 2 == 0 { client = try? RawClient(port: port) }
                        turn += 1
                        let answer = client?.post(Self.path, "\(number).\(turn)", [bearer])
                        let variant = answer?.headers["x-amzn-invoked-production-variant"] ?? "none"
                        if answer?.status != 200 || answer?.text != "\(variant):\(number).\(turn)" {
                            faults.withLock { $0.append("\(number).\(turn): \(answer.map { "\($0)" } ?? "nothing")") }
                        }
                        count.add(1, ordering: .relaxed)
                    }
                }
            }
            for version in 1...200 {
                served.router.endpoint("churn")?.route(
                    Traffic([(LiveVariant(name: "v\(version)", model: Fixed("v\(version)")), 1)]))
                usleep(5_000)
            }
            isOver.store(true, ordering: .relaxed)
            for thread in threads { thread.join() }
            #expect(faults.withLock { $0 } == [])
            #expect(count.load(ordering: .relaxed) > 400)
        }
    }

    @Test func whatIsCapturedIsALineAsSageMakerWritesIt() throws {
        try serve { served in
            let live = endpoint()
            live.record(CaptureRule(percent: 100))
            served.router.add(live)
            let client = try served.client()
            _ = client.post(Self.path, "1,2", [served.bearer, "Content-Type: text/csv", "X-Amzn-SageMaker-Inference-Id: id-7"])
            _ = client.post(Self.path, "\u{1}\u{2}", [served.bearer, "Content-Type: application/x-recordio-protobuf"])
            _ = client.post(Self.path, "bad", [served.bearer, "Content-Type: text/csv"])
            _ = client.post(Self.path, "\"é\"\n\u{1b}2\n", [served.bearer, "Content-Type: Text/CSV; charset=utf-8"])
            live.record(nil)
            _ = client.post(Self.path, "3,4", [served.bearer, "Content-Type: text/csv"])
            served.capture.close()
            #expect(served.capture.written == 3 && served.capture.dropped == 0)
        }
        let day = WallClock.text(WallClock.now()).prefix(10).split(separator: "-").joined(separator: "/")
        let hours = Folder.names(in: "\(scratch.path)/capture/churn/a/\(day)")
        let folder = "\(scratch.path)/capture/churn/a/\(day)/\(try #require(hours.first))"
        let file = try #require(Folder.names(in: folder).first)
        #expect(file.hasSuffix(".jsonl"))
        let lines = try #require(FileContents.text(folder + "/" + file)).split(separator: "\n").map {
            try JSONValue(parsing: String($0))
        }
        #expect(lines.count == 3)
        let input = lines[0]["captureData"]?["endpointInput"], output = lines[0]["captureData"]?["endpointOutput"]
        #expect(input?["data"]?.string == "1,2" && input?["mode"]?.string == "INPUT" && input?["encoding"]?.string == "CSV")
        #expect(input?["observedContentType"]?.string == "text/csv")
        #expect(output?["data"]?.string == "a:1,2" && output?["mode"]?.string == "OUTPUT")
        let about = lines[0]["eventMetadata"]
        #expect(about?["eventId"]?.string?.count == 36 && about?["inferenceId"]?.string == "id-7")
        #expect(about?["inferenceTime"]?.string?.count == 20 && lines[0]["eventVersion"]?.string == "0")
        #expect(lines[1]["captureData"]?["endpointInput"]?["data"]?.string == "AQI=")
        #expect(lines[1]["captureData"]?["endpointInput"]?["encoding"]?.string == "BASE64")
        #expect(lines[1]["eventMetadata"]?["inferenceId"] == nil)
        #expect(lines[2]["captureData"]?["endpointInput"]?["data"]?.string == "\"é\"\n\u{1b}2\n")
        #expect(lines[2]["captureData"]?["endpointInput"]?["encoding"]?.string == "CSV")
        #expect(lines[2]["captureData"]?["endpointInput"]?["observedContentType"]?.string == "Text/CSV; charset=utf-8")
    }

    @Test func metricsCountWhatHappened() throws {
        try serve { served in
            served.router.add(endpoint())
            let client = try served.client()
            for body in ["1", "2", "bad", "broken"] { _ = client.post(Self.path, body, [served.bearer]) }
            _ = client.post(Self.path, "1")
            client.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\(served.bearer)\r\n\r\n")
            let text = try #require(client.answer()).text
            let labels = "{endpoint=\"churn\",variant=\"a\""
            for line in [
                "descent_endpoint_invocations_total\(labels)} 4", "descent_endpoint_errors_total\(labels),kind=\"model\"} 2",
                "descent_http_requests_total{code=\"200\"} 2", "descent_http_requests_total{code=\"403\"} 1",
                "descent_endpoint_model_latency_seconds_count\(labels)} 4", "descent_endpoint_ready{endpoint=\"churn\"} 1",
                "descent_endpoint_model_latency_seconds_bucket\(labels),le=\"+Inf\"} 4",
            ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(line.split(separator: " ").count == 2 && Double(line.split(separator: " ")[1]) != nil, "\(line)")
            }
        }
    }

    @Test func credentialsAreMadeOnceAndOnlyTheUserReadsThem() throws {
        let first = try ServerCredentials(workspace: scratch.path), path = ServerCredentials.path(scratch.path)
        #expect(
            try ServerCredentials(workspace: scratch.path).token == first.token && !"\(first)".contains(first.secretAccessKey))
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        chmod(path, 0o644)
        let error = #expect(throws: ServingError.self) { try ServerCredentials(workspace: scratch.path) }
        #expect(error?.description.contains("chmod 600") == true)
        chmod(path, 0o600)
        _ = try scratch.write("{}", as: "credentials.json")
        #expect(throws: ServingError.self) { try ServerCredentials(workspace: scratch.path) }
    }

    @Test func theAccessLogHasNoPayloadAndNoSecret() throws {
        let log = try AccessLog(path: scratch.path + "/access.log")
        let credentials = try ServerCredentials(workspace: scratch.path)
        let router = EndpointRouter(credentials: credentials)
        router.add(endpoint())
        let server = try HTTPServer(ServerAddress(), handler: router) { log.add($0) }
        let client = try RawClient(port: server.address.port)
        _ = client.post(Self.path + "?token=hidden", "very private", ["Authorization: Bearer \(credentials.token)"])
        _ = client.post("/nowhere", "very private")
        server.stop()
        log.close()
        let text = try #require(FileContents.text(scratch.path + "/access.log"))
        let lines = try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(lines.count == 2 && lines[0]["status"]?.integer == 200 && lines[0]["endpoint"]?.string == "churn")
        #expect(lines[0]["variant"]?.string == "a" && lines[0]["caller"]?.string == "token" && lines[0]["bytesIn"]?.integer == 12)
        #expect(lines[1]["status"]?.integer == 404)
        for secret in ["private", "hidden", credentials.token] { #expect(!text.contains(secret)) }
    }

    @Test func aHistogramTellsQuantilesToAFifth() {
        var histogram = LatencyHistogram()
        for micros in 1...10_000 { histogram.add(UInt64(micros) * 1000) }
        for (share, value) in [(0.5, 5e-3), (0.99, 9.9e-3), (0.01, 1e-4)] {
            let told = histogram.quantile(share) ?? 0
            #expect(told >= value * 0.99 && told <= value * 1.26, "\(share): \(told)")
        }
        #expect(LatencyHistogram().quantile(0.5) == nil)
        histogram.add(.max)
        #expect(histogram.cumulative.last?.count == 10_001)
    }
}
