import Files
import Foundation
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
            /// Seconds that answers take, the next one first.
            var delays: [Double] = []
            /// How many objects a listing has at once.
            var pageCount = 1000
        }
        let state = Mutex(State())

        func refusal(of head: HTTPRequest) -> HTTPResponse? { nil }
        func isQuick(_ request: HTTPRequest) -> Bool { false }

        private static func fault(_ status: Int, _ code: String) -> HTTPResponse {
            HTTPResponse(status, body: Array("<?xml version=\"1.0\"?><Error><Code>\(code)</Code></Error>".utf8))
        }

        func answer(_ request: HTTPRequest) -> HTTPResponse {
            let delay = state.withLock { $0.delays.isEmpty ? 0 : $0.delays.removeFirst() }
            if delay > 0 { usleep(UInt32(delay * 1e6)) }
            return state.withLock { state in
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
            case "GET" where request.query.contains("list-type=2"): return listing(request, state)
            default:
                guard let bytes = state.objects[key] else { return Self.fault(404, "NoSuchKey") }
                return read(bytes, request, givesRanges: state.givesRanges)
            }
        }

        static let plain = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/.-_")

        /// As S3 lists: so many at once, keys encoded, tags escaped.
        private func listing(_ request: HTTPRequest, _ state: State) -> HTTPResponse {
            var asked: [String: String] = [:]
            for part in request.query.split(separator: "&") {
                let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                asked[pair[0]] = pair[1].removingPercentEncoding
            }
            // Encoded, as they came.
            let keys = state.objects.keys.map { String($0.dropFirst(8)) }
                .filter { $0.removingPercentEncoding?.hasPrefix(asked["prefix"] ?? "") == true }.sorted()
            let start = asked["continuation-token"].flatMap { Int($0) } ?? 0, end = min(keys.count, start + state.pageCount)
            var text = "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            text += "<IsTruncated>\(end < keys.count)</IsTruncated>"
            for key in keys[start..<end] {
                let bytes = state.objects["/bucket/" + key] ?? []
                let tag = Self.tag(bytes).replacing("\"", with: "&quot;")
                text += "<Contents><Key>\(key)</Key><ETag>\(tag)</ETag><Size>\(bytes.count)</Size></Contents>"
            }
            if end < keys.count { text += "<NextContinuationToken>\(end)</NextContinuationToken>" }
            return HTTPResponse(200, body: Array((text + "</ListBucketResult>").utf8))
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
            now: @escaping @Sendable () -> Double = { Double(time(nil)) }, stall: Double = 60,
            said: @escaping @Sendable (String) -> Void = { _ in }
        )
            -> ObjectStore
        {
            ObjectStore(
                AWSSettings(credentials: keys, endpoint: "http://\(server.address)"), partBytes: part, stallSeconds: stall,
                now: now,
                pause: { _ in }, said: said)
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
        let nobody = ObjectStore(
            AWSSettings(credentials: Self.keys, endpoint: "http://127.0.0.1:1"), pause: { _ in })
        #expect(fault(nobody, address) == .unreachable)
        #expect(Folder.names(in: pair.folder.path + "/cache").isEmpty)
    }

    /// A clock that is off is corrected by the store's own, once, and it is said.
    @Test(arguments: [-7500.0, 90_000]) func theStoresTimeIsUsedWhereThisMachinesIsOff(_ seconds: Double) throws {
        let pair = try Pair(), said = Mutex<[String]>([])
        let client = pair.client(now: { Double(time(nil)) + seconds }, said: { text in said.withLock { $0.append(text) } })
        let path = try pair.folder.write(bytes(30), as: "file")
        for name in ["a", "b"] { try client.put(path, as: try ObjectAddress("s3://bucket/\(name)")) }
        #expect(pair.store.state.withLock { $0.objects.count } == 2)
        #expect(pair.requests.count == 3)
        let words = seconds < 0 ? "2 h 5 min behind" : "25 h ahead of"
        #expect(said.withLock { $0 } == ["this machine's clock is \(words) the store's, whose time is used: set the clock"])
        // A store whose own Date is as wrong as it says is not believed twice.
        pair.store.state.withLock { $0.clock += 1e6 }
        #expect(code { () throws(ObjectError) in try client.put(path, as: try ObjectAddress("s3://bucket/c")) } == .clock)
    }

    @Test func datesOfAnswersAreRead() {
        #expect(StoreClock.seconds(of: "Tue, 01 Dec 2026 12:00:05 GMT") == 1_796_126_405)
        for text in ["", "Tue, 01 Dec 2026 12:00:05", "Tue, 41 Dec 2026 12:00:05 GMT", "Tue, 01 Foo 2026 12:00:05 GMT", "now"] {
            #expect(StoreClock.seconds(of: text) == nil)
        }
    }

    @Test func aServerThatStallsIsAskedAgain() throws {
        let pair = try Pair(), client = pair.client(part: 1 << 16, stall: 1), address = try ObjectAddress("s3://bucket/a.csv")
        pair.store.state.withLock { state in
            state.objects["/bucket/a.csv"] = bytes(2500)
            state.delays = [2.5]
        }
        let began = time(nil)
        #expect(try pair.bytes(try pair.cache(client).file(of: address).path) == bytes(2500))
        #expect(time(nil) - began < 10)
    }

    @Test func whatAKilledProcessBeganIsRemoved() throws {
        let pair = try Pair(), client = pair.client(), address = try ObjectAddress("s3://bucket/a.csv")
        pair.store.state.withLock { $0.objects["/bucket/a.csv"] = bytes(1500) }
        let path = try pair.cache(client).file(of: address).path
        let left = path + ".99999999.partial", latest = FilePath.folder(FilePath.folder(path)) + "/latest.json"
        try AtomicFile.write([1], to: left)
        #expect(unlink(latest) == 0)
        #expect(try pair.cache(client).file(of: address).path == path)
        #expect(FileStamp(left) == nil && FileStamp(path)?.size == 1500)
        // Of a folder of objects, too, whoever opens the cache next; what a living process makes stays.
        let folder = FilePath.folder(path), gone = folder + "/.99999999.partial", living = folder + "/.\(getppid()).partial"
        for place in [gone, living] {
            try Folder.make(place + "/deep")
            try AtomicFile.write([1], to: place + "/deep/a.csv")
        }
        _ = pair.cache(client)
        #expect(FileStamp(gone) == nil && FileStamp(living + "/deep/a.csv") != nil)
    }

    @Test func aFolderOrAPatternIsAFolderOfFiles() throws {
        let pair = try Pair(), client = pair.client()
        let keys = [
            "data/b.csv", "data/a b+ü.csv", "data/2024/c.csv", "data/2024/_SUCCESS", "data/2024/.hidden/x.csv", "data/",
            "data/2024/d.json",
            "database.csv", "data/../up.csv", "data//twice.csv",
        ]
        pair.store.state.withLock { state in
            for (number, key) in keys.enumerated() {
                let path = key.addingPercentEncoding(withAllowedCharacters: Store.plain) ?? key
                state.objects["/bucket/" + path] = bytes(10 + number)
            }
            state.pageCount = 3
        }
        func names(_ text: String) throws -> [String] {
            let folder = try #require(ObjectFolder(text)), copy = try pair.cache(client).files(of: folder)
            let set = try #require(FileSet(copy.path))
            #expect(set.members.count == copy.fileCount)
            return set.members.map(\.name).sorted()
        }
        #expect(try names("s3://bucket/data/") == ["2024/c.csv", "2024/d.json", "a b+ü.csv", "b.csv"])
        #expect(try names("s3://bucket/data/*.csv") == ["a b+ü.csv", "b.csv"])
        #expect(try names("s3://bucket/data/**/*.csv") == ["2024/c.csv", "a b+ü.csv", "b.csv"])
        #expect(try names("s3://bucket/dat?/20[0-9]4/") == ["data/2024/c.csv", "data/2024/d.json"])
        #expect(try names("s3://bucket/*.csv") == ["database.csv"])
        // Fetched once: again, only the list is asked for, and what is new of it.
        let folder = try #require(ObjectFolder("s3://bucket/data/")), before = pair.requests.count
        let again = try pair.cache(client).files(of: folder)
        #expect(again.fetchedCount == 0 && pair.requests.count == before + 3)
        pair.store.state.withLock { $0.objects["/bucket/data/new.csv"] = bytes(99) }
        let more = try pair.cache(client).files(of: folder)
        #expect(more.fetchedCount == 1 && more.fileCount == 5 && more.path != again.path)
        #expect(try pair.bytes(again.path + "/2024/c.csv") == bytes(12))
        let none = try #require(ObjectFolder("s3://bucket/none/"))
        #expect(code { () throws(ObjectError) in _ = try pair.cache(client).files(of: none) } == .notFound)
        for text in ["s3://bucket/a.csv", "s3://bucket", "s3://B/x/", "data/*.csv", "https://a/b/"] {
            #expect(ObjectFolder(text) == nil)
        }
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
