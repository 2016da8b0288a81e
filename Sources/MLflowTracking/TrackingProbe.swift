import Experiments
import RequestSigning

/// What is read of clients' texts, for those who damage them.
package enum TrackingProbe {
    /// Whether a text is a filter; it is applied to something that has a value of every kind.
    package static func takesFilter(_ text: String) -> Bool {
        do throws(TrackingError) {
            let filter = try TrackingFilter(text)
            for value in [TrackingFilter.Value.number(.nan), .text(text), .texts([text]), .nothing] {
                _ = filter.fits { _ in value }
            }
            return true
        } catch { return false }
    }

    /// Where the file of a path as it comes over the wire is; nil for what is no path.
    package static func artifactPath(_ text: String, in folder: String) -> String? {
        do throws(TrackingError) {
            let path = PercentText.decoded(text, plus: false)
            return try TrackingArtifacts(workspace: folder).place(path) { _ in true }.path
        } catch { return nil }
    }
}
