import Cells
import Events

extension AppState {
    /// Derives what depends on something that changed: rows, shown runs, badges, smoothing.
    /// - Returns: histories to ask for.
    mutating func refresh() -> [Effect] {
        let layout = layout
        let runPage = StudioLayout.runRows(layout.interior(.experiments)).height
        experiments.refresh(runs, clock: clock, page: runPage)
        let data = layout.interior(.datasets)
        datasets.refresh(
            page: StudioLayout.datasetRows(data).list.height,
            columnPage: StudioLayout.datasetPage(data, columns: datasets.columnCount).columns.height)
        refreshAlerts(layout.interior(.alerts))
        refreshPopups()
        return refreshCurves()
    }

    private mutating func refreshAlerts(_ interior: Rect) {
        alerts.refresh(runs: runs, page: interior.height)
        let unfolded = AlertText.height(self, in: interior)
        alerts.refresh(runs: runs, page: interior.height - unfolded)
    }

    private mutating func refreshCurves() -> [Effect] {
        let shown = ShownRuns.choose(self)
        shownRuns = shown
        runs.assignBadges(shown: shown, others: experiments.rows)
        let summaries = shown.compactMap { runs[$0] }
        let metrics = settings.shownMetrics(CurvesScene.metrics(of: summaries))
        let metric = curves.metric ?? metrics.first
        let wanted = showsTiles ? CurvesScene.tiled(metrics, chosen: metric) : [metric].compactMap { $0 }
        let keys =
            summaries.flatMap { run in
                wanted.flatMap { CurvesScene.names($0, of: run) }.map { SeriesLibrary.Key(run.record.id, $0) }
            } + curvesOnPage
        let kept = Set(keys)
        var effects: [Effect] = []
        for key in keys where !(runs.entries[key.run]?.isComplete ?? false) && series.needsRequest(key) {
            effects += ask(ReadCurve(key.run, key.metric))
        }
        updateDerived(summaries, wanted)
        series.evict(keeping: kept, active: Set(runs.active.map(\.record.id)))
        return effects
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

    private mutating func refreshPopups() {
        guard let index = popups.indices.last else { return }
        let rect = StudioLayout.popup(popups[index], in: size)
        switch popups[index] {
        case .menu(var menu):
            menu.cursor.clamp(count: MenuEntry.entries(of: menu, self).count, page: StudioLayout.menuRows(rect, menu).height)
            popups[index] = .menu(menu)
        case .form(var form):
            form.cursor.clamp(count: form.fields.count, page: StudioLayout.formRows(rect).fields.height)
            popups[index] = .form(form)
        case .columns(var chooser):
            chooser.cursor.clamp(count: chooser.entries.count, page: StudioLayout.columnRows(rect).height)
            popups[index] = .columns(chooser)
        // A page is laid out when it is drawn or scrolled: while training goes on that would be too often here.
        case .path, .steer, .line, .page, .question: break
        }
    }
}
