extension TableSchema {
    /// The same, but that values of a column of outcomes which are none by its rule stay the texts they are: they are classes that
    /// training did not have, and to be counted.
    public func admittingOthers(in column: String?) -> TableSchema {
        var copy = self
        for index in copy.columns.indices where copy.columns[index].name == column { copy.columns[index].admitsOthers = true }
        return copy
    }
}
