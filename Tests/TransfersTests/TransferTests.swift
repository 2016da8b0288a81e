import TestServers
import Testing

@testable import Transfers

@Suite struct TransferTests {
    @Test func optionsHaveTheNumbersThatTheLibraryTells() throws {
        let library = try CurlLibrary.loaded.get()
        let numbers: [String: Int32] = [
            "UPLOAD": 46, "NOPROGRESS": 43, "FOLLOWLOCATION": 52, "NOSIGNAL": 99, "USE_SSL": 119, "TIMEOUT_MS": 155,
            "CONNECTTIMEOUT_MS": 156, "PROTOCOLS": 181, "PATH_AS_IS": 234, "WRITEDATA": 10001, "URL": 10002, "READDATA": 10009,
            "POSTFIELDS": 10015, "USERAGENT": 10018, "HTTPHEADER": 10023, "HEADERDATA": 10029, "CUSTOMREQUEST": 10036,
            "XFERINFODATA": 10057, "CAINFO": 10065, "USERNAME": 10173, "PASSWORD": 10174, "MAIL_FROM": 10186,
            "MAIL_RCPT": 10187, "WRITEFUNCTION": 20011, "READFUNCTION": 20012, "HEADERFUNCTION": 20079,
            "XFERINFOFUNCTION": 20219, "POSTFIELDSIZE_LARGE": 30120,
        ]
        for (name, number) in numbers { #expect(library.number(ofOption: name) == number, "\(name)") }
    }

    @Test func aRequestArrivesWholeAndItsAnswerComesBack() throws {
        let server = try WebServer { _ in .status(202, ["Retry-After: 7"]) }
        var request = WebRequest(server.address)
        request.headers = ["X-Of-Test: yes"]
        request.body = Array(#"{"a":"ö"}"#.utf8)
        let answer = try request.send()
        #expect(answer.status == 202 && answer.isGood && answer.header("retry-after") == "7" && answer.body == Array("{}".utf8))
        let asked = try #require(server.requests.first)
        #expect(asked.method == "POST" && asked.path == "/hook" && asked.body == #"{"a":"ö"}"#)
        #expect(asked.headers["x-of-test"] == "yes" && asked.headers["expect"] == nil)
    }

    @Test func noRedirectionIsFollowed() throws {
        let other = try WebServer { _ in .status(200) }
        let address = other.address
        let server = try WebServer { _ in .status(302, ["Location: \(address)"]) }
        var request = WebRequest(server.address)
        request.headers = ["Authorization: Bearer hidden"]
        #expect(try request.send().status == 302)
        #expect(other.requests.isEmpty)
    }

    @Test func onlyTheWebIsAskedAndNoFileIsRead() {
        for address in ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "smtp://127.0.0.1", "no address"] {
            #expect(throws: TransferError.self) { try WebRequest(address).send() }
        }
    }

    @Test func aServerThatNeverAnswersIsLeft() throws {
        let server = try WebServer { _ in .silence }
        var request = WebRequest(server.address)
        request.seconds = 0.3
        let error = #expect(throws: TransferError.self) { try request.send() }
        #expect(error?.code == .timedOut && error?.isPassing == true)
        request.seconds = 60
        let cancelled = #expect(throws: TransferError.self) { try request.send(unless: { true }) }
        #expect(cancelled?.code == .cancelled)
    }

    @Test func nobodyThereMayPass() {
        let error = #expect(throws: TransferError.self) { try WebRequest("http://127.0.0.1:1/").send() }
        #expect(error?.code == .noConnection && error?.isPassing == true)
    }

    @Test func lineBreaksDoNotBecomeHeaders() throws {
        let server = try WebServer { _ in .status(200) }
        var request = WebRequest(server.address)
        request.headers = ["X-A: b\r\nX-Injected: c"]
        let error = #expect(throws: TransferError.self) { try request.send() }
        #expect(error?.code == .badRequest && server.requests.isEmpty)
    }

    @Test func mailArrivesWithLinesThatBeginWithADot() throws {
        let server = try MailServer()
        var mail = MailDelivery(
            server: server.address, sender: "a@b.example", recipients: ["c@d.example", "e@f.example"],
            message: Array("Subject: s\r\n\r\n.dot\r\nend\r\n".utf8))
        mail.allowsPlain = true
        try mail.send()
        let got = try #require(server.mails.first)
        #expect(got.sender == "a@b.example" && got.recipients == ["c@d.example", "e@f.example"])
        #expect(got.lines == ["Subject: s", "", "..dot", "end"])
    }

    @Test func aServerWithoutASafeConnectionGetsNoMail() throws {
        let server = try MailServer()
        var mail = MailDelivery(server: server.address, sender: "a@b.c", recipients: ["d@e.f"], message: Array("x".utf8))
        mail.password = "hidden"
        let error = #expect(throws: TransferError.self) { try mail.send() }
        #expect(error?.code == .notSafe && server.mails.isEmpty)
    }

    @Test func whatAMailServerRefusesForNowIsTriedAgainAndForGoodIsNot() throws {
        for (reply, isPassing) in [("451 later", true), ("550 never", false)] {
            let server = try MailServer { _ in reply }
            var mail = MailDelivery(server: server.address, sender: "a@b.c", recipients: ["d@e.f"], message: Array("x".utf8))
            mail.allowsPlain = true
            let error = #expect(throws: TransferError.self) { try mail.send() }
            #expect(error?.isPassing == isPassing, "\(reply): \(error?.message ?? "")")
        }
    }
}
