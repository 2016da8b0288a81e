import Searching

// What a search of runs has in common with other searches, for whoever knows only this module.

/// What is wrong with a search, and where.
public typealias SearchError = Searching.SearchError
/// What times in a search are counted from.
public typealias SearchClock = Searching.SearchClock
