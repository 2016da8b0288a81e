import Cells
import Events

extension AppState {
    /// Derives what depends on something that changed and can be seen: rows, shown runs, smoothing.
    /// - Returns: histories to ask for.
    mutating func refresh() -> [Effect] {
        let isCovered = screens.contains { $0.covers(size) }
        let layout = layout
        if !isCovered { refreshLists(layout) }
        // The header counts them.
        refreshAlerts(layout.interior(.alerts), unfolds: !isCovered)
        if let place = top?.place(on: size) { _ = changeTop { layer, state in layer.fit(in: place, state) } }
        return refreshCurves(isCovered: isCovered)
    }

    mutating func refreshLists(_ layout: StudioLayout) {
        let runPage = StudioLayout.runRows(layout.interior(.experiments)).height
        experiments.refresh(runs, clock: clock, page: runPage)
        let data = layout.interior(.datasets)
        datasets.refresh(
            page: StudioLayout.datasetRows(data).list.height,
            columnPage: datasets.page(in: data).columns.height)
    }

    private mutating func refreshAlerts(_ interior: Rect, unfolds: Bool) {
        alerts.refresh(runs: runs, page: interior.height)
        guard unfolds else { return }
        let unfolded = AlertText.height(self, in: interior)
        alerts.refresh(runs: runs, page: interior.height - unfolded)
    }

    private mutating func refreshCurves(isCovered: Bool) -> [Effect] {
        let own = screens.last?.curves(self) ?? []
        // A screen that draws no runs' curves needs none of what the Curves pane does.
        if isCovered, screens.last?.shownRuns == nil { return own.flatMap { askIfNeeded($0) } }
        let shown = ShownRuns.choose(self)
        shownRuns = shown
        let summaries = shown.compactMap { runs[$0] }
        let metrics = settings.shownMetrics(CurvesScene.metrics(of: summaries))
        let metric = curves.metric ?? metrics.first
        let wanted = showsTiles ? CurvesScene.tiled(metrics, chosen: metric) : [metric].compactMap { $0 }
        let keys =
            summaries.flatMap { run in
                wanted.flatMap { CurvesScene.names($0, of: run) }.map { SeriesLibrary.Key(run.record.id, $0) }
            } + own
        let kept = Set(keys)
        let effects = keys.flatMap { askIfNeeded($0) }
        updateDerived(summaries, wanted)
        series.evict(keeping: kept, active: Set(runs.active.map(\.record.id)))
        return effects
    }

    /// Asks for a curve that is not in memory, unless that was done.
    private mutating func askIfNeeded(_ key: SeriesLibrary.Key) -> [Effect] {
        guard !(runs.entries[key.run]?.isComplete ?? false), series.needsRequest(key) else { return [] }
        return ask(ReadCurve(key.run, key.metric))
    }

    private mutating func updateDerived(_ shown: [RunSummary], _ metrics: [String]) {
        // `Action.deriveMore` goes on, so that nothing else takes longer.
        guard !derived.isBehind else { return }
        derived.start()
        let groups = seedGroups(shown)
        for metric in metrics {
            for run in curves.showsGap ? shown : [] {
                if let name = CurvesScene.names(metric, of: run).first { derived.updateGap(run.record.id, name, series) }
            }
            for group in groups {
                if let name = CurvesScene.names(metric, of: group[0]).first { derived.updateMean(group, name, series) }
            }
        }
    }

    /// The shown runs that are drawn as one curve with a band; none while that is switched off or differences are shown.
    package func seedGroups(_ shown: [RunSummary]) -> [[RunSummary]] {
        guard settings.groupsSeeds, !curves.showsGap else { return [] }
        return SeedSiblings.groups(of: shown) { !(runs.entries[$0]?.changes.isEmpty ?? true) }
    }
}
