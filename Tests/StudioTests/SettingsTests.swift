import Events
import RunSearching
import Testing

@testable import Studio

@Suite("Settings")
struct SettingsTests {
    @Test("line ends of Windows are line ends")
    func windows() {
        let (settings, messages) = Settings.parse("theme = frost\r\nsmoothing = 0.25\r\n")
        #expect(settings.theme == "frost" && settings.smoothing == 0.25 && messages.isEmpty)
    }

    @Test("what is written is read back")
    func roundTrip() throws {
        var settings = Settings(
            theme: "ocean", glyphs: .block, smoothing: 0.9, xAxis: .relativeTime, yScale: .symlog, mouse: false,
            reducedMotion: true, keyOverrides: ["run.new": ["ctrl-n", "f2"], "app.quit": ["Q"]])
        settings.runSort = RunSort(.best, isReversed: true)
        settings.runColumns = [.status, .delta, .field(.named("validation:rmse")), .field(.statistic(.min, "rmse"))]
        settings.runGroup = .named("optimizer")
        settings.paneSizes[.columns] = 0.1 + 0.2
        settings.paneSizes[.tallRuns] = 0.5
        settings.runViews = ["base": try #require(RunView(settingsWord: "sort=-best; group=tag; filter=rmse < 3; x = 1"))]
        let parsed = Settings.parse(settings.text)
        #expect(parsed.settings == settings)
        #expect(parsed.messages.isEmpty)
    }

    @Test("what belongs to a workspace is taken from its file, what does not is not")
    func workspace() {
        var settings = Settings.parse("theme = ocean\nsort = best\ncolumns = name,best\nview.a = sort=name\n").settings
        let messages = settings.take(
            "theme = frost\ncolumns = automatic\ngroup = tag\nview.a =\nview.b = sort=best\npane-sizes = columns=2\n",
            Settings.isOfWorkspace, file: "the workspace's settings")
        #expect(settings.theme == "ocean")
        #expect(settings.runSort == RunSort(.best))
        #expect(settings.runColumns == nil)
        #expect(settings.runGroup == .tag)
        #expect(Set(settings.runViews.keys) == ["b"])
        #expect(
            messages == [
                "the workspace's settings line 6: pane-sizes are shares such as columns=0.4 alerts=0.7; found “columns=2”"
            ])
    }

    @Test("only what changed is written, and other lines stay")
    func changing() {
        let before = Settings.parse("theme = ocean\nview.a = sort=name\nsort = best\n").settings
        var after = before
        after.theme = "frost"
        after.runViews = ["b": RunView()]
        let changes = after.changes(since: before)
        #expect(changes == ["theme": "frost", "view.a": "", "view.b": "sort=created"])
        #expect(
            Settings.text(
                "# mine\nnew-in-a-later-version = 1\n theme=ocean\ntheme = x\n\n", changing: ["theme": "frost", "a": "1"])
                == "# mine\nnew-in-a-later-version = 1\ntheme = frost\na = 1\n")
        #expect(Settings.text("", changing: ["a": "1"]) == "a = 1\n")
    }

    @Test("older names of columns are still read to sort by")
    func sort() {
        for (word, field) in [("run", RunField.name), ("last", .objective), ("lr", .named("lr")), ("time", .duration)] {
            #expect(Settings.parse("sort = -\(word)\n").settings.runSort == RunSort(field, isReversed: true))
        }
        #expect(Settings.parse("view.a = nonsense\n").messages.first?.hasPrefix("settings line 1: a view is sort=") == true)
    }

    @Test("a bad line is named with its number and left out")
    func badLines() {
        let parsed = Settings.parse(
            "# mine\ntheme = ocean\nglyphs = dots\nnonsense\nsmoothing = 1\nkey.run.fly = f\ncolour = red\n")
        #expect(parsed.settings == Settings(theme: "ocean"))
        #expect(
            parsed.messages == [
                "settings line 3: glyphs is one of braille, block, ascii; found “dots”",
                "settings line 4: expected key = value, found “nonsense”",
                "settings line 5: smoothing is a number from 0 up to, not including, 1; found “1”",
                "settings line 6: unknown action “run.fly” (? lists the actions)",
                "settings line 7: unknown setting “colour”",
            ])
    }
}
