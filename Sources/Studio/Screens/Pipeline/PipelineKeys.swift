extension KeyContext {
    static let pipeline = KeyContext("In a data set's pipeline")
    static let step = KeyContext("While a step is written")
}

extension StudioAction {
    static let showPipeline = StudioAction("pipeline.show")
    static let answerWarnings = StudioAction("pipeline.answer")
    static let stepDown = StudioAction("pipeline.down")
    static let stepUp = StudioAction("pipeline.up")
    static let stepAdd = StudioAction("pipeline.add")
    static let stepChange = StudioAction("pipeline.change")
    static let stepDelete = StudioAction("pipeline.delete")
    static let stepLater = StudioAction("pipeline.later")
    static let stepEarlier = StudioAction("pipeline.earlier")
    static let pipelineWrite = StudioAction("pipeline.write")
    static let pipelineRead = StudioAction("pipeline.read")
    static let pipelineKeep = StudioAction("pipeline.keep")
    static let pipelineTrain = StudioAction("pipeline.train")
    static let changesDown = StudioAction("pipeline.changes-down")
    static let changesUp = StudioAction("pipeline.changes-up")
    static let stepAccept = StudioAction("step.accept")
    static let stepFieldNext = StudioAction("step.next")
    static let stepFieldPrevious = StudioAction("step.previous")
    static let stepComplete = StudioAction("step.complete")
}

extension KeyTable {
    /// The pipeline of a data set: its steps, and the form of one.
    static let pipeline = KeyGroup([
        KeyBinding(
            .showPipeline, "P", [.datasets], hint: "steps", priority: 24,
            "Prepare the data set by steps, and see what each does."
        ) { $0.datasets.selected == nil ? "no dataset is open (o opens one)" : nil },
        KeyBinding(
            .answerWarnings, "f", [.datasets], hint: "answer", priority: 26,
            "Answer warnings: put the steps that they name into the data set's pipeline, or the setting into a new run; of the selected "
                + "column, else of all."
        ) { $0.warningsToAnswer.isEmpty ? "no warning names a step or a setting" : nil },
        KeyBinding(.stepDown, "j down", [.pipeline], "Go to the next step."),
        KeyBinding(.stepUp, "k up", [.pipeline], "Go to the step before."),
        KeyBinding(
            .stepAdd, "a", [.pipeline], hint: "add…", priority: 8, "Add a step behind the one under the cursor."),
        KeyBinding(
            .stepChange, "enter", [.pipeline], hint: "change…", priority: 10, "Change the step under the cursor.",
            unless: needsStep),
        KeyBinding(
            .stepDelete, "d del", [.pipeline], hint: "delete", priority: 12, "Take the step out; u brings it back.",
            unless: needsStep),
        KeyBinding(
            .stepLater, "J shift-down", [.pipeline], hint: "move J K", priority: 16, "Do the step later.", unless: needsStep),
        KeyBinding(.stepEarlier, "K shift-up", [.pipeline], "Do the step earlier.", unless: needsStep),
        KeyBinding(
            .pipelineTrain, "t", [.pipeline], hint: "train…", priority: 14, "Train a model with the pipeline.", unless: needsStep),
        KeyBinding(
            .pipelineWrite, "w", [.pipeline], hint: "write steps", priority: 20,
            "Write the steps to a file in the current folder, for descent train --pipeline and descent data prepare.",
            unless: needsStep),
        KeyBinding(
            .pipelineKeep, "W", [.pipeline], hint: "write data…", priority: 22,
            "Write the prepared rows to a file and open it as a data set.", unless: needsStep),
        KeyBinding(.pipelineRead, "r", [.pipeline], hint: "read steps…", priority: 26, "Take the steps of a file instead."),
        KeyBinding(.changesDown, "pgdn ctrl-f space", [.pipeline], "Scroll what the step did."),
        KeyBinding(.changesUp, "pgup ctrl-b", [.pipeline], "Scroll back what the step did."),
        KeyBinding(.stepAccept, "enter ctrl-s", [.step], hint: "take it", priority: 10, "Take the step as it is written."),
        KeyBinding(.stepFieldNext, "down", [.step], hint: "next", priority: 20, "Go to the next field."),
        KeyBinding(.stepFieldPrevious, "up shift-tab", [.step], "Go to the field before."),
        KeyBinding(
            .stepComplete, "tab", [.step], hint: "complete", priority: 15,
            "Complete a column or a word; again, the next one; where there is none, go to the next field."),
    ]) { $0.performPipeline($1) }

    @Sendable private static func needsStep(_ state: AppState) -> String? {
        (state.top as? PipelinePage)?.step == nil ? "there is no step yet (a adds one)" : nil
    }
}
