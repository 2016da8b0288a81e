/// The library that multiplies matrices. It has one thread, so that a job gives the same bits on every run; jobs run side by side.
public enum LinearAlgebraLibrary {
    /// The library's name, version and chosen kernels, as it describes itself.
    public static var description: String { OpenBLASLibrary.found?.description ?? "none: \(advice)" }

    /// Whether there is a library. Without one no product may be asked for.
    public static var isAvailable: Bool { OpenBLASLibrary.found != nil }

    /// Whether there is a library, and room for the 128 MB that it wants: where addresses are limited (ulimit -v) and do not suffice it
    /// tries for ever.
    public static var isUsable: Bool { isAvailable && AddressSpace.left.map { $0 >= room } ?? true }

    private static let room = 192 << 20

    /// What to do when there is none.
    public static let advice = "install OpenBLAS (Debian: apt install libopenblas0)"
}
