import Cells
import CheckedNumbers
import Clocks
import Events
import Experiments
import Studio

/// A run's profile as one self-contained page: no scripts, nothing loaded from anywhere.
struct ProfilePage {
    let run: RunSummary
    let profile: RunProfile
    let rules: [RuleReport]

    var html: String {
        let title = "Profile of \(run.record.name)"
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <title>\(Markup.escaped(title))</title><style>
            \(ReportStyle.css)
            </style></head><body>
            <h1>\(Markup.escaped(title))</h1>
            \(HTML.element("p", summary, class: "quiet"))
            \(timeline)\(parts)\(findings)\(steps)\(machine)<footer>Made by Descent \(Markup.escaped(Engine.version)).</footer>
            </body></html>

            """
    }

    private var summary: String {
        let start =
            profile.slices.first.map { WallClock.text($0.startTime).prefix(16).split(separator: "T").joined(separator: " ") }
            ?? ""
        let rate = profile.stepsPerSecond.map { ", \(NumberFormat.significant($0, digits: 3)) steps a second" } ?? ""
        return
            "\(run.record.algorithm), \(run.status.rawValue), begun \(start) UTC, measured for \(NumberFormat.duration(profile.seconds)): "
            + "\(NumberFormat.grouped(profile.stepCount)) steps\(rate)"
    }

    private var timeline: String {
        let picture = ProfilePicture(profile)
        let image = picture.timeline.svg(
            title: "Where the time went", width: 960, strips: picture.strips(), theme: .descentLight, embeddedAs: "timeline",
            timeText: { NumberFormat.duration($0) })
        return "<figure>\n\(image)</figure>\n"
    }

    private func table(_ heads: [(String, Bool)], _ rows: [[String]]) -> String {
        let head = heads.map { HTML.element("th", $0.0, class: $0.1 ? "number" : "") }.joined()
        let body = rows.map { row in
            "<tr>" + zip(row, heads).map { HTML.element("td", $0, class: $1.1 ? "number" : "text") }.joined() + "</tr>\n"
        }
        return "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\n\(body.joined())</tbody></table></div>\n"
    }

    private var parts: String {
        let rows = profile.parts.map {
            [$0.part.title, NumberFormat.duration($0.seconds), NumberFormat.percent($0.share, decimals: 1)]
        }
        let note = profile.measuredWords.map { $0 + "; the others are taken to be alike" } ?? ""
        return "<h2>Its time</h2>\n" + table([("part", false), ("time", true), ("share", true)], rows)
            + (note.isEmpty ? "" : HTML.element("p", note, class: "quiet"))
    }

    private var findings: String {
        let found = rules.filter { $0.alert != nil }
        guard !found.isEmpty else {
            return "<h2>What holds it back</h2>\n"
                + HTML.element("p", "nothing that a rule of the profiler looks for (\(rules.count) rules)", class: "quiet")
        }
        let rows = found.compactMap(\.alert).map {
            [$0.rule, $0.summary, $0.cause, $0.remedies.map(\.text).joined(separator: "; ")]
        }
        return "<h2>What holds it back</h2>\n"
            + table([("rule", false), ("what was seen", false), ("cause", false), ("what to do", false)], rows)
    }

    private var steps: String {
        guard profile.stepCount > 0 else { return "" }
        let rows = profile.slowest.map { slow in
            [
                NumberFormat.grouped(slow.step), NumberFormat.duration(slow.seconds),
                ProfileText.context(slow),
            ]
        }
        return "<h2>Its steps</h2>\n"
            + HTML.element("p", profile.durationWords)
            + table([("slowest steps", true), ("time", true), ("what ran then", false)], rows)
    }

    private var machine: String {
        let rows = profile.machine.map { [$0.name] + $0.texts }
        let heads = [("", false)] + RunProfile.Spread.heads.map { ($0, true) }
        return rows.isEmpty ? "" : "<h2>The machine</h2>\n" + table(heads, rows)
    }
}
