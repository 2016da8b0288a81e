import Glibc

/// Places on scales, for plots that project their values themselves.
public enum Projected {
    /// The power of ten that a value is.
    /// - Range: above 0.
    public static func log(_ value: Double) -> Double { log10(value) }
}
