extension KeyContext {
    static let tensors = KeyContext("Among a run's tensors")
    static let tensor = KeyContext("On a tensor's page")
}

extension StudioAction {
    static let showTensors = StudioAction("run.tensors")
    static let nextCollection = StudioAction("tensors.next-collection")
    static let previousCollection = StudioAction("tensors.previous-collection")
    static let turnTensorMode = StudioAction("tensors.evaluations")
    static let tensorNextStep = StudioAction("tensor.next-step")
    static let tensorPreviousStep = StudioAction("tensor.previous-step")
    static let tensorStepsOn = StudioAction("tensor.steps-on")
    static let tensorStepsBack = StudioAction("tensor.steps-back")
    static let tensorZoomIn = StudioAction("tensor.zoom-in")
    static let tensorZoomOut = StudioAction("tensor.zoom-out")
    static let tensorSave = StudioAction("tensor.save")
    static let tensorAll = StudioAction("tensor.all")
}

extension KeyTable {
    /// Weights, gradients, activations: a run's tensors, and one of them.
    static let tensors = KeyGroup([
        KeyBinding(
            .showTensors, "W", [.experiments, .curves, .runPage, .alertPage], hint: "tensors", priority: 39,
            "Show the run's weights, gradients, activations and other tensors; from an alert about one, that one."
        ) { $0.runOnPage == nil && $0.experiments.selected == nil ? "there is no run" : nil },
        KeyBinding(
            .nextCollection, "right l tab", [.tensors], hint: "next collection", priority: 15, "Show the next collection."),
        KeyBinding(.previousCollection, "left h shift-tab", [.tensors], "Show the previous collection."),
        KeyBinding(
            .turnTensorMode, "m", [.tensors], hint: "steps or evaluations", priority: 16,
            "Show what the model makes of the rows that it is judged by, at its evaluations, or training steps again."
        ) { ($0.top as? TensorsPage)?.refusalOfEvaluations },
        KeyBinding(
            .tensorPreviousStep, "left h", [.tensor], hint: "step back", priority: 14, "Go to the captured step before."),
        KeyBinding(.tensorNextStep, "right l", [.tensor], hint: "step on", priority: 15, "Go to the next captured step."),
        KeyBinding(.tensorStepsBack, "H", [.tensor], "Go ten captured steps back."),
        KeyBinding(.tensorStepsOn, "L", [.tensor], "Go ten captured steps on."),
        KeyBinding(.tensorZoomIn, "+", [.tensor], hint: "zoom", priority: 18, "Show half as many steps, around the cursor."),
        KeyBinding(.tensorZoomOut, "-", [.tensor], "Show twice as many steps."),
        KeyBinding(.tensorAll, "0", [.tensor], hint: "all", priority: 20, "Show all steps, and the newest."),
        KeyBinding(
            .tensorSave, "w", [.tensor], hint: "save whole", priority: 22,
            "Have all numbers of the tensor saved at the next captured step, as a file in the run's folder."
        ) { $0.refusalToSaveTensor },
    ]) { $0.performTensors($1) }
}

extension AppState {
    /// Why the tensor on top cannot be saved now.
    fileprivate var refusalToSaveTensor: String? {
        guard let page = top as? TensorPage, let run = runs[page.run] else { return "there is no tensor" }
        return run.status.isFinal ? "\(run.record.name) has ended: only a run that trains can save it" : nil
    }

    mutating func performTensors(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showTensors:
            if let page = top as? AlertPage, let tensor = page.item.alert.tensor { return open(TensorPage(page.run, tensor)) }
            return (runOnPage ?? experiments.selected).map { open(TensorsPage($0)) } ?? []
        case .nextCollection, .previousCollection:
            changeTop(TensorsPage.self) { page, state in page.turn(by: action == .nextCollection ? 1 : -1, state) }
            pageChanged()
        case .turnTensorMode:
            changeTop(TensorsPage.self) { page, _ in page.turnMode() }
            pageChanged()
            return (top as? TensorsPage)?.query(self).map { ask($0) } ?? []
        case .tensorSave:
            guard let page = top as? TensorPage else { return [] }
            say("\(page.name) is saved whole at the next captured step: descent debug tensors lists it", .text)
            return [.command(.saveTensors(page.run, pattern: page.name))]
        default:
            changeTop(TensorPage.self) { page, _ in
                switch action {
                case .tensorNextStep: page.move(by: 1)
                case .tensorPreviousStep: page.move(by: -1)
                case .tensorStepsOn: page.move(by: 10)
                case .tensorStepsBack: page.move(by: -10)
                case .tensorZoomIn: page.zoom(in: true)
                case .tensorZoomOut: page.zoom(in: false)
                default: page.showAll()
                }
            }
            pageChanged()
        }
        return []
    }
}
