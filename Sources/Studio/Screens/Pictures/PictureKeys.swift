extension KeyContext {
    static let pictures = KeyContext("Among pictures")
}

extension StudioAction {
    static let showPictures = StudioAction("pictures.show")
    static let pictureRow = StudioAction("pictures.row")
    static let pictureRight = StudioAction("pictures.right")
    static let pictureLeft = StudioAction("pictures.left")
    static let pictureDown = StudioAction("pictures.down")
    static let pictureUp = StudioAction("pictures.up")
    static let picturePageDown = StudioAction("pictures.page-down")
    static let picturePageUp = StudioAction("pictures.page-up")
    static let pictureStart = StudioAction("pictures.start")
    static let pictureEnd = StudioAction("pictures.end")
    static let pictureNextClass = StudioAction("pictures.next-class")
    static let picturePreviousClass = StudioAction("pictures.previous-class")
    static let pictureClass = StudioAction("pictures.class")
    static let pictureWrong = StudioAction("pictures.wrong")
    static let pictureAll = StudioAction("pictures.all")
    static let pictureLarger = StudioAction("pictures.larger")
    static let pictureSmaller = StudioAction("pictures.smaller")
    static let pictureShape = StudioAction("pictures.shape")
    static let pictureColumn = StudioAction("pictures.column")
    static let pictureInvert = StudioAction("pictures.invert")
}

extension KeyTable {
    /// Rows of data as pictures.
    static let pictures = KeyGroup([
        KeyBinding(
            .showPictures, "I", [.datasets], hint: "pictures", priority: 36,
            "See the data set's rows as pictures, where its columns are pixels: by class, and those that a run's model gets wrong."
        ) { $0.datasets.selected == nil ? "no dataset is open (o opens one)" : nil },
        KeyBinding(.pictureRow, "enter", [.pictures], hint: "row", priority: 8, "Show the picture's row.") {
            ($0.top as? PicturesPage)?.tile == nil ? "there is no picture under the cursor" : nil
        },
        KeyBinding(
            .pictureNextClass, "]", [.pictures], hint: "class [ ]", priority: 10,
            "Show the next class alone; after the last, all side by side.", unless: needsClasses),
        KeyBinding(.picturePreviousClass, "[", [.pictures], "Show the class before alone.", unless: needsClasses),
        KeyBinding(
            .pictureClass, "c", [.pictures], hint: "class…", priority: 12, "Show a class alone, by its name.",
            unless: needsClasses),
        KeyBinding(
            .pictureWrong, "w", [.pictures], hint: "wrong of…", priority: 14,
            "Show only those that a run's model takes for another class, the surest first."
        ) {
            $0.runsToJudgePictures.isEmpty ? "no run that chooses between classes learned from this data yet (n starts one)" : nil
        },
        KeyBinding(
            .pictureAll, "x", [.pictures], hint: "all", priority: 16, "Show all classes side by side, right ones and wrong."
        ) {
            guard let page = $0.top as? PicturesPage else { return nil }
            return page.chosen == nil && page.question.wrongOf == nil ? "all are shown" : nil
        },
        KeyBinding(.pictureLarger, "+ =", [.pictures], hint: "size + -", priority: 18, "Draw pictures larger."),
        KeyBinding(.pictureSmaller, "-", [.pictures], "Draw pictures smaller."),
        KeyBinding(
            .pictureShape, "S", [.pictures], hint: "shape…", priority: 20, "Say how many pixels high and wide pictures are."),
        KeyBinding(
            .pictureColumn, "C", [.pictures], hint: "class column…", priority: 22, "Say which column tells what is on a picture."),
        KeyBinding(.pictureInvert, "i", [.pictures], hint: "invert", priority: 24, "Draw high values dark, or bright again."),
        KeyBinding(.pictureRight, "l right", [.pictures], "Go to the next picture."),
        KeyBinding(.pictureLeft, "h left", [.pictures], "Go to the picture before."),
        KeyBinding(.pictureDown, "j down", [.pictures], "Go down: to the next class where classes stand side by side."),
        KeyBinding(.pictureUp, "k up", [.pictures], "Go up: to the class before where classes stand side by side."),
        KeyBinding(.picturePageDown, "pgdn ctrl-f space", [.pictures], "Show the next pictures."),
        KeyBinding(.picturePageUp, "pgup ctrl-b", [.pictures], "Show the pictures before."),
        KeyBinding(.pictureStart, "g home", [.pictures], "Go to the first picture."),
        KeyBinding(.pictureEnd, "G end", [.pictures], "Go to the last picture."),
    ]) { $0.performPictures($1) }

    @Sendable private static func needsClasses(_ state: AppState) -> String? {
        ((state.top as? PicturesPage)?.sections.count ?? 0) > 1
            ? nil : "there are no classes to choose from (C gives their column)"
    }
}
