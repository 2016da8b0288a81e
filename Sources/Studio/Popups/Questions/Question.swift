import Cells

/// A question with a few answers, each of which brings what it does.
package struct Question: Layer {
    package struct Answer: Sendable {
        package var key: Character
        package var text: String
        /// Why it cannot be taken now.
        package var refusal: String?
        let perform: @Sendable (inout AppState) -> [Effect]

        init(
            key: Character, text: String, refusal: String? = nil,
            perform: @escaping @Sendable (inout AppState) -> [Effect] = { _ in [] }
        ) {
            self.key = key
            self.text = text
            self.refusal = refusal
            self.perform = perform
        }
    }

    package let title: String
    package let text: String
    package let answers: [Answer]
    package var selected = 0
    /// Whether it only tells something: a key that is none of its answers closes it and counts.
    let isNews: Bool
    /// Whether there is nothing to decide any more.
    let isMoot: @Sendable (AppState) -> Bool

    init(
        _ title: String, text: String, answers: [Answer], isNews: Bool = false,
        isMoot: @escaping @Sendable (AppState) -> Bool = { _ in false }
    ) {
        self.isNews = isNews
        self.title = title
        self.text = text
        self.answers = answers
        self.isMoot = isMoot
    }

    package var contexts: [KeyContext] { [.confirm] }

    package func title(_ state: AppState) -> String { title }

    package func place(on screen: Size) -> Rect {
        let roomy = StudioLayout.roomy(screen)
        let width = min(64, roomy.width)
        let lines = TextWrap.lines(text, width: max(1, width - 4)).count
        return roomy.centred(width: width, height: lines + answers.count + 3)
    }

    private func answerRows(in place: Rect) -> Rect { StudioLayout.interior(place).splitBottom(answers.count).bottom }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let interior = StudioLayout.interior(place), area = answerRows(in: place)
        for (row, line) in TextWrap.lines(text, width: max(1, place.width - 4)).enumerated() {
            buffer.write(line, x: interior.x + 1, y: interior.y + row, Style(.text, on: .popup), clip: interior)
        }
        for (row, answer) in answers.enumerated() where row < area.height {
            let line = Rect(x: area.x, y: area.y + row, width: area.width, height: 1)
            let isRefused = answer.refusal != nil
            let key = Style(isRefused ? .muted : .key, on: .popup, .bold)
            var x = buffer.write(String(answer.key), x: line.x + 2, y: line.y, key, clip: line)
            x = buffer.write("  " + answer.text, x: x, y: line.y, Style(isRefused ? .muted : .text, on: .popup), clip: line)
            if let refusal = answer.refusal {
                buffer.write("  " + refusal, x: x, y: line.y, Style(.faint, on: .popup), clip: line)
            }
            if row == selected { buffer.highlight(line) }
        }
    }

    package var wheel: (up: StudioAction, down: StudioAction)? { (.choiceUp, .choiceDown) }

    package func press(_ character: Character, _ state: inout AppState) -> [Effect]? {
        answers.first { $0.key == character }.map { state.take($0) }
    }

    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let area = answerRows(in: place)
        guard area.contains(x: mouse.x, y: mouse.y), answers.indices.contains(mouse.y - area.y) else { return [] }
        return state.take(answers[mouse.y - area.y])
    }
}

extension AppState {
    /// Closes questions about what has come to its end by itself.
    /// - Returns: whether there was one.
    @discardableResult
    mutating func closeMootQuestions() -> Bool {
        let moot = popups.indices.filter { (popups[$0] as? Question)?.isMoot(self) ?? false }
        for index in moot.reversed() { popups.remove(at: index) }
        return !moot.isEmpty
    }

    mutating func performQuestion(_ action: StudioAction) -> [Effect] {
        guard let question = popups.last as? Question else { return [] }
        if action == .choose { return take(question.answers[question.selected]) }
        let count = question.answers.count, step = action == .choiceDown ? 1 : count - 1
        changeTop(Question.self) { question, _ in question.selected = (question.selected + step) % count }
        return []
    }

    /// Closes the question and does what the answer stands for.
    fileprivate mutating func take(_ answer: Question.Answer) -> [Effect] {
        needsRedraw = true
        if let refusal = answer.refusal {
            say(refusal, .warning)
            return []
        }
        popups.removeLast()
        return answer.perform(&self)
    }
}
