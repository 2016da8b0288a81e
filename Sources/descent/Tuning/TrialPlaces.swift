import Events
import Experiments
import Files
import Spark
import Synchronization
import Training

/// Where trials train: here, or on the cluster that their search was given. From any thread.
final class TrialPlaces: Sendable {
    private let workspace: Workspace
    private let clusters = Mutex<[String: TrialCluster]>([:])

    init(_ workspace: Workspace) { self.workspace = workspace }

    /// Has the trials of a search train where its request says, from now on.
    ///
    /// - Throws: `failed` where there is no engine.
    func open(_ record: TuningRecord) throws(CommandError) {
        guard let options = record.request.cluster, clusters.withLock({ $0[record.id] }) == nil else { return }
        let folder = workspace.artifactFolder(of: record.id)
        do throws(FileError) { try Folder.make(folder) } catch { throw .failed("\(error)") }
        let errand = try Self.errand(options, name: record.name, logPath: folder + "/spark.log")
        clusters.withLock { $0[record.id] = TrialCluster(errand) }
    }

    /// - Throws: `failed` where trials cannot train on what was asked for, as far as that shows before Spark is started.
    static func check(_ request: TuningRequest) throws(CommandError) {
        if let options = request.cluster { _ = try errand(options, name: "", logPath: "") }
    }

    private static func errand(
        _ options: [String: String], name: String, logPath: String
    ) throws(CommandError) -> SparkErrand {
        let errand = SparkErrand(
            settings: try EngineSettings.spark(ProcessEnvironment.variables), size: ClusterSize(options: options), name: name,
            logPath: logPath)
        do throws(SparkFault) { try errand.check() } catch { throw .failed(error.message) }
        return errand
    }

    /// Ends the session of a search.
    func close(_ tuning: String) {
        let cluster = clusters.withLock { $0.removeValue(forKey: tuning) }
        cluster?.close()
    }

    /// The body of a trial that trains on a cluster; nil for every other job.
    func work(
        _ plan: JobPlan, _ control: JobControl, on bus: EventBus, _ enter: @escaping (JobPhase, Int) -> Void
    ) -> TrialWork? {
        guard let tuning = plan.record.tuning?.tuning, let cluster = clusters.withLock({ $0[tuning] }) else { return nil }
        var plan = plan
        // Its task is in another folder.
        plan.artifactFolder = plan.artifactFolder.map(Engine.absolute)
        return TrialWork(
            plan: plan, control: control, bus: bus, cluster: cluster, program: Engine.absolute("/proc/self/exe"), enter: enter)
    }
}
