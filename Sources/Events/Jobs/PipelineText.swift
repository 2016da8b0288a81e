import PipelineSteps

/// The pipeline of a request as a text: the steps themselves, or the path of a file that has them.
public enum PipelineText {
    /// Whether a text is the steps, and no path.
    public static func isSteps(_ text: String) -> Bool {
        text.first { !$0.isWhitespace }.map { $0 == "{" || $0 == "[" } == true
    }

    /// What is wrong with it, as far as that shows without the file; nil = nothing.
    static func problem(_ text: String) -> String? {
        guard isSteps(text) else { return nil }
        do throws(PipelineError) {
            _ = try DataPipeline(parsing: text)
            return nil
        } catch { return error.message }
    }

    /// The steps in one line; a path as it is.
    static func words(_ text: String) -> String {
        guard isSteps(text) else { return text }
        do throws(PipelineError) { return try DataPipeline(parsing: text).words } catch { return text }
    }
}

extension JobRequest {
    /// Takes what a pipeline's steps say of the job itself: what is predicted, and which rows are held out.
    ///
    /// - Throws: where the request says something else.
    public mutating func take(_ pipeline: DataPipeline) throws(PipelineError) {
        let number = { (step: PipelineStep) in "step \((pipeline.steps.firstIndex(of: step) ?? 0) + 1) (\(step.kind.rawValue))" }
        func merged(_ step: PipelineStep, _ said: String?, _ own: String?, _ option: String) throws(PipelineError) -> String? {
            if let said, let own, said != own {
                throw PipelineError("\(number(step)) says '\(own)' and --\(option) '\(said)': leave one of them out")
            }
            return said ?? own
        }
        if let step = pipeline.target {
            target = try merged(step, target, step.text("column"), "target")
            task = try merged(step, task, step.text("task"), "task")
        }
        if let step = pipeline.split {
            if validationPath != nil || folds != nil {
                throw PipelineError(
                    "\(number(step)) holds rows out, and so does --\(folds == nil ? "validation" : "folds"): leave one of them out"
                )
            }
            validationSplit = step.numbers("share").first ?? validationSplit
            group = try merged(step, group, step.text("group"), "group")
            validationOrder = try merged(step, validationOrder, step.text("order"), "validation-order")
        }
        self.pipeline = pipeline.text
    }
}
