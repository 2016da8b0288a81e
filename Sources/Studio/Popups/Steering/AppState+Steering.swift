import Events

extension AppState {
    mutating func performSteering(_ action: StudioAction) -> [Effect] {
        if action == .steerRun { return openSteering() }
        if action == .forkRun { return subjectID.map { openFork(of: $0) } ?? [] }
        guard let prompt = popups.last as? SteerPrompt else { return [] }
        if action == .steerAccept { return steer(prompt) }
        changeTop(SteerPrompt.self) { prompt, state in
            switch action {
            case .placeDown, .placeUp: prompt.fork?.move(action == .placeUp ? -1 : 1)
            case .settingDown, .settingUp:
                let count = max(1, prompt.names.count)
                prompt.selected = (prompt.selected + (action == .settingUp ? count - 1 : 1)) % count
            case .steerComplete, .steerCompleteBack: prompt.complete(action == .steerComplete ? 1 : -1, state)
            default: state.unhandled(action)
            }
        }
        return []
    }

    private mutating func openSteering() -> [Effect] {
        guard let id = subjectID, let run = runs[id] else { return [] }
        let names =
            ownSettings(run.record)
            + (algorithms.first { $0.name == run.record.algorithm }?.changeable(goesOn: run.status.isFinal) ?? [])
        open(SteerPrompt(id, names: names, goesOn: run.status.isFinal))
        return []
    }

    /// Settings that a script says can be set, then the others that it has.
    private func ownSettings(_ record: RunRecord) -> [String] {
        guard let algorithm = algorithms.first(where: { $0.name == record.algorithm }), algorithm.takesAnySetting else {
            return []
        }
        let others = Set(algorithm.hyperparameters.map(\.name))
        let steerable = record.steerable.filter { !others.contains($0) }
        return steerable + record.hyperparameters.keys.filter { !others.contains($0) && !steerable.contains($0) }.sorted()
    }

    /// Asks what a fork of a run is to change.
    /// - Parameter step: the checkpoint it begins at; nil = the best evaluation, or the newest.
    mutating func openFork(of id: RunID, at step: Int? = nil) -> [Effect] {
        guard let run = runs[id] else { return [] }
        if let refusal = RunRefusal.fork(of: run) {
            say(refusal, .warning)
            return []
        }
        let algorithm = algorithms.first { $0.name == run.record.algorithm }
        var names = algorithm?.changeable(goesOn: true) ?? []
        // A fork is made to try something else more often than for the sake of its length.
        if names.count > 1, names[0] == algorithm?.lengthSetting { names.swapAt(0, 1) }
        names = ownSettings(run.record) + names
        open(SteerPrompt(id, names: names, fork: ForkChoice(at: step)))
        return ask(FindForkPlaces(id))
    }

    /// What is wrong with the settings typed so far; a word that is still being typed is left alone.
    func problem(in prompt: SteerPrompt) -> String? {
        var words = words(in: prompt)
        if let last = words.last, !last.contains("=") || last.hasSuffix("=") { words.removeLast() }
        do throws(HyperparameterProblem) { _ = try changes(words, of: prompt) } catch { return error.description }
        return nil
    }

    /// What is typed as `NAME=VALUE`, names in full.
    private func words(in prompt: SteerPrompt) -> [String] {
        let text = prompt.field.text
        return algorithm(of: prompt)?.changeWords(typed: text, goesOn: prompt.goesOn || prompt.fork != nil, also: prompt.names)
            ?? text.split(separator: " ").map(String.init)
    }

    private func algorithm(of prompt: SteerPrompt) -> AlgorithmDescription? {
        let name = runs[prompt.run]?.record.algorithm ?? ""
        return algorithms.first { $0.name == name }
    }

    private func changes(_ words: [String], of prompt: SteerPrompt) throws(HyperparameterProblem) -> [String: String] {
        guard let algorithm = algorithm(of: prompt) else {
            let name = runs[prompt.run]?.record.algorithm ?? ""
            throw HyperparameterProblem("this studio does not know \(name): steer the run where it trains")
        }
        return try algorithm.changes(parsing: words, goesOn: prompt.goesOn || prompt.fork != nil)
    }

    /// The settings that are typed and right so far.
    func typedChanges(_ prompt: SteerPrompt) -> [String: String] {
        var settings: [String: String] = [:]
        for word in words(in: prompt) {
            do throws(HyperparameterProblem) {
                settings.merge(try changes([word], of: prompt)) { $1 }
            } catch {
                // What is wrong is said elsewhere.
                continue
            }
        }
        return settings
    }

    /// Sends what was typed to the run's job, or starts the fork, or says what is wrong with it.
    private mutating func steer(_ prompt: SteerPrompt) -> [Effect] {
        var prompt = prompt
        do throws(HyperparameterProblem) {
            let settings = try changes(words(in: prompt), of: prompt)
            guard let fork = prompt.fork else {
                if settings.isEmpty {
                    throw HyperparameterProblem("nothing to set: write NAME=VALUE, such as learning_rate=0.01")
                }
                popups.removeLast()
                guard prompt.goesOn else { return [.command(.changeHyperparameters(prompt.run, settings))] }
                say("going on with \(runs[prompt.run]?.record.name ?? "the run")", .text)
                return [.command(.continueJob(prompt.run, settings))]
            }
            guard fork.places != nil else {
                // It starts as soon as it is known where.
                prompt.isAccepted = true
                popups[popups.count - 1] = prompt
                return []
            }
            guard fork.entries.indices.contains(fork.selected) else {
                let isScript = runs[prompt.run]?.record.request.isScript ?? false
                throw HyperparameterProblem(
                    isScript
                        ? "the script has announced no checkpoint: descent.checkpoint() in it does"
                        : "the run has no checkpoint: it writes one about once a second, and when it ends, is paused or steered")
            }
            popups.removeLast()
            awaitsFreshRun = true
            say("forking \(runs[prompt.run]?.record.name ?? "the run")", .text)
            return [.command(.forkJob(prompt.run, at: fork.entries[fork.selected].place, settings: settings))]
        } catch {
            (prompt.message, prompt.isAccepted) = (error.description, false)
            popups[popups.count - 1] = prompt
            return []
        }
    }
}
