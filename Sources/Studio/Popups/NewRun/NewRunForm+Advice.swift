import Events

// What the data's profile advises on validation, in the form.
extension NewRunForm {
    /// The first piece of advice on validation that the form does not follow yet; nil when there is none, or when rows of another file
    /// judge the model.
    package func advice(_ state: AppState) -> DatasetProfile.Advice? {
        guard self[.validationPath].isEmpty, let profile = state.datasets.profile(path: self[.dataset]) else { return nil }
        let isOrdered = !self[.option("validation-order")].isEmpty || !self[.option("group")].isEmpty
        return profile.advice.first { advice in
            guard advice.topic == "validation", advice.options.keys.allSatisfy({ self[.option($0)].isEmpty }) else {
                return false
            }
            return !isOrdered || advice.options["folds"] != nil
        }
    }

    /// Fills in what is advised.
    mutating func take(_ advice: DatasetProfile.Advice?) {
        guard let advice else { return }
        for (name, value) in advice.options { self[.option(name)] = value }
        if let name = advice.options.keys.min(), let index = place(of: .option(name)) { reveal(index) }
    }
}
