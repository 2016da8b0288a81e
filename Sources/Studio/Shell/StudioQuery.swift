/// Something the studio wants to know that takes time to find out: read from the workspace or a file, or computed.
///
/// A query is a value with an answer type. `AppState.ask(_:)` makes an effect of it, the program finds the answer on the query's
/// lane (`AnsweredQuery` in the program, a file a query), and the answer comes back as `Action.answered`. Of the queries of one
/// slot only the newest counts: it takes the place of one that waits, and an answer to an older one is dropped by its number, so
/// that the state depends on the order of actions alone.
package protocol StudioQuery: Hashable, Sendable {
    associatedtype Answer: Sendable

    /// The lane of work that finds the answer.
    static var lane: QueryLane { get }
    /// Whether what is asked about changes by itself: asked for again while it is being answered, it is asked once more then, and
    /// not before, so that a page about something that changes all the time is filled nevertheless.
    static var isLive: Bool { get }
    /// Which queries it takes the place of; all of its kind unless it says otherwise.
    var slot: QuerySlot { get }

    /// Takes in an answer, or a part of it.
    func take(_ answer: Answer, into state: inout AppState) -> [Effect]
    /// Takes in why there is no answer.
    func refuse(_ message: String, in state: inout AppState) -> [Effect]
    /// The query to ask when this one was answered but is outdated; nil when nobody wants to know any more.
    func renewed(in state: AppState) -> Self?
}

extension StudioQuery {
    package static var isLive: Bool { false }
    package var slot: QuerySlot { QuerySlot(of: Self.self) }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.say(message, .bad)
        return [.bell]
    }

    package func renewed(in state: AppState) -> Self? { self }

    func isEqual(to other: any StudioQuery) -> Bool { other as? Self == self }

    /// Takes in an answer whose type was forgotten on the way.
    func take(any answer: any Sendable, into state: inout AppState) -> [Effect] {
        guard let answer = answer as? Answer else { preconditionFailure("\(Self.self) was answered with \(type(of: answer))") }
        return take(answer, into: &state)
    }
}

/// Where the answer to a query is found: each lane does one thing after the other, and none waits for another.
package enum QueryLane: Sendable, CaseIterable {
    /// The workspace's database, quickly.
    case store
    /// Data files, which may take long to read.
    case files
    /// Folders and the first rows of data files: what is looked at while somebody types.
    case glances
    /// Models and forests: whatever computes.
    case compute
}

/// What queries take each other's place.
package struct QuerySlot: Hashable, Sendable {
    /// The query's type.
    let kind: String
    /// What it asks about, where several of a kind may wait at a time.
    let subject: String

    package init(of kind: any StudioQuery.Type, _ subject: String = "") {
        self.kind = String(describing: kind)
        self.subject = subject
    }

    /// Names the slot in a lane's queue.
    package var text: String { subject.isEmpty ? kind : kind + " " + subject }
}
