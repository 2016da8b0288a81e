import Databases
import Events
import Experiments
import Serving

/// A workspace as a tracking server of MLflow: what unchanged scripts with `MLFLOW_TRACKING_URI` log to.
public final class MLflowServer: Sendable {
    private let server: HTTPServer

    /// Where it listens, with the port it got.
    public var address: ServerAddress { server.address }

    /// Bytes of one artifact at most.
    static let largestBody = 1 << 30

    /// - Parameters:
    ///   - credentials: nil: everybody who reaches it is answered.
    ///   - settle: returns when all that was posted to the bus is kept in the workspace, and whether it is.
    /// - Throws: `ServingError`; `StoreError`.
    public init(
        _ workspace: Workspace, at wanted: ServerAddress, credentials: ServerCredentials?,
        certificate: HTTPServer.Certificate? = nil, bus: EventBus, version: String, settle: @escaping @Sendable () -> Bool
    ) throws {
        var limits = ServerLimits()
        // One after the other, so that what is read and then written is one step.
        limits.workers = 1
        // Pages name many runs in one address, and the library takes several times an address' bytes to take it apart.
        limits.headBytes = 512 << 10
        limits.bodyBytes = Self.largestBody
        limits.heldBytes = Self.largestBody + (256 << 20)
        let service = try TrackingService(workspace, bus: bus, version: version, settle: settle)
        let router = MLflowRouter(
            service, TrackingArtifacts(workspace: workspace.path), credentials: credentials, boundHost: wanted.host)
        server = try HTTPServer(wanted, limits: limits, certificate: certificate, handler: router)
    }

    /// Answers what has begun, and ends.
    public func stop() { server.stop() }
}
