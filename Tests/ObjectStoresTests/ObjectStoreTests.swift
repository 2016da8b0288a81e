import Files
import Glibc
import JSON
import RequestSigning
import Serving
import Synchronization
import TemporaryFolders
import Testing
import Transfers

@testable import ObjectStores

/// Objects over HTTP, from a store that checks every signature and does to connections what a test wants.
@Suite(.serialized) struct ObjectStoreTests {
    private static let keys = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "SECRETSECRETSECRET")

    /// A small store: buckets are there, objects are bytes.
    private final class Store: HTTPHandler {
        struct State {
            var objects: [String: [UInt8]] = [:]
            var uploads: [String: [Int: [UInt8]]] = [:]
            /// Statuses that come before a request is answered.
            var troubles: [Int] = []
            var requests: [String] = []
            var givesRanges = true
            var clock = 0.0
        }
        let state = Mutex(State())

        func refusal(of head: HTTPRequest) -> HTTPResponse? { nil }
        func isQuick(_ request: HTTPRequest) -> Bool { false }

        private static func fault(_ status: Int, _ code: String) -> HTTPResponse {
            HTTPResponse(status, body: Array("<?xml version=\"1.0\"?><Error><Code>\(code)</Code></Error>".utf8))
        }

        func answer(_ request: HTTPRequest) -> HTTPResponse {
            state.withLock { state in
                state.requests.append("\(request.method) \(request.path)\(request.query.isEmpty ? "" : "?" + request.query)")
                if !state.troubles.isEmpty { return Self.fault(state.troubles.removeFirst(), "SlowDown") }
                if let fault = fault(of: request, now: state.clock) { return fault }
                if !request.path.hasPrefix("/bucket/") { return Self.fault(404, "NoSuchBucket") }
                return answer(request, &state)
            }
        }

        /// As a store checks it: the signature is computed again from what came over the wire.
        private func fault(of request: HTTPRequest, now: Double) -> HTTPResponse? {
            let verifier = AWSRequestVerifier(ObjectStoreTests.keys, service: "s3")
            let signed = AWSRequestVerifier.Request(
                method: request.method, path: request.path, query: request.query, headers: request.headers)
            do throws(AWSRequestVerifier.Failure) {
                try verifier.verify(try verifier.claim(of: signed, now: now), of: signed, body: request.body)
                return nil
            } catch {
                switch error {
                case .clock: return Self.fault(403, "RequestTimeTooSkewed")
                case .unknownKey: return Self.fault(403, "InvalidAccessKeyId")
                case .missing: return Self.fault(403, "AccessDenied")
                default: return Self.fault(403, "SignatureDoesNotMatch")
                }
            }
        }

        private func answer(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
            let key = request.path
            switch request.method {
            case "PUT":
                if request.query.isEmpty {
                    state.objects[key] = request.body
                } else {
                    let number = request.query.split(separator: "&").first { $0.hasPrefix("partNumber=") }.flatMap {
                        Int($0.dropFirst(11))
                    }
                    state.uploads[key]?[number ?? 0] = request.body
                }
                return HTTPResponse(200, [("ETag", Self.tag(request.body))])
            case "POST":
                if request.query == "uploads=" {
                    state.uploads[key] = [:]
                    return HTTPResponse(200, body: Array("<R><UploadId>u 1+/=</UploadId></R>".utf8))
                }
                let parts = state.uploads.removeValue(forKey: key) ?? [:]
                state.objects[key] = parts.sorted { $0.key < $1.key }.flatMap(\.value)
                return HTTPResponse(200, body: Array("<CompleteMultipartUploadResult/>".utf8))
            case "DELETE":
                state.uploads[key] = nil
                return HTTPResponse(204)
            default:
                guard let bytes = state.objects[key] else { return Self.fault(404, "NoSuchKey") }
                return read(bytes, request, givesRanges: state.givesRanges)
            }
        }

        static func tag(_ bytes: [UInt8]) -> String { "\"\(SHA256.digest(bytes).hex.prefix(16))\"" }

        private func read(_ bytes: [UInt8], _ request: HTTPRequest, givesRanges: Bool) -> HTTPResponse {
            let tag = Self.tag(bytes)
            if request.header("if-none-match") == tag { return HTTPResponse(304, [("ETag", tag)]) }
            if let wanted = request.header("if-match"), wanted != tag { return Self.fault(412, "PreconditionFailed") }
            guard givesRanges, let range = request.header("range")?.dropFirst(6).split(separator: "-").compactMap({ Int($0) }),
                range.count == 2
            else { return HTTPResponse(200, [("ETag", tag)], body: bytes) }
            guard range[0] < bytes.count else { return Self.fault(416, "InvalidRange") }
            let end = min(range[1], bytes.count - 1)
            return HTTPResponse(
                206, [("ETag", tag), ("Content-Range", "bytes \(range[0])-\(end)/\(bytes.count)")],
                body: Array(bytes[range[0]...end]))
        }
    }

    /// A store that listens, and one who asks it.
    private final class Pair {
        let store = Store()
        let server: HTTPServer
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            var limits = ServerLimits()
            limits.workers = 1
            server = try HTTPServer(ServerAddress(port: 0), limits: limits, handler: store)
            store.state.withLock { $0.clock = Double(time(nil)) }
        }

        deinit { server.stop() }

        func client(
            _ keys: AWSCredentials? = ObjectStoreTests.keys, part: Int = 1000,
            now: @escaping @Sendable () -> Double = { Double(time(nil)) }
        )
            -> ObjectStore
        {
            ObjectStore(
                AWSSettings(credentials: keys, endpoint: "http://\(server.address)"), partBytes: part, now: now, pause: { _ in })
        }

        func cache(_ client: ObjectStore) -> ObjectCache { ObjectCache(folder.path + "/cache", client) }

        func bytes(_ path: String) throws -> [UInt8] { try #require(try AtomicFile.read(path)) }
        var requests: [String] { store.state.withLock { $0.requests } }
    }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 256) } }

    private func code(_ body: () throws(ObjectError) -> Void) -> ObjectError.Code? {
        do throws(ObjectError) {
            try body()
            return nil
        } catch { return error.code }
    }

    @Test(arguments: [0, 1, 999, 1000, 1001, 5500]) func whatIsPutComesBackInParts(_ count: Int) throws {
        let pair = try Pair(), client = pair.client(), address = try ObjectAddress("s3://bucket/a folder/ü+=&.csv")
        let path = try pair.folder.write(bytes(count), as: "file")
        try client.put(path, as: address)
        let copy = try pair.cache(client).file(of: address)
        #expect(try pair.bytes(copy.path) == bytes(count))
        #expect(copy.byteCount == count && !copy.wasHere && copy.path.hasSuffix("/ü+=&.csv"))
        #expect(pair.requests.contains { $0.hasSuffix("?uploads=") } == (count > 1000))
        #expect(Folder.names(in: FilePath.folder(copy.path)).count == 1)
    }

    @Test func whatHasNotChangedIsNotFetchedAgain() throws {
        let pair = try Pair(), client = pair.client(part: 1 << 16), address = try ObjectAddress("s3://bucket/rows.csv")
        let path = try pair.folder.write(bytes(50), as: "file")
        try client.put(path, as: address)
        let first = try pair.cache(client).file(of: address), again = try pair.cache(client).file(of: address)
        #expect(!first.wasHere && again.wasHere && first.path == again.path)
        try pair.folder.write(bytes(60), as: "file")
        try client.put(path, as: address)
        let new = try pair.cache(client).file(of: address)
        #expect(!new.wasHere && new.path != first.path)
        #expect(try pair.bytes(first.path).count == 50)
        #expect(try pair.bytes(new.path).count == 60)
    }

    @Test func troubleThatPassesIsWaitedForAndOtherIsToldAtOnce() throws {
        let pair = try Pair(), client = pair.client(), address = try ObjectAddress("s3://bucket/a")
        let path = try pair.folder.write(bytes(10), as: "file")
        pair.store.state.withLock { $0.troubles = [503, 500] }
        try client.put(path, as: address)
        #expect(pair.requests.count == 3)
        pair.store.state.withLock { $0.troubles = [Int](repeating: 503, count: 9) }
        #expect(code { () throws(ObjectError) in try client.put(path, as: address) } == .unreachable)
    }

    @Test func faultsSayWhatToDoAndLeaveNothing() throws {
        let pair = try Pair(), address = try ObjectAddress("s3://bucket/none.csv")
        func fault(_ client: ObjectStore, _ address: ObjectAddress) -> ObjectError.Code? {
            code { () throws(ObjectError) in _ = try pair.cache(client).file(of: address) }
        }
        #expect(fault(pair.client(), address) == .notFound)
        #expect(fault(pair.client(), try ObjectAddress("s3://other/none.csv")) == .notFound)
        #expect(fault(pair.client(AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wrong")), address) == .denied)
        #expect(fault(pair.client(AWSCredentials(accessKeyID: "WHO", secretAccessKey: "wrong")), address) == .denied)
        #expect(fault(pair.client(nil), address) == .denied)
        #expect(fault(pair.client(now: { Double(time(nil)) - 7200 }), address) == .clock)
        let nobody = ObjectStore(
            AWSSettings(credentials: Self.keys, endpoint: "http://127.0.0.1:1"), pause: { _ in })
        #expect(fault(nobody, address) == .unreachable)
        #expect(Folder.names(in: pair.folder.path + "/cache").isEmpty)
    }

    @Test func anObjectThatChangesWhileItIsReadIsNoFile() throws {
        let pair = try Pair(), address = try ObjectAddress("s3://bucket/a.csv")
        pair.store.state.withLock { $0.objects["/bucket/a.csv"] = bytes(3000) }
        let state = pair.store
        let client = ObjectStore(
            AWSSettings(credentials: Self.keys, endpoint: "http://\(pair.server.address)"), partBytes: 1000,
            send: { (request) throws(TransferError) in
                let answer = try request.send()
                state.state.withLock { $0.objects["/bucket/a.csv"] = [UInt8](repeating: 7, count: 3000) }
                return answer
            }, pause: { _ in })
        #expect(code { () throws(ObjectError) in _ = try pair.cache(client).file(of: address) } == .changed)
        for name in Folder.names(in: pair.folder.path + "/cache") {
            for version in Folder.names(in: pair.folder.path + "/cache/" + name) {
                #expect(Folder.names(in: pair.folder.path + "/cache/\(name)/\(version)").isEmpty)
            }
        }
    }

    @Test func aConnectionThatIsCutIsTriedAgain() throws {
        let pair = try Pair(), address = try ObjectAddress("s3://bucket/a.csv"), count = Mutex(0)
        pair.store.state.withLock { $0.objects["/bucket/a.csv"] = bytes(2500) }
        let client = ObjectStore(
            AWSSettings(credentials: Self.keys, endpoint: "http://\(pair.server.address)"), partBytes: 1000,
            send: { (request) throws(TransferError) in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                if number % 2 == 0 { throw TransferError(.failed, "the connection was cut") }
                return try request.send()
            }, pause: { _ in })
        #expect(try pair.bytes(try pair.cache(client).file(of: address).path) == bytes(2500))
    }

    @Test func aServerWithoutPartsGivesAllAtOnce() throws {
        let pair = try Pair(), client = pair.client(), address = try ObjectAddress("s3://bucket/a.csv")
        pair.store.state.withLock { state in
            state.objects["/bucket/a.csv"] = bytes(4321)
            state.givesRanges = false
        }
        #expect(try pair.bytes(try pair.cache(client).file(of: address).path) == bytes(4321))
    }

    @Test func settingsAreFoundWhereTheAWSToolsHaveThem() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "[default]\naws_access_key_id = D\naws_secret_access_key = d\n[work]\naws_access_key_id=W1234\naws_secret_access_key=w\n",
            as: "credentials")
        try folder.write(
            "[default]\nregion = eu-west-1\n[profile work]\nregion=eu-central-1\nendpoint_url = http://minio:9000\n", as: "config"
        )
        let files = ["AWS_SHARED_CREDENTIALS_FILE": folder.path + "/credentials", "AWS_CONFIG_FILE": folder.path + "/config"]
        let usual = AWSSettings(environment: files)
        #expect(usual.credentials?.accessKeyID == "D" && usual.region == "eu-west-1" && usual.endpoint == nil)
        let work = AWSSettings(environment: files.merging(["AWS_PROFILE": "work"]) { $1 })
        #expect(work.credentials?.accessKeyID == "W1234" && work.region == "eu-central-1" && work.endpoint == "http://minio:9000")
        let said = AWSSettings(
            environment: files.merging(
                [
                    "AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "e", "AWS_REGION": "us-west-2",
                    "AWS_ENDPOINT_URL_S3": "http://x",
                ]
            ) { $1 })
        #expect(said.credentials?.accessKeyID == "E" && said.region == "us-west-2" && said.endpoint == "http://x")
        #expect(AWSSettings(environment: ["HOME": folder.path]).credentials == nil)
    }

    @Test(arguments: ["s3://", "s3://bucket", "s3://bucket/", "s3://UPPER/key", "s3://a/b", "ftp://x/y", "plain"])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(code { () throws(ObjectError) in _ = try ObjectAddress(text) } == .badAddress)
    }
}
