/// Completing a path from the list of those that start like it.
package enum PathCompletion {
    /// The longest text that all paths begin with, if it continues `typed`; nil when there is nothing to add.
    package static func complete(_ typed: String, from paths: [String]) -> String? {
        let matching = paths.filter { $0.hasPrefix(typed) }
        guard var common = matching.first else { return nil }
        for path in matching.dropFirst() {
            while !path.hasPrefix(common) { common.removeLast() }
        }
        return common.count > typed.count ? common : nil
    }
}
