import JSON

extension JobRequest {
    public var json: JSONValue {
        .object([
            "datasetPath": .string(datasetPath), "target": target.map { .string($0) }, "algorithm": .string(algorithm),
            "hyperparameters": JSONValue(hyperparameters), "validationPath": validationPath.map { .string($0) },
            "validationSplit": .number(validationSplit), "experiment": .string(experiment), "name": name.map { .string($0) },
            "seed": .string(String(seed)), "remedies": remedies?.json, "reading": reading.isEmpty ? nil : JSONValue(reading),
            "folder": folder.map { .string($0) }, "notebook": notebook.map { .string($0) },
            "stack": stack.isEmpty ? nil : .array(stack.map { .string($0) }),
        ]).adding(optionMembers)
    }

    /// What is said by options, as JSON: a text, or an array of them.
    public var optionMembers: [JSONValue.Member] {
        JobOption.all.compactMap { option in
            let values = option.values(self)
            guard let first = values.first else { return nil }
            return .init(option.member, option.isRepeatable ? .array(values.map { .string($0) }) : .string(first))
        }
    }

    public init?(json: JSONValue) {
        guard let path = json["datasetPath"]?.string, let algorithm = json["algorithm"]?.string,
            let hyperparameters = json["hyperparameters"]?.strings, let split = json["validationSplit"]?.double,
            split.isFinite, let experiment = json["experiment"]?.string, let seed = json["seed"]?.string.flatMap({ UInt64($0) })
        else { return nil }
        self.init(
            datasetPath: path, target: json["target"]?.string, algorithm: algorithm, hyperparameters: hyperparameters,
            validationPath: json["validationPath"]?.string, validationSplit: split, experiment: experiment,
            name: json["name"]?.string, seed: seed, reading: json["reading"]?.strings ?? [:])
        for option in JobOption.all {
            guard let value = json[option.member] else { continue }
            option.set(value.array?.compactMap(\.string) ?? [value.string].compactMap { $0 }, in: &self)
        }
        (folder, notebook) = (json["folder"]?.string, json["notebook"]?.string)
        stack = json["stack"]?.array?.compactMap(\.string) ?? []
        remedies = json["remedies"].flatMap(AlertReference.init(json:))
    }
}
