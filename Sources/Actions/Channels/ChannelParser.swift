import NearestNames
import TextScanning

/// Reads what stands behind the colon of a channel: its kind, where it goes, and `NAME=VALUE` options.
struct ChannelParser {
    private var text: TextScanner
    private var options: [String: (value: String, range: Range<Int>)] = [:]

    init(_ text: TextScanner) { self.text = text }

    private static let kinds = ["webhook", "mail", "sns", "command", "file", "bell", "desktop"]
    private static let shared = ["quiet", "limit", "timeout"]
    private static let own = [
        "webhook": ["bearer", "secret", "body", "ca"], "mail": ["server", "from", "user", "password", "tls", "ca"],
        "sns": ["region", "endpoint", "ca"],
    ]

    mutating func channel(named name: String) throws(TextFault) -> Channel {
        text.skipSpaces()
        let start = text.place
        let word = text.take { $0.isLetter }
        guard Self.kinds.contains(word) else {
            let near = NearestName.suggestions(for: word, among: Self.kinds).first
            throw TextFault(
                start..<max(text.place, min(start + 1, text.end)),
                "expected " + (near.map { "\($0)?" } ?? Self.kinds.joined(separator: ", ")))
        }
        var channel = Channel(name, try kind(word))
        if let (value, range) = options["quiet"] {
            guard let quiet = QuietTime(value) else { throw TextFault(range, "expected hours such as 22:00-07:00") }
            channel.quiet = quiet
        }
        if let (value, range) = options["limit"] {
            guard let limit = RateLimit(value) else {
                throw TextFault(range, "expected a limit such as 6/hour, 1/minute or 20/day")
            }
            channel.limit = limit
        }
        if let (value, range) = options["timeout"] {
            guard let seconds = Double(value.hasSuffix("s") ? String(value.dropLast()) : value), (0.1...600).contains(seconds)
            else {
                throw TextFault(range, "expected seconds from 0.1 to 600")
            }
            channel.timeout = seconds
        }
        return channel
    }

    private mutating func kind(_ word: String) throws(TextFault) -> Channel.Kind {
        if word == "bell" || word == "desktop" {
            try readOptions(of: word)
            return word == "bell" ? .bell : .desktop
        }
        text.skipSpaces()
        let start = text.place
        let target = text.isAtQuote ? try text.quoted() : text.take { !$0.isWhitespace }
        let range = start..<text.place
        guard !target.isEmpty else { throw text.expected(Self.target(of: word)) }
        try readOptions(of: word)
        switch word {
        case "webhook": return .webhook(try webhook(target, range))
        case "mail": return .mail(try mail(target, range))
        case "sns": return .sns(try topicOrPhone(target, range))
        case "file": return .file(target)
        default: return .command(target)
        }
    }

    private static func target(of word: String) -> String {
        switch word {
        case "webhook": "an address such as https://chat.example/hook, or env:NAME or file:PATH where it is a secret"
        case "mail": "an address such as me@example.org; several with commas between"
        case "sns": "a topic's ARN or a phone number such as +15551234567"
        case "file": "a path"
        default: "a command in quotes"
        }
    }

    private mutating func readOptions(of word: String) throws(TextFault) {
        let known = Self.shared + (Self.own[word] ?? [])
        while true {
            text.skipSpaces()
            if text.isAtEnd { return }
            let start = text.place
            let name = text.take { $0.isLetter }
            guard known.contains(name), text.take("=") else {
                let near = name.isEmpty ? nil : NearestName.suggestions(for: name, among: known).first
                throw TextFault(
                    start..<max(text.place, min(start + 1, text.end)),
                    "expected " + (near.map { "\($0)=…" } ?? "one of \(known.map { "\($0)=" }.joined(separator: ", "))"))
            }
            let valueStart = text.place
            let value = text.isAtQuote ? try text.quoted() : text.take { !$0.isWhitespace }
            guard !value.isEmpty else { throw text.expected("a value behind \(name)=") }
            guard options.updateValue((value, valueStart..<text.place), forKey: name) == nil else {
                throw TextFault(start..<text.place, "\(name) is given twice")
            }
        }
    }

