import Events
import Experiments
import Spark
import Training

/// Jobs whose rows an engine goes over.
extension Engine {
    /// Starts the engine that a job names.
    static func clusters(on bus: EventBus) -> JobPlan.ClusterMaker {
        let environment = ProcessEnvironment.variables
        return { plan, control, meter throws(TrainingError) in
            let settings: SparkCluster.Settings
            do throws(CommandError) { settings = try EngineSettings.spark(plan.environment ?? environment) } catch {
                throw TrainingError(.clusterFailed, error.description, operation: "start")
            }
            return try SparkCluster(settings, plan: plan, control: control, bus: bus, meter: meter)
        }
    }

    /// The files of a request whole, whoever reads them: those of this machine from the root on.
    static func absoluteData(_ request: JobRequest) -> String {
        guard request.engine != nil else { return absolute(request.datasetPath) }
        return request.datasetPath.split(separator: ",").map { path in
            path.contains("://") ? String(path) : absolute(String(path))
        }.joined(separator: ",")
    }
}
