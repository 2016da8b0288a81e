import Hyperparameters

/// The settings that a script's description declares (`descent.json` beside it, or a file of its own).
package struct DescribeScript: StudioQuery {
    package static let lane = QueryLane.glances

    package struct Answer: Sendable, Hashable {
        package var hyperparameters: [Hyperparameter]
        /// What is wrong with the description; nil = nothing.
        package var problem: String?

        package init(_ hyperparameters: [Hyperparameter], problem: String? = nil) {
            (self.hyperparameters, self.problem) = (hyperparameters, problem)
        }
    }

    package let script: String
    /// Empty = the one beside it.
    package let description: String

    package func take(_ answer: Answer, into state: inout AppState) -> [Effect] {
        state.changeTop(NewRunForm.self) { form, _ in form.take(answer, to: self) }
        return []
    }

    /// That a script cannot be looked at yet is no fault of who is typing its name.
    package func refuse(_ message: String, in state: inout AppState) -> [Effect] { take(Answer([]), into: &state) }
}

extension NewRunForm {
    /// What to ask about the script that is named; nil when that is known.
    var describeQuery: DescribeScript? {
        guard algorithm?.takesAnySetting == true else { return nil }
        let query = DescribeScript(script: self[.option("script")], description: self[.option("describe")])
        guard described?.query != query, !(query.script + query.description).isEmpty else { return nil }
        return query
    }

    /// Takes in what is declared: each setting gets a field of its own.
    mutating func take(_ answer: DescribeScript.Answer, to query: DescribeScript) {
        guard query == describeQuery else { return }
        described = (query, answer)
        // What was typed as a word goes into the field that there is now.
        var typed = FormField.settings(self[.settings]) ?? [:]
        rebuild(columns: fields.first { $0.name == .target }?.choices ?? [])
        for declared in answer.hyperparameters {
            if let value = typed.removeValue(forKey: declared.name) { self[.hyperparameter(declared.name)] = value }
        }
        self[.settings] = typed.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}
