import Events
import Glibc
import JSON

/// Three significant digits for a sentence.
func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return JSONValue.text(value) }
    let scale = pow(10, 2 - floor(log10(abs(value))))
    return JSONValue.text((value * scale).rounded() / scale)
}
