import Events

extension AppState {
    mutating func performSteering(_ action: StudioAction) -> [Effect] {
        if action == .steerRun || action == .forkRun { return openSteering(forking: action == .forkRun) }
        guard var prompt = popups.last as? SteerPrompt else { return [] }
        if action == .steerAccept { return steer(prompt) }
        prompt.fork?.move(action == .placeUp ? -1 : 1)
        popups[popups.count - 1] = prompt
        return []
    }

    private mutating func openSteering(forking: Bool) -> [Effect] {
        guard let id = subjectID else { return [] }
        guard forking else {
            open(SteerPrompt(id, goesOn: runs[id]?.status.isFinal ?? false))
            return []
        }
        open(SteerPrompt(id, fork: ForkChoice()))
        return ask(FindForkPlaces(id))
    }

    /// What is wrong with the settings typed so far; a word that is still being typed is left alone.
    func problem(in prompt: SteerPrompt) -> String? {
        let text = prompt.field.text
        var words = text.split(separator: " ").map(String.init)
        if let last = words.last, !text.hasSuffix(" "), !last.contains("=") || last.hasSuffix("=") { words.removeLast() }
        do throws(HyperparameterProblem) { _ = try changes(words, of: prompt) } catch { return error.description }
        return nil
    }

    private func changes(_ words: [String], of prompt: SteerPrompt) throws(HyperparameterProblem) -> [String: String] {
        let name = runs[prompt.run]?.record.algorithm ?? ""
        guard let algorithm = algorithms.first(where: { $0.name == name }) else {
            throw HyperparameterProblem("this studio does not know \(name): steer the run where it trains")
        }
        return try algorithm.changes(parsing: words, goesOn: prompt.goesOn || prompt.fork != nil)
    }

    /// Sends what was typed to the run's job, or starts the fork, or says what is wrong with it.
    private mutating func steer(_ prompt: SteerPrompt) -> [Effect] {
        var prompt = prompt
        do throws(HyperparameterProblem) {
            let settings = try changes(prompt.field.text.split(separator: " ").map(String.init), of: prompt)
            guard let fork = prompt.fork else {
                if settings.isEmpty {
                    throw HyperparameterProblem("nothing to set: write NAME=VALUE, such as learning_rate=0.01")
                }
                popups.removeLast()
                guard prompt.goesOn else { return [.command(.changeHyperparameters(prompt.run, settings))] }
                say("going on with \(runs[prompt.run]?.record.name ?? "the run")", .text)
                return [.command(.continueJob(prompt.run, settings))]
            }
            guard fork.entries.indices.contains(fork.selected) else {
                throw HyperparameterProblem(
                    "the run has no checkpoint: it writes one about once a second, and when it ends, is paused or steered")
            }
            popups.removeLast()
            awaitsFreshRun = true
            say("forking \(runs[prompt.run]?.record.name ?? "the run")", .text)
            return [.command(.forkJob(prompt.run, at: fork.entries[fork.selected].place, settings: settings))]
        } catch {
            prompt.message = error.description
            popups[popups.count - 1] = prompt
            return []
        }
    }
}
