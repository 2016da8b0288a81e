import Testing

@testable import RequestSigning

/// The worked example was made with botocore 1.44.8 and recomputed independently.
@Suite struct RequestVerifierTests {
    private let credentials = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "SECRET")
    /// 2026-01-02 03:04:05 UTC.
    private let time = 1_767_323_045.0
    private let body = Array("1,2,3\n".utf8)

    private func request(
        signature: String = "ba7e68157d0a036b558503ce12cf26bdd297adf1a696545b918074bf5f229ac7",
        names: String = "content-type;host;x-amz-date", key: String = "AKIDEXAMPLE", date: String = "20260102T030405Z",
        day: String = "20260102", service: String = "sagemaker", path: String = "/endpoints/my-ep/invocations"
    ) -> AWSRequestVerifier.Request {
        .init(
            method: "POST", path: path, query: "",
            headers: [
                ("host", "127.0.0.1:8080"), ("content-type", "text/csv"), ("x-amz-date", date), ("user-agent", "Boto3"),
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=\(key)/\(day)/us-east-1/\(service)/aws4_request, SignedHeaders=\(names), "
                        + "Signature=\(signature)"
                ),
            ])
    }

    private func check(_ request: AWSRequestVerifier.Request, body: [UInt8]? = nil, now: Double? = nil) throws {
        let verifier = AWSRequestVerifier(credentials, service: "sagemaker")
        let claim = try verifier.claim(of: request, now: now ?? time)
        try verifier.verify(claim, of: request, body: body ?? self.body)
    }

    @Test func theWorkedExampleIsBelieved() throws {
        try check(request())
        #expect(SHA256.digest(body).hex == "7a8988e95e356e2b5b8fecf5e31f7c2e7e8fb44a5cd9d89ebb0d1e60b1f5c689")
        let signer = AWSRequestSigner(credentials, region: "us-east-1", service: "sagemaker")
        #expect(signer.key(on: "20260102").hex == "6ec2b75bec728a568bd8a2a3c8d811e16316bba91732871aae50de29e2f9ab1f")
        #expect(AWSRequestVerifier.text(time) == "20260102T030405Z")
    }

    @Test func whatDiffersInAnythingThatIsSignedIsWrong() {
        var other = request()
        other.headers[1].value = "text/plain"
        #expect(throws: AWSRequestVerifier.Failure.wrong) { try check(other) }
        #expect(throws: AWSRequestVerifier.Failure.wrong) { try check(request(), body: Array("1,2,4\n".utf8)) }
        #expect(throws: AWSRequestVerifier.Failure.wrong) { try check(request(path: "/endpoints/other/invocations")) }
        var asked = request()
        asked.query = "a=1"
        #expect(throws: AWSRequestVerifier.Failure.wrong) { try check(asked) }
        for signature in ["ba7e", String(repeating: "0", count: 64)] {
            #expect(throws: AWSRequestVerifier.Failure.wrong) { try check(request(signature: signature)) }
        }
        // What is not signed may be anything.
        var agent = request()
        agent.headers[3].value = "else"
        #expect(throws: Never.self) { try check(agent) }
    }

    @Test func aSignatureIsGoodForFiveMinutesOnly() {
        for seconds in [-299.0, 299] { #expect(throws: Never.self) { try check(request(), now: time + seconds) } }
        for seconds in [-301.0, 301, 86_400] {
            let error = #expect(throws: AWSRequestVerifier.Failure.self) { try check(request(), now: time + seconds) }
            if case .clock(let why)? = error { #expect(why.contains("20260102T030405Z")) } else { Issue.record("\(seconds)") }
        }
    }

    @Test func whatIsIncompleteOrOfOthersIsRefused() {
        #expect(throws: AWSRequestVerifier.Failure.unknownKey) { try check(request(key: "AKIDEXAMPLF")) }
        for bad in [
            request(names: "content-type;x-amz-date"), request(names: "content-type;host"),
            request(names: "host;content-type;x-amz-date"), request(names: "content-type;Host;x-amz-date"),
            request(day: "20260103"), request(service: "s3"), request(date: "yesterday"), request(date: "20260102T0304+5Z"),
        ] {
            let error = #expect(throws: AWSRequestVerifier.Failure.self) { try check(bad) }
            if case .incomplete? = error {} else { Issue.record("\(bad.headers)") }
        }
        var hidden = request()
        hidden.headers.append(("x-amzn-sagemaker-target-variant", "b"))
        #expect(throws: AWSRequestVerifier.Failure.self) { try check(hidden) }
        var none = request()
        none.headers.removeLast()
        #expect(throws: AWSRequestVerifier.Failure.missing) { try check(none) }
        var two = request()
        two.headers.append(two.headers[4])
        #expect(throws: AWSRequestVerifier.Failure.self) { try check(two) }
    }

    @Test func whatOurSignerSignsIsBelievedWithQueriesAndOddPaths() throws {
        for (path, query) in [("/a/b", [("x", "1"), ("a", "ö /")]), ("/a%20b/c", []), ("/", [("k", "")])] {
            var made = AWSRequestSigner.Request(method: "POST", host: "127.0.0.1:1", path: path)
            (made.query, made.body) = (query.map { (name: $0.0, value: $0.1) }, body)
            made.headers = [("Content-Type", "text/csv"), ("X-Amzn-SageMaker-Custom-Attributes", "a   b ")]
            let headers = AWSRequestSigner(credentials, region: "eu-central-1", service: "sagemaker")
                .headers(of: made, at: "20260102T030405Z")
            let sent = AWSRequestVerifier.Request(
                method: "POST", path: path, query: made.encodedQuery, headers: headers.map { ($0.name, $0.value) })
            try check(sent)
        }
    }
}
