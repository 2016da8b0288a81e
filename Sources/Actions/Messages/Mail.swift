import CheckedNumbers
import Glibc
import JSON
import PrintableText
import RequestSigning

/// A notice as a mail: headers that nothing in it can break out of, and a text in base64, which every server passes on as it is.
/// - Source: RFC 5322, RFC 2045, RFC 2047.
enum Mail {
    static func bytes(_ notice: Notice, to box: MailBox, at time: Double) -> [UInt8] {
        let domain = box.sender.split(separator: "@").last.map(String.init) ?? "descent"
        let headers = [
            "From: Descent <\(box.sender)>", "To: " + box.recipients.joined(separator: ", "),
            "Subject: " + encoded(notice.title), "Date: " + date(time), "Message-ID: <\(notice.id)@\(domain)>",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
            "Auto-Submitted: auto-generated",
        ]
        let body = Base64.text(Array(notice.text.replacing("\n", with: "\r\n").utf8))
        return Array((headers + [""] + wrapped(body) + [""]).joined(separator: "\r\n").utf8)
    }

    /// A header's text in encoded words of at most 75 characters, never a line break; plain where that says the same.
    static func encoded(_ text: String) -> String {
        let text = text.printable
        if text.utf8.count <= 60, text.unicodeScalars.allSatisfy({ (0x20...0x7E).contains($0.value) }), !text.contains("=?") {
            return text
        }
        var words: [String] = [], part: [UInt8] = []
        for character in text {
            let bytes = Array(character.utf8)
            if part.count + bytes.count > 42, !part.isEmpty {
                words.append("=?utf-8?B?\(Base64.text(part))?=")
                part = []
            }
            part += bytes.prefix(42)
        }
        if !part.isEmpty { words.append("=?utf-8?B?\(Base64.text(part))?=") }
        return words.joined(separator: "\r\n ")
    }

    private static func wrapped(_ text: String) -> [String] {
        let characters = Array(text)
        return stride(from: 0, to: characters.count, by: 76).map { String(characters[$0..<min($0 + 76, characters.count)]) }
    }

    /// `Sun, 29 Nov 2026 22:05:00 +0000`
    private static func date(_ time: Double) -> String {
        var moment = time_t(roundedDownWithin: min(max(time.isNaN ? 0 : time, 0), 253_402_300_799))
        var parts = tm()
        gmtime_r(&moment, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(Int(parts.tm_year) + 1900) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) +0000"
    }
}
