import Events

/// Asks the workspace's host what its endpoints do: for their list.
package struct ReadTraffic: StudioQuery {
    package static let lane = QueryLane.glances
    package static let isLive = true

    /// Stretches that are asked for, and seconds that each has.
    package static let stretches = 12, seconds = 5

    package init() {}

    package func take(_ answer: HostTraffic?, into state: inout AppState) -> [Effect] {
        state.changeScreen(EndpointsPage.self) { page, _ in page.take(answer) }
        return []
    }

    package func renewed(in state: AppState) -> Self? { state.screens.last is EndpointsPage ? self : nil }
}

/// Asks what an endpoint's page shows: what its host counts, what happened to it, and its last requests.
package struct ReadEndpoint: StudioQuery {
    package static let lane = QueryLane.glances
    package static let isLive = true

    /// The endpoint's id, and its name.
    package let endpoint: String, name: String
    /// Stretches that are asked for, and seconds that each has.
    package let stretches: Int, seconds: Int

    package var slot: QuerySlot { QuerySlot(of: Self.self, endpoint) }

    package init(_ endpoint: String, name: String, stretches: Int, seconds: Int) {
        (self.endpoint, self.name, self.stretches, self.seconds) = (endpoint, name, stretches, seconds)
    }

    package func take(_ answer: EndpointReading, into state: inout AppState) -> [Effect] {
        state.changeScreen(EndpointPage.self) { page, _ in
            if page.endpoint == endpoint { page.take(answer, secondsEach: seconds) }
        }
        return []
    }

    package func renewed(in state: AppState) -> Self? {
        guard let page = state.screens.last as? EndpointPage, page.endpoint == endpoint else { return nil }
        return page.query(state) as? Self
    }
}

/// What an endpoint's page shows beside what the workspace says of it.
package struct EndpointReading: Sendable, Hashable {
    package struct Past: Sendable, Hashable {
        /// Seconds since 1970.
        package var at: Double
        package var event: EndpointEvent

        package init(at: Double, event: EndpointEvent) { (self.at, self.event) = (at, event) }
    }

    /// What its host counts; nil where none answers.
    package var traffic: HostTraffic?
    /// The oldest first.
    package var history: [Past]
    /// The newest first.
    package var requests: [AccessedRequest]

    /// How its shadow compares, or the last one did.
    package var shadow: ShadowReport?

    package init(traffic: HostTraffic?, history: [Past], requests: [AccessedRequest], shadow: ShadowReport? = nil) {
        (self.traffic, self.history, self.requests, self.shadow) = (traffic, history, requests, shadow)
    }
}

extension AppState {
    /// Whether what is on the screen changes as requests come.
    var followsTraffic: Bool { screens.last is EndpointsPage || screens.last is EndpointPage }

    /// Asks anew what the endpoints on the screen do.
    mutating func lookAtTraffic() -> [Effect] {
        guard followsTraffic else { return [] }
        return screens.last?.query(self).map { ask($0) } ?? []
    }
}
