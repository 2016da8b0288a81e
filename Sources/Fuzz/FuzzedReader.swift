/// A reader by name; what it needs is made when its turn comes.
struct FuzzedReader {
    let name: String
    let make: (_ places: Places) throws -> Subject
}
