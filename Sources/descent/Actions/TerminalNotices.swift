import Actions
import Synchronization
import Terminal

/// Notices at the terminal of a command that trains: its standard error.
enum TerminalNotices {
    /// - Returns: false where standard error is no terminal.
    static func showOnStandardError(_ notice: TerminalNotice, _ environment: [String: String]) -> Bool {
        guard Console.errorIsTerminal else { return false }
        let sequence =
            notice.isBell
            ? DesktopNotification.bell : DesktopNotification(title: notice.title, text: notice.text).sequence(environment)
        Console.ringTerminal(sequence)
        return true
    }
}

/// Notices that the studio's loop is to show when it next looks.
final class WaitingNotices: Sendable {
    private let notices = Mutex<[TerminalNotice]>([])

    func add(_ notice: TerminalNotice) { notices.withLock { $0.append(notice) } }

    func take() -> [TerminalNotice] {
        notices.withLock { notices in
            defer { notices = [] }
            return notices
        }
    }
}
