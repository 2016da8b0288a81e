import Events
import Glibc
import JSON
import RequestSigning
import TemporaryFolders
import TestServers
import Testing

@testable import Actions

@Suite struct NoticeTests {
    private static func change(
        _ name: String = "Overfit", run: String = "digits", summary: String = "it grows", remedies: [String] = ["stop sooner"]
    ) -> StateChange {
        StateChange(
            name: name, state: .issue, severity: .issue, run: RunID("abc"), runName: run, step: 120, time: 1_764_000_000,
            summary: summary, cause: "too long", remedies: remedies)
    }

    private static func notice(_ change: StateChange) -> Notice { Notice(id: Notice.id(of: change, on: "a"), [change]) }

    private static let here = Surroundings(environment: [:], folder: "/tmp")

    // MARK: - What is told

    @Test func theSameChangeHasTheSameNameAndOthersHaveOthers() {
        let one = Notice.id(of: Self.change(), on: "ops")
        #expect(one == Notice.id(of: Self.change(summary: "in other words"), on: "ops"))
        #expect(one != Notice.id(of: Self.change(), on: "boss") && one != Notice.id(of: Self.change("Leakage"), on: "ops"))
        #expect(one.count == 36 && Array(one)[14] == "8")
    }

    @Test func anEventHasTheMembersThatEventBridgeHasAndSageMakersDetail() throws {
        let event = Self.change().eventBridge
        let names = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"]
        #expect(event.members?.map(\.name) == names)
        #expect(event["version"]?.string == "0" && event["time"]?.string == "2025-11-24T16:00:00Z")
        #expect(event["account"]?.string?.count == 12 && event["resources"]?.array?.first?.string == "descent:run/abc")
        let status = try #require(event["detail"]?["DebugRuleEvaluationStatuses"]?.array?.first)
        #expect(status["RuleConfigurationName"]?.string == "Overfit" && status["RuleEvaluationStatus"]?.string == "IssuesFound")
        #expect(StateChange(json: try #require(event["detail"])) == Self.change())
    }

