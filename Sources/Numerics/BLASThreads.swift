import COpenBLAS

/// How many threads the linear-algebra library may use; one, if a job has to give the same bits on every run.
public enum BLASThreads {
    /// Sets the number for the whole process.
    ///
    /// - Range: 1 or more.
    public static func set(_ count: Int) {
        precondition(count > 0, "thread count \(count) is not positive")
        openblas_set_num_threads(Int32(count))
    }

    /// The number in force.
    public static var current: Int { Int(openblas_get_num_threads()) }

    /// The library's name, version and chosen kernels, as it describes itself.
    public static var libraryDescription: String { openblas_get_config().map { String(cString: $0) } ?? "OpenBLAS" }
}
