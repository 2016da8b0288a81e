import Events
import JSON
import Training

/// What a task is to train, as one line of JSON on its way to the task's process.
package struct TrialDocument {
    package var plan: JobPlan

    package init(_ plan: JobPlan, folder: String) {
        self.plan = plan
        self.plan.artifactFolder = folder
    }

    var text: String {
        // A record's own JSON leaves its id to whoever carries it.
        let record = JSONValue.object([.init("run", .string(plan.record.id.text))] + (plan.record.json.members ?? []))
        return JSONValue.object([
            "record": record, "plan": plan.json, "folder": plan.artifactFolder.map { .string($0) },
            "recordedStep": plan.recordedStep.map { .integer($0) },
        ]).text
    }

    /// - Returns: nil for what is none.
    package init?(parsing text: String) {
        let json: JSONValue
        do throws(JSONError) { json = try JSONValue(parsing: Array(text.utf8)) } catch { return nil }
        guard let record = json["record"].flatMap(RunRecord.init(json:)), let folder = json["folder"]?.string else { return nil }
        plan = JobPlan(record: record, artifactFolder: folder, recordedStep: json["recordedStep"]?.integer)
        if let more = json["plan"] { plan.adopt(more) }
    }
}