    @Test func hugeTextsAreCutAndControlCharactersAreSpelledOut() {
        let change = Self.change(
            run: "a\u{1B}]0;x\u{07}\r\nBcc: x@y.z", summary: String(repeating: "long ", count: 1_000_000),
            remedies: [String](repeating: String(repeating: "r", count: 10_000), count: 100))
        let notice = Self.notice(change)
        #expect(notice.text.count < 10_000 && notice.title.count <= 200)
        for text in [notice.text.split(separator: "\n").joined(), notice.title] {
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 })
        }
        let many = Notice(id: "i", (0..<5000).map { Self.change("r\($0)") })
        #expect(many.text.hasSuffix("and 4950 more") && many.title.hasPrefix("5000 notices"))
    }

    // MARK: - Mail

    @Test func nothingInANameBecomesAHeader() {
        let notice = Self.notice(Self.change(run: "x\r\nBcc: all@example.org\r\n\r\nbody, größer"))
        let box = MailBox(recipients: ["a@b.example"], sender: "d@e.example", server: "smtp://x")
        let lines = String(decoding: Mail.bytes(notice, to: box, at: 1_764_000_000), as: UTF8.self).components("\r\n")
        let head = lines.prefix { !$0.isEmpty }
        #expect(
            head.filter { !$0.hasPrefix(" ") }.map { String($0.prefix { $0 != ":" }) } == [
                "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
                "Auto-Submitted",
            ])
        #expect(lines.allSatisfy { $0.utf8.count <= 998 && $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } })
        #expect(head.contains("Date: Mon, 24 Nov 2025 16:00:00 +0000") && head.contains("Message-ID: <\(notice.id)@e.example>"))
    }

    // MARK: - SNS

    @Test func aPublishIsSignedAsBotocoreSignsIt() throws {
        let credentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        let topic = TopicOrPhone(target: "arn:aws:sns:us-east-1:123456789012:a", region: "us-east-1")
        let request = try NoticeSender.request(
            Self.notice(Self.change(run: "größer & mehr")), to: topic, credentials, at: 1_440_938_160)
        #expect(request.address == "https://sns.us-east-1.amazonaws.com/")
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(
            body.hasPrefix("Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A123456789012%3Aa&Message="))
        #expect(body.contains("gr%C3%B6%C3%9Fer%20%26%20mehr") && body.contains("&Subject=Overfit%3A%20Issue%20in%20gr%3F%3Fer"))
        #expect(request.headers.contains("x-amz-date: 20150830T123600Z"))
        #expect(request.headers.contains("authorization: \(Self.botocoresAuthorization)"), "\(request.headers) \(body)")
    }

    /// Of the same request, by botocore 1.44.8 (`SigV4Auth` with the credentials of the test suite).
    private static let botocoresAuthorization =
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/sns/aws4_request, "
        + "SignedHeaders=content-type;host;x-amz-date, Signature=19daf670a3fe98850745ae00e2553a3c0e82c10b064bc004a6dc0fb45c70e663"

    @Test func aPhoneGetsAShortMessageAndKeysComeFromAFileThatIsTheUsersAlone() throws {
        let web = try WebServer { _ in .status(200) }
        let scratch = try TemporaryFolder()
        let keys = try scratch.write(
            "[other]\naws_access_key_id = no\n[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key=hidden-key\n",
            as: "keys")
        var surroundings = Surroundings(environment: ["AWS_SHARED_CREDENTIALS_FILE": keys], folder: scratch.path)
        var phone = TopicOrPhone(target: "+15551234567", region: "eu-central-1")
        phone.endpoint = "http://127.0.0.1:\(web.port)/"
        let channel = Channel("phone", .sns(phone))
        let notice = Self.notice(Self.change(summary: String(repeating: "x", count: 9999)))
        chmod(keys, 0o640)
        let fault = #expect(throws: DeliveryFault.self) { try NoticeSender(surroundings).send(notice, by: channel) }
        #expect(fault?.message.contains("chmod 600") == true && web.requests.isEmpty)
        chmod(keys, 0o600)
        try NoticeSender(surroundings).send(notice, by: channel)
        let request = try #require(web.requests.first)
        #expect(request.body.contains("PhoneNumber=%2B15551234567") && request.body.utf8.count < 3000)
        #expect(request.headers["authorization"]?.contains("Credential=AKIDEXAMPLE/") == true)
        #expect(request.headers["authorization"]?.contains("/eu-central-1/sns/aws4_request") == true)
        #expect(!"\(request)".contains("hidden-key"))
        surroundings.environment = [:]
        #expect(throws: DeliveryFault.self) { try NoticeSender(surroundings).send(notice, by: channel) }
    }

    // MARK: - Faults

    @Test func whatMayPassIsTriedAgainAndAllElseIsNot() throws {
        for (status, isPassing) in [
            (400, false), (401, false), (404, false), (410, false), (302, false), (408, true), (429, true), (503, true),
        ] {
            let web = try WebServer { _ in .status(status, ["Retry-After: 17", "Location: http://127.0.0.1:1/"]) }
            let channel = Channel("a", .webhook(Webhook(address: web.address)))
            let fault = #expect(throws: DeliveryFault.self) {
                try NoticeSender(Self.here).send(Self.notice(Self.change()), by: channel)
            }
            #expect(fault?.isPassing == isPassing && fault?.retryAfter == (isPassing ? 17 : nil), "\(status)")
            #expect(web.requests.count == 1)
        }
    }

    @Test func waitsGrowAndAServerMayAskForMoreButNotForDays() {
        let waits = (1...6).map { RetryTimes.wait(afterFailures: $0, asked: nil, jitter: 0.5) }
        #expect(waits == [1, 5, 30, 120, 600, 600])
        #expect(
            RetryTimes.wait(afterFailures: 1, asked: nil, jitter: 0) == 0.8
                && abs(RetryTimes.wait(afterFailures: 1, asked: nil, jitter: 1) - 1.2) < 1e-9)
        #expect(RetryTimes.wait(afterFailures: 1, asked: 20, jitter: 0) == 20)
        #expect(RetryTimes.wait(afterFailures: 1, asked: 1e9, jitter: 0) == 3600)
        #expect(RetryTimes.seconds(inHeader: "Fri, 07 Nov 2014 23:59:59 GMT", at: 1_415_404_798) == 1)
        for text in ["", "soon", "-1", "nan", "Fri, 07 Nov 99999 23:59:59 GMT"] {
            #expect(RetryTimes.seconds(inHeader: text, at: 0) == nil)
        }
    }

    @Test func aSecretShowsNothingAndAFileOfOthersIsRefused() throws {
        let scratch = try TemporaryFolder()
        let path = try scratch.write("hunter2\n", as: "key")
        chmod(path, 0o600)
        let secret = try SecretReference.file(path).read(Self.here)
        var shown = "\(secret)"
        dump(secret, to: &shown)
        debugPrint(secret, to: &shown)
        #expect(secret.text == "hunter2" && !shown.contains("hunter2"))
        for mode: mode_t in [0o644, 0o640, 0o604, 0o660] {
            chmod(path, mode)
            let fault = #expect(throws: DeliveryFault.self) { try SecretReference.file(path).read(Self.here) }
            #expect(fault?.message.contains("chmod 600") == true)
        }
        #expect(throws: DeliveryFault.self) { try SecretReference.variable("NOT_THERE").read(Self.here) }
        // A line break in it would be a header of its own.
        let broken = Surroundings(environment: ["B": "a\r\nX-Injected: b"], folder: "/tmp")
        #expect(throws: DeliveryFault.self) { try SecretReference.variable("B").read(broken) }
    }

    @Test func aCommandThatDoesNotEndIsKilledWithWhatItStarted() {
        let start = time(nil)
        let fault = #expect(throws: DeliveryFault.self) {
            try ShellCommand("sleep 100 & sleep 100", Self.notice(Self.change())).run(Self.here, seconds: 0.2, unless: { false })
        }
        #expect(fault?.message.contains("was killed") == true && fault?.isPassing == false && time(nil) - start < 50)
    }
}

