import Glibc
import JSON
import TemporaryFolders
import Testing

/// `descent endpoint`, the real program with its host.
@Suite(.serialized) struct EndpointCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ words: String...) throws -> Program { try Running(words + ["--workspace", workspace]).finish() }

    /// What a command that must succeed says last.
    private func last(_ words: String...) throws -> JSONValue { try Running.last(words, in: workspace) }

    private func stopHost() { _ = try? run("serve", "stop", "--quiet") }

    private func train(_ name: String, epochs: Int = 2) throws {
        var lines = ["x,kind,y"]
        for row in 0..<60 { lines.append("\(row % 7),\(row % 2 == 0 ? "a" : "b"),\(row % 7 * 3 + row % 2)") }
        let file = try scratch.write(lines.joined(separator: "\n") + "\n", as: "toy.csv")
        try Program.train(file, name, in: workspace, epochs: epochs)
    }

    /// One request on a connection of its own, as it is.
    private func ask(_ url: String, _ headers: [String], _ body: String) throws -> String {
        let parts = url.dropFirst("http://127.0.0.1:".count).split(separator: "/", maxSplits: 1)
        let port = try #require(UInt16(parts[0]))
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_in()
        (address.sin_family, address.sin_port) = (sa_family_t(AF_INET), port.bigEndian)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { return "" }
        let head = ["POST /\(parts[1]) HTTP/1.1", "Host: a", "Connection: close", "Content-Length: \(body.utf8.count)"] + headers
        let bytes = Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
        _ = send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        var answer: [UInt8] = [], portion = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(file, &portion, portion.count, 0)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += portion[..<count]
        }
    }

    @Test func anEndpointAnswersWhatPredictSaysAndComesBackWhenItsHostWasKilled() throws {
        defer { stopHost() }
        try train("toy")
        let made = try last("endpoint", "create", "toy-endpoint", "--model", "toy", "--capture", "100")
        #expect(made["kind"]?.string == "endpointInService" && made["endpoint"]?.string == "toy-endpoint")
        let url = try #require(made["url"]?.string)
        #expect(url.hasPrefix("http://127.0.0.1:") && url.hasSuffix("/endpoints/toy-endpoint/invocations"))
        let rows = try scratch.write("x,kind\n1,a\n6,b\n", as: "rows.csv")
        let predicted = try run("predict", "toy", rows).lines.dropFirst().map {
            $0.split(separator: ",").last.map(String.init) ?? ""
        }
        let asked = try run("endpoint", "invoke", "toy-endpoint", rows, "--accept", "text/csv", "--inference-id", "first")
        #expect(asked.code == 0 && asked.lines == predicted, "\(asked.output)\(asked.errors)")

        // Only who has the token, or signs, is answered.
        let known = try last("endpoint", "credentials"), token = try #require(known["token"]?.string)
        #expect(known["kind"]?.string == "credentials" && known["access_key_id"]?.string != nil)
        #expect(known["secret_access_key"]?.string != nil && url.hasPrefix(known["endpoint_url"]?.string ?? "none"))
        #expect(try ask(url, ["Authorization: Bearer \(token)", "Content-Type: text/csv"], "1,a\n").hasPrefix("HTTP/1.1 200"))
        for headers in [[], ["Authorization: Bearer \(token)x"]] {
            #expect(try ask(url, headers, "1,a\n").hasPrefix("HTTP/1.1 403"))
        }
        var status = stat()
        #expect(stat(workspace + "/credentials.json", &status) == 0 && status.st_mode & 0o777 == 0o600)

        // Killed, the host leaves the endpoint without anybody; the next one serves it at the same place.
        let process = try #require(try last("serve", "status")["pid"]?.integer)
        kill(pid_t(process), SIGKILL)
        while kill(pid_t(process), 0) == 0 { usleep(10_000) }
        let left = try last("endpoint", "list")
        #expect(left["status"]?.string == "OutOfService" && left["reason"]?.string?.contains("descent serve") == true)
        #expect(try run("endpoint", "invoke", "toy-endpoint", rows).code == 1)
        #expect(try run("serve", "--detach").code == 0)
        var again: Program?
        for _ in 0..<100 where again?.code != 0 {
            usleep(50_000)
            again = try run("endpoint", "invoke", "toy-endpoint", rows, "--accept", "text/csv")
        }
        #expect(again?.lines == predicted, "\(String(describing: again))")
        #expect(try last("endpoint", "show", "toy-endpoint")["url"]?.string == url)
        #expect(try last("serve", "status")["endpoints"]?.integer == 1)

        #expect(try last("endpoint", "delete", "toy-endpoint")["kind"]?.string == "endpointDeleted")
        #expect(try run("endpoint", "list").output.isEmpty)
        #expect(try ask(url, ["Authorization: Bearer \(token)"], "1,a\n").hasPrefix("HTTP/1.1 400"))
    }

    @Test func aKeptModelIsServedOnceSomebodyHasApprovedIt() throws {
        defer { stopHost() }
        try train("toy")
        #expect(try run("models", "register", "prices", "--run", "toy").code == 0)
        let refused = try run("endpoint", "create", "prices", "--model", "prices:1")
        #expect(
            refused.code == 2 && refused.errors.contains("not approved")
                && refused.errors.contains("descent models approve prices:1"))
        #expect(try run("models", "approve", "prices:1", "--status", "Rejected").code == 0)
        #expect(try run("endpoint", "create", "prices", "--model", "prices:1", "--unapproved").errors.contains("was rejected"))
        #expect(try run("models", "approve", "prices:1").code == 0)
        // It is a copy: the run it was made of may go.
        let rows = try scratch.write("x,kind\n1,a\n6,b\n", as: "rows.csv")
        let predicted = try run("predict", "toy", rows).lines.dropFirst().map {
            $0.split(separator: ",").last.map(String.init) ?? ""
        }
        #expect(try run("runs", "delete", "toy", "--permanently").code == 0)
        #expect(try last("endpoint", "create", "prices", "--model", "prices")["kind"]?.string == "endpointInService")
        #expect(try run("endpoint", "invoke", "prices", rows, "--accept", "text/csv").lines == predicted)
    }

    @Test func severalModelsShareTheRequestsByTheirWeights() throws {
        defer { stopHost() }
        try train("first")
        try train("second", epochs: 1)
        let made = try last("endpoint", "create", "both", "--model", "first:3", "--model", "second")
        let shares = made["variants"]?.array?.map { $0["share"]?.double ?? 0 }
        #expect(shares == [0.75, 0.25])
        let rows = try scratch.write("1,a\n", as: "row.csv")
        var counts: [String: Int] = [:]
        for _ in 0..<12 { counts[try last("endpoint", "invoke", "both", rows)["variant"]?.string ?? "", default: 0] += 1 }
        #expect((8...10).contains(counts["first"] ?? 0) && counts.count == 2, "\(counts)")
        let changed = try last("endpoint", "weights", "both", "first=0")
        #expect(changed["variants"]?.array?.last?["share"]?.double == 1)
        for _ in 0..<4 { #expect(try last("endpoint", "invoke", "both", rows)["variant"]?.string == "second") }
        #expect(try last("endpoint", "invoke", "both", rows, "--variant", "first")["variant"]?.string == "first")
        let shown = try run("endpoint", "show", "both")
        #expect(shown.output.contains("traffic: first 0 %, second 100 %"), "\(shown.output)")
        #expect(try run("endpoint", "weights", "both", "second=0").code == 2)
        #expect(try run("endpoint", "weights", "both", "third=1").code == 2)
        #expect(try run("endpoint", "weights", "both", "first=-1").code == 2)
    }

    @Test func whatCannotBeServedIsSaidAndLeavesNothing() throws {
        defer { stopHost() }
        try train("toy")
        for (words, word) in [
            (["endpoint", "create", "bad/name", "--model", "toy"], "cannot be called"),
            (["endpoint", "create", "none"], "needs a model"),
            (["endpoint", "create", "none", "--model", "missing"], "missing"),
            (["endpoint", "create", "none", "--model", "toy:0"], "weight"),
            (["endpoint", "create", "none", "--model", "toy", "--capture", "101"], "--capture"),
            (["endpoint", "show", "none"], "no endpoint 'none'"),
            (["serve", "--no-auth", "--listen", "0.0.0.0:0"], "loopback"),
            (["serve", "--listen", "example.com:80"], "numeric address"),
            (["serve", "--certificate", "x.pem"], "belong together"),
        ] {
            let ended = try Running(words + ["--workspace", workspace]).finish()
            #expect(ended.code == 2 && ended.errors.contains(word), "\(words): \(ended.code) \(ended.errors)")
        }
        let key = try scratch.write("no key\n", as: "key.pem")
        let garbage = try Running(["serve", "--certificate", key, "--key", key, "--workspace", workspace]).finish()
        #expect(garbage.code == 3 && garbage.errors.contains("not valid"), "\(garbage.code) \(garbage.errors)")
        #expect(try run("endpoint", "list").output.isEmpty)
        _ = try last("endpoint", "create", "taken", "--model", "toy")
        let twice = try run("endpoint", "create", "taken", "--model", "toy")
        #expect(twice.code == 1 && twice.errors.contains("there is an endpoint taken"), "\(twice.errors)")
        let bad = try scratch.write("1,a,2,3\n", as: "bad.csv")
        let refused = try run("endpoint", "invoke", "taken", bad)
        #expect(refused.code == 3 && refused.errors.contains("424 ModelError"), "\(refused.errors)")

        // A model that is gone when the host comes back leaves the endpoint out of service, with the reason.
        let model = try #require(try last("endpoint", "list")["variants"]?.array?.first?["modelID"]?.string)
        stopHost()
        #expect(unlink("\(workspace)/artifacts/\(model)/model.json") == 0)
        #expect(try run("serve", "--detach").code == 0)
        var text = ""
        for _ in 0..<100 where !text.contains("OutOfService") || text.contains("no host") {
            usleep(50_000)
            text = try run("endpoint", "list").output
        }
        #expect(text.contains("OutOfService") && text.contains("model"), "\(text)")
    }
}
