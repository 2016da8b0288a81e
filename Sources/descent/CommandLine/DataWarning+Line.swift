import Events
import PrintableText

extension DataWarning {
    /// As a command says it.
    var line: String { (isNotice ? "" : "warning: ") + message.printable }
}
