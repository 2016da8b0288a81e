import Events

extension DatasetSummary {
    /// The summary with what the stamps of its files tell now.
    public func lookedAt() -> DatasetSummary {
        var summary = self
        summary.places = places.map { $0.lookedAt() }
        return summary
    }
}

extension DatasetPlace {
    /// The place with what its file's stamp tells now. What lies on another machine is as that one told.
    func lookedAt() -> DatasetPlace {
        var place = self
        if PlacePath.parts(path) != nil {
            place.state = .unchanged
            return place
        }
        let now = DataFileStamp(at: path)
        place.state = now == nil ? .gone : stamp == nil ? .unsure : now == stamp ? .unchanged : .changed
        return place
    }
}
