import Events
import Experiments
import Monitoring

/// Has monitors compare with the model that answers, once another one does.
struct MonitorRenewal {
    let workspace: Workspace
    let store: RunStore

    /// Monitors whose endpoint has another model than they know, with the new one.
    private func outdated() throws -> [(monitor: MonitorRecord, model: String)] {
        let monitors = try store.monitors.all()
        guard monitors.contains(where: { $0.endpoint != nil }) else { return [] }
        let endpoints = try store.endpoints.all()
        return monitors.compactMap { monitor in
            guard let known = monitor.settings[MonitorExecutor.modelSetting],
                let endpoint = endpoints.first(where: { $0.name == monitor.endpoint }), endpoint.pending.isEmpty,
                endpoint.status == .inService
            else { return nil }
            let named = monitor.settings["variant"].flatMap { name in endpoint.variants.first { $0.name == name } }
            guard let variant = named ?? (endpoint.variants.count == 1 ? endpoint.variants.first : nil), variant.modelID != known
            else { return nil }
            return (monitor, variant.modelID)
        }
    }

    /// Makes baselines of the new model's training data, for those monitors that had theirs of the old one's.
    ///
    /// - Returns: what could not be made; those monitors keep their baseline.
    func renew() throws -> [String] {
        var faults: [String] = []
        for (monitor, id) in try outdated() {
            var baseline = monitor.baseline
            if baseline.hasPrefix(workspace.path + "/monitors/\(monitor.name)/") {
                let folder = workspace.path + "/monitors/\(monitor.name)/baseline-\(id)"
                do {
                    let creation = MonitorCreation(plan: MonitorPlan(name: monitor.name), workspace: workspace, store: store)
                    try creation.writeBaseline(of: try ChosenModel(id, workspace: workspace), monitor, to: folder)
                    baseline = folder
                } catch {
                    faults.append("\(monitor.name) keeps its old baseline: \(CommandError(error).description)")
                }
            }
            let made = baseline
            try store.monitors.change(monitor.name) {
                $0.settings[MonitorExecutor.modelSetting] = id
                $0.baseline = made
            }
        }
        return faults
    }
}
