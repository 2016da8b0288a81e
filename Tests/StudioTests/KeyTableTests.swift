import Cells
import Testing

@testable import Studio

@Suite("The key table")
struct KeyTableTests {
    @Test("no key means two things in one context")
    func noConflicts() {
        for context in KeyTable.contexts {
            var owners: [Key: StudioAction] = [:]
            for binding in KeyTable.bindings where binding.contexts.contains(context) {
                for key in binding.keys {
                    #expect(
                        owners[key] == nil,
                        "\(key.name) in \(context.title) is both \(owners[key]?.id ?? "") and \(binding.action.id)")
                    owners[key] = binding.action
                }
            }
        }
        #expect(KeyMap().messages.isEmpty)
    }

    @Test("no pane takes a key that works everywhere")
    func noShadows() {
        let global = Set(KeyTable.bindings.filter { $0.contexts.contains(.global) }.flatMap(\.keys))
        for binding in KeyTable.bindings where !binding.contexts.contains(.global) {
            guard binding.contexts.contains(where: \.isHome) else { continue }
            #expect(global.isDisjoint(with: binding.keys), "\(binding.action.id) hides a global key")
        }
    }

    @Test("every action has exactly one row, and a sentence")
    func complete() {
        let ids = KeyTable.bindings.map(\.action.id)
        #expect(Set(ids).count == ids.count)
        for binding in KeyTable.bindings {
            #expect(!binding.contexts.isEmpty && binding.contexts.allSatisfy(KeyTable.contexts.contains), "\(binding.action.id)")
            #expect(binding.help.hasSuffix("."), "\(binding.action.id)")
        }
    }

    @Test("every row is in the help, and every row of the home screen in the palette")
    func listed() {
        let state = Bench().state
        func actions(_ kind: Menu.Kind) -> Set<StudioAction> {
            Set(
                MenuEntry.entries(of: Menu(kind), state).compactMap {
                    if case .action(let action) = $0.outcome { action } else { nil }
                })
        }
        #expect(actions(.help) == Set(KeyTable.bindings.map(\.action)))
        let home = KeyTable.bindings.filter { $0.contexts.contains(where: \.isHome) }.map(\.action)
        #expect(actions(.palette) == Set(home))
    }

    @Test("the user's keys replace an action's own")
    func override() {
        let map = KeyMap(overrides: ["run.new": ["ctrl-n"]])
        #expect(map.messages.isEmpty)
        #expect(map.action(for: Key("n", .control), in: .global) == .newRun)
        #expect(map.action(for: Key("n"), in: .global) == nil)
    }

    @Test("a key that is taken is reported, and the user's choice wins")
    func conflict() {
        let map = KeyMap(overrides: ["run.new": ["q"]])
        #expect(map.action(for: Key("q"), in: .global) == .newRun)
        #expect(map.messages.count == 1)
        #expect(map.messages.first?.contains("app.quit") == true)
        #expect(KeyMap(overrides: ["run.new": ["nokey"]]).messages == ["key.run.new: there is no key “nokey”"])
    }

    @Test("a command that cannot be done says why")
    func refusal() {
        var bench = Bench()
        bench.press("2", "b")
        #expect(bench.state.toast?.text == "there is no run yet (n starts one)")
        #expect(bench.state.experiments.baseline == nil)
    }

    @Test("the palette finds a command by its name and runs it")
    func palette() {
        var bench = Bench()
        bench.press(":")
        bench.type("open data")
        bench.press("enter")
        guard bench.state.top is PathPrompt else {
            Issue.record("no prompt")
            return
        }
        #expect(bench.state.popups.count == 1)
    }

    @Test("a pane's command run from the palette takes the focus there")
    func paletteFocuses() {
        var bench = Bench()
        bench.press("1", ":")
        bench.type("y scale")
        bench.press("enter")
        #expect(bench.state.settings.yScale == .log)
        #expect(bench.state.focus == .curves)
    }
}
