import Events

/// What one record of a TensorBoard event file says.
struct EventFileRecord {
    var wallTime = 0.0
    var step = 0
    var scalars: [(tag: String, value: Double)] = []
    var parameters: [String: String] = [:]
    var ending: JobStatus?
    /// Whether the program says that it starts anew at this step: what was logged from there on before does not stand.
    var isStart = false
}