@Suite struct QuietTimeTests {
    /// Noon by the machine's clock, and so many minutes later.
    private static func noon(plus minutes: Int = 0) -> Double {
        var now = time_t(1_764_000_000), parts = tm()
        localtime_r(&now, &parts)
        (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (12, Int32(minutes), 0, -1)
        return Double(mktime(&parts))
    }

    @Test func aNightEndsOnTheNextDay() throws {
        let night = try #require(QuietTime("22:00-07:00"))
        #expect(night.text == "22:00-07:00")
        #expect(night.end(at: Self.noon()) == nil && night.end(at: Self.noon(plus: 599)) == nil)
        #expect(night.end(at: Self.noon(plus: 600)) == Self.noon(plus: 19 * 60))
        #expect(night.end(at: Self.noon(plus: 18 * 60)) == Self.noon(plus: 19 * 60))
        #expect(night.end(at: Self.noon(plus: 19 * 60)) == nil)
        let lunch = try #require(QuietTime("12:00-13:30"))
        #expect(lunch.end(at: Self.noon()) == Self.noon(plus: 90) && lunch.end(at: Self.noon(plus: 90)) == nil)
    }

    @Test(arguments: ["", "22-7", "22:00", "25:00-07:00", "22:60-07:00", "07:00-07:00", "a:b-c:d", "22:00-07:00-08:00"])
    func whatIsNoTimeIsRefused(text: String) { #expect(QuietTime(text) == nil) }

    @Test func aLimitSaysWhenThereIsRoomAgain() throws {
        let limit = try #require(RateLimit("3/hour"))
        #expect(limit.next(after: [0, 10], at: 20) == nil)
        #expect(limit.next(after: [30, 0, 10], at: 40) == 3600)
        #expect(limit.next(after: [0, 10, 20, 30], at: 40) == 3610)
        #expect(limit.next(after: [0, 10, 20], at: 3601) == nil)
        for text in ["", "3", "0/hour", "-1/hour", "3/second", "x/hour"] { #expect(RateLimit(text) == nil) }
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
