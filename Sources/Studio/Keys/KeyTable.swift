import Cells

/// The one table of keys. Dispatch, hint bar, help and palette are all read from it.
package enum KeyTable {
    package static let bindings: [KeyBinding] =
        application + panes + lists + datasets + runs + runTable + curves + alerts + overlays

    private static let lists3: [KeyContext] = [.datasets, .experiments, .alerts]

    private static let application: [KeyBinding] = [
        KeyBinding(
            .newRun, "n", [.global], hint: "new run…", priority: 10, "Start a new run: choose data, algorithm, hyperparameters."),
        KeyBinding(.openData, "o", [.global], hint: "open data…", priority: 40, "Open a data file and profile it."),
        KeyBinding(
            .filter, "/", [.global], hint: "filter", priority: 60, "Filter the focused list; in the curves, choose a metric."),
        KeyBinding(
            .undo, "u ctrl-u", [.global], hint: "undo", priority: 85, "Undo the last delete, edit, close or cleared marks."
        ) {
            $0.undoStack.isEmpty ? "nothing to undo" : nil
        },
        KeyBinding(.palette, ": ctrl-p", [.global], hint: "commands", priority: 90, "Find any command by name and run it."),
        KeyBinding(
            .help, "? f1", [.global], hint: "help", priority: 91, "Show every key, searchable; enter runs the selected one."),
        KeyBinding(.theme, "T", [.global], priority: 95, "Choose the colour theme, with preview.") {
            $0.themes.isEmpty ? "no themes were found" : nil
        },
        KeyBinding(
            .glyphs, "ctrl-g", [.global], priority: 96, "Draw charts with braille, blocks or plain ASCII: next of the three."),
        KeyBinding(.mouse, "", [.global], priority: 97, "Switch the mouse on or off (shift-drag always selects text)."),
        KeyBinding(.log, "L", [.experiments, .alerts, .datasets], priority: 97, "Show the log of messages."),
        KeyBinding(
            .back, "esc", [.global, .menu, .form, .prompt, .steer, .line, .columns, .filter, .detail, .confirm], hint: "back",
            priority: 88,
            "Go back one step: close the popup, the zoom, the filter, the marks."),
        KeyBinding(
            .quit, "q ctrl-c", [.global], hint: "quit", priority: 92, "Leave the studio; asks first when jobs are running."),
        KeyBinding(.suspend, "ctrl-z", [.global], priority: 98, "Put the studio to sleep and return to the shell (fg wakes it)."),
    ]

    private static let panes: [KeyBinding] = [
        KeyBinding(.nextPane, "tab", [.global], hint: "next pane", priority: 87, "Focus the next pane."),
        KeyBinding(.previousPane, "shift-tab", [.global], priority: 87, "Focus the previous pane."),
        KeyBinding(.focusDatasets, "1", [.global], "Focus the Datasets pane."),
        KeyBinding(.focusExperiments, "2", [.global], "Focus the Experiments pane."),
        KeyBinding(.focusCurves, "3", [.global], "Focus the Curves pane."),
        KeyBinding(.focusAlerts, "4", [.global], "Focus the Alerts pane."),
        KeyBinding(.zoom, "z", [.global], hint: "zoom", priority: 80, "Show the focused pane on the whole screen, and back."),
    ]

    private static let lists: [KeyBinding] = [
        KeyBinding(.down, "j down", lists3 + [.filter], "Select the next row."),
        KeyBinding(.up, "k up", lists3 + [.filter], "Select the previous row."),
        KeyBinding(.first, "g home", lists3, "Select the first row."),
        KeyBinding(.last, "G end", lists3, "Select the last row."),
        KeyBinding(.pageDown, "pgdn ctrl-f", lists3, "Move down one page."),
        KeyBinding(.pageUp, "pgup ctrl-b", lists3, "Move up one page."),
    ]

    private static let datasets: [KeyBinding] = [
        KeyBinding(
            .showData, "enter", [.datasets], hint: "columns", priority: 12,
            "Show the dataset's columns and warnings on the whole screen."
        ) {
            $0.datasets.selected == nil ? "no dataset is open (o opens one)" : nil
        },
        KeyBinding(.nextData, "l right", [.datasets], "Select the next dataset."),
        KeyBinding(.previousData, "h left", [.datasets], "Select the previous dataset."),
        KeyBinding(.reloadData, "r", [.datasets], hint: "read again", priority: 70, "Read the selected file again.") {
            $0.datasets.selected == nil ? "no dataset is open (o opens one)" : nil
        },
        KeyBinding(
            .closeData, "d del", [.datasets], hint: "close", priority: 71, "Take the dataset off the list; the file stays."
        ) {
            $0.datasets.selected == nil ? "no dataset is open" : nil
        },
    ]

    private static let runs: [KeyBinding] = [
        KeyBinding(
            .showRun, "enter", [.experiments], hint: "details", priority: 12,
            "Show the run's settings, alerts, checkpoints, files, lineage and log."
        ) {
            $0.experiments.selectedGroup == nil ? needsRun($0) : nil
        },
        KeyBinding(
            .stopRun, "s", [.experiments], hint: "stop…", priority: 14,
            "Stop the marked or selected runs at the next step; the best model is kept.", unless: RunRefusal.stop),
        KeyBinding(
            .pauseRun, "p", [.experiments], hint: "pause/resume", priority: 16,
            "Pause a running run; go on with a paused, stopped or interrupted one.", unless: RunRefusal.pause),
        KeyBinding(
            .markRun, "space", [.experiments, .curves], hint: "mark", priority: 18,
            "Mark the run, to overlay its curves with other marked runs; on a group, all of it."
        ) {
            $0.experiments.selectedGroup == nil ? needsRun($0) : nil
        },
        KeyBinding(
            .markRange, "v", [.experiments], hint: "range", priority: 67,
            "Begin a range at the run; again, to mark all from there to the selected one.", unless: needsRun),
        KeyBinding(
            .markMatching, "M", [.experiments], priority: 61, "Mark the shown runs that meet a condition.", unless: needsRows),
        KeyBinding(
            .invertMarks, "I", [.experiments], priority: 62, "Mark what is not marked, and unmark what is.", unless: needsRows),
        KeyBinding(
            .markAll, "a", [.experiments], hint: "mark all", priority: 62,
            "Mark every run the filter shows; again, to unmark them.", unless: needsRows),
        KeyBinding(.clearMarks, "A", [.experiments, .curves], priority: 63, "Unmark all runs.") {
            $0.experiments.marks.isEmpty ? "no run is marked" : nil
        },
        KeyBinding(
            .baseline, "b", [.experiments], hint: "baseline", priority: 30,
            "Compare every run with this one; again, to stop comparing.", unless: needsRun),
        KeyBinding(
            .rerun, "e", [.experiments], hint: "edit & rerun…", priority: 32,
            "Open the new-run form filled in with this run's settings.", unless: RunRefusal.rerun),
        KeyBinding(
            .steerRun, "E", [.experiments, .curves], hint: "steer…", priority: 33,
            "Change hyperparameters of a run while it trains; give more epochs to one that ended.",
            unless: RunRefusal.steer),
        KeyBinding(
            .forkRun, "F", [.experiments, .curves], hint: "fork…", priority: 35,
            "Start a new run from a checkpoint of this one, with other hyperparameters.", unless: RunRefusal.fork),
        KeyBinding(
            .reproduceRun, "P", [.experiments, .detail], hint: "reproduce…", priority: 37,
            "Run the run again from what was captured of it, and say whether it comes out the same to the bit.",
            unless: RunRefusal.reproduce),
        KeyBinding(.sortLeft, "<", [.experiments], priority: 65, "Sort by the column to the left.", unless: needsRows),
        KeyBinding(
            .sortRight, ">", [.experiments], priority: 65, "Sort by the column to the right.", unless: needsRows),
        KeyBinding(
            .sortReverse, "r", [.experiments], hint: "reverse", priority: 66, "Reverse the sort order.", unless: needsRows),
        KeyBinding(
            .deleteRun, "d del", [.experiments], hint: "delete", priority: 34,
            "Move the marked or selected runs to the bin (u brings them back).", unless: RunRefusal.delete),
        KeyBinding(
            .compareRuns, "c", [.experiments, .curves], hint: "compare", priority: 19,
            "Compare the marked runs side by side, or the selected one with the baseline."
        ) {
            $0.runsToCompare.count > 1 ? nil : "mark two runs with space, or choose a baseline with b"
        },
        KeyBinding(
            .findImportance, "i", [.experiments, .compare], hint: "what matters", priority: 36,
            "Find which hyperparameters bear on the objective, over the marked runs or all that are listed."
        ) { $0.hasRunsToWeigh ? nil : "it takes four runs that ended to see what matters" },
        KeyBinding(.copyRun, "C", [.experiments], priority: 75, "Copy the run's id to the clipboard.", unless: needsRun),
    ]

    private static let runTable: [KeyBinding] = [
        KeyBinding(
            .chooseColumns, "f", [.experiments], hint: "columns…", priority: 63, "Choose the table's columns and their order.",
            unless: needsRows),
        KeyBinding(.columnsRight, "l right", [.experiments], priority: 76, "Scroll the chosen columns to the right.") {
            $0.experiments.columns == nil ? "all columns that fit are shown (f chooses others)" : nil
        },
        KeyBinding(.columnsLeft, "h left", [.experiments], priority: 76, "Scroll the chosen columns to the left.") {
            $0.experiments.firstColumn == 0 ? "the first column is in view" : nil
        },
        KeyBinding(
            .sortBy, "S", [.experiments], hint: "sort by…", priority: 64, "Sort by any hyperparameter, metric or other name.",
            unless: needsRows),
        KeyBinding(
            .groupBy, "B", [.experiments], hint: "group by…", priority: 65,
            "Group the runs by algorithm, experiment, tag, any hyperparameter or other name.", unless: needsRows),
        KeyBinding(.foldAll, "Z", [.experiments], priority: 67, "Fold all groups, or unfold them; enter does one.") {
            $0.experiments.groups.isEmpty ? "the runs are not grouped (B groups them)" : nil
        },
        KeyBinding(
            .views, "V", [.experiments], hint: "views…", priority: 66,
            "Show a saved view of the table, or save this one: columns, sort order, groups, filter.", unless: needsRows),
        KeyBinding(
            .saveView, "", [.experiments], priority: 69, "Save the table's columns, sort order, groups and filter as a view."),
        KeyBinding(
            .renameRun, "R", [.experiments], hint: "rename…", priority: 89, "Give the run another name.", unless: needsRun),
        KeyBinding(
            .tagRun, "t", [.experiments], hint: "tag…", priority: 89,
            "Add tags to the marked or selected runs, or take them away.", unless: RunRefusal.edit),
        KeyBinding(
            .noteRun, "N", [.experiments], hint: "note…", priority: 89, "Write a note on the marked or selected runs.",
            unless: RunRefusal.edit),
        KeyBinding(
            .archiveRun, "x", [.experiments], hint: "archive", priority: 89,
            "Hide the marked or selected runs from the table; again, to bring archived ones back.", unless: RunRefusal.edit),
        KeyBinding(.showArchived, "X", [.experiments], priority: 74, "Show archived runs too, or hide them."),
    ]

    private static let curves: [KeyBinding] = [
        KeyBinding(.cursorLeft, "h left", [.curves], hint: "cursor", priority: 20, "Move the cursor one dot column to the left."),
        KeyBinding(.cursorRight, "l right", [.curves], "Move the cursor one dot column to the right."),
        KeyBinding(.cursorFarLeft, "H", [.curves], "Move the cursor ten dot columns to the left."),
        KeyBinding(.cursorFarRight, "L", [.curves], "Move the cursor ten dot columns to the right."),
        KeyBinding(.cursorStart, "g home", [.curves], "Move the cursor to the first step shown."),
        KeyBinding(.nextRun, "j down", [.curves], "Bring the next run to the front."),
        KeyBinding(.previousRun, "k up", [.curves], "Bring the previous run to the front."),
        KeyBinding(.nextMark, ".", [.curves], hint: "next alert", priority: 72, "Move the cursor to the next alert."),
        KeyBinding(.previousMark, ",", [.curves], "Move the cursor to the previous alert."),
        KeyBinding(.nextMetric, "m", [.curves, .compare], hint: "metric", priority: 12, "Show the next metric."),
        KeyBinding(.previousMetric, "M", [.curves, .compare], "Show the previous metric."),
        KeyBinding(.smoothMore, "s", [.curves], hint: "smooth", priority: 14, "Smooth the curves more."),
        KeyBinding(.smoothLess, "S", [.curves], "Smooth the curves less."),
        KeyBinding(
            .yScale, "y", [.curves], hint: "y scale", priority: 16,
            "Scale the y axis: linear, logarithmic, symmetric logarithmic."),
        KeyBinding(
            .xAxis, "x", [.curves], hint: "x axis", priority: 18,
            "Count the x axis in steps, epochs, examples, time since the start, or time of day."),
        KeyBinding(.zoomIn, "+ =", [.curves], hint: "zoom in", priority: 22, "Zoom in around the cursor."),
        KeyBinding(.zoomOut, "-", [.curves], hint: "out", priority: 23, "Zoom out around the cursor."),
        KeyBinding(
            .zoomInY, "K shift-up", [.curves], hint: "zoom y", priority: 27, "Zoom the y axis in around the curve at the cursor."),
        KeyBinding(.zoomOutY, "J shift-down", [.curves], "Zoom the y axis out."),
        KeyBinding(.panLeft, "[ shift-left", [.curves], hint: "pan", priority: 26, "Move the view to the left."),
        KeyBinding(.panRight, "] shift-right", [.curves], "Move the view to the right."),
        KeyBinding(.resetView, "0", [.curves], hint: "all", priority: 24, "Show the whole curve again."),
        KeyBinding(
            .tiles, "t", [.curves], hint: "all metrics", priority: 19,
            "Show every metric in a chart of its own, on the whole screen."),
        KeyBinding(
            .boxZoom, "v enter", [.curves], hint: "box zoom", priority: 28,
            "Mark where a part begins; move the cursor and press again to zoom into it."),
        KeyBinding(.nextExtremum, "}", [.curves], hint: "next peak", priority: 73, "Move the cursor to the curve's next turn."),
        KeyBinding(.previousExtremum, "{", [.curves], "Move the cursor to the curve's previous turn."),
        KeyBinding(
            .yFit, "Y", [.curves], hint: "y range", priority: 29,
            "Fit the y axis to what is in view, to that without outliers, to all of the curves, or hold it still."),
        KeyBinding(
            .smoothKind, "w", [.curves], priority: 30,
            "Smooth by distance on the x axis, so that dense points do not count for more, or by points."),
        KeyBinding(
            .gap, "d", [.curves], hint: "train gap", priority: 31, "Show validation less training in place of the two; and back."),
        KeyBinding(
            .seedBands, "b", [.curves], hint: "seed bands", priority: 32,
            "Draw runs that differ only in their seed as their mean with a band of a standard deviation, or one by one."),
        KeyBinding(
            .export, "e", [.curves], hint: "export…", priority: 34, "Write the chart to a file, or copy it.", unless: needsCurves),
        KeyBinding(
            .exportSVG, "", [.curves], priority: 34, "Write the chart as an SVG image into the current folder.",
            unless: needsCurves),
        KeyBinding(
            .exportCSV, "", [.curves], priority: 34, "Write every point in view as CSV into the current folder.",
            unless: needsCurves),
        KeyBinding(
            .copyChart, "C", [.curves], hint: "copy", priority: 35, "Copy the chart as text to the terminal's clipboard.",
            unless: needsCurves),
        KeyBinding(.follow, "f end G", [.curves], hint: "follow", priority: 25, "Follow the newest step again."),
    ]

    private static let alerts: [KeyBinding] = [
        KeyBinding(
            .fixAlert, "f", [.alerts], hint: "fix…", priority: 12,
            "Open the new-run form with the remedy applied to the run's settings.", unless: AlertRefusal.fix),
        KeyBinding(
            .showAlert, "enter", [.alerts], hint: "show in chart", priority: 14,
            "Show the run's curve with the cursor at the alert's step."
        ) {
            $0.selectedAlert == nil ? "there is no alert" : nil
        },
        KeyBinding(.nextRemedy, "l right", [.alerts], hint: "other remedy", priority: 20, "Choose the alert's next remedy."),
        KeyBinding(.previousRemedy, "h left", [.alerts], "Choose the alert's previous remedy."),
    ]

    private static let overlays: [KeyBinding] = [
        KeyBinding(.menuRun, "enter", [.menu], hint: "choose", priority: 10, "Do or choose the selected entry."),
        KeyBinding(.menuDown, "down ctrl-n ctrl-j tab", [.menu], hint: "down", priority: 20, "Select the next entry."),
        KeyBinding(.menuUp, "up ctrl-p shift-tab", [.menu], hint: "up", priority: 21, "Select the previous entry."),
        KeyBinding(
            .menuHide, "ctrl-t", [.menu], hint: "show/hide", priority: 30, "Leave the metric out of the charts of all metrics.",
            unless: needsMetrics),
        KeyBinding(
            .menuRaise, "shift-up", [.menu], hint: "move up", priority: 31, "Show the metric earlier.", unless: needsMetrics),
        KeyBinding(.menuLower, "shift-down", [.menu], "Show the metric later.", unless: needsMetrics),
        KeyBinding(.menuPageDown, "pgdn", [.menu], "Move down one page of entries."),
        KeyBinding(.menuPageUp, "pgup", [.menu], "Move up one page of entries."),
        KeyBinding(.menuDelete, "del", [.menu], hint: "remove", priority: 25, "Remove the selected view.") {
            if case .menu(let menu) = $0.popups.last, menu.kind == .views { nil } else { "only views can be removed" }
        },
        KeyBinding(.lineAccept, "enter", [.line], hint: "do it", priority: 10, "Take what is typed."),
        KeyBinding(.lineComplete, "tab", [.line], hint: "complete", priority: 20, "Complete the word at the cursor."),
        KeyBinding(.columnToggle, "space", [.columns], hint: "show/hide", priority: 10, "Show or hide the selected column."),
        KeyBinding(.columnDown, "J shift-down", [.columns], hint: "move down", priority: 12, "Move the column to the right."),
        KeyBinding(.columnUp, "K shift-up", [.columns], hint: "move up", priority: 13, "Move the column to the left."),
        KeyBinding(.columnsAccept, "enter", [.columns], hint: "done", priority: 14, "Show the table with the chosen columns."),
        KeyBinding(
            .columnsReset, "ctrl-r", [.columns], hint: "automatic", priority: 15, "Show the columns that fit, by importance."),
        KeyBinding(.columnNext, "down tab ctrl-n ctrl-j", [.columns], priority: 20, "Select the next column."),
        KeyBinding(.columnPrevious, "up shift-tab ctrl-p", [.columns], priority: 21, "Select the previous column."),
        KeyBinding(
            .formStart, "enter ctrl-s", [.form], hint: "start", priority: 10,
            "Start the run, or point at the field that stops it."),
        KeyBinding(
            .fieldNext, "down tab", [.form], hint: "next field", priority: 20,
            "Go to the next field; in a path, tab completes first."),
        KeyBinding(.fieldPrevious, "up shift-tab", [.form], hint: "previous", priority: 21, "Go to the previous field."),
        KeyBinding(.fieldReset, "ctrl-r", [.form], hint: "default", priority: 30, "Put the field back to its default."),
        KeyBinding(.promptAccept, "enter", [.prompt], hint: "open", priority: 10, "Open the file."),
        KeyBinding(.promptComplete, "tab", [.prompt], hint: "complete", priority: 20, "Complete the path."),
        KeyBinding(
            .steerAccept, "enter", [.steer], hint: "do it", priority: 10,
            "Set what is typed from the next step on, or start the fork."),
        KeyBinding(.placeDown, "down tab", [.steer], hint: "other checkpoint", priority: 20, "Fork at the next place.") {
            if case .steer(let prompt) = $0.popups.last, prompt.fork != nil { nil } else { "a run is steered where it is" }
        },
        KeyBinding(.placeUp, "up shift-tab", [.steer], "Fork at the previous place.") {
            if case .steer(let prompt) = $0.popups.last, prompt.fork != nil { nil } else { "a run is steered where it is" }
        },
        KeyBinding(
            .filterAccept, "enter", [.filter], hint: "keep filter", priority: 10, "Keep the filter and go back to the list."),
        KeyBinding(
            .filterComplete, "tab", [.filter], hint: "complete", priority: 12, "Complete the name or value at the cursor."
        ) {
            $0.focus == .experiments ? nil : "only the runs' filter has names to complete"
        },
        KeyBinding(.detailDown, "j down", [.detail], hint: "scroll", priority: 10, "Scroll down."),
        KeyBinding(.detailUp, "k up", [.detail], "Scroll up."),
        KeyBinding(.detailPageDown, "pgdn space", [.detail], "Scroll down one page."),
        KeyBinding(.detailPageUp, "pgup", [.detail], "Scroll up one page."),
        KeyBinding(
            .nextSection, "]", [.detail], hint: "next part", priority: 13, "Go to the next part of the page.",
            unless: needsSections),
        KeyBinding(.previousSection, "[", [.detail], "Go to the part before.", unless: needsSections),
        KeyBinding(.detailStart, "g home", [.detail], "Scroll to the beginning."),
        KeyBinding(.detailEnd, "G end", [.detail], "Scroll to the end."),
        KeyBinding(
            .detailNextTab, "right tab l", [.detail], hint: "next tab", priority: 15,
            "Show the next tab of the run's page; 1 to 8 choose one.", unless: needsTabs),
        KeyBinding(
            .detailPreviousTab, "left shift-tab h", [.detail], "Show the previous tab of the run's page.", unless: needsTabs),
        KeyBinding(.compareRight, "l right", [.compare], hint: "runs right", priority: 11, "Scroll to the runs on the right.") {
            $0.comparisonColumns.map { $0.hidden < $0.mostHidden } ?? false ? nil : "no more runs on this side"
        },
        KeyBinding(.compareLeft, "h left", [.compare], hint: "runs left", priority: 12, "Scroll to the runs on the left.") {
            $0.comparisonColumns.map { $0.hidden > 0 } ?? false ? nil : "no more runs on this side"
        },
        KeyBinding(.compareAll, "a", [.compare], hint: "all rows", priority: 20, "Show also what does not differ; and back."),
        KeyBinding(.choose, "enter", [.confirm], hint: "choose", priority: 10, "Take the selected answer."),
        KeyBinding(.choiceDown, "down right tab", [.confirm], hint: "next answer", priority: 20, "Select the next answer."),
        KeyBinding(.choiceUp, "up left shift-tab", [.confirm], "Select the previous answer."),
    ]

    @Sendable private static func needsCurves(_ state: AppState) -> String? {
        state.shownRuns.isEmpty ? "there is no curve yet" : nil
    }

    @Sendable private static func needsMetrics(_ state: AppState) -> String? {
        if case .menu(let menu) = state.popups.last, menu.kind == .metrics { nil } else { "only metrics are arranged" }
    }

    @Sendable private static func needsSections(_ state: AppState) -> String? {
        guard case .page(let page) = state.popups.last else { return "this page has no parts" }
        return switch page.kind {
        case .comparison: state.comparison == nil ? "the runs are being compared" : nil
        case .importance: state.importance == nil ? "the runs are being looked at" : nil
        case .run, .log: "this page has no parts"
        }
    }

    @Sendable private static func needsTabs(_ state: AppState) -> String? {
        if case .page(let page) = state.popups.last, page.isOfRun { nil } else { "this page has no tabs" }
    }

    @Sendable private static func needsRun(_ state: AppState) -> String? {
        state.selectedRun == nil ? RunRefusal.noRun(state) : nil
    }

    @Sendable private static func needsRows(_ state: AppState) -> String? {
        state.experiments.rows.isEmpty ? "there is no run yet (n starts one)" : nil
    }
}
