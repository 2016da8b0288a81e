import Glibc
import Testing

@testable import Cells

@Suite struct ThemeTests {
    /// The shipped themes: file name and text.
    static let shipped: [(name: String, text: String)] = {
        let folder = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/themes"
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var themes: [(String, String)] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard name.hasSuffix(".theme"), let file = fopen(folder + "/" + name, "r") else { continue }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = fread(&bytes, 1, bytes.count, file)
            themes.append((name, String(decoding: bytes[..<count], as: UTF8.self)))
        }
        return themes.sorted { $0.0 < $1.0 }
    }()

    @Test func `every shipped theme loads, is called like its file and sets every role`() throws {
        #expect(Self.shipped.count >= 8)
        for (name, text) in Self.shipped {
            let theme = try Theme.parse(text, file: "themes/\(name)")
            #expect(theme.name + ".theme" == name)
            for role in ColorRole.allCases { #expect(theme[role] != nil, "\(name) leaves out \(role.name)") }
        }
    }

    @Test(arguments: [Theme.descentDark, .descentLight])
    func `a compiled-in theme is the shipped file`(theme: Theme) throws {
        let file = try #require(Self.shipped.first { $0.name == theme.name + ".theme" })
        #expect(try Theme.parse(file.text, file: "") == theme)
    }

    @Test func `text is legible in every theme of 256 colours`() throws {
        for (name, text) in Self.shipped {
            let theme = try Theme.parse(text, file: name)
            let pairs: [(ColorRole, ColorRole, Double)] = [
                (.text, .background, 7), (.muted, .background, 3), (.selectionText, .selection, 4.5), (.barText, .bar, 4.5),
                (.fieldText, .field, 4.5), (.text, .popup, 7), (.bad, .background, 3), (.warning, .background, 3),
                (.good, .background, 3), (.info, .background, 3), (.key, .background, 3), (.titleFocused, .background, 3),
            ]
            for (front, back, least) in pairs {
                let style = theme.resolve(Style(front, on: back), depth: .palette256)
                // The terminal's own colours are its user's choice.
                guard let foreground = style.foreground, let background = style.background, foreground > 15, background > 15
                else {
                    continue
                }
                let ratio = contrast(foreground, background)
                #expect(ratio >= least, "\(name): \(front.name) on \(back.name) has \(ratio)")
            }
            for index in 0..<8 {
                let style = theme.resolve(Style(.series(index)), depth: .palette256)
                guard let color = style.foreground, let back = style.background, color > 15, back > 15 else { continue }
                #expect(contrast(color, back) >= 2.8, "\(name): series\(index + 1)")
            }
        }
    }

    @Test func `whatever its colour says is legible on the row under the cursor in every theme`() throws {
        let roles: [ColorRole] = [.text, .muted, .title, .accent, .key, .mark, .good, .warning, .bad, .info]
        for (name, text) in Self.shipped {
            let theme = try Theme.parse(text, file: name)
            for role in roles + (0..<8).map(ColorRole.series) {
                for attributes: Style.Attributes in [[], .bold] {
                    let style = theme.resolve(Style(role, on: .selection, attributes), depth: .palette256)
                    guard let color = style.foreground, let back = style.background else { continue }
                    let own = theme.resolve(Style(.selectionText, on: .selection), depth: .palette256).foreground
                    #expect(contrast(color, back) >= 4.5 || color == own, "\(name): \(role.name) has \(contrast(color, back))")
                }
            }
            // Where it can be read it keeps its colour, and elsewhere it does.
            let plain = theme.resolve(Style(.good), depth: .palette256).foreground
            #expect(plain == theme[.good]?.palette.color)
        }
        let dark = Theme.descentDark.resolve(Style(.good, on: .selection), depth: .palette256).foreground
        #expect(dark == 114)
    }

    /// WCAG's contrast ratio.
    private func contrast(_ one: UInt8, _ other: UInt8) -> Double {
        let luminance = { (index: UInt8) -> Double in
            let color = Palette.rgb(index)
            let linear = [color.red, color.green, color.blue].map { value -> Double in
                let share = Double(value) / 255
                return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        }
        let (light, dark) = (max(luminance(one), luminance(other)), min(luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)
    }

    @Test func `the eight series differ in every theme that has colours`() throws {
        for (name, text) in Self.shipped where name != "monochrome.theme" {
            let theme = try Theme.parse(text, file: name)
            for depth in [ColorDepth.palette256, .sixteen] {
                let colors = (0..<8).map { theme.resolve(Style(.series($0)), depth: depth) }
                #expect(Set(colors).count == 8, "\(name) at \(depth)")
            }
        }
    }

    @Test(arguments: [ColorDepth.mono, .eight, .sixteen, .palette256])
    func `selection, focus, marks and severities differ at every depth`(_ depth: ColorDepth) throws {
        for (name, text) in Self.shipped {
            let theme = try Theme.parse(text, file: name)
            let styles = [
                Style(), Style(.selectionText, on: .selection), Style(.titleFocused), Style(.mark), Style(.warning), Style(.bad),
            ].map { theme.resolve($0, depth: depth) }
            #expect(Set(styles).count == styles.count, "\(name) at \(depth)")
            #expect(depth > .mono || styles.allSatisfy { $0.foreground == nil && $0.background == nil })
        }
    }

    @Test func `a missing role looks like its relative`() throws {
        let theme = try Theme.parse("text = 250\naccent = 75 bold", file: "small.theme")
        #expect(theme.name == "small")
        #expect(theme.resolve(Style(.muted), depth: .palette256).foreground == 250)
        #expect(theme.resolve(Style(.titleFocused), depth: .palette256).foreground == 75)
        #expect(theme.resolve(Style(.titleFocused), depth: .palette256).attributes == .bold)
        #expect(theme.resolve(Style(.text, on: .selection), depth: .palette256).attributes == .reverse)
        #expect(theme.resolve(Style(.bad), depth: .palette256).foreground == 1)
    }

    @Test func `colours are numbers, names or hexadecimal, with a field for 16 colours and one for none`() throws {
        let theme = try Theme.parse(
            "name = mine # a comment\nkind = light\naccent = #5fafff / brightcyan bold / underline\r\nbad = red #loud", file: "x")
        #expect(theme.name == "mine" && theme.kind == .light)
        #expect(theme[.accent]?.palette == Theme.Paint(75))
        #expect(theme[.accent]?.ansi == Theme.Paint(14, .bold))
        #expect(theme[.accent]?.mono == .underline)
        #expect(theme[.bad]?.palette == Theme.Paint(1))
        let eight = theme.resolve(Style(.accent), depth: .eight)
        #expect(eight.foreground == 6 && eight.attributes == .bold)
    }

    @Test(arguments: [
        ("\n\nacent = 3", "themes/x.theme:3: unknown role 'acent': did you mean 'accent'?"),
        ("accent = brightcyn", "themes/x.theme:1: unknown colour 'brightcyn': did you mean 'brightcyan'?"),
        ("accent = 256", "themes/x.theme:1: no colour 256: the palette has 0 to 255"),
        ("accent = 3 blod", "themes/x.theme:1: unknown attribute 'blod': did you mean 'bold'?"),
        ("accent", "themes/x.theme:1: no '=' in 'accent': write role = colour"),
        ("accent =", "themes/x.theme:1: 'accent' has no value: write accent = colour"),
        ("kind = dim", "themes/x.theme:1: unknown kind 'dim': write dark or light"),
        ("text = 1\ntext = 2", "themes/x.theme:2: role 'text' is set twice: remove one line"),
        ("text = 1/2/bold/4", "themes/x.theme:1: 'text' has 4 fields: write 256 colours / 16 colours / monochrome"),
        ("qqqqqqqq = 1", "themes/x.theme:1: unknown role 'qqqqqqqq'"),
    ])
    func `a mistake is told with its line and the way out`(_ text: String, _ message: String) {
        let error = #expect(throws: ThemeError.self) { try Theme.parse(text, file: "themes/x.theme") }
        #expect(error?.description == message)
    }

    @Test func `any text either parses or is refused`() {
        var generator = SampleGenerator(seed: 2)
        let pieces = ["accent", "=", "/", "#", "12", "bold", "\n", " ", "kind", "#ff0000", "é", "\r\n", "default", "text"]
        for _ in 0..<3000 {
            let text = (0..<12).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
            do {
                let theme = try Theme.parse(text, file: "f")
                for depth in ColorDepth.allCases { _ = theme.resolve(Style(.accent, on: .selection, .dim), depth: depth) }
            } catch { #expect(error.line >= 1) }
        }
    }
}
