extension JobRequest {
    /// What is said about an engine and its cluster, by the options' names; empty = nothing.
    public var clusterOptions: [String: String] {
        get {
            JobOption.clusters.reduce(into: [:]) { options, option in
                options[option.name] = option.values(self).last
            }
        }
        set { for option in JobOption.clusters { option.set(newValue[option.name].map { [$0] } ?? [], in: &self) } }
    }
}

extension JobOption {
    /// Options about the engine that goes over the rows.
    public static let clusters = all.filter { $0.topic == .cluster }
}
