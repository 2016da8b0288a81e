import Testing

@testable import StudioState

@Suite("Settings")
struct SettingsTests {
    @Test("what is written is read back")
    func roundTrip() {
        var settings = Settings(
            theme: "ocean", glyphs: .block, smoothing: 0.9, xAxis: .relativeTime, yScale: .symlog, mouse: false,
            reducedMotion: true, keyOverrides: ["run.new": ["ctrl-n", "f2"], "app.quit": ["Q"]])
        settings.runSort = RunSort(column: .best, isReversed: true)
        let parsed = Settings.parse(settings.text)
        #expect(parsed.settings == settings)
        #expect(parsed.messages.isEmpty)
    }

    @Test("every way to sort is read back, anything else is refused")
    func sort() {
        for column in RunColumn.sortable {
            let sort = RunSort(column: column, isReversed: true)
            #expect(RunSort(settingsWord: sort.settingsWord) == sort)
        }
        #expect(RunSort(settingsWord: "size") == nil)
        #expect(Settings.parse("sort = size\n").messages.first?.hasPrefix("settings line 1: sort is one of started,") == true)
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
