import TextScanning

/// What is wrong with a search, and where.
public typealias SearchError = TextFault
