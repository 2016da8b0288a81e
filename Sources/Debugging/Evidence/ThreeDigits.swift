import Events
import Glibc
import JSON

/// Three significant digits for a sentence; from a million with the letter of a power of thousand: `20.9M`.
func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return JSONValue.text(value) }
    for (unit, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M")] where abs(value) >= unit && abs(value) < 1e15 {
        return rounded(value / unit) + letter
    }
    let exponent = 2 - floor(log10(abs(value)))
    // Powers of ten are exact, their inverses are not: 66,700,000 would come out a hair less.
    if exponent < 0 {
        let unit = pow(10, -exponent)
        return JSONValue.text((value / unit).rounded() * unit)
    }
    let scale = pow(10, exponent)
    return JSONValue.text((value * scale).rounded() / scale)
}
