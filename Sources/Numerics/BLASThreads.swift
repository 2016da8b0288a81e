/// How many threads the linear-algebra library may use; one, if a job has to give the same bits on every run.
public enum BLASThreads {
    /// Sets the number for the whole process.
    ///
    /// - Range: 1 or more.
    public static func set(_ count: Int) {
        precondition(count > 0, "thread count \(count) is not positive")
        OpenBLASLibrary.shared.setThreads(Int32(count))
    }

    /// The number in force.
    public static var current: Int { Int(OpenBLASLibrary.shared.getThreads()) }

    /// The library's name, version and chosen kernels, as it describes itself.
    public static var libraryDescription: String {
        OpenBLASLibrary.found?.description ?? "none: \(advice)"
    }

    /// Whether there is a library. Without one no product may be asked for.
    public static var isAvailable: Bool { OpenBLASLibrary.found != nil }

    /// Whether there is a library, and room for the 128 MB that it wants for each thread: where addresses are limited (ulimit -v) and do not
    /// suffice it tries for ever.
    public static var isUsable: Bool {
        isAvailable && AddressSpace.left.map { $0 >= roomForThread } ?? true
    }

    private static let roomForThread = 192 << 20

    /// What to do when there is none.
    public static let advice = "install OpenBLAS (Debian: apt install libopenblas0)"
}
