import Tables

/// The rows of many requests to a model, in the raw columns that its user knows, as they come.
public struct RequestTable {
    private let model: LoadedModel
    private var rows: RequestRows

    public init(_ model: LoadedModel) {
        self.model = model
        rows = model.emptyRows(linesAreLines: false)
    }

    public var rowCount: Int { rows.table.rowCount }

    /// Adds the rows of a request. Where it throws, rows before the fault are there.
    ///
    /// - Throws: `validation`, `unsupportedContentType`.
    public mutating func add(_ request: InvocationRequest) throws(InvocationError) { try model.read(request, into: &rows) }

    /// All rows.
    ///
    /// - Throws: `validation` where the model's schema is strict.
    public func table() throws(InvocationError) -> Table { try rows.asTable() }
}
