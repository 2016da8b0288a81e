/// The one table of keys. Dispatch, hint bar, help and palette are all read from it. Each part of the studio brings its own group,
/// which stands in that part's folder.
package enum KeyTable {
    /// In the order in which the help lists them.
    static let groups: [KeyGroup] = [
        application, navigation, panes, lists, datasets, pipeline, versions, rows, column, associations, pictures, runs, queue,
        marks,
        runEdits,
        steering,
        reproducing,
        comparison,
        importance, insights, profile, explain, bias, rules,
        runTable,
        curves, alerts, alertPage, tensors, paneSizes, datasetNotes, reading, menus, line, columns, form, path, filters,
        tuning, automl, endpoints, models, monitors, notebooks, kernels, modelInsights, documents, finding, runPage, output,
        comparing,
        questions,
    ]

    /// In the order in which the help lists them.
    package static let contexts: [KeyContext] = [
        .global, .home, .datasets, .experiments, .curves, .alerts, .menu, .themes, .form, .formHeading, .formSearch, .prompt,
        .reading,
        .fork, .steer, .rule, .line, .columns,
        .filter,
        .compare,
        .alertPage, .insights, .tensors, .tensor, .profile, .explain, .bias, .tuning, .tunings, .automl, .automls, .modelInsights,
        .endpoints, .endpoint, .serving, .models, .notebooks, .notebook,
        .monitors, .monitor, .monitoring,
        .runTabs,
        .runPage, .output, .pipeline, .step, .rows, .column, .associations, .pictures, .cell,
        .detail,
        .found, .screen, .confirm,
    ]

    package static let bindings: [KeyBinding] = groups.flatMap(\.bindings)

    private static let actions: [String: StudioAction] = Dictionary(
        uniqueKeysWithValues: bindings.map { ($0.action.id, $0.action) })

    /// The action that the settings file calls by an id; nil if there is none.
    static func action(id: String) -> StudioAction? { actions[id] }
}
