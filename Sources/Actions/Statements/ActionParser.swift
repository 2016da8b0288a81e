import Events
import NearestNames
import TextScanning

/// Reads one statement of a list of actions.
struct ActionParser {
    enum Statement {
        case channel(Channel)
        case action(ActionTrigger, [RunAction])
    }

    private var text: TextScanner
    /// Where the name stands that a statement begins with.
    private(set) var nameRange = 0..<0

    init(_ text: TextScanner) { self.text = text }

    mutating func statement() throws(TextFault) -> Statement {
        if text.takeKeyword("channel") {
            let name = try name("a channel's name")
            guard !Channel.builtIn.contains(name) else {
                throw TextFault(nameRange, "there is a channel \(name) always: give this one another name")
            }
            try expectColon()
            var parser = ChannelParser(text)
            return .channel(try parser.channel(named: name))
        }
        let trigger = try isAtAlarm() ? alarmTrigger() : trigger()
        try expectColon()
        let start = text.place
        let actions = try actions()
        if trigger.isOfAlarm, let strange = actions.first(where: { !$0.needsNoRun }) {
            throw TextFault(
                start..<text.place,
                "an alarm belongs to no run, so there is nothing to \(strange.word): notify, bell, desktop or command")
        }
        return .action(trigger, actions)
    }

    // MARK: - When

    /// Whether an alarm's name comes: a rule may be called `alarm`, too.
    private func isAtAlarm() -> Bool {
        var ahead = text
        guard ahead.takeKeyword("alarm") else { return false }
        ahead.skipSpaces()
        return ahead.next().map { $0.isLetter || $0.isNumber } ?? false
    }

    /// `alarm NAME [on|off|change]`, behind which the actions stand.
    private mutating func alarmTrigger() throws(TextFault) -> ActionTrigger {
        _ = text.takeKeyword("alarm")
        let name = try name("an alarm's name, or any")
        text.skipSpaces()
        var change = ActionTrigger.Change.issue
        if text.next() != ":", !text.isAtEnd {
            let start = text.place
            let word = text.take { $0.isLetter }.lowercased()
            switch word {
            case "on": change = .issue
            case "off": change = .cleared
            case "change": change = .change
            default:
                throw TextFault(
                    start..<max(text.place, min(start + 1, text.end)), "expected a colon or one of on, off, change")
            }
        }
        return ActionTrigger(name.lowercased() == "any" ? .anyAlarm : .alarm(name), change: change)
    }

    private mutating func trigger() throws(TextFault) -> ActionTrigger {
        var severity: Alert.Severity?, change = ActionTrigger.Change.issue
        let name = try name("a rule's name, any or channel")
        let isAny = name.lowercased() == "any"
        while true {
            text.skipSpaces()
            if text.next() == ":" || text.isAtEnd { break }
            let start = text.place
            let word = text.take { $0.isLetter }.lowercased()
            if isAny, severity == nil, let known = Alert.Severity(rawValue: word) {
                severity = known
            } else if let known = ActionTrigger.Change(rawValue: word) {
                change = known
            } else {
                let words = ActionTrigger.Change.allCases.map(\.rawValue).joined(separator: ", ")
                throw TextFault(
                    start..<max(text.place, min(start + 1, text.end)),
                    "expected a colon\(isAny ? ", issue, warning, info" : "") or one of \(words)")
            }
        }
        return ActionTrigger(isAny ? .anything : .named(name), severity: severity, change: change)
    }

    private mutating func name(_ what: String) throws(TextFault) -> String {
        text.skipSpaces()
        let start = text.place
        let name = text.take { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        nameRange = start..<text.place
        guard !name.isEmpty else { throw text.expected(what) }
        guard name.count <= 64 else { throw TextFault(nameRange, "a name has at most 64 characters: shorten it") }
        return name
    }

    private mutating func expectColon() throws(TextFault) {
        text.skipSpaces()
        guard text.take(":") else { throw text.expected("a colon") }
    }

    // MARK: - What

    private static let words = ["stop", "pause", "checkpoint", "steer", "notify", "bell", "desktop", "command"]

    private mutating func actions() throws(TextFault) -> [RunAction] {
        var actions: [RunAction] = []
        repeat { actions.append(try action()) } while takeComma()
        text.skipSpaces()
        guard text.isAtEnd else { throw text.expected("a comma or the end of the statement") }
        return actions
    }

    private mutating func takeComma() -> Bool {
        text.skipSpaces()
        return text.take(",")
    }

    private mutating func action() throws(TextFault) -> RunAction {
        text.skipSpaces()
        let start = text.place
        let word = text.take { $0.isLetter }
        switch word.lowercased() {
        case "stop": return .stop
        case "pause": return .pause
        case "checkpoint": return .checkpoint
        case "bell", "desktop": return .notify(word.lowercased())
        case "notify":
            return .notify(try name("a channel's name"))
        case "steer": return .steer(try settings())
        case "command":
            text.skipSpaces()
            guard text.isAtQuote else { throw text.expected("a command in quotes") }
            return .command(try text.quoted())
        default:
            let near = NearestName.suggestions(for: word, among: Self.words).first
            guard !word.isEmpty else { throw text.expected(Self.words.joined(separator: ", ")) }
            throw TextFault(
                start..<text.place,
                "there is no action \(word): "
                    + (near.map { "did you mean \($0)?" } ?? "there are \(Self.words.joined(separator: ", "))"))
        }
    }

    private mutating func settings() throws(TextFault) -> [String: String] {
        var settings: [String: String] = [:]
        while true {
            text.skipSpaces()
            if text.isAtEnd || text.next() == "," { break }
            let start = text.place
            let name = text.take { $0.isLetter || $0.isNumber || "_-.".contains($0) }
            guard !name.isEmpty, text.take("=") else { throw text.expected("NAME=VALUE") }
            let value = text.isAtQuote ? try text.quoted() : text.take { !$0.isWhitespace && $0 != "," }
            guard !value.isEmpty else { throw text.expected("a value") }
            guard settings.updateValue(value, forKey: name) == nil else {
                throw TextFault(start..<text.place, "\(name) is given twice")
            }
        }
        guard !settings.isEmpty else { throw text.expected("NAME=VALUE") }
        return settings
    }
}
