import Events
import Experiments
import Scripts

/// What became of runs of scripts.
extension DoctorCommand {
    static func scripts(_ runs: [RunSummary], _ workspace: Workspace, _ environment: [String: String]) -> [Finding] {
        let ours = runs.filter { $0.record.request.isScript }
        guard !ours.isEmpty else { return [] }
        func listed(_ faults: [(run: RunSummary, what: String)]) -> String {
            faults.prefix(5).map { "\($0.run.record.name) (\($0.what))" }.joined(separator: ", ")
                + (faults.count > 5 ? ", …" : "")
        }
        let blocked = ours.compactMap { run in
            ScriptInspection.obstacle(to: run.record.request, environment: environment).map { (run, $0) }
        }
        // A script that was moved away is the user's own affair: what was trained is still there.
        var findings = [
            Finding(
                name: "scripts",
                value: "\(ours.count) runs" + (blocked.isEmpty ? "" : "; could not run again: \(listed(blocked))"))
        ]
        let over = ours.filter { $0.status.isFinal }
        // One that was killed before it had measured anything may never have been started.
        let lost = over.filter { $0.step > 0 || !$0.lastMetrics.isEmpty }.compactMap { run in
            ScriptInspection.lostOutput(in: workspace.artifactFolder(of: run.record.id.text)).map { (run, $0) }
        }
        if !lost.isEmpty {
            findings.append(Finding(name: "script output", value: "not whole: \(listed(lost))", isFine: false))
        }
        let running = ScriptInspection.processes()
        let left = over.compactMap { run in
            running[run.record.id.text].map { (run, "kill \($0.map { "\($0)" }.joined(separator: " "))") }
        }
        if !left.isEmpty {
            findings.append(
                Finding(name: "left running", value: "processes of runs that are over: \(listed(left))", isFine: false))
        }
        return findings
    }
}
