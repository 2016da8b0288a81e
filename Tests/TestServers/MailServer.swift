import Synchronization

/// A server that takes mail in the clear, and remembers it.
package final class MailServer: Sendable {
    package struct Mail: Sendable {
        package var sender = ""
        package var recipients: [String] = []
        /// Its lines, headers first.
        package var lines: [String] = []
    }

    private final class Received: Sendable {
        let mails = Mutex<[Mail]>([])
        let tries = Atomic(0)
    }

    private let received: Received
    private let server: LocalServer

    /// - Parameter refusal: the reply to a mail, by the number of tries before; nil = taken.
    package init(_ refusal: @escaping @Sendable (Int) -> String? = { _ in nil }) throws {
        let received = Received()
        self.received = received
        server = try LocalServer { connection in
            connection.send("220 test\r\n")
            var mail = Mail()
            while let line = connection.line() {
                let word = line.prefix(4).uppercased()
                switch word {
                case "EHLO", "HELO": connection.send("250-test\r\n250 8BITMIME\r\n")
                case "MAIL":
                    let before = received.tries.add(1, ordering: .relaxed).oldValue
                    if let reply = refusal(before) {
                        connection.send(reply + "\r\n")
                    } else {
                        mail = Mail(sender: Self.address(line))
                        connection.send("250 ok\r\n")
                    }
                case "RCPT":
                    mail.recipients.append(Self.address(line))
                    connection.send("250 ok\r\n")
                case "DATA":
                    connection.send("354 go on\r\n")
                    while let line = connection.line(), line != "." { mail.lines.append(line) }
                    received.mails.withLock { $0.append(mail) }
                    connection.send("250 taken\r\n")
                case "QUIT":
                    connection.send("221 bye\r\n")
                    return
                default: connection.send("502 no\r\n")
                }
            }
        }
    }

    package var mails: [Mail] { received.mails.withLock { $0 } }
    package var tries: Int { received.tries.load(ordering: .relaxed) }
    package var address: String { "smtp://127.0.0.1:\(server.port)" }

    package func end() { server.end() }
    deinit { server.end() }

    private static func address(_ line: String) -> String {
        String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
    }
}
