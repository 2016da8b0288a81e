/// What a user changes about a run that is there already.
public typealias RunEdit = EntityEdit
