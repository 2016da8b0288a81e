import Events

/// Where the time of a run went.
package struct ProfileAnswer: Sendable {
    package var profile: RunProfile
    /// Names of the rules that look at it.
    package var rules: Set<String>

    package init(_ profile: RunProfile, rules: Set<String>) { (self.profile, self.rules) = (profile, rules) }
}

/// Asks where the time of a run went.
package struct ReadProfile: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    package let run: RunID

    package init(_ run: RunID) { self.run = run }

    package func take(_ answer: ProfileAnswer, into state: inout AppState) -> [Effect] {
        state.changeScreen(ProfilePage.self) { page, _ in if page.run == run { page.take(answer) } }
        return []
    }
}
