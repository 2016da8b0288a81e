/// Numbers as people write them.
public enum WrittenNumber {
    /// `0.01`, `1e-3`, `10k`, `1.5M`, `5%`; nil for what is none.
    public static func number(_ text: String) -> Double? {
        if let plain = Double(text) { return plain }
        let factors: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "%": 0.01]
        guard let last = text.last, let factor = factors[last], let number = Double(text.dropLast()) else { return nil }
        return number * factor
    }
}
