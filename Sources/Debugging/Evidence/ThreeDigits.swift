import Events
import Glibc
import JSON

/// Three significant digits for a sentence.
func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return JSONValue.text(value) }
    let exponent = 2 - floor(log10(abs(value)))
    // Powers of ten are exact, their inverses are not: 66,700,000 would come out a hair less.
    if exponent < 0 {
        let unit = pow(10, -exponent)
        return JSONValue.text((value / unit).rounded() * unit)
    }
    let scale = pow(10, exponent)
    return JSONValue.text((value * scale).rounded() / scale)
}