    private func secret(_ name: String) throws(TextFault) -> SecretReference? {
        guard let (value, range) = options[name] else { return nil }
        guard let reference = SecretReference(value) else {
            throw TextFault(
                range,
                "a secret stands in the environment or in a file that only you may read: write \(name)=env:NAME or \(name)=file:PATH"
            )
        }
        return reference
    }

    // MARK: - Kinds

    private func webhook(_ target: String, _ range: Range<Int>) throws(TextFault) -> Webhook {
        var hook: Webhook
        if let hidden = SecretReference(target) {
            hook = Webhook(hidden: hidden)
        } else {
            try check(target, range, schemes: ["https", "http"])
            hook = Webhook(address: target)
        }
        hook.bearer = try secret("bearer")
        hook.secret = try secret("secret")
        if let (value, range) = options["body"] {
            guard ["text", "event"].contains(value) else { throw TextFault(range, "expected text or event") }
            hook.isEventAlone = value == "event"
        }
        hook.authorities = options["ca"]?.value
        return hook
    }

    private func mail(_ target: String, _ range: Range<Int>) throws(TextFault) -> MailBox {
        let recipients = target.split(separator: ",").map(String.init)
        guard !recipients.isEmpty, recipients.allSatisfy(MailAddress.isPlain) else {
            throw TextFault(range, "expected an address such as me@example.org; several with commas and no spaces between")
        }
        guard let (server, serverRange) = options["server"] else {
            throw TextFault(range, "which server sends it? Add server=smtp://mail.example.org:587")
        }
        try check(server, serverRange, schemes: ["smtp", "smtps"])
        let sender = options["from"]
        if let sender, !MailAddress.isPlain(sender.value) {
            throw TextFault(sender.range, "expected an address such as me@example.org")
        }
        var box = MailBox(recipients: recipients, sender: sender?.value ?? recipients[0], server: server)
        box.user = options["user"]?.value
        box.password = try secret("password")
        if let (value, range) = options["tls"] {
            guard ["yes", "no"].contains(value) else { throw TextFault(range, "expected yes or no") }
            box.allowsPlain = value == "no"
            if box.allowsPlain, box.password != nil {
                throw TextFault(range, "a password does not go over a line that is not safe: leave tls=no out")
            }
        }
        box.authorities = options["ca"]?.value
        return box
    }

    private func topicOrPhone(_ target: String, _ range: Range<Int>) throws(TextFault) -> TopicOrPhone {
        let parts = target.split(separator: ":", omittingEmptySubsequences: false)
        let isTopic = parts.count == 6 && parts[0] == "arn" && parts[2] == "sns" && !parts[3].isEmpty && !parts[5].isEmpty
        let digits = target.dropFirst()
        let isPhone = target.hasPrefix("+") && (7...15).contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isNumber }
        guard isTopic || isPhone else { throw TextFault(range, "expected \(Self.target(of: "sns"))") }
        guard let region = options["region"]?.value ?? (isTopic ? String(parts[3]) : nil) else {
            throw TextFault(range, "in which region? Add region=eu-central-1")
        }
        guard region.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) else {
            throw TextFault(options["region"]?.range ?? range, "expected a region such as eu-central-1")
        }
        var publish = TopicOrPhone(target: target, region: region)
        if let (endpoint, range) = options["endpoint"] {
            try check(endpoint, range, schemes: ["https", "http"])
            publish.endpoint = endpoint
        }
        publish.authorities = options["ca"]?.value
        return publish
    }

    private func check(_ address: String, _ range: Range<Int>, schemes: [String]) throws(TextFault) {
        guard let split = WebAddress(address), schemes.contains(split.scheme) else {
            throw TextFault(range, "expected an address that begins with \(schemes.map { "\($0)://" }.joined(separator: " or "))")
        }
        guard !split.hasUser else {
            throw TextFault(range, "an address may name no user or password, which would be shown: use the options for that")
        }
    }
}
