import CheckedNumbers

/// A number with a fixed count of decimals, from whole-number arithmetic, so that the text is the same everywhere.
func decimal(_ number: Double, _ places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int(nearestWithin: number * Double(scale))
    guard places > 0 else { return String(scaled) }
    let fraction = String(abs(scaled) % scale)
    let sign = scaled < 0 ? "-" : ""
    return "\(sign)\(abs(scaled) / scale).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
}
