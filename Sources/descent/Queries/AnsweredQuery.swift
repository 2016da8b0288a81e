import Experiments
import Studio

/// A query that the program has an answer to: a file a query.
protocol AnsweredQuery: StudioQuery {
    /// Finds the answer, on the thread of the query's lane.
    /// - Parameter work: what it is found with.
    /// - Throws: why there is none, in words for the user.
    func answer(_ work: QueryWork<Answer>) throws -> Answer
}

/// What a query is answered with.
struct QueryWork<Answer: Sendable> {
    let engine: Engine
    /// Runs that other processes train, and what of them is handed over as it comes.
    let follower: WorkspaceFollower
    /// The workspaces elsewhere that are shown; nil where the studio shows its own.
    let attachments: Attachments?
    /// Opens the lane's own connection to the workspace, once.
    let openStore: () throws -> RunStore
    /// Hands over what is known already, while the rest is being found.
    let tell: (Answer) -> Void
    /// Whether anybody still wants to know: a longer search looks now and then.
    let isWanted: () -> Bool

    /// The lane's own connection to the workspace.
    var store: RunStore { get throws { try openStore() } }
}

/// Why a query has no answer any more: nobody wants to know.
struct QueryCancelled: Error {}
