extension Model {
    /// Reads the model in a run's folder; nil if there is none.
    /// - Throws: `badModel` for a file that is damaged or was written by a newer version.
    public static func load(
        fromFolder folder: String, named name: String = Model.fileName
    ) throws(TrainingError) -> Model? {
        let path = folder + "/" + name
        guard let bytes = try JobFile.read(path) else { return nil }
        let model = try ModelFile.model(bytes, path: path)
        try Algorithms.checkLinearAlgebra(model.algorithm)
        return model
    }

    /// Writes the model into a run's folder, all of it or nothing.
    public func save(toFolder folder: String, named name: String = Model.fileName) throws(TrainingError) {
        try JobFile.makeFolder(folder)
        try JobFile.write(try ModelFile.bytes(of: self), to: folder + "/" + name)
        for (name, content) in learned.attachments.sorted(by: { $0.key < $1.key }) {
            try JobFile.write(content, to: folder + "/" + name)
        }
    }
}
